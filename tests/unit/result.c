/* Codes, conditions, strings, back-off, version. The codes and conditions are
   read from the header itself, so that none can lack its row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "parley/result.h"
#include "parley/version.h"

#define ENUM_MAXIMUM 128

typedef struct enumerator {
    char name[64]; /* as its text name should be */
    unsigned value;
} enumerator;

static char header[65536];

static void read_header(void)
{
    FILE *file = fopen(PARLEY_TEST_DATA "/../../core/include/parley/result.h", "rb");
    size_t len;

    assert_non_null(file);
    len = fread(header, 1, sizeof header - 1, file);
    fclose(file);
    assert_in_range(len, 1000, sizeof header - 2);
    header[len] = '\0';
}

/* "PARLEY_SASL_NOT_AUTHORIZED" without `prefix` becomes "not-authorized". */
static void text_name(const char *identifier, size_t len, size_t prefix, char *name)
{
    size_t n = 0;

    for (size_t i = prefix; i < len; i++) {
        name[n++] = identifier[i] == '_' ? '-' : (char)tolower((unsigned char)identifier[i]);
    }
    name[n] = '\0';
}

/* The enumerators of `typedef enum NAME {`, those that begin with `prefix`. */
static size_t enumerators(const char *name, const char *prefix, enumerator *list)
{
    char opening[80];
    const char *at, *end;
    size_t count = 0;
    unsigned value = 0;

    read_header();
    snprintf(opening, sizeof opening, "typedef enum %s {", name);
    at = strstr(header, opening);
    assert_non_null(at);
    end = strchr(at, '}');
    at += strlen(opening);
    while (at < end) {
        const char *comment_end = strncmp(at, "/*", 2) == 0 ? strstr(at, "*/") : NULL;

        if (comment_end != NULL) {
            at = comment_end + 2;
        } else if (isalpha((unsigned char)*at)) {
            size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

            if (strncmp(at + len, " = ", 3) == 0) {
                value = (unsigned)strtoul(at + len + 3, NULL, 10);
            }
            if (strncmp(at, prefix, strlen(prefix)) == 0) {
                assert_in_range(count, 0, ENUM_MAXIMUM - 1);
                text_name(at, len, strlen(prefix), list[count].name);
                list[count++].value = value;
            }
            value++;
            at += strcspn(at, ",}");
        } else {
            at++;
        }
    }
    return count;
}

static void every_code_has_name_and_text(void **state)
{
    enumerator list[ENUM_MAXIMUM];
    size_t count = enumerators("parley_code", "PARLEY_ERROR_", list);
    size_t known = 0;

    (void)state;
    assert_in_range(count, 70, ENUM_MAXIMUM);
    for (size_t i = 0; i < count; i++) {
        parley_code code = (parley_code)list[i].value;
        const char *text = parley_code_text(code);

        assert_string_equal(parley_code_name(code), list[i].name);
        assert_int_equal(parley_code_layer(code), list[i].value / 100);
        assert_in_range(strlen(text), 20, 160);
        assert_null(strpbrk(text, "\n\t"));
        assert_int_not_equal(text[strlen(text) - 1], '.');
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(text, parley_code_text((parley_code)list[k].value));
        }
    }
    for (unsigned value = 0; value < 1000; value++) {
        known += strcmp(parley_code_name((parley_code)value), "unknown") != 0;
    }
    assert_int_equal(known, count + 1); /* and PARLEY_NO_ERROR */
}

static void odd_codes(void **state)
{
    (void)state;
    assert_string_equal(parley_code_name(PARLEY_NO_ERROR), "none");
    assert_int_equal(parley_code_layer(PARLEY_NO_ERROR), PARLEY_LAYER_NONE);
    assert_int_equal(parley_code_layer((parley_code)800), PARLEY_LAYER_NONE);
    assert_int_equal(parley_code_layer((parley_code)65535), PARLEY_LAYER_NONE);
    assert_string_equal(parley_code_name((parley_code)199), "unknown");
    assert_true(strlen(parley_code_text((parley_code)199)) > 20);
    assert_string_equal(parley_code_text(PARLEY_ERROR_TLS_CERTIFICATE_NAME),
                        "the certificate does not carry the domain; check the JID's domain or "
                        "the server's certificate");
}

