/* Character data and references.

   In a stream every piece of text is a token: it points into the caller's bytes, or to
   x->buffer when it is not what stands there. In a tree the pieces that no tag parts are one
   record, x->text_record while it grows. While an element is skipped they go nowhere. */
#include "xml_internal.h"

#include <string.h>

#include "characters.h"

void parley_xml_markup(parley_xml *x)
{
    x->between = false;
}

void parley_xml_reference(parley_xml *x)
{
    x->between = false;
    x->character = 0;
}

void parley_xml_digit(parley_xml *x, uint32_t base, unsigned char digit)
{
    /* Of letters the lower four bits are 1 to 6. */
    uint32_t value = (digit & 0xFu) + (digit > '9' ? 9 : 0);

    /* What has left Unicode stays out of it, so this cannot wrap. */
    x->character = x->character * base + value;
    if (x->character > 0x10FFFF) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
    }
}

bool parley_xml_is_character(parley_xml *x)
{
    if (!parley_is_xml_character(x->character)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return false;
    }
    return true;
}

size_t parley_xml_encode(uint32_t character, unsigned char out[4])
{
    size_t more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    unsigned lead = more > 0 ? 0x780u >> more & 0xF0 : 0;

    for (size_t i = more; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (unsigned char)(lead | character);
    return more + 1;
}

#ifdef XML_SMALL
/* Bytes of x->buffer, to the value under way or to text. */
static void buffer_add(parley_xml *x, size_t len)
{
    if (x->value == XML_NOWHERE) {
        parley_xml_text_add(x, x->buffer, len);
    } else if (parley_xml_keeps_value(x)) {
        parley_xml_append(x, x->buffer, len);
    }
}
#else
#define buffer_add(x, len) parley_xml_text_add(x, (x)->buffer, len)
#endif

void parley_xml_text_held(parley_xml *x, size_t brackets, unsigned char byte)
{
    x->buffer[0] = ']';
    x->buffer[1] = ']';
    x->buffer[brackets] = byte == '\r' ? '\n' : byte;
    if (byte >= 0x80 && !parley_xml_utf8_step(x, byte)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return;
    }
    buffer_add(x, brackets + 1);
    /* The next byte may be one that no run looks at: parley_xml_push looks whether it goes on. */
    if (x->utf8_left > 0) {
        x->stop = true;
    }
}

void parley_xml_text_character(parley_xml *x)
{
    if (parley_xml_is_character(x)) {
        buffer_add(x, parley_xml_encode(x->character, x->buffer));
    }
}

void parley_xml_text_open(parley_xml *x)
{
    if (x->mode == XML_TREE && x->text_record == XML_NOWHERE) {
        x->text_record = parley_xml_reserve(x, sizeof(uint32_t));
    }
}

void parley_xml_text_add(parley_xml *x, const void *data, size_t len)
{
    if (x->mode == XML_TREE) {
        parley_xml_text_open(x);
        parley_xml_append(x, data, len);
    } else if (x->mode == XML_STREAM) {
        x->text.data = data;
        x->text.len = len;
        if (x->between && parley_xml_white(data, len) < len) {
            x->between = false;
        }
        parley_xml_give(x, PARLEY_XML_TEXT, XML_NOWHERE);
    }
}

void parley_xml_text_close(parley_xml *x)
{
    if (x->text_record != XML_NOWHERE) {
        uint32_t len = x->top - x->text_record - (uint32_t)sizeof(uint32_t);
        parley_xml_put_head(x, x->text_record, len << 2 | XML_IS_TEXT);
        parley_xml_align(x);
        x->last = x->text_record;
        x->text_record = XML_NOWHERE;
    }
}
