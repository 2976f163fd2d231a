/* Runs of bytes: the only place where the machine's p is moved.

   The machine calls a run on a byte that belongs to it, p < pe. A run looks at [p, end)
   alone, with p < end <= pe, and returns the last byte taken or the byte refused; both lie in
   [p, pe), so the machine's ++p == pe holds. What ends a run is left to the machine.

   UTF-8 (RFC 3629) is checked here, incrementally: x->utf8_left bytes of the present
   character are missing, the next one between x->utf8_low and x->utf8_high. While some are
   missing a byte below 0x80 is refused: here, and by parley_xml_push for the first byte after
   the machine has stopped. So a run that ends short of pe inside a character has to stop the
   machine, as one that fills the memory does. A byte that is refused changes nothing, so it
   can be looked at again. */
#include "characters.h"
#include "xml_internal.h"

#include <string.h>

static bool utf8_lead(parley_xml *x, unsigned char byte)
{
    x->utf8_low = 0x80;
    x->utf8_high = 0xBF;
    if (byte < 0xC2 || byte > 0xF4) {
        return false;
    }
    if (byte < 0xE0) {
        x->utf8_left = 1;
        x->utf8 = byte & 0x1Fu;
    } else if (byte < 0xF0) {
        x->utf8_left = 2;
        x->utf8 = byte & 0x0Fu;
        x->utf8_low = byte == 0xE0 ? 0xA0 : 0x80;
        x->utf8_high = byte == 0xED ? 0x9F : 0xBF;
    } else {
        x->utf8_left = 3;
        x->utf8 = byte & 0x07u;
        x->utf8_low = byte == 0xF0 ? 0x90 : 0x80;
        x->utf8_high = byte == 0xF4 ? 0x8F : 0xBF;
    }
    return true;
}

bool parley_xml_utf8_step(parley_xml *x, unsigned char byte)
{
    uint32_t next = x->utf8 << 6 | (byte & 0x3Fu);

    if (x->utf8_left == 0) {
        return utf8_lead(x, byte);
    }
    if (byte < x->utf8_low || byte > x->utf8_high) {
        return false;
    }
    /* U+FFFE and U+FFFF are not Chars (XML 2). */
    if (x->utf8_left == 1 && (next & ~1u) == 0xFFFE) {
        return false;
    }
    x->utf8 = next;
    x->utf8_left--;
    x->utf8_low = 0x80;
    x->utf8_high = 0xBF;
    return true;
}

/* Whether the character that a byte has completed can stand in the name. */
static bool name_allows(parley_xml *x)
{
    bool allowed = x->name_is_new ? parley_is_name_start(x->utf8)
                                  : parley_is_name_character(x->utf8);

    x->name_is_new = false;
    return allowed;
}

/* The end of the run of bytes of the kind. x->bad: it ends at a byte that cannot stand. */
static const unsigned char *scan(parley_xml *x, const unsigned char *p, const unsigned char *end,
                                 unsigned kind)
{
    x->bad = false;
    while (p < end) {
        if (*p >= 0x80) {
            if (!parley_xml_utf8_step(x, *p) ||
                (kind == XML_NAME && x->utf8_left == 0 && !name_allows(x))) {
                x->bad = true;
                break;
            }
        } else if (x->utf8_left > 0) {
            x->bad = true;
            break;
        } else if ((parley_xml_kinds[*p] & kind) == 0) {
            break;
        } else {
            x->name_is_new = false;
        }
        p++;
    }
    return p;
}

/* The end of what a run may look at when its bytes are stored. */
static const unsigned char *within_room(const parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    size_t room = parley_xml_room(x);

    return (size_t)(pe - p) > room ? p + room : pe;
}

const unsigned char *parley_xml_name_first(parley_xml *x, const unsigned char *p,
                                           const unsigned char *pe)
{
    x->name_is_new = true;
    return parley_xml_name_run(x, p, pe);
}

const unsigned char *parley_xml_name_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe)
{
    size_t left = x->limits.name - (x->top - x->name);
    const unsigned char *end = scan(x, p, within_room(x, p, pe), XML_NAME);

    if ((size_t)(end - p) > left) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NAME);
        return p + left;
    }
    if (x->bad) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return end;
    }
    parley_xml_append(x, p, (size_t)(end - p));
    return end - 1;
}

const unsigned char *parley_xml_value_run(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe, unsigned kind)
{
    bool is_kept = parley_xml_keeps_value(x);
    const unsigned char *end = scan(x, p, is_kept ? within_room(x, p, pe) : pe, kind);

    if (x->bad) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return end;
    }
    if (is_kept) {
        parley_xml_append(x, p, (size_t)(end - p));
    }
    return end - 1;
}

const unsigned char *parley_xml_text_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe, unsigned kind)
{
    const unsigned char *end;

    /* The record's head comes first: the room does not depend on how the text was cut. */
    parley_xml_text_open(x);
    end = scan(x, p, x->mode == XML_TREE ? within_room(x, p, pe) : pe, kind);
    /* In a stream the text before a byte that is refused comes first. */
    if (x->bad && (x->mode != XML_STREAM || end == p)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return end;
    }
    parley_xml_text_add(x, p, (size_t)(end - p));
    return end - 1;
}

const unsigned char *parley_xml_end_start(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe)
{
    x->matched = 0;
    return parley_xml_end_run(x, p, pe);
}

const unsigned char *parley_xml_end_run(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    xml_element element = parley_xml_get_element(x, x->open);
    const unsigned char *name = parley_xml_at(x, x->open) + sizeof element;
    const unsigned char *start = p;

    while (p < pe && x->matched < element.name_len && *p == name[x->matched]) {
        x->matched++;
        p++;
    }
    /* The byte after the whole name is the machine's, unless it came back with it. */
    if (p < pe && (x->matched < element.name_len || p == start)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return p;
    }
    return p - 1;
}

size_t parley_xml_white(const unsigned char *data, size_t len)
{
    size_t i = 0;

    while (i < len && (parley_xml_kinds[data[i]] & XML_WHITE) != 0) {
        i++;
    }
    return i;
}
