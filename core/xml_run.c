/* Runs of bytes: the only place where the machine's p is moved.

   The machine calls a run on a byte that belongs to it, p < pe. A run looks at [p, end)
   alone, with p < end <= pe, and returns the last byte taken or the byte refused; both lie in
   [p, pe), so the machine's ++p == pe holds. What ends a run is left to the machine.

   UTF-8 (RFC 3629) is checked here, incrementally: x->utf8_left bytes of the present
   character are missing, x->utf8 is what its bytes so far hold. While some are
   missing a byte below 0x80 is refused: here, and by parley_xml_push for the first byte after
   the machine has stopped. So a run that ends short of pe inside a character has to stop the
   machine, as one that fills the memory does. A byte that is refused changes nothing, so it
   can be looked at again. */
#include "characters.h"
#include "xml_internal.h"
#include "xml_skip.h"

#include <string.h>

bool parley_xml_utf8_step(parley_xml *x, unsigned char byte)
{
    uint32_t next = x->utf8 << 6 | (byte & 0x3Fu);

    if (x->utf8_left == 0) {
        if (byte < 0xC2 || byte > 0xF4) {
            return false;
        }
        x->utf8_left = (uint8_t)(1 + (byte >= 0xE0) + (byte >= 0xF0));
        x->utf8 = byte & 0x3Fu >> x->utf8_left;
        return true;
    }
    if (byte > 0xBF) {
        return false;
    }
    /* U+FFFE and U+FFFF are not Chars (XML 2). Of three bytes the second tells what is overlong or
       a surrogate, of four what is overlong or above U+10FFFF; the third of four is over both. */
    if (x->utf8_left == 1   ? next >> 1 == 0x7FFF
        : x->utf8_left == 2 ? next < 0x20 || next >> 5 == 0x1B
                            : next < 0x10 || next > 0x10F) {
        return false;
    }
    x->utf8 = next;
    x->utf8_left--;
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

/* Takes a byte of 0x80 or over in a run of the kind, or refuses it. */
static inline bool high_byte(parley_xml *x, unsigned char byte, unsigned kind)
{
    return parley_xml_utf8_step(x, byte) &&
           (kind != XML_NAME || x->utf8_left > 0 || name_allows(x));
}

#ifdef XML_SMALL

/* The end of the run of bytes of the kind. x->bad: it ends at a byte that cannot stand. */
static const unsigned char *scan(parley_xml *x, const unsigned char *p, const unsigned char *end,
                                 unsigned kind)
{
    x->bad = false;
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop invariant x->bad == 0;
        loop assigns p, x->bad, x->utf8, x->utf8_left, x->name_is_new;
        loop variant end - p; */
    while (p < end) {
        if (*p >= 0x80 || x->utf8_left > 0) {
            if (*p < 0x80 || !high_byte(x, *p, kind)) {
                x->bad = true;
                break;
            }
        } else if (!XML_IS(*p, kind)) {
            break;
        } else {
            x->name_is_new = false;
        }
        p++;
    }
    return p;
}

#else

/* From a byte of 0x80 or over, or the middle of a character: to the next byte below 0x80 or the
   end. x->bad: it ends at a byte that cannot stand. */
static const unsigned char *scan_high(parley_xml *x, const unsigned char *p,
                                      const unsigned char *end, unsigned kind)
{
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop invariant x->bad == 0;
        loop assigns p, x->bad, x->utf8, x->utf8_left, x->name_is_new;
        loop variant end - p; */
    while (p < end) {
        if (x->utf8_left == 0 && kind != XML_NAME) {
            p = xml_skip_utf8(p, end, kind);
            if (p == end) {
                break;
            }
        }
        if (*p < 0x80) {
            x->bad = x->utf8_left > 0;
            break;
        }
        if (!high_byte(x, *p, kind)) {
            x->bad = true;
            break;
        }
        p++;
    }
    return p;
}

/* The end of the run of bytes of the kind. x->bad: it ends at a byte that cannot stand. */
static inline const unsigned char *scan(parley_xml *x, const unsigned char *p,
                                        const unsigned char *end, unsigned kind)
{
    x->bad = false;
    if (x->utf8_left > 0) {
        p = scan_high(x, p, end, kind);
    }
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop invariant x->bad != 0 ==> p < end;
        loop assigns p, x->bad, x->utf8, x->utf8_left, x->name_is_new; */
    while (!x->bad) {
        const unsigned char *from = p;
        p = xml_skip(p, end, kind);
        x->name_is_new = x->name_is_new && p == from;
        if (p == end) {
            break;
        }
        if (*p >= 0x80) {
            p = scan_high(x, p, end, kind);
        } else if (XML_IS(*p, kind)) {
            p++;
        } else {
            break;
        }
    }
    return p;
}

#endif

/* The end of what a run may look at when its bytes are stored. */
static const unsigned char *within_room(const parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    size_t room = parley_xml_room(x);

    return (size_t)(pe - p) > room ? p + room : pe;
}

/* Bytes that the name may still have: none where a lower limit has come meanwhile. */
static inline size_t name_left(const parley_xml *x)
{
    int32_t left = (int32_t)(x->limits.name - (x->top - x->name));

    return left > 0 ? (size_t)left : 0;
}

#ifdef XML_SMALL
#define copy_run(x, p, pe, most, kind) 0
#define is_over_at(p, pe, kind)        false
#else

/* Copies as much of a run of the kind as it can while it looks at it, `most` bytes at most, and
   returns how much that is. What is copied too much is overwritten by what follows, and wiped
   with the rest. */
static inline size_t copy_run(parley_xml *x, const unsigned char *p, const unsigned char *pe,
                              size_t most, unsigned kind)
{
    size_t spare = parley_xml_spare(x);
    size_t len = (size_t)(pe - p);

    if (x->utf8_left > 0) {
        return 0;
    }
    len = len < spare ? len : spare;
    len = xml_copy(parley_xml_block_at(x, x->top), p, len < most ? len : most, kind);
    x->top += (uint32_t)len;
    if (x->top + XML_COPIED_OVER > x->high) {
        x->high = x->top + XML_COPIED_OVER;
    }
    return len;
}

/* Whether the run of the kind is over after some bytes of it: at a byte below 0x80, or at pe. */
static inline bool is_over_at(const unsigned char *p, const unsigned char *pe, unsigned kind)
{
    return p == pe || (*p < 0x80 && (parley_xml_kinds[*p] & kind) == 0);
}

#endif

/* Where the bytes end with a run, which has taken them before `end`, the next may go on with it
   (parley_xml_push). The machine does nothing more before them. */
static inline void note_run(parley_xml *x, const unsigned char *end, const unsigned char *pe,
                            unsigned kind)
{
#ifdef XML_SMALL
    (void)x, (void)end, (void)pe, (void)kind;
#else
    if (end == pe && (kind != XML_NAME || x->utf8_left == 0)) {
        x->run = (uint8_t)kind;
    }
#endif
}

const unsigned char *parley_xml_name_first(parley_xml *x, const unsigned char *p,
                                           const unsigned char *pe)
{
    x->name_is_new = true;
    return parley_xml_name_run(x, p, pe);
}

#ifdef XML_SMALL

/* A run of any kind. */
static const unsigned char *take_run(parley_xml *x, const unsigned char *p, const unsigned char *pe,
                                     unsigned kind)
{
    const bool is_text = (kind & (XML_TEXT | XML_CDATA)) != 0;
    const unsigned char *end;
    bool is_kept;

    if (is_text) {
        parley_xml_text_open(x);
        is_kept = x->mode == XML_TREE;
    } else {
        is_kept = kind == XML_NAME || parley_xml_keeps_value(x);
    }
    end = scan(x, p, is_kept ? within_room(x, p, pe) : pe, kind);
    if (kind == XML_NAME && (size_t)(end - p) > name_left(x)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NAME);
        return p + name_left(x);
    }
    if (x->bad && (!is_text || x->mode != XML_STREAM || end == p)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return end;
    }
    if (is_text) {
        parley_xml_text_add(x, p, (size_t)(end - p));
    } else if (is_kept) {
        parley_xml_append(x, p, (size_t)(end - p));
    }
    return end - 1;
}

