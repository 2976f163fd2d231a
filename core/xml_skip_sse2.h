/* Skipping with SSE2, which every x86-64 has: 16 bytes at once (xml_skip.h). */
#ifndef PARLEY_CORE_XML_SKIP_SSE2_H
#define PARLEY_CORE_XML_SKIP_SSE2_H

#include "xml_internal.h"

#include <emmintrin.h>

/* Bytes from `low` on, `count` of them. */
static inline __m128i xml_between(__m128i bytes, char low, char count)
{
    __m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8(low));

    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char)(count - 1))), from);
}

static inline __m128i xml_equal(__m128i bytes, char byte)
{
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte));
}

/* A bit for each byte at which a run of the kind may end. */
static inline unsigned xml_ends(__m128i bytes, unsigned kind)
{
    __m128i ends;

    if (kind == XML_NAME) {
        __m128i letters = xml_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26);
        __m128i others = _mm_andnot_si128(xml_equal(bytes, '/'), xml_between(bytes, '-', 13));
        ends = _mm_or_si128(_mm_or_si128(letters, others), xml_equal(bytes, '_'));
        return (unsigned)_mm_movemask_epi8(ends) ^ 0xFFFFu;
    }
    /* Signed: below 0x20 and over 0x7F. */
    ends = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    if (kind == XML_TEXT || kind == XML_CDATA) {
        ends = _mm_andnot_si128(xml_equal(bytes, '\n'), ends);
        ends = _mm_or_si128(ends, xml_equal(bytes, ']'));
    } else {
        ends = _mm_or_si128(ends, xml_equal(bytes, kind == XML_DOUBLE_QUOTED ? '"' : '\''));
    }
    if (kind != XML_CDATA) {
        ends = _mm_or_si128(ends, _mm_or_si128(xml_equal(bytes, '<'), xml_equal(bytes, '&')));
    }
    return (unsigned)_mm_movemask_epi8(ends);
}

static inline size_t xml_copy(unsigned char *to, const unsigned char *p, size_t len, unsigned kind)
{
    size_t at = 0;

    while (len - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        unsigned ends = xml_ends(bytes, kind);
        _mm_storeu_si128((__m128i *)(void *)(to + at), bytes);
        if (ends != 0) {
            return at + (unsigned)__builtin_ctz(ends);
        }
        at += 16;
    }
    while (at < len && p[at] < 0x80 && (parley_xml_kinds[p[at]] & kind) != 0) {
        to[at] = p[at];
        at++;
    }
    return at;
}

static inline const unsigned char *xml_skip(const unsigned char *p, const unsigned char *end,
                                            unsigned kind)
{
    while ((size_t)(end - p) >= 16) {
        unsigned ends = xml_ends(_mm_loadu_si128((const __m128i *)(const void *)p), kind);
        if (ends != 0) {
            return p + __builtin_ctz(ends);
        }
        p += 16;
    }
    while (p < end && *p < 0x80 && (parley_xml_kinds[*p] & kind) != 0) {
        p++;
    }
    return p;
}

#endif
