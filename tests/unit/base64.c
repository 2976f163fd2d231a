/* Base64: the vectors, every byte in every place against an independent
   decoder, round trips, sizes, in place, against a guard page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/rows.h"
#include "common/seeded.h"
#include "parley/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The reference: by the alphabet as a string. -1: refused. */
static int reference_decode(const char *text, size_t len, unsigned char *out)
{
    unsigned char *to = out;

    if (len % 4 != 0) {
        return -1;
    }
    for (size_t i = 0; i < len; i += 4) {
        unsigned long bits = 0;
        int pads = 0;

        for (size_t k = 0; k < 4; k++) {
            const char *found = memchr(alphabet, text[i + k], 64);
            if (text[i + k] == '=' && i + 4 == len && k >= 2) {
                pads++;
            } else if (found == NULL || pads > 0) {
                return -1;
            }
            bits = bits << 6 | (pads > 0 ? 0ul : (unsigned long)(found - alphabet));
        }
        if ((pads == 2 && (bits & 0xFFFF) != 0) || (pads == 1 && (bits & 0xFF) != 0)) {
            return -1;
        }
        for (int k = 0; k < 3 - pads; k++) {
            *to++ = (unsigned char)(bits >> (16 - 8 * k));
        }
    }
    return (int)(to - out);
}

static void vectors(void **state)
{
    rows r;
    char encoded_buffer[256], decoded_buffer[256], out[256];

    (void)state;
    rows_open(&r, "vectors/base64.tsv");
    while (rows_next(&r)) {
        parley_string encoded = rows_unescape(r.field[0], encoded_buffer, sizeof encoded_buffer);
        size_t len = 99;
        guard input;
        const char *text = guard_copy(&input, encoded.data, encoded.len);
        parley_result result = parley_base64_decode(text, encoded.len, out, sizeof out, &len);

        guard_close(&input);
        if (strcmp(r.field[2], "ok") == 0) {
            parley_string decoded = rows_unescape(r.field[1], decoded_buffer,
                                                  sizeof decoded_buffer);
            assert_int_equal(result, PARLEY_OK);
            assert_int_equal(len, decoded.len);
            assert_memory_equal(out, decoded.data, len);
            assert_int_equal(PARLEY_BASE64_SIZE(decoded.len), encoded.len);
            parley_base64_encode(decoded.data, decoded.len, out);
            assert_memory_equal(out, encoded.data, encoded.len);
        } else {
            /* "sasl-empty" too: a lone '=' is SASL's, and not base64. */
            if (result != PARLEY_ILLEGAL) {
                fail_msg("row %u (%s): %d", r.number, r.field[3], result);
            }
            assert_int_equal(len, 99);
        }
    }
    assert_int_equal(r.number, 36);
}

static void every_byte_in_every_place(void **state)
{
    (void)state;
    for (size_t place = 0; place < 8; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[8] = "QUJDRUZH";
            unsigned char expected[6], out[6];
            size_t len = 0;
            int count;

            text[place] = (char)byte;
            count = reference_decode(text, 8, expected);
            if (count < 0) {
                assert_int_equal(parley_base64_decode(text, 8, out, 6, &len), PARLEY_ILLEGAL);
            } else {
                assert_int_equal(parley_base64_decode(text, 8, out, 6, &len), PARLEY_OK);
                assert_int_equal(len, count);
                assert_memory_equal(out, expected, len);
            }
        }
    }
}

/* All values of two characters before the end: padding and stray bits. */
static void every_ending(void **state)
{
    unsigned accepted[2] = {0};

    (void)state;
    for (unsigned pair = 0; pair < 2 * 65536; pair++) {
        char first = (char)(pair >> 8), second = (char)pair;
        bool padded = pair >= 65536;
        char text[4] = {'A', padded ? first : 'b', padded ? second : first, padded ? '=' : second};
        unsigned char expected[3], out[3];
        size_t len = 0;
        int count = reference_decode(text, 4, expected);
        parley_result result = parley_base64_decode(text, 4, out, 3, &len);

        assert_int_equal(result, count < 0 ? PARLEY_ILLEGAL : PARLEY_OK);
        if (count >= 0) {
            assert_int_equal(len, count);
            assert_memory_equal(out, expected, len);
            accepted[padded]++;
        }
    }
    /* "Ab??": 64 * 64, and 16 before one '='; before two none, as 'b' has stray bits.
       "A??=": 64 * 16, and 4 before another '='. */
    assert_int_equal(accepted[0], 64 * 64 + 16);
    assert_int_equal(accepted[1], 64 * 16 + 4);
}

static void round_trips(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (size_t len = 0; len <= 300; len++) {
        unsigned char data[300];
        size_t size = PARLEY_BASE64_SIZE(len);
        size_t got = 0;
        guard g, h;
        char *text = guard_open(&g, size);
        unsigned char *out = guard_open(&h, len);

        for (size_t i = 0; i < len; i++) {
            data[i] = (unsigned char)seeded_next(&seed);
        }
        parley_base64_encode(data, len, text);
        for (size_t room = 0; room < len; room++) {
            assert_int_equal(parley_base64_decode(text, size, out, room, &got), PARLEY_NO_ROOM);
            assert_int_equal(got, 0);
        }
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(out[i], 0); /* nothing was written */
        }
        assert_int_equal(parley_base64_decode(text, size, out, len, &got), PARLEY_OK);
        assert_int_equal(got, len);
        assert_memory_equal(out, data, len);

        got = 0;
        assert_int_equal(parley_base64_decode(text, size, text, size, &got), PARLEY_OK);
        assert_int_equal(got, len);
        assert_memory_equal(text, data, len);
        guard_close(&g);
        guard_close(&h);
    }
}

/* What is refused leaves the text alone, so that decoding in place is safe. */
static void refused_in_place(void **state)
{
    char text[] = "QUJDRUZH QUJ";
    size_t len = 7;

    (void)state;
    assert_int_equal(parley_base64_decode(text, 12, text, 12, &len), PARLEY_ILLEGAL);
    assert_string_equal(text, "QUJDRUZH QUJ");
    assert_int_equal(len, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),          cmocka_unit_test(every_byte_in_every_place),
        cmocka_unit_test(every_ending),     cmocka_unit_test(round_trips),
        cmocka_unit_test(refused_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
