/* Notes. A label has at most 63 bytes when encoded, and each of its characters
   takes one or more of them: POINTS bounds the decoded label, and keeps the
   arithmetic of RFC 3492 far from overflow. */
#include "a_label.h"

#define POINTS 59 /* 63 less "xn--" */

/* RFC 3492 section 5. */
#define BASE        36u
#define T_MIN       1u
#define T_MAX       26u
#define SKEW        38u
#define DAMP        700u
#define FIRST_BIAS  72u
#define FIRST_POINT 128u

/* Decodes the character at `*at`; false: not UTF-8 (RFC 3629 section 4). */
static bool a_label_decode(parley_string text, size_t *at, uint32_t *point)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = (unsigned char)text.data[*at];
    size_t bytes = first < 0x80   ? 1
                   : first < 0xC2 ? 0
                   : first < 0xE0 ? 2
                   : first < 0xF0 ? 3
                   : first < 0xF5 ? 4
                                  : 0;
    uint32_t value = bytes < 2 ? first : (uint32_t)first & (0x7Fu >> bytes);

    if (bytes == 0 || bytes > text.len - *at)
        return false;
    for (size_t i = 1; i < bytes; i++) {
        unsigned char next = (unsigned char)text.data[*at + i];

        if ((next & 0xC0) != 0x80)
            return false;
        value = value << 6 | (next & 0x3Fu);
    }
    if (value < least[bytes] || (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF)
        return false;
    *at += bytes;
    *point = value;
    return true;
}

/* RFC 3492 section 6.1. */
static uint32_t a_label_adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    while (delta > (BASE - T_MIN) * T_MAX / 2) {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static char a_label_digit(uint32_t value)
{
    return (char)(value < 26 ? 'a' + value : '0' + (value - 26));
}

/* One delta as a variable-length integer; 0: no room. */
static size_t a_label_number(uint32_t delta, uint32_t bias, char *out, size_t room)
{
    size_t used = 0;

    for (uint32_t k = BASE; used < room; k += BASE) {
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;

        if (delta < t) {
            out[used++] = a_label_digit(delta);
            return used;
        }
        out[used++] = a_label_digit(t + (delta - t) % (BASE - t));
        delta = (delta - t) / (BASE - t);
    }
    return 0;
}

/* RFC 3492 section 6.3, without the prefix. */
static size_t a_label_encode(const uint32_t *points, uint32_t count, char *out, size_t room)
{
    uint32_t n = FIRST_POINT, delta = 0, bias = FIRST_BIAS, basic = 0, done;
    size_t used = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (points[i] >= 0x80)
            continue;
        if (used == room)
            return 0;
        out[used++] = (char)points[i];
        basic++;
    }
    done = basic;
    if (basic > 0) {
        if (used == room)
            return 0;
        out[used++] = '-';
    }
    while (done < count) {
        uint32_t next = UINT32_MAX;

        for (uint32_t i = 0; i < count; i++) {
            if (points[i] >= n && points[i] < next)
                next = points[i];
        }
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < count; i++) {
            if (points[i] < n)
                delta++;
            if (points[i] == n) {
                size_t digits = a_label_number(delta, bias, out + used, room - used);

                if (digits == 0)
                    return 0;
                used += digits;
                bias = a_label_adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        n++;
    }
    return used;
}

size_t parley_a_label(parley_string label, char *out, size_t room)
{
    uint32_t points[POINTS];
    uint32_t count = 0;
    size_t at = 0;
    size_t used;

    while (at < label.len) {
        uint32_t point;

        if (count == POINTS || !a_label_decode(label, &at, &point))
            return 0;
        if (point < 0x80) { /* what a DNS label may hold */
            if (point >= 'A' && point <= 'Z')
                point += 'a' - 'A';
            if (!(point >= 'a' && point <= 'z') && !(point >= '0' && point <= '9') &&
                point != '-' && point != '_')
                return 0;
        }
        points[count++] = point;
    }
    if (room < 4)
        return 0;
    out[0] = 'x';
    out[1] = 'n';
    out[2] = '-';
    out[3] = '-';
    used = a_label_encode(points, count, out + 4, room - 4);
    return used == 0 ? 0 : used + 4;
}
