/* Text and values: base64 is decoded, mutated and encoded again; in what a mechanism says
   (RFC 5802: attributes parted by commas) one attribute is mutated, moved or left out. */
#include <string.h>

#include "mutator/mutator.h"
#include "parley/base64.h"

#define TEXT_MAX 2048

const char *fuzz_account(fuzz_mutator *m)
{
    static const char *const accounts[] = {"boss@example.com",  "romeo@example.com",
                                           "mbed@example.com",  "mbed@example.net",
                                           "mbed2@example.com", "admin@example.com"};

    return accounts[fuzz_mutator_random(m, sizeof accounts / sizeof *accounts)];
}

const char *fuzz_address(fuzz_mutator *m)
{
    static const char *const addresses[] = {"other.example.com",
                                            "other.example.com:5223",
                                            "[2001:db8::1]:5222",
                                            "192.0.2.1",
                                            "example.com:0",
                                            "example.com:65536",
                                            "[::1",
                                            "a b",
                                            "b\303\274cher.example",
                                            ""};

    return addresses[fuzz_mutator_random(m, sizeof addresses / sizeof *addresses)];
}

/* A value for an attribute that is at an edge of what is allowed there (RFC 5802 section 5.1). */
static const char *edge(fuzz_mutator *m, uint8_t attribute)
{
    static const char *const counts[] = {"0",    "1",    "1024", "4095",       "4096",
                                         "4097", "8192", "-1",   "4294967296", "04096"};
    static const char *const others[] = {"biws", "cD10bHMtdW5pcXVlLCw=", "=2C=3D", "=", "x"};

    switch (attribute) {
    case 'i':
        return counts[fuzz_mutator_random(m, sizeof counts / sizeof *counts)];
    case 'a':
    case 'n':
        return fuzz_account(m);
    default:
        return others[fuzz_mutator_random(m, sizeof others / sizeof *others)];
    }
}

/* The attributes of SCRAM: from one comma to the next. */
static size_t mutate_message(fuzz_mutator *m, uint8_t *text, size_t len, size_t max)
{
    size_t from = fuzz_mutator_random(m, len);
    size_t to = from;
    size_t inside;

    while (from > 0 && text[from - 1] != ',') {
        from--;
    }
    while (to < len && text[to] != ',') {
        to++;
    }
    switch (fuzz_mutator_random(m, 5)) {
    case 0: /* without it */
        return fuzz_replace(text, len, max, from, to < len ? to + 1 : to, "", 0);
    case 1: /* twice */
        if (to < len && to - from < 200) {
            uint8_t again[201];

            memcpy(again, text + from, to - from + 1);
            return fuzz_replace(text, len, max, from, from, again, to - from + 1);
        }
        break;
    case 2:
        if (to - from > 2) {
            const char *value = edge(m, text[from]);

            return fuzz_replace(text, len, max, from + 2, to, value, strlen(value));
        }
        break;
    default: /* its value alone */
        break;
    }
    from += to - from > 2 ? 2 : 0;
    inside = to - from;
    if (inside > 0) {
        uint8_t value[TEXT_MAX];
        size_t changed;

        memcpy(value, text + from, inside);
        changed = m->bytes(value, inside, inside + 8 < TEXT_MAX ? inside + 8 : TEXT_MAX);
        return fuzz_replace(text, len, max, from, to, value, changed);
    }
    return m->bytes(text, len, max);
}

static bool decode(const uint8_t *text, size_t len, uint8_t *out, size_t *out_len)
{
    return len >= 4 &&
           parley_base64_decode((const char *)text, len, out, TEXT_MAX, out_len) == PARLEY_OK &&
           *out_len > 0;
}

static size_t mutate_base64(fuzz_mutator *m, uint8_t *data, size_t size, size_t max,
                            const fuzz_span *span, uint8_t *decoded, size_t len)
{
    static char coded[PARLEY_BASE64_SIZE(TEXT_MAX)];

    if (memchr(decoded, '\0', len) != NULL && fuzz_mutator_random(m, 2) == 0) {
        const char *authzid = fuzz_account(m); /* PLAIN (RFC 4616) */

        len = fuzz_replace(decoded, len, TEXT_MAX, 0, strlen((const char *)decoded), authzid,
                           strlen(authzid));
        parley_base64_encode(decoded, len, coded);
        return fuzz_replace(data, size, max, span->from, span->to, coded, PARLEY_BASE64_SIZE(len));
    }
    len = memchr(decoded, ',', len) != NULL ? mutate_message(m, decoded, len, TEXT_MAX)
                                            : m->bytes(decoded, len, TEXT_MAX);
    parley_base64_encode(decoded, len, coded);
    return fuzz_replace(data, size, max, span->from, span->to, coded, PARLEY_BASE64_SIZE(len));
}

/* What would be markup, or no character, becomes something else. */
static void clean(const fuzz_mutator *m, uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t c = text[i];

        if (c == '<' || c == '>' || c == '\'' || c == '"' || (c == 0xFF && m->actions) ||
            (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c >= 0x80) {
            text[i] = (uint8_t)('a' + c % 26);
        } else if (c == '&' && (len - i < 4 || memcmp(text + i, "&lt;", 4) != 0)) {
            text[i] = '+';
        }
    }
}

size_t fuzz_mutate_text(fuzz_mutator *m, uint8_t *data, size_t size, size_t max,
                        const fuzz_span *span)
{
    static uint8_t text[TEXT_MAX];
    size_t len = span->to - span->from;
    size_t decoded;

    if (len > TEXT_MAX / 2) {
        return size;
    }
    if (decode(data + span->from, len, text, &decoded) && fuzz_mutator_random(m, 4) > 0) {
        return mutate_base64(m, data, size, max, span, text, decoded);
    }
    memcpy(text, data + span->from, len);
    len = m->bytes(text, len, len + 32);
    if (fuzz_mutator_random(m, 8) > 0) {
        clean(m, text, len);
    }
    return fuzz_replace(data, size, max, span->from, span->to, text, len);
}
