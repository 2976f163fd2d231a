/* Skipping: how xml_run.c gets over many bytes at once. Pure functions, which may stop early
   anywhere but never skip a byte that a run has to look at:

     xml_skip       over bytes below 0x80 of the kind
     xml_copy       the same, and copies them: writes to..to+len alone, up to XML_COPIED_OVER
                    bytes more than it returns
     xml_same       how many of the bytes at p are those of the name
     xml_is         whether the bytes at p are the name; p + len <= pe, and XML_NAME_READ bytes
                    can be read from the name on
     xml_skip_utf8  over whole characters beyond ASCII that are well-formed UTF-8 and Chars, and
                    perhaps over bytes of the kind between them; from the start of a character

   Portable C here. With XML_SIMD, xml_skip_sse2.h, xml_skip_neon.h or xml_skip_avx2.h look at
   blocks of 16 or 32 bytes:

     XML_BLOCK          the bytes of a block, for runs of the kind
     xml_look           the bytes of the block at p that may end the run; 0: none
     xml_look_and_copy  the same, and copies the block
     xml_first          the first of them, counted from 0

   and xml_skip_avx2.h adds blocks to xml_skip_utf8, and by itself

     xml_skip_text  over text of well-formed UTF-8 and Chars; from the start of a character to one,
                    or to a byte below 0x80

   which elsewhere gets over nothing. XML_SMALL has xml_same alone. */
#ifndef PARLEY_CORE_XML_SKIP_H
#define PARLEY_CORE_XML_SKIP_H

#include "xml_internal.h"

static inline size_t xml_same(const unsigned char *p, const unsigned char *name, size_t most)
{
    size_t len = 0;

    /*@ loop invariant 0 <= len <= most;
        loop assigns len;
        loop variant most - len; */
    while (len < most && p[len] == name[len]) {
        len++;
    }
    return len;
}

#ifndef XML_SMALL

#if defined(XML_SIMD) && defined(__AVX2__)
#include "xml_skip_avx2.h"
#elif defined(XML_SIMD) && defined(__SSE2__)
#include "xml_skip_sse2.h"
#elif defined(XML_SIMD) && defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)
#include "xml_skip_neon.h"
#endif

#ifndef XML_SKIPS_BLOCKS
#define xml_skip_text(p, end) ((void)(end), (p))
#endif

#ifdef XML_BLOCK

static inline const unsigned char *xml_skip(const unsigned char *p, const unsigned char *end,
                                            unsigned kind)
{
    while ((size_t)(end - p) >= XML_BLOCK(kind)) {
        xml_mask ends = xml_look(p, kind);
        if (ends != 0) {
            return p + xml_first(ends);
        }
        p += XML_BLOCK(kind);
    }
    while (p < end && *p < 0x80 && (parley_xml_kinds[*p] & kind) != 0) {
        p++;
    }
    return p;
}

static inline size_t xml_copy(unsigned char *to, const unsigned char *p, size_t len, unsigned kind)
{
    size_t at = 0;

    while (len - at >= XML_BLOCK(kind)) {
        xml_mask ends = xml_look_and_copy(to + at, p + at, kind);
        if (ends != 0) {
            return at + xml_first(ends);
        }
        at += XML_BLOCK(kind);
    }
    while (at < len && p[at] < 0x80 && (parley_xml_kinds[p[at]] & kind) != 0) {
        to[at] = p[at];
        at++;
    }
    return at;
}

#else

/* The highest bit of a byte is set where the byte is this one, and perhaps of those of 0x80 and
   over and of bytes behind it. */
static inline uint64_t xml_equal(uint64_t bytes, unsigned char byte)
{
    return (bytes ^ 0x0101010101010101u * byte) - 0x0101010101010101u;
}

