/* Skipping with AVX2: 32 bytes of text at once (xml_skip.h). Names and values, which are short,
   take 16: so more tags end before the last block of the bytes, and fewer blocks lie in two lines
   of the cache. */
#ifndef PARLEY_CORE_XML_SKIP_AVX2_H
#define PARLEY_CORE_XML_SKIP_AVX2_H

#include "xml_internal.h"

#include <immintrin.h>

#define XML_SKIPS_BLOCKS
#define XML_BLOCK(kind) (xml_is_text(kind) ? 32u : 16u)

typedef unsigned xml_mask; /* a bit a byte */

static inline bool xml_is_text(unsigned kind)
{
    return kind == XML_TEXT || kind == XML_CDATA;
}

static inline __m256i xml_equal(__m256i bytes, char byte)
{
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte));
}

/* Of the quote that ends a value: beside & stands ', and one bit away " does. */
static inline char xml_beside(unsigned kind)
{
    return kind == XML_DOUBLE_QUOTED ? '&' ^ '"' : '&' ^ '\'';
}

/* Where bytes below 0x80 end a run of values or text, but for control characters. */
static inline __m256i xml_markup(__m256i bytes, unsigned kind)
{
    __m256i ends;

    if (kind == XML_CDATA) {
        return xml_equal(bytes, ']');
    }
    if (kind == XML_TEXT) {
        ends = _mm256_or_si256(xml_equal(bytes, ']'), xml_equal(bytes, '&'));
    } else {
        const char other = xml_beside(kind);
        ends = xml_equal(_mm256_or_si256(bytes, _mm256_set1_epi8(other)), (char)('&' | other));
    }
    return _mm256_or_si256(ends, xml_equal(bytes, '<'));
}

/* A bit for each of 32 bytes at which text may end. */
static inline xml_mask xml_text_ends(__m256i bytes, unsigned kind)
{
    /* Signed: below 0x20 and over 0x7F. */
    __m256i ends = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes);

    ends = _mm256_andnot_si256(xml_equal(bytes, '\n'), ends);
    return (unsigned)_mm256_movemask_epi8(_mm256_or_si256(ends, xml_markup(bytes, kind)));
}

/* A bit for each of 16 bytes at which a value may end. */
static inline xml_mask xml_value_ends(__m128i bytes, unsigned kind)
{
    const char other = xml_beside(kind);
    __m128i quotes = _mm_or_si128(bytes, _mm_set1_epi8(other));
    __m128i ends = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));

    ends = _mm_or_si128(ends, _mm_cmpeq_epi8(quotes, _mm_set1_epi8((char)('&' | other))));
    ends = _mm_or_si128(ends, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('<')));
    return (unsigned)_mm_movemask_epi8(ends);
}

/* A bit for each of 16 bytes that is not of a name: each column of ASCII has a bit in `columns`,
   and each row has, in `rows`, the bits of the columns where it is of a name. */
static inline xml_mask xml_name_ends(__m128i bytes)
{
    /* Bits: 1 column 2 (- .), 2 column 3 (digits), 4 columns 4 and 6, 8 column 5, 16 column 7. */
    const __m128i columns = _mm_setr_epi8(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i rows = _mm_setr_epi8(2 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16,
                                       2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16,
                                       2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 2 | 4 | 8 | 16, 4 | 8 | 16,
                                       4, 4, 1 | 4, 1 | 4, 4 | 8);
    __m128i column = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
    __m128i found = _mm_and_si128(_mm_shuffle_epi8(columns, column), _mm_shuffle_epi8(rows, bytes));

    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()));
}

static inline xml_mask xml_look_and_copy(unsigned char *to, const unsigned char *p, unsigned kind)
{
    if (xml_is_text(kind)) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
        _mm256_storeu_si256((__m256i *)(void *)to, bytes);
        return xml_text_ends(bytes, kind);
    } else {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        _mm_storeu_si128((__m128i *)(void *)to, bytes);
        return kind == XML_NAME ? xml_name_ends(bytes) : xml_value_ends(bytes, kind);
    }
}

static inline xml_mask xml_look(const unsigned char *p, unsigned kind)
{
    if (xml_is_text(kind)) {
        return xml_text_ends(_mm256_loadu_si256((const __m256i *)(const void *)p), kind);
    } else {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        return kind == XML_NAME ? xml_name_ends(bytes) : xml_value_ends(bytes, kind);
    }
}

static inline unsigned xml_first(xml_mask ends)
{
    return (unsigned)__builtin_ctz(ends);
}

/* The bytes `by` before those of `bytes`, which `before` precede. */
#define XML_BEFORE(bytes, before, by) \
    _mm256_alignr_epi8(bytes, _mm256_permute2x128_si256(before, bytes, 0x21), 16 - (by))

static inline __m256i xml_look_up(__m256i index, __m128i table)
{
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), index);
}

static inline __m256i xml_high_half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
}

/* Not zero where a pair of bytes cannot stand in UTF-8, or the second or third tail of a character
   is missing or one too many. After J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One
   Instruction Per Byte" (2020): what the two halves of a byte and the first of the next allow is
   looked up, a bit a kind of error, and only an error that all three find is one. */