const unsigned char *parley_xml_name_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe)
{
    return take_run(x, p, pe, XML_NAME);
}

const unsigned char *parley_xml_value_run(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe, unsigned kind)
{
    return take_run(x, p, pe, kind);
}

const unsigned char *parley_xml_text_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe, unsigned kind)
{
    return take_run(x, p, pe, kind);
}

#else

XML_SELDOM static const unsigned char *name_run(parley_xml *x, const unsigned char *p,
                                                const unsigned char *pe)
{
    size_t left = name_left(x);
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

const unsigned char *parley_xml_name_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe)
{
    size_t len = copy_run(x, p, pe, name_left(x), XML_NAME);

    if (len > 0) {
        x->name_is_new = false;
        if (is_over_at(p + len, pe, XML_NAME)) {
            note_run(x, p + len, pe, XML_NAME);
            return p + len - 1;
        }
    }
    return name_run(x, p + len, pe);
}

XML_SELDOM static const unsigned char *value_run(parley_xml *x, const unsigned char *p,
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
    note_run(x, end, pe, kind);
    return end - 1;
}

const unsigned char *parley_xml_value_run(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe, unsigned kind)
{
    size_t len = x->mode == XML_SKIP ? 0 : copy_run(x, p, pe, SIZE_MAX, kind);

    if (len > 0 && is_over_at(p + len, pe, kind)) {
        note_run(x, p + len, pe, kind);
        return p + len - 1;
    }
    return value_run(x, p + len, pe, kind);
}

