/* Base64 both ways. Passwords and proofs pass through here, so characters are
   mapped by arithmetic: no table look-up and no branch depends on the data.
   What shows is the length of the text and its padding, which are public.

   Decoding reads the text twice: once to judge all of it, then to write, so
   that nothing is written unless the result is PARLEY_OK, and so that `out`
   may be the text itself (3 bytes are written after 4 were read). */
#include "parley/base64.h"

#define BAD 0x100u /* in a decoded value: not of the alphabet */

/* All ones if low <= c <= high, else 0; everything is below 2^31. */
static uint32_t within(uint32_t c, uint32_t low, uint32_t high)
{
    return (((c - low) | (high - c)) >> 31) - 1u;
}

/* All ones if c > last, else 0. */
static uint32_t beyond(uint32_t c, uint32_t last)
{
    return 0u - ((last - c) >> 31);
}

/* From one run of the alphabet to the next the distance changes: 26 is 'a', 52 is '0', 62 is '+'
   and 63 is '/'. */
static char character_of(uint32_t value)
{
    uint32_t c = value + 'A' + (beyond(value, 25) & 6) - (beyond(value, 51) & 75) -
                 (beyond(value, 61) & 15) + (beyond(value, 62) & 3);

    return (char)c;
}

/* BAD, and for what is of the alphabet what makes its value of that. */
static uint32_t value_of(char character)
{
    uint32_t c = (unsigned char)character;

    return BAD + (within(c, 'A', 'Z') & (c - 'A' - BAD)) +
           (within(c, 'a', 'z') & (c - 'a' + 26 - BAD)) +
           (within(c, '0', '9') & (c - '0' + 52 - BAD)) + (within(c, '+', '+') & (62 - BAD)) +
           (within(c, '/', '/') & (63 - BAD));
}

void parley_base64_encode(const void *data, size_t len, char *out)
{
    const unsigned char *in = data;

    /*@ loop invariant 0 <= i <= len + 2 && i % 3 == 0;
        loop invariant out == \at(out, Pre) + i / 3 * 4;
        loop assigns i, out, \at(out, Pre)[0 .. (len + 2) / 3 * 4 - 1];
        loop variant len + 2 - i; */
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = 0;

        /*@ loop invariant i <= j <= i + 3;
            loop assigns j, bits;
            loop variant i + 3 - j; */
        for (size_t j = i; j < i + 3; j++) {
            bits = bits << 8 | (j < len ? in[j] : 0u);
        }
        /*@ loop invariant 0 <= j <= 4;
            loop invariant out == \at(out, Pre) + i / 3 * 4 + j;
            loop assigns j, out, \at(out, Pre)[0 .. (len + 2) / 3 * 4 - 1];
            loop variant 4 - j; */
        for (size_t j = 0; j < 4; j++) {
            *out++ = i + j <= len ? character_of(bits >> (18 - 6 * j) & 63) : '=';
        }
    }
}

/* Whether `count` characters are of the alphabet and the bits of the last one
   that carry no data are 0 (RFC 4648 section 3.5). */
static bool is_canonical(const char *text, size_t count)
{
    uint32_t bad = 0;
    uint32_t last = 0;

    /*@ loop invariant 0 <= i <= count;
        loop assigns i, last, bad;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        last = value_of(text[i]);
        bad |= last;
    }
    bad &= BAD;
    if (count % 4 == 2) {
        bad |= last & 15;
    } else if (count % 4 == 3) {
        bad |= last & 3;
    }
    return bad == 0;
}

/* RFC 6120 6.3.5, 13.9.1. */
parley_result parley_base64_decode(const char *text, size_t text_len, void *out, size_t size,
                                   size_t *len)
{
    unsigned char *to = out;
    size_t count = text_len; /* characters before the padding */

    if (text_len % 4 != 0) {
        return PARLEY_ILLEGAL;
    }
    if (text_len > 0 && text[text_len - 1] == '=') {
        count -= text[text_len - 2] == '=' ? 2 : 1;
    }
    if (!is_canonical(text, count)) {
        return PARLEY_ILLEGAL;
    }
    if (count / 4 * 3 + (count % 4 * 3) / 4 > size) {
        return PARLEY_NO_ROOM;
    }
    /*@ loop invariant 0 <= i <= count + 3 && i % 4 == 0;
        loop invariant i <= count ==> to == (unsigned char *)out + i / 4 * 3;
        loop invariant i > count ==> to == (unsigned char *)out + count / 4 * 3 + count % 4 * 3 / 4;
        loop assigns i, to, ((unsigned char *)out)[0 .. size - 1];
        loop variant count + 3 - i; */
    for (size_t i = 0; i < count; i += 4) {
        uint32_t bits = 0;

        /*@ loop invariant i <= j <= i + 4;
            loop assigns j, bits;
            loop variant i + 4 - j; */
        for (size_t j = i; j < i + 4; j++) {
            bits = bits << 6 | (j < count ? value_of(text[j]) : 0);
        }
        /*@ loop invariant 1 <= j <= 4 && (j == 1 || i + j <= count);
            loop invariant to == (unsigned char *)out + i / 4 * 3 + (j - 1);
            loop assigns j, to, ((unsigned char *)out)[0 .. size - 1];
            loop variant 4 - j; */
        for (size_t j = 1; j < 4 && i + j < count; j++) {
            *to++ = (unsigned char)(bits >> (24 - 8 * j));
        }
    }
    *len = (size_t)(to - (unsigned char *)out);
    return PARLEY_OK;
}