/* Eight bytes, the first of them the lowest. */
static inline uint64_t xml_eight(const unsigned char *p)
{
    uint64_t bytes;

    memcpy(&bytes, p, sizeof bytes);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

static inline void xml_put_eight(unsigned char *to, const unsigned char *p)
{
    memcpy(to, p, 8);
}

/* The highest bit of each of eight bytes that may end a run of values or text; and perhaps of those
   behind one that does. */
static inline uint64_t xml_special(uint64_t bytes, unsigned kind)
{
    /* Below 0x20 or over 0x7F. */
    uint64_t special = (bytes - 0x2020202020202020u) | bytes;

    if (kind == XML_TEXT) {
        special |= xml_equal(bytes, '<') | xml_equal(bytes, '&') | xml_equal(bytes, ']');
    } else if (kind == XML_CDATA) {
        special |= xml_equal(bytes, ']');
    } else {
        special |= xml_equal(bytes, '<') | xml_equal(bytes, '&') |
                   xml_equal(bytes, kind == XML_DOUBLE_QUOTED ? '"' : '\'');
    }
    return special & 0x8080808080808080u;
}

/* How many bytes come before the first whose highest bit is set. */
static inline unsigned xml_before(uint64_t special)
{
    //@ split special;
    uint64_t below = ((special & (~special + 1)) - 1) & 0x0101010101010101u;

    return ((unsigned)(below * 0x0101010101010101u >> 56) - 1) & 7;
}

static inline const unsigned char *xml_skip(const unsigned char *p, const unsigned char *end,
                                            unsigned kind)
{
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop assigns p;
        loop variant end - p; */
    while (kind != XML_NAME && end - p >= 8) {
        uint64_t special = xml_special(xml_eight(p), kind);
        if (special == 0) {
            p += 8;
            continue;
        }
        p += xml_before(special);
        if (*p != '\n' || (kind != XML_TEXT && kind != XML_CDATA)) {
            return p;
        }
        p++;
    }
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop assigns p;
        loop variant end - p; */
    while (p < end && *p < 0x80 && (parley_xml_kinds[*p] & kind) != 0) {
        p++;
    }
    return p;
}

static inline size_t xml_copy(unsigned char *to, const unsigned char *p, size_t len, unsigned kind)
{
    size_t at = 0;

    /*@ loop invariant 0 <= at <= len;
        loop assigns at, to[0 .. len - 1];
        loop variant len - at; */
    while (kind != XML_NAME && len - at >= 8) {
        uint64_t special = xml_special(xml_eight(p + at), kind);
        xml_put_eight(to + at, p + at);
        if (special == 0) {
            at += 8;
            continue;
        }
        at += xml_before(special);
        if (p[at] != '\n' || (kind != XML_TEXT && kind != XML_CDATA)) {
            return at;
        }
        at++;
    }
    /*@ loop invariant 0 <= at <= len;
        loop assigns at, to[0 .. len - 1];
        loop variant len - at; */
    while (at < len && p[at] < 0x80 && (parley_xml_kinds[p[at]] & kind) != 0) {
        to[at] = p[at];
        at++;
    }
    return at;
}

#endif

#if defined(XML_BLOCK) && defined(__SSE2__)
static inline bool xml_is(const unsigned char *p, const unsigned char *pe,
                          const unsigned char *name, size_t len)
{
    /* From 16 - len on, so many zeros and then ones: what lies behind the name may differ. */
    static const unsigned char behind[32] = {0,    0,    0,    0,    0,    0,    0,    0,
                                             0,    0,    0,    0,    0,    0,    0,    0,
                                             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    if (len <= XML_NAME_READ && pe - p >= XML_NAME_READ) {
        __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
                                      _mm_loadu_si128((const __m128i *)(const void *)name));
        const unsigned char *differ = behind + XML_NAME_READ - len;
        same = _mm_or_si128(same, _mm_loadu_si128((const __m128i *)(const void *)differ));
        return _mm_movemask_epi8(same) == 0xFFFF;
    }
    return memcmp(p, name, len) == 0;
}
#else
#define xml_is(p, pe, name, len) ((void)(pe), memcmp(p, name, len) == 0)
#endif

/* Whether three bytes are a character whose lead byte asks for more than tails: E0 (overlong), ED
   (surrogates), EF (U+FFFE, U+FFFF). */
static inline bool xml_is_three(const unsigned char *p)
{
    unsigned second = p[1];

    if ((second & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) {
        return false;
    }
    return (p[0] == 0xE0 && second >= 0xA0) || (p[0] == 0xED && second < 0xA0) ||
           (p[0] == 0xEF && (second != 0xBF || p[2] < 0xBE));
}

#if !defined(XML_HAS_THREES)
/* Whether 15 of 16 bytes are characters of three bytes, with other lead bytes than these. */
static inline bool xml_are_threes(const unsigned char *p)
{
    static const unsigned char masks[16] = {0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0,
                                            0xC0, 0xF0, 0xC0, 0xC0, 0xF0, 0xC0, 0xC0, 0};
    static const unsigned char bits[16] = {0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80,
                                           0x80, 0xE0, 0x80, 0x80, 0xE0, 0x80, 0x80, 0};
    static const unsigned char ones[16] = {1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0};
    uint64_t differs = 0;

    for (size_t i = 0; i < 16; i += 8) {
        uint64_t bytes, mask, bit, one, low;
        memcpy(&bytes, p + i, 8);
        memcpy(&mask, masks + i, 8);
        memcpy(&bit, bits + i, 8);
        memcpy(&one, ones + i, 8);
        differs |= (bytes & mask) ^ bit;
        /* Of the lower halves of lead bytes, which are not 0, 13 or 15: 15 more reach 16. */
        low = bytes & (one * 15);
        differs |= ~((low + one * 15) & ((low ^ (one * 13)) + one * 15) &
                     ((low ^ (one * 15)) + one * 15)) &
                   (one * 16);
    }
    return differs == 0;
}
#endif

/* Characters of two and of three bytes. */
static inline const unsigned char *xml_skip_utf8(const unsigned char *p, const unsigned char *end,
                                                 unsigned kind)
{
#ifdef XML_SKIPS_BLOCKS
    p = xml_skip_blocks(p, end, kind);
#else
    (void)kind;
#endif
    /*@ loop invariant \base_addr(p) == \base_addr(end) && \at(p, Pre) <= p <= end;
        loop assigns p;
        loop variant end - p; */
    while ((size_t)(end - p) >= 3) {
        unsigned lead = p[0];
        bool one_tail = (p[1] & 0xC0) == 0x80;
        if (lead > 0xE0 && (size_t)(end - p) >= 16 && xml_are_threes(p)) {
            p += 15;
        } else if (lead >= 0xC2 && lead <= 0xDF && one_tail) {
            p += 2;
        } else if ((lead > 0xE0 && lead < 0xEF && lead != 0xED && one_tail &&
                    (p[2] & 0xC0) == 0x80) ||
                   xml_is_three(p)) {
            p += 3;
        } else {
            break;
        }
    }
    return p;
}

#endif
#endif