const unsigned char *parley_xml_text_run(parley_xml *x, const unsigned char *p,
                                         const unsigned char *pe, unsigned kind)
{
    return parley_xml_text_run_from(x, p, p, pe, kind);
}

const unsigned char *parley_xml_text_run_from(parley_xml *x, const unsigned char *p,
                                              const unsigned char *from, const unsigned char *pe,
                                              unsigned kind)
{
    const unsigned char *end;

    /* The record's head comes first: the room does not depend on how the text was cut. */
    parley_xml_text_open(x);
    end = scan(x, from, x->mode == XML_TREE ? within_room(x, p, pe) : pe, kind);
    /* In a stream the text before a byte that is refused comes first. */
    if (x->bad && (x->mode != XML_STREAM || end == p)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return end;
    }
    parley_xml_text_add(x, p, (size_t)(end - p));
    note_run(x, end, pe, kind);
    return end - 1;
}

#endif

const unsigned char *parley_xml_end_start(parley_xml *x, const unsigned char *p,
                                          const unsigned char *pe)
{
    x->matched = 0;
    return parley_xml_end_run(x, p, pe);
}

#ifdef XML_SMALL
/* A byte of it: names are short. */
const unsigned char *parley_xml_end_run(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    const unsigned char *name = parley_xml_at(x, x->open) + sizeof(xml_element);

    (void)pe;
    if (x->matched == parley_xml_get_element(x, x->open).name_len || name[x->matched] != *p) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
    } else {
        x->matched++;
    }
    return p;
}
#else
const unsigned char *parley_xml_end_run(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    const unsigned char *name = parley_xml_at(x, x->open) + sizeof(xml_element) + x->matched;
    size_t left = parley_xml_get_element(x, x->open).name_len - (size_t)x->matched;
    size_t most = (size_t)(pe - p) < left ? (size_t)(pe - p) : left;
    size_t len = xml_same(p, name, most);

    x->matched = (uint16_t)(x->matched + len);
    /* The byte after the whole name is the machine's, unless it came back with it. */
    if (p + len < pe && (len < left || len == 0)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return p + len;
    }
    return p + len - 1;
}
#endif

size_t parley_xml_white(const unsigned char *data, size_t len)
{
    size_t i = 0;

    /*@ loop invariant 0 <= i <= len;
        loop assigns i;
        loop variant len - i; */
    while (i < len && XML_IS(data[i], XML_WHITE)) {
        i++;
    }
    return i;
}
