/* Base64 both ways. Passwords and proofs pass through here, so characters are
   mapped by arithmetic: no table look-up and no branch depends on the data.
   What shows is the length of the text and its padding, which are public.

   Decoding reads the text twice: once to judge all of it, then to write, so
   that nothing is written unless the result is PARLEY_OK, and so that `out`
   may be the text itself (a byte is written after those that it is of were read). */
#include "parley/base64.h"

#define BAD 0x100u /* in a decoded value: not of the alphabet */

/* The alphabet in runs: the first character of each, the value of that, and how many more there
   are. */
static const unsigned char runs[5][3] = {
    {'A', 0, 25}, {'a', 26, 25}, {'0', 52, 9}, {'+', 62, 0}, {'/', 63, 0},
};

enum { CHARACTER, VALUE, MORE };

/* What `c` is, which is a character or a value by `from`, as the other; BAD if it is in no run. */
static uint32_t other_of(uint32_t c, unsigned from)
{
    uint32_t other = BAD;

    /*@ loop invariant 0 <= i <= 5;
        loop assigns i, other;
        loop variant 5 - i; */
    for (size_t i = 0; i < 5; i++) {
        uint32_t past = c - runs[i][from];
        uint32_t is_out = past | (runs[i][MORE] - past); /* in the top bit */

        other += ((is_out >> 31) - 1u) & (runs[i][VALUE - from] + past - BAD);
    }
    return other;
}

static uint32_t value_of(char character)
{
    return other_of((unsigned char)character, CHARACTER);
}

void parley_base64_encode(const void *data, size_t len, char *out)
{
    const unsigned char *in = data;
    uint32_t bits = 0;
    size_t i = 0;

    /* `place` is that of the next character among four, which begin with byte i - place. */
    /*@ loop invariant 0 <= place <= 3 && place <= i && (i - place) % 3 == 0;
        loop invariant i - place <= len + 2 && (place != 0 ==> i - place < len);
        loop invariant out == \at(out, Pre) + (i - place) / 3 * 4 + place;
        loop assigns place, i, bits, out, \at(out, Pre)[0 .. (len + 2) / 3 * 4 - 1];
        loop variant (len + 2 - (i - place)) * 4 - place; */
    for (unsigned place = 0; i < len || place != 0; place = (place + 1) % 4) {
        bool is_padding = i > len;

        if (place != 3) {
            bits = bits << 8 | (i < len ? in[i] : 0u);
            i++;
        }
        *out++ = is_padding ? '=' : (char)other_of(bits >> (place * 2 + 2) % 8 & 63, VALUE);
    }
}

/* Whether the characters before the padding are of the alphabet and the bits of the last one that
   carry no data are 0 (RFC 4648 section 3.5). */
static bool is_canonical(const char *text, size_t count, unsigned padding)
{
    uint32_t all = 0;
    uint32_t last = 0;

    /*@ loop invariant 0 <= i <= count;
        loop assigns i, last, all;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        last = value_of(text[i]);
        all |= last;
    }
    return (all & BAD) == 0 && (last & ((1u << padding * 2) - 1)) == 0;
}

/* RFC 6120 6.3.5, 13.9.1. */
parley_result parley_base64_decode(const char *text, size_t text_len, void *out, size_t size,
                                   size_t *len)
{
    unsigned char *to = out;
    uint32_t bits = 0;
    unsigned padding = 0;
    size_t count; /* of the characters before it */
    size_t needed;

    if (text_len % 4 != 0) {
        return PARLEY_ILLEGAL;
    }
    if (text_len > 0 && text[text_len - 1] == '=') {
        padding = text[text_len - 2] == '=' ? 2 : 1;
    }
    count = text_len - padding;
    if (!is_canonical(text, count, padding)) {
        return PARLEY_ILLEGAL;
    }
    needed = text_len / 4 * 3 - padding;
    if (needed > size) {
        return PARLEY_NO_ROOM;
    }
    /*@ loop invariant 0 <= at <= count;
        loop invariant to == (unsigned char *)out + at / 4 * 3 + (at % 4 == 0 ? 0 : at % 4 - 1);
        loop assigns at, to, bits, ((unsigned char *)out)[0 .. size - 1];
        loop variant count - at; */
    for (size_t at = 0; at < count; at++) {
        bits = bits << 6 | value_of(text[at]);
        if (at % 4 != 0) {
            *to++ = (unsigned char)(bits >> (6 - at % 4 * 2));
        }
    }
    *len = needed;
    return PARLEY_OK;
}
