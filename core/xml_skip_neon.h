/* Skipping with NEON, which every AArch64 has: 16 bytes at once (xml_skip.h). */
#ifndef PARLEY_CORE_XML_SKIP_NEON_H
#define PARLEY_CORE_XML_SKIP_NEON_H

#include "xml_internal.h"

#include <arm_neon.h>

#define XML_BLOCK(kind) 16u

typedef uint64_t xml_mask; /* four bits a byte */

/* Bytes from `low` on, `count` of them. */
static inline uint8x16_t xml_between(uint8x16_t bytes, uint8_t low, uint8_t count)
{
    return vcltq_u8(vsubq_u8(bytes, vdupq_n_u8(low)), vdupq_n_u8(count));
}

static inline uint8x16_t xml_equal(uint8x16_t bytes, uint8_t byte)
{
    return vceqq_u8(bytes, vdupq_n_u8(byte));
}

/* Four bits for each byte at which a run of the kind may end. */
static inline xml_mask xml_ends(uint8x16_t bytes, unsigned kind)
{
    uint8x16_t ends;

    if (kind == XML_NAME) {
        uint8x16_t letters = xml_between(vorrq_u8(bytes, vdupq_n_u8(0x20)), 'a', 26);
        uint8x16_t others = vbicq_u8(xml_between(bytes, '-', 13), xml_equal(bytes, '/'));
        ends = vmvnq_u8(vorrq_u8(vorrq_u8(letters, others), xml_equal(bytes, '_')));
    } else {
        ends = vorrq_u8(vcltq_u8(bytes, vdupq_n_u8(0x20)), vcgeq_u8(bytes, vdupq_n_u8(0x80)));
        if (kind == XML_TEXT || kind == XML_CDATA) {
            ends = vbicq_u8(ends, xml_equal(bytes, '\n'));
            ends = vorrq_u8(ends, xml_equal(bytes, ']'));
        } else {
            ends = vorrq_u8(ends, xml_equal(bytes, kind == XML_DOUBLE_QUOTED ? '"' : '\''));
        }
        if (kind != XML_CDATA) {
            ends = vorrq_u8(ends, vorrq_u8(xml_equal(bytes, '<'), xml_equal(bytes, '&')));
        }
    }
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(ends), 4)), 0);
}

static inline xml_mask xml_look(const unsigned char *p, unsigned kind)
{
    return xml_ends(vld1q_u8(p), kind);
}

static inline xml_mask xml_look_and_copy(unsigned char *to, const unsigned char *p, unsigned kind)
{
    uint8x16_t bytes = vld1q_u8(p);

    vst1q_u8(to, bytes);
    return xml_ends(bytes, kind);
}

static inline unsigned xml_first(xml_mask ends)
{
    return (unsigned)__builtin_ctzll(ends) >> 2;
}

#endif
