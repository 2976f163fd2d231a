#include "text.h"

#include <string.h>

/* Bytes of the UTF-8 character that starts with `lead`; 0: none does. */
static unsigned character_size(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The code point of a character of `len` bytes; 0xFFFFFFFF: overlong, a
   surrogate or beyond Unicode. */
static uint32_t code_point(const unsigned char *bytes, unsigned len)
{
    static const unsigned char mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = bytes[0] & mask[len];

    for (unsigned i = 1; i < len; i++) {
        c = (c << 6) | (bytes[i] & 0x3Fu);
    }
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        return UINT32_MAX;
    }
    return c;
}

/* Characters that move the cursor, reorder the line or cannot be seen. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

/* The letter of a short escape, or 0. */
static char short_escape(uint32_t c)
{
    switch (c) {
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

/* Beyond the first plane JSON takes two, as UTF-16 does. */
static void put_hidden(text_writer *t, uint32_t c)
{
    if (t->mode != TEXT_JSON) {
        fprintf(t->out, "\\u{%x}", (unsigned)c);
    } else if (c < 0x10000) {
        fprintf(t->out, "\\u%04x", (unsigned)c);
    } else {
        c -= 0x10000;
        fprintf(t->out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (c >> 10)),
                (unsigned)(0xDC00 + (c & 0x3FF)));
    }
}

static void put_character(text_writer *t, uint32_t c, const unsigned char *bytes, unsigned len)
{
    char letter = short_escape(c);

    if (letter != 0) {
        fprintf(t->out, "\\%c", letter);
    } else if (is_hidden(c)) {
        put_hidden(t, c);
    } else if (t->mode != TEXT_LINE && (c == '"' || c == '\\')) {
        fprintf(t->out, "\\%c", (char)c);
    } else {
        fwrite(bytes, 1, len, t->out);
    }
}

static void put_bad(text_writer *t, const unsigned char *bytes, unsigned len)
{
    for (unsigned i = 0; i < len; i++) {
        if (t->mode == TEXT_JSON) {
            fputs("\\ufffd", t->out);
        } else {
            fprintf(t->out, "\\x%02X", bytes[i]);
        }
    }
}

void text_begin(text_writer *t, FILE *out, text_mode mode)
{
    t->out = out;
    t->mode = mode;
    t->held_len = 0;
}

static void take(text_writer *t, unsigned char byte)
{
    if (t->held_len > 0 && (byte & 0xC0) != 0x80) {
        put_bad(t, t->held, t->held_len);
        t->held_len = 0;
    }
    if (t->held_len == 0 && character_size(byte) == 0) {
        put_bad(t, &byte, 1);
        return;
    }
    t->held[t->held_len++] = byte;
    if (t->held_len == character_size(t->held[0])) {
        uint32_t c = code_point(t->held, t->held_len);

        if (c == UINT32_MAX) {
            put_bad(t, t->held, t->held_len);
        } else {
            put_character(t, c, t->held, t->held_len);
        }
        t->held_len = 0;
    }
}

void text_piece(text_writer *t, parley_string piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        take(t, (unsigned char)piece.data[i]);
    }
}

void text_end(text_writer *t)
{
    put_bad(t, t->held, t->held_len);
    t->held_len = 0;
}

void text_print(FILE *out, text_mode mode, parley_string text)
{
    text_writer t;

    text_begin(&t, out, mode);
    text_piece(&t, text);
    text_end(&t);
}
