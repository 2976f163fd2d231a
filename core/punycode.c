/* RFC 3492 section 6, its names kept. Labels are short, so that inserting and
   searching in them is bounded. Deltas stay below 2^32: see the tests before each
   multiplication (section 6.4). */
#include "punycode.h"

#include <string.h>

enum { BASE = 36, T_MINIMUM = 1, T_MAXIMUM = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72 };

#define INITIAL_N 0x80u

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    while (delta > (BASE - T_MINIMUM) * T_MAXIMUM / 2) {
        delta /= BASE - T_MINIMUM;
        k += BASE;
    }
    return k + (BASE - T_MINIMUM + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
    return k <= bias ? T_MINIMUM : k >= bias + T_MAXIMUM ? T_MAXIMUM : k - bias;
}

/* BASE: not a digit. */
static uint32_t digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0') + 26;
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a');
    }
    return c >= 'A' && c <= 'Z' ? (uint32_t)(c - 'A') : BASE;
}

static char digit(uint32_t value)
{
    return (char)(value < 26 ? 'a' + value : '0' + (value - 26));
}

/* One generalised variable-length integer, added to `*i`. */
static bool take_delta(parley_string encoded, size_t *at, uint32_t bias, uint32_t *i)
{
    uint32_t weight = 1;

    for (uint32_t k = BASE;; k += BASE) {
        uint32_t value = *at < encoded.len ? digit_of(encoded.data[(*at)++]) : BASE;
        uint32_t t = threshold(k, bias);

        if (value == BASE || value > (UINT32_MAX - *i) / weight) {
            return false;
        }
        *i += value * weight;
        if (value < t) {
            return true;
        }
        if (weight > UINT32_MAX / (BASE - t)) {
            return false;
        }
        weight *= BASE - t;
    }
}

bool parley_punycode_decode(parley_string encoded, uint32_t characters[LABEL_MAXIMUM],
                            size_t *count)
{
    uint32_t n = INITIAL_N;
    uint32_t i = 0;
    uint32_t bias = INITIAL_BIAS;
    size_t at = 0;
    size_t out = 0;

    for (size_t j = 0; j < encoded.len; j++) {
        at = encoded.data[j] == '-' ? j + 1 : at;
    }
    for (; out + 1 < at; out++) {
        unsigned char c = (unsigned char)encoded.data[out];

        if (c >= 0x80 || out == LABEL_MAXIMUM) {
            return false;
        }
        characters[out] = c >= 'A' && c <= 'Z' ? c + 0x20u : c;
    }
    while (at < encoded.len) {
        uint32_t before = i;

        if (!take_delta(encoded, &at, bias, &i) || out == LABEL_MAXIMUM) {
            return false;
        }
        bias = adapt(i - before, (uint32_t)out + 1, before == 0);
        if (i / (out + 1) > 0x10FFFF - n) {
            return false;
        }
        n += i / (uint32_t)(out + 1);
        i %= (uint32_t)(out + 1);
        if (n >= 0xD800 && n <= 0xDFFF) {
            return false;
        }
        memmove(characters + i + 1, characters + i, (out - i) * sizeof *characters);
        characters[i++] = n;
        out++;
    }
    *count = out;
    return true;
}

typedef struct output {
    char *bytes;
    size_t size;
    size_t len;
} output;

static bool put(output *o, char c)
{
    if (o->len == o->size) {
        return false;
    }
    o->bytes[o->len++] = c;
    return true;
}

static bool put_delta(output *o, uint32_t delta, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);

        if (delta < t) {
            return put(o, digit(delta));
        }
        if (!put(o, digit(t + (delta - t) % (BASE - t)))) {
            return false;
        }
        delta = (delta - t) / (BASE - t);
    }
}

/* The least character that is at least n. */
static uint32_t next_character(const uint32_t *characters, size_t count, uint32_t n)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < count; i++) {
        if (characters[i] >= n && characters[i] < least) {
            least = characters[i];
        }
    }
    return least;
}

bool parley_punycode_encode(const uint32_t *characters, size_t count, char *encoded, size_t size,
                            size_t *len)
{
    output o = {encoded, size, 0};
    uint32_t n = INITIAL_N;
    uint32_t delta = 0;
    uint32_t bias = INITIAL_BIAS;
    uint32_t handled, basic;

    for (size_t i = 0; i < count; i++) {
        if (characters[i] < 0x80 && !put(&o, (char)characters[i])) {
            return false;
        }
    }
    handled = basic = (uint32_t)o.len;
    if (basic > 0 && !put(&o, '-')) {
        return false;
    }
    while (handled < count) {
        uint32_t m = next_character(characters, count, n);

        /* Below 0x110000 * 64, for characters of Unicode and labels' lengths. */
        delta += (m - n) * (handled + 1);
        n = m;
        for (size_t i = 0; i < count; i++) {
            delta += characters[i] < n;
            if (characters[i] == n) {
                if (!put_delta(&o, delta, bias)) {
                    return false;
                }
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
        }
        delta++;
        n++;
    }
    *len = o.len;
    return true;
}
