/* Text from outside: nothing in it may drive a terminal or break a JSON line, however the
   text is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "json.h"
#include "options.h"
#include "status.h"
#include "text.h"

/* What `text` becomes when it is given in two pieces, cut at `cut`. */
static void written(text_mode mode, const char *text, size_t len, size_t cut, char *out,
                    size_t size)
{
    FILE *file = fmemopen(out, size, "w");
    text_writer t;

    assert_non_null(file);
    text_begin(&t, file, mode);
    text_piece(&t, (parley_string){text, cut});
    text_piece(&t, (parley_string){text + cut, len - cut});
    text_end(&t);
    fputc('\0', file);
    assert_int_equal(fclose(file), 0);
}

static void becomes(text_mode mode, const char *text, const char *wanted)
{
    size_t len = strlen(text);
    char out[256];

    for (size_t cut = 0; cut <= len; cut++) {
        written(mode, text, len, cut, out, sizeof out);
        assert_string_equal(out, wanted);
    }
}

static void lines_are_safe(void **state)
{
    (void)state;
    becomes(TEXT_LINE, "plain \\ \"text\"", "plain \\ \"text\"");
    becomes(TEXT_LINE, "a\nb\tc\rd", "a\\nb\\tc\\rd");
    becomes(TEXT_LINE, "\x1b[31m\x7f", "\\u{1b}[31m\\u{7f}");
    becomes(TEXT_LINE,
            "\xC2\x9B"
            "0m",
            "\\u{9b}0m"); /* C1: CSI */
    becomes(TEXT_LINE,
            "a\xE2\x80\xAE"
            "b",
            "a\\u{202e}b");                               /* reorders the line */
    becomes(TEXT_LINE, "\xF3\xA0\x80\x81", "\\u{e0001}"); /* a tag */
    becomes(TEXT_LINE, "\xCF\x80\xE2\x99\x9A\xF0\x9F\x98\x80",
            "\xCF\x80\xE2\x99\x9A\xF0\x9F\x98\x80");
}

static void bad_utf8_is_shown(void **state)
{
    (void)state;
    becomes(TEXT_LINE,
            "a\xFF"
            "b",
            "a\\xFFb");
    becomes(TEXT_LINE, "\xC0\x80", "\\xC0\\x80");
    becomes(TEXT_LINE, "\xED\xA0\x80", "\\xED\\xA0\\x80"); /* a surrogate */
    becomes(TEXT_LINE, "\xE2\x99", "\\xE2\\x99");          /* cut off */
    becomes(TEXT_LINE,
            "\xE2"
            "a",
            "\\xE2a");
    becomes(TEXT_JSON,
            "\xE2"
            "a\xFF",
            "\\ufffda\\ufffd");
}

static void quotes_are_escaped(void **state)
{
    (void)state;
    becomes(TEXT_QUOTED, "a\"b\\c\n", "a\\\"b\\\\c\\n");
    becomes(TEXT_JSON, "a\"b\\c\n\x01\x1f\x7f", "a\\\"b\\\\c\\n\\u0001\\u001f\\u007f");
}

/* A terminal shows a JSON line too; a program reads the same from it. */
static void json_is_safe(void **state)
{
    (void)state;
    becomes(TEXT_JSON,
            "\xC2\x85\xC2\x9B"
            "0m",
            "\\u0085\\u009b0m"); /* C1: NEL, CSI */
    becomes(TEXT_JSON, "\xE2\x80\xA8\xE2\x80\xAE\xEF\xBB\xBF", "\\u2028\\u202e\\ufeff");
    becomes(TEXT_JSON, "\xF3\xA0\x80\x81\xF3\xA0\x81\xBF",
            "\\udb40\\udc01\\udb40\\udc7f"); /* tags */
    becomes(TEXT_JSON, "\xCF\x80\xE2\x99\x9A\xF0\x9F\x98\x80",
            "\xCF\x80\xE2\x99\x9A\xF0\x9F\x98\x80");
}

static void objects_are_whole(void **state)
{
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    json j;

    (void)state;
    json_open(&j, file, "event", "x");
    json_string(&j, "absent", (parley_string){NULL, 0});
    json_text(&j, "text", "\"");
    json_bool(&j, "yes", true);
    json_number(&j, "n", UINT64_MAX);
    json_array(&j, "items");
    json_object(&j);
    json_array(&j, "groups");
    json_item(&j, parley_string_of("a"));
    json_item(&j, parley_string_of("b"));
    json_array_end(&j);
    json_object_end(&j);
    json_object(&j);
    json_object_end(&j);
    json_array_end(&j);
    json_text(&j, "after", "");
    json_close(&j);
    fclose(file);
    assert_string_equal(out, "{\"event\":\"x\",\"absent\":null,\"text\":\"\\\"\",\"yes\":true,"
                             "\"n\":18446744073709551615,\"items\":[{\"groups\":[\"a\",\"b\"]},{}],"
                             "\"after\":\"\"}\n");
    free(out);
}