static void stream_conditions(void **state)
{
    enumerator list[ENUM_MAXIMUM];
    size_t count = enumerators("parley_condition", "PARLEY_", list);

    (void)state;
    assert_int_equal(count, PARLEY_CONDITION_COUNT + 1); /* the count itself is one */
    assert_string_equal(parley_condition_name(PARLEY_CONDITION_NONE), "");
    for (size_t i = 1; i < PARLEY_CONDITION_COUNT; i++) {
        assert_string_equal(parley_condition_name((parley_condition)i), list[i].name);
        assert_int_equal(parley_condition_find(parley_string_of(list[i].name)), i);
    }
    assert_string_equal(parley_condition_name(PARLEY_CONDITION_COUNT), "");
    assert_int_equal(parley_condition_find(parley_string_of("")), PARLEY_CONDITION_NONE);
    assert_int_equal(parley_condition_find(parley_string_of("reset ")), PARLEY_CONDITION_NONE);
    assert_int_equal(parley_condition_find(parley_string_of("Reset")), PARLEY_CONDITION_NONE);
    assert_int_equal(parley_condition_find((parley_string){NULL, 0}), PARLEY_CONDITION_NONE);
}

static void sasl_conditions(void **state)
{
    enumerator list[ENUM_MAXIMUM];
    size_t count = enumerators("parley_sasl_condition", "PARLEY_SASL_", list);

    (void)state;
    assert_int_equal(count, PARLEY_SASL_CONDITION_COUNT + 1);
    assert_string_equal(parley_sasl_condition_name(PARLEY_SASL_NONE), "");
    for (size_t i = 1; i < PARLEY_SASL_CONDITION_COUNT; i++) {
        assert_string_equal(parley_sasl_condition_name((parley_sasl_condition)i), list[i].name);
        assert_int_equal(parley_sasl_condition_find(parley_string_of(list[i].name)), i);
    }
    assert_string_equal(parley_sasl_condition_name(PARLEY_SASL_CONDITION_COUNT), "");
    assert_int_equal(parley_sasl_condition_find(parley_string_of("not-authorised")),
                     PARLEY_SASL_NONE);
}

/* RFC 6120 section 3.3: 60 s at first, doubling, no more than an hour. */
static void backoff_bounds(void **state)
{
    static const uint32_t ceilings[] = {0,      60000,   120000,  240000, 480000,
                                        960000, 1920000, 3600000, 3600000};
    uint32_t before = 0;

    (void)state;
    for (unsigned attempt = 0; attempt < 9; attempt++) {
        assert_int_equal(parley_backoff(attempt, 0), 0);
        assert_int_equal(parley_backoff(attempt, UINT32_MAX), ceilings[attempt]);
        for (uint32_t random = 0; random < 4096; random++) {
            uint32_t wait = parley_backoff(attempt, random << 20);
            assert_in_range(wait, 0, ceilings[attempt]);
            assert_true(random == 0 || wait >= before);
            before = wait;
        }
        /* Half the randomness gives half the ceiling: the whole range is used. */
        assert_int_equal(parley_backoff(attempt, 0x80000000u), ceilings[attempt] / 2);
    }
    assert_int_equal(parley_backoff(UINT32_MAX, UINT32_MAX), 3600000);
}

static void strings(void **state)
{
    parley_string none = {NULL, 0};

    (void)state;
    assert_int_equal(parley_string_of("abc").len, 3);
    assert_int_equal(parley_string_of("").len, 0);
    assert_non_null(parley_string_of("").data);
    assert_null(parley_string_of(NULL).data);
    assert_true(parley_string_equal(parley_string_of("abc"), parley_string_of("abc")));
    assert_false(parley_string_equal(parley_string_of("abc"), parley_string_of("abd")));
    assert_false(parley_string_equal(parley_string_of("abc"), parley_string_of("ab")));
    assert_true(parley_string_equal(none, parley_string_of("")));
    assert_true(parley_string_equal(none, none));
}

static void version(void **state)
{
    char text[64];
    unsigned long number = parley_version();

    (void)state;
    assert_int_equal(number, PARLEY_VERSION);
    snprintf(text, sizeof text, "%lu.%lu.%lu", number >> 16, number >> 8 & 0xFF, number & 0xFF);
    assert_string_equal(text, PARLEY_VERSION_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_name_and_text),
        cmocka_unit_test(odd_codes),
        cmocka_unit_test(stream_conditions),
        cmocka_unit_test(sasl_conditions),
        cmocka_unit_test(backoff_bounds),
        cmocka_unit_test(strings),
        cmocka_unit_test(version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