static inline __m256i xml_utf8_errors(__m256i bytes, __m256i before)
{
    enum {
        SHORT = 1,      /* a lead byte, then no tail */
        LONG = 2,       /* ASCII, then a tail */
        OVERLONG_3 = 4, /* E0 80 to E0 9F */
        LARGE = 8,      /* F4 90 to F4 BF, F5 and over with 90 to BF */
        SURROGATE = 16, /* ED A0 to ED BF */
        OVERLONG_2 = 32,
        OTHER_4 = 64, /* F0 80 to F0 8F, F5 and over with 80 to 8F */
        TAILS = 128   /* two: looked at with what came before them */
    };
#define ALWAYS (SHORT | LONG | TAILS)
#define FIVE   (ALWAYS | LARGE | OTHER_4)
    /* clang-format off */
    static const unsigned char first_high[16] = {
        LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, TAILS, TAILS, TAILS, TAILS,
        SHORT | OVERLONG_2, SHORT, SHORT | OVERLONG_3 | SURROGATE, SHORT | LARGE | OTHER_4
    };
    static const unsigned char first_low[16] = {
        ALWAYS | OVERLONG_3 | OVERLONG_2 | OTHER_4, ALWAYS | OVERLONG_2, ALWAYS, ALWAYS,
        ALWAYS | LARGE, FIVE, FIVE, FIVE, FIVE, FIVE, FIVE, FIVE, FIVE, FIVE | SURROGATE, FIVE,
        FIVE
    };
#define TAIL (LONG | OVERLONG_2 | TAILS)
    static const unsigned char second_high[16] = {
        SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, TAIL | OVERLONG_3 | OTHER_4,
        TAIL | OVERLONG_3 | LARGE, TAIL | SURROGATE | LARGE, TAIL | SURROGATE | LARGE, SHORT,
        SHORT, SHORT, SHORT
    };
    /* clang-format on */
#define XML_TABLE(bytes) _mm_loadu_si128((const __m128i *)(const void *)(bytes))
#undef ALWAYS
#undef FIVE
#undef TAIL
    __m256i one = XML_BEFORE(bytes, before, 1);
    __m256i two = XML_BEFORE(bytes, before, 2);
    __m256i three = XML_BEFORE(bytes, before, 3);
    __m256i pairs =
        _mm256_and_si256(_mm256_and_si256(xml_look_up(xml_high_half(one), XML_TABLE(first_high)),
                                          xml_look_up(_mm256_and_si256(one, _mm256_set1_epi8(15)),
                                                      XML_TABLE(first_low))),
                         xml_look_up(xml_high_half(bytes), XML_TABLE(second_high)));
    /* 0x80 where a second or third tail has to be: two before is E0 or over, three before F0. */
    __m256i tails = _mm256_and_si256(
        _mm256_or_si256(_mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80))),
                        _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80)))),
        _mm256_set1_epi8((char)0x80));
    /* U+FFFE and U+FFFF are not Chars (XML 2). */
    __m256i beyond = _mm256_and_si256(_mm256_and_si256(xml_equal(two, (char)0xEF),
                                                       xml_equal(one, (char)0xBF)),
                                      _mm256_cmpeq_epi8(_mm256_or_si256(bytes, _mm256_set1_epi8(1)),
                                                        _mm256_set1_epi8((char)0xBF)));

    return _mm256_or_si256(_mm256_xor_si256(tails, pairs), beyond);
#undef XML_TABLE
}

/* Over text or a value that is well-formed, from the start of a character, as long as there are
   whole blocks: to what may end the run, or else to the start of a character. */
static XML_ALWAYS const unsigned char *xml_skip_blocks(const unsigned char *p,
                                                       const unsigned char *end, unsigned kind)
{
    const unsigned char *start = p;
    __m256i before = _mm256_setzero_si256();

    while ((size_t)(end - p) >= 32) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
        __m256i ends = xml_markup(bytes, kind);
        __m256i errors = xml_utf8_errors(bytes, before);
        __m256i found;
        if (xml_is_text(kind)) {
            control = _mm256_andnot_si256(xml_equal(bytes, '\n'), control);
        }
        ends = _mm256_or_si256(ends, control);
        found = _mm256_or_si256(ends, errors);
        if (!_mm256_testz_si256(found, found)) {
            xml_mask of_ends = (unsigned)_mm256_movemask_epi8(ends);
            __m256i right = _mm256_cmpeq_epi8(errors, _mm256_setzero_si256());
            xml_mask wrong = ~(unsigned)_mm256_movemask_epi8(right);
            /* The first of them is ASCII: a character unfinished before it is an error there. */
            if (of_ends != 0 && (wrong & (of_ends ^ (of_ends - 1))) == 0) {
                return p + xml_first(of_ends);
            }
            break;
        }
        before = bytes;
        p += 32;
    }
    if (p == start || p[-1] < 0x80) {
        return p;
    }
    return p[-1] >= 0xC0 ? p - 1 : p[-2] >= 0xE0 ? p - 2 : p[-3] >= 0xF0 ? p - 3 : p;
}

/* The same over text, apart from the short way of its only caller. */
__attribute__((noinline, unused)) static const unsigned char *
xml_skip_text(const unsigned char *p, const unsigned char *end)
{
    return xml_skip_blocks(p, end, XML_TEXT);
}

#endif