static void numbers_have_bounds(void **state)
{
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "0x1",
                                      "1.0",
                                      "65536",
                                      "0",
                                      "18446744073709551617",
                                      "99999999999999999999999"};
    unsigned long value = 7;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (options_number(bad[i], 1, 65535, &value)) {
            fail_msg("'%s' was taken", bad[i]);
        }
    }
    assert_true(options_number("65535", 1, 65535, &value));
    assert_int_equal(value, 65535);
    assert_true(options_number("1", 1, 5, &value));
    assert_false(options_number("9", 1, 5, &value));
}

static void pins_are_hexadecimal(void **state)
{
    static const char plain[] = "00112233445566778899AABBccddeeff00112233445566778899aabbccddeeff";
    unsigned char hash[32];
    char text[200] = "";

    (void)state;
    assert_true(options_sha256(plain, hash));
    assert_int_equal(hash[0], 0x00);
    assert_int_equal(hash[11], 0xBB);
    assert_int_equal(hash[31], 0xFF);
    for (int i = 0; i < 32; i++) {
        snprintf(text + strlen(text), 4, "%s%.2s", i > 0 ? ":" : "", plain + 2 * i);
    }
    assert_true(options_sha256(text, hash));
    for (size_t cut = 0; cut < sizeof plain - 1; cut++) {
        snprintf(text, sizeof text, "%.*s", (int)cut, plain);
        assert_false(options_sha256(text, hash));
        snprintf(text, sizeof text, "%s", plain);
        text[cut] = 'g';
        assert_false(options_sha256(text, hash));
    }
    snprintf(text, sizeof text, "%s0", plain);
    assert_false(options_sha256(text, hash));
}

static void mechanisms_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(options_mechanism("scram-sha-256"), &parley_scram_sha_256);
    assert_ptr_equal(options_mechanism("SCRAM-SHA-1"), &parley_scram_sha_1);
    assert_ptr_equal(options_mechanism("Plain"), &parley_plain);
    assert_ptr_equal(options_mechanism("scram-sha-1-plus"), &parley_scram_sha_1_plus);
    assert_ptr_equal(options_mechanism("SCRAM-SHA-512"), &parley_scram_sha_512);
    assert_ptr_equal(options_mechanism("EXTERNAL"), &parley_external);
    assert_null(options_mechanism("SCRAM-SHA-1-PLU"));
    assert_null(options_mechanism(""));
}

/* Each code of the library has the status that the contract gives its kind. */
static void codes_have_statuses(void **state)
{
    static const struct {
        parley_code code;
        int status;
    } wanted[] = {
        {PARLEY_NO_ERROR, 0},
        {PARLEY_ERROR_NO_ENTROPY, 1},
        {PARLEY_ERROR_NO_TIME, 1},
        {PARLEY_ERROR_NO_CREDENTIAL, 1},
        {PARLEY_ERROR_STREAM_CUT, 3},
        {PARLEY_ERROR_STREAM_DEADLINE, 3},
        {PARLEY_ERROR_TLS_TRUNCATED, 3},
        {PARLEY_ERROR_TLS_NOT_OFFERED, 4},
        {PARLEY_ERROR_TLS_REFUSED, 4},
        {PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 4},
        {PARLEY_ERROR_TLS_HANDSHAKE, 4},
        {PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, 4},
        {PARLEY_ERROR_TLS_CERTIFICATE_NAME, 4},
        {PARLEY_ERROR_TLS_CERTIFICATE_PIN, 4},
        {PARLEY_ERROR_SASL_NO_MECHANISM, 5},
        {PARLEY_ERROR_SASL_FAILURE, 5},
        {PARLEY_ERROR_SASL_SIGNATURE, 5},
        {PARLEY_ERROR_SASL_UNPROVED, 5},
        {PARLEY_ERROR_XML_NOT_WELL_FORMED, 6},
        {PARLEY_ERROR_XML_RESTRICTED, 6},
        {PARLEY_ERROR_STREAM_HEADER, 6},
        {PARLEY_ERROR_STREAM_UNEXPECTED, 6},
        {PARLEY_ERROR_STANZA_TYPE, 6},
        {PARLEY_ERROR_BIND_REFUSED, 7},
        {PARLEY_ERROR_BIND_JID, 7},
        {PARLEY_ERROR_SESSION_REFUSED, 7},
        {PARLEY_ERROR_XML_ELEMENT, 8},
        {PARLEY_ERROR_XML_TOTAL, 8},
        {PARLEY_ERROR_XML_DEPTH, 8},
        {PARLEY_ERROR_STANZA_TOO_LARGE, 8},
        {PARLEY_ERROR_STREAM_PEER, 9},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (status_of_code(wanted[i].code) != wanted[i].status) {
            fail_msg("%s: %d, not %d", parley_code_name(wanted[i].code),
                     status_of_code(wanted[i].code), wanted[i].status);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_safe),       cmocka_unit_test(bad_utf8_is_shown),
        cmocka_unit_test(quotes_are_escaped),   cmocka_unit_test(json_is_safe),
        cmocka_unit_test(objects_are_whole),    cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(pins_are_hexadecimal), cmocka_unit_test(mechanisms_have_names),
        cmocka_unit_test(codes_have_statuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
