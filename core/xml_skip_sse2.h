/* Skipping with SSE2, which every x86-64 has: 16 bytes at once (xml_skip.h). */
#ifndef PARLEY_CORE_XML_SKIP_SSE2_H
#define PARLEY_CORE_XML_SKIP_SSE2_H

#include "xml_internal.h"

#include <emmintrin.h>

#define XML_BLOCK(kind) 16u

typedef unsigned xml_mask; /* a bit a byte */

/* Bytes from `low` on, `count` of them. */
static inline __m128i xml_between(__m128i bytes, char low, char count)
{
    /* Moved to where the range is the least of the signed. */
    __m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8((char)(low + 128)));

    return _mm_cmplt_epi8(from, _mm_set1_epi8((char)(count - 128)));
}

static inline __m128i xml_equal(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

/* A bit for each byte at which a run of the kind may end. */
static inline xml_mask xml_ends(__m128i bytes, unsigned kind)
{
    __m128i ends;

    if (kind == XML_NAME) {
        __m128i letters = xml_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
        __m128i others = _mm_andnot_si128(xml_equal(bytes, '/'), xml_between(bytes, '-', 13));
        ends = _mm_or_si128(_mm_or_si128(letters, others), xml_equal(bytes, '_'));
        return (unsigned)_mm_movemask_epi8(ends) ^ 0xFFFFu;
    }
    /* Signed: below 0x20 and over 0x7F. Beside & stands ', and one bit away " does. */
    ends = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    if (kind == XML_TEXT || kind == XML_CDATA) {
        ends = _mm_andnot_si128(xml_equal(bytes, '\n'), ends);
        ends = _mm_or_si128(ends, xml_equal(bytes, ']'));
    }
    if (kind == XML_CDATA) {
        return (unsigned)_mm_movemask_epi8(ends);
    }
    if (kind == XML_TEXT) {
        ends = _mm_or_si128(ends, xml_equal(bytes, '&'));
    } else {
        char other = kind == XML_DOUBLE_QUOTED ? '&' ^ '"' : '&' ^ '\'';
        ends = _mm_or_si128(ends,
                            xml_equal(_mm_or_si128(bytes, _mm_set1_epi8(other)), '&' | other));
    }
    ends = _mm_or_si128(ends, xml_equal(bytes, '<'));
    return (unsigned)_mm_movemask_epi8(ends);
}

static inline xml_mask xml_look(const unsigned char *p, unsigned kind)
{
    return xml_ends(_mm_loadu_si128((const __m128i *)(const void *)p), kind);
}

static inline xml_mask xml_look_and_copy(unsigned char *to, const unsigned char *p, unsigned kind)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    _mm_storeu_si128((__m128i *)(void *)to, bytes);
    return xml_ends(bytes, kind);
}

static inline unsigned xml_first(xml_mask ends)
{
    return (unsigned)__builtin_ctz(ends);
}

#define XML_HAS_THREES

/* Whether 15 of 16 bytes are characters of three bytes that need no more than tails: none that
   begins with E0 or ED, and none with EF where a BF is too. */
static inline bool xml_are_threes(const unsigned char *p)
{
    static const unsigned char masks[16] = {0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0,
                                            0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0x00};
    static const unsigned char threes[16] = {0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80,
                                             0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0x00};
    __m128i mask = _mm_loadu_si128((const __m128i *)(const void *)masks);
    __m128i bits = _mm_loadu_si128((const __m128i *)(const void *)threes);
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i same = _mm_cmpeq_epi8(_mm_and_si128(bytes, mask), bits);
    __m128i other = _mm_or_si128(xml_equal(bytes, (char)0xE0), xml_equal(bytes, (char)0xED));
    int last = _mm_movemask_epi8(xml_equal(bytes, (char)0xEF));

    return _mm_movemask_epi8(_mm_andnot_si128(other, same)) == 0xFFFF &&
           (last == 0 || _mm_movemask_epi8(xml_equal(bytes, (char)0xBF)) == 0);
}

#endif
