/* Names and passwords beyond ASCII: the vectors of SASLprep and PRECIS, A-labels,
   marks in a row, places and reasons, mutations. The tables themselves are
   compared with other implementations by tests/differential/names.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/reasons.h"
#include "common/rows.h"
#include "common/seeded.h"
#include "parley/jid.h"
#include "parley/mechanism.h"
#include "precis.h"

/* SASLprep of a text that ends at a guard page, into exactly the room it takes. */
static bool saslprep(parley_string text, bool stored, char *buffer, text_out *out, problem *why)
{
    guard input;
    parley_string guarded = {guard_copy(&input, text.data, text.len), text.len};
    bool taken;

    *out = (text_out){buffer, 1024, 0};
    taken = parley_saslprep(guarded, stored, out, why);
    if (taken && out->len > 0) {
        guard output;
        text_out exact = {guard_open(&output, out->len), out->len, 0};

        assert_true(parley_saslprep(guarded, stored, &exact, why));
        assert_memory_equal(exact.bytes, buffer, out->len);
        exact = (text_out){exact.bytes, out->len - 1, 0};
        assert_false(parley_saslprep(guarded, stored, &exact, why));
        guard_close(&output);
    }
    guard_close(&input);
    return taken;
}

static void judge_row(const rows *r, bool stored, const char *outcome)
{
    char text_buffer[256], expected_buffer[256], buffer[1024];
    parley_string text = rows_unescape(r->field[0], text_buffer, sizeof text_buffer);
    text_out out;
    problem why = {0};
    bool taken = saslprep(text, stored, buffer, &out, &why);

    if (strcmp(outcome, "ok") == 0) {
        parley_string expected = rows_unescape(r->field[1], expected_buffer,
                                               sizeof expected_buffer);
        parley_string prepared = {buffer, out.len};

        if (!taken || !parley_string_equal(prepared, expected)) {
            fail_msg("row %u: %s", r->number, r->field[0]);
        }
        return;
    }
    if (taken || !reason_has(parley_problem_reason(&why),
                             strstr(outcome, "bidi") != NULL         ? "right-to-left"
                             : strstr(outcome, "unassigned") != NULL ? "Unicode 3.2"
                                                                     : "prohibits")) {
        fail_msg("row %u: %s: %s", r->number, r->field[0],
                 taken ? "taken" : parley_problem_reason(&why));
    }
}

static void saslprep_vectors(void **state)
{
    rows r;

    (void)state;
    rows_open(&r, "vectors/saslprep.tsv");
    while (rows_next(&r)) {
        judge_row(&r, false, strcmp(r.field[2], "ok") == 0 ? "ok" : r.field[3]);
        judge_row(&r, true, r.field[4]);
    }
    assert_int_equal(r.number, 50);
}

static parley_result prepare(const char *profile, parley_string text, char *buffer,
                             parley_string *prepared)
{
    if (strcmp(profile, "OpaqueString") == 0) {
        return parley_password_prepare(PARLEY_OPAQUE_STRING, true, text, buffer,
                                       PARLEY_PASSWORD_SIZE, prepared);
    }
    return parley_jid_prepare(PARLEY_JID_LOCAL, text, buffer, PARLEY_PART_SIZE, prepared, NULL);
}

static void precis_vectors(void **state)
{
    rows r;
    unsigned with_at = 0;

    (void)state;
    rows_open(&r, "vectors/precis-rfc8265.tsv");
    while (rows_next(&r)) {
        char text_buffer[256], expected_buffer[256], buffer[PARLEY_PART_SIZE];
        bool empty = strcmp(r.field[1], "-") == 0;
        parley_string text = rows_unescape(empty ? "" : r.field[1], text_buffer,
                                           sizeof text_buffer);
        parley_string expected = rows_unescape(r.field[2], expected_buffer, sizeof expected_buffer);
        parley_string prepared = {NULL, 0};
        parley_result result = prepare(r.field[0], text, buffer, &prepared);
        /* A username to PRECIS; RFC 7622 section 3.3.1 takes the '@' out of localparts. */
        bool at = strstr(r.field[1], "@") != NULL;
        bool met = at || strcmp(r.field[3], "ok") != 0
                       ? result == PARLEY_ILLEGAL
                       : result == PARLEY_OK && parley_string_equal(prepared, expected);

        with_at += at;
        if (!met) {
            fail_msg("row %u: %s: %d", r.number, r.field[1], result);
        }
    }
    assert_int_equal(r.number, 18);
    assert_int_equal(with_at, 1);
}

typedef struct pair {
    const char *text;
    const char *prepared; /* NULL: refused */
} pair;

static void expect(parley_jid_part part, const pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text_buffer[1024], expected_buffer[1024], buffer[PARLEY_PART_SIZE];
        parley_string text = rows_unescape(pairs[i].text, text_buffer, sizeof text_buffer);
        parley_string prepared = {NULL, 0};
        parley_result result = parley_jid_prepare(part, text, buffer, sizeof buffer, &prepared,
                                                  NULL);

        if (pairs[i].prepared == NULL) {
            if (result != PARLEY_ILLEGAL) {
                fail_msg("%s is taken", pairs[i].text);
            }
            continue;
        }
        if (result != PARLEY_OK ||
            !parley_string_equal(prepared, rows_unescape(pairs[i].prepared, expected_buffer,
                                                         sizeof expected_buffer))) {
            fail_msg("%s: %d, %.*s", pairs[i].text, result, (int)prepared.len, prepared.data);
        }
    }
}

static void localparts(void **state)
{
    static const pair pairs[] = {
        {"\\u03a3\\u03a3", "\\u03c3\\u03c2"}, /* a final sigma after a cased letter */
        {"\\u0391\\u03a3.\\u0391", "\\u03b1\\u03c3.\\u03b1"},
        {"\\u0391\\u03a3-", "\\u03b1\\u03c2-"},
        {"\\u0130", "i\\u0307"},
        {"\\uff0fa", NULL}, /* mapped to what is excluded */
        {"a\\uff20b", NULL},
        {"l\\u00b7l", "l\\u00b7l"},
        {"l\\u00b7", NULL},
        {"a\\u00b7l", NULL},
        {"\\u0915\\u094d\\u200c", "\\u0915\\u094d\\u200c"},
        {"\\u0628\\u200c\\u0628", "\\u0628\\u200c\\u0628"},
        {"\\u0628\\u200c", NULL},
        {"a\\u200d", NULL},
        {"\\u0661\\u06f1", NULL},
        {"\\u30fba", NULL},
        {"\\u30fb\\u30a2", "\\u30fb\\u30a2"},
        {"\\u05d0\\u05f3", "\\u05d0\\u05f3"},
        {"a\\u05f3", NULL},
        {"\\u0375\\u03b1", "\\u0375\\u03b1"},
        {"\\u03b1\\u0375", NULL},
        {"\\u05d01", "\\u05d01"},
        {"1\\u05d0", NULL},
        {"\\u05d01\\u0661", NULL}, /* European and Arabic digits */
        {"\\u05d0a\\u05d0", NULL},
        {"\\u05d0-", NULL},
        {"a\\u0661", NULL},
        {"\\u05d0\\u05b0", "\\u05d0\\u05b0"},
        {"\\u212b", "\\u00e5"}, /* canonically the same as what is allowed */
    };

    (void)state;
    expect(PARLEY_JID_LOCAL, pairs, sizeof pairs / sizeof pairs[0]);
}

static void domains(void **state)
{
    static const pair pairs[] = {
        {"B\\u00dcCHER.example", "b\\u00fccher.example"},
        {"xn--bcher-kva.example", "b\\u00fccher.example"},
        {"XN--BCHER-KVA.Example.", "b\\u00fccher.example"},
        {"xn--bcher-kva", "b\\u00fccher"},
        {"fu\\u00df.example", "fu\\u00df.example"},
        {"xn--fu-hia.example", "fu\\u00df.example"},
        {"xn--fa-hia.example", "fa\\u00df.example"},
        {"\\u03a3\\u03a3.example", "\\u03c3\\u03c3.example"},
        {"\\uff42\\uff55cher.example", "bucher.example"},
        {"xn--a-.example", NULL},     /* ASCII alone */
        {"xn--.example", NULL},       /* nothing */
        {"xn--99zzzz.example", NULL}, /* beyond Unicode */
        {"xn--bcher-\\u00fc.example", NULL},
        {"xn--e-xbb.example", NULL}, /* decodes to e and U+0301, not in NFC */
        {"xn--Bcher-kva.example", "b\\u00fccher.example"},
        {"xn--h3h.example", NULL},  /* a symbol */
        {"\\u0301a.example", NULL}, /* a mark first */
        {"\\uff0da.example", NULL}, /* a hyphen first, after mapping */
        {"\\u00fca\\uff0d\\uff0d.example", NULL},
        {"a\\uff0eb.example", NULL}, /* dots are ASCII's */
        {"a\\u3002b", NULL},
        {"\\uff11.2.3.4", NULL}, /* no address in wide digits */
        {"\\u05d0.example", "\\u05d0.example"},
        {"\\u05d0.1example", NULL}, /* RFC 5893: all labels of the domain */
        {"a.1example", "a.1example"},
        {"\\u05d0\\u0661.1-1", NULL},
        {"\\u13a0.example", "\\u13a0.example"}, /* IDNA takes Cherokee's capitals */
        {"a\\u265a.example", NULL},
        {"[::1]", "[::1]"},
    };

    (void)state;
    expect(PARLEY_JID_DOMAIN, pairs, sizeof pairs / sizeof pairs[0]);
}

/* Both ways, and not one byte more than there is room for. */
static void a_labels(void **state)
{
    static const struct {
        const char *label;
        const char *a_label;
    } labels[] = {
        /* RFC 3492 section 7.1, (B), (C), (G) in lower case, (L), (P), (Q), (R). */
        {"\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8\xAF\xB4"
         "\xE4\xB8\xAD\xE6\x96\x87",
         "xn--ihqwcrb4cv8a8dqg056pqjye"},
        {"\xE4\xBB\x96\xE5\x80\x91\xE7\x88\xB2\xE4\xBB\x80\xE9\xBA\xBD\xE4\xB8\x8D\xE8\xAA\xAA"
         "\xE4\xB8\xAD\xE6\x96\x87",
         "xn--ihqwctvzc91f659drss3x8bo0yb"},
        {"\xD0\xBF\xD0\xBE\xD1\x87\xD0\xB5\xD0\xBC\xD1\x83\xD0\xB6\xD0\xB5\xD0\xBE\xD0\xBD\xD0"
         "\xB8\xD0\xBD\xD0\xB5\xD0\xB3\xD0\xBE\xD0\xB2\xD0\xBE\xD1\x80\xD1\x8F\xD1\x82\xD0\xBF"
         "\xD0\xBE\xD1\x80\xD1\x83\xD1\x81\xD1\x81\xD0\xBA\xD0\xB8",
         "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
        {"3\xE5\xB9\xB4"
         "b\xE7\xB5\x84\xE9\x87\x91\xE5\x85\xAB\xE5\x85\x88\xE7\x94\x9F",
         "xn--3b-ww4c5e180e575a65lsy2b"},
        {"maji\xE3\x81\xA7koi\xE3\x81\x99\xE3\x82\x8B"
         "5\xE7\xA7\x92\xE5\x89\x8D",
         "xn--majikoi5-783gue6qz075azm5e"},
        {"\xE3\x83\x91\xE3\x83\x95\xE3\x82\xA3\xE3\x83\xBC"
         "de\xE3\x83\xAB\xE3\x83\xB3\xE3\x83\x90",
         "xn--de-jg4avhby1noc0d"},
        {"\xE3\x81\x9D\xE3\x81\xAE\xE3\x82\xB9\xE3\x83\x94\xE3\x83\xBC\xE3\x83\x89\xE3\x81\xA7",
         "xn--d9juau41awczczp"},
    };
    char room[PARLEY_PART_SIZE];
    char back[PARLEY_PART_SIZE];
    parley_string prepared, ascii;

    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        size_t wanted = strlen(labels[i].a_label);

        assert_int_equal(parley_jid_prepare(PARLEY_JID_DOMAIN, parley_string_of(labels[i].label),
                                            room, sizeof room, &prepared, NULL),
                         PARLEY_OK);
        for (size_t size = 0; size <= wanted; size++) {
            guard g;
            char *small = guard_open(&g, size == 0 ? 1 : size);

            assert_int_equal(parley_jid_domain_ascii(prepared, small, size, &ascii),
                             size == wanted ? PARLEY_OK : PARLEY_NO_ROOM);
            if (size == wanted) {
                assert_true(parley_string_equal(ascii, parley_string_of(labels[i].a_label)));
            }
            guard_close(&g);
        }
        assert_int_equal(parley_jid_prepare(PARLEY_JID_DOMAIN, parley_string_of(labels[i].a_label),
                                            back, sizeof back, &ascii, NULL),
                         PARLEY_OK);
        assert_true(parley_string_equal(ascii, prepared));
    }
}

/* 63 bytes as an A-label, not only 63 characters. */
static void long_labels(void **state)
{
    char text[256], buffer[PARLEY_PART_SIZE];
    parley_string prepared, ascii;
    char ascii_buffer[255];

    (void)state;
    for (size_t letters = 40; letters < 63; letters++) {
        bool fits;

        memset(text, 'a', letters);
        memcpy(text + letters, "\xc3\xbc.example", 11);
        assert_int_equal(parley_jid_domain_ascii((parley_string){text, letters + 10}, ascii_buffer,
                                                 sizeof ascii_buffer, &ascii) == PARLEY_OK,
                         letters <= 55);
        fits = parley_jid_prepare(PARLEY_JID_DOMAIN, (parley_string){text, letters + 10}, buffer,
                                  sizeof buffer, &prepared, NULL) == PARLEY_OK;
        assert_int_equal(fits, letters <= 55); /* "xn--", '-' and three digits */
        if (fits) {
            parley_string back;
            char back_buffer[PARLEY_PART_SIZE];

            assert_int_equal(strncmp(ascii.data, "xn--aaaa", 8), 0);
            assert_int_equal(parley_jid_prepare(PARLEY_JID_DOMAIN, ascii, back_buffer,
                                                sizeof back_buffer, &back, NULL),
                             PARLEY_OK);
            assert_true(parley_string_equal(back, prepared));
            assert_int_equal(parley_jid_domain_ascii(prepared, ascii_buffer, ascii.len - 1, &ascii),
                             PARLEY_NO_ROOM);
        }
    }
    assert_int_equal(parley_jid_domain_ascii(parley_string_of("a.example"), ascii_buffer, 9,
                                             &ascii),
                     PARLEY_OK);
    assert_memory_equal(ascii.data, "a.example", 9);
}

static void marks_in_a_row(void **state)
{
    char text[256], buffer[PARLEY_PART_SIZE];
    parley_string prepared;

    (void)state;
    for (size_t marks = 1; marks < 40; marks++) {
        size_t at = 0;
        parley_result result;

        text[0] = 'q';
        for (size_t i = 0; i < marks; i++) {
            memcpy(text + 1 + 2 * i, i % 2 == 0 ? "\xcc\x81" : "\xcc\xa3", 2);
        }
        result = parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 1 + 2 * marks},
                                    buffer, sizeof buffer, &prepared, &at);
        assert_int_equal(result, marks <= 30 ? PARLEY_OK : PARLEY_ILLEGAL);
        if (result == PARLEY_OK) {
            assert_int_equal(prepared.len, 1 + 2 * marks);
        } else {
            assert_int_equal(at, 61);
        }
    }
}

/* The limit is for what comes out. */
static void mapped_limits(void **state)
{
    static char text[4096], buffer[PARLEY_PART_SIZE];
    parley_string prepared;
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < 512; i++) {
        memcpy(text + 3 * i, "e\xcc\x81", 3);
    }
    /* 511 of 2 bytes; more come in than go out. */
    assert_int_equal(parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 3 * 511}, buffer,
                                        sizeof buffer, &prepared, &at),
                     PARLEY_OK);
    assert_int_equal(prepared.len, 1022);
    assert_int_equal(parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 3 * 512}, buffer,
                                        sizeof buffer, &prepared, &at),
                     PARLEY_ILLEGAL);
    assert_int_equal(at, 3 * 511);
    assert_int_equal(parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 3 * 511}, buffer,
                                        1021, &prepared, &at),
                     PARLEY_NO_ROOM);
    /* And the other way: U+FB2C, 3 bytes, decomposes to 6. */
    for (size_t i = 0; i < 300; i++) {
        memcpy(text + 3 * i, "\xef\xac\xac", 3);
    }
    assert_int_equal(parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 3 * 170}, buffer,
                                        sizeof buffer, &prepared, &at),
                     PARLEY_OK);
    assert_int_equal(prepared.len, 1020);
    assert_int_equal(parley_jid_prepare(PARLEY_JID_RESOURCE, (parley_string){text, 3 * 171}, buffer,
                                        sizeof buffer, &prepared, &at),
                     PARLEY_ILLEGAL);
    assert_int_equal(at, 3 * 170);
}

static void places_and_reasons(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *word;
    } cases[] = {
        {"a\\u265a@example.com", 1, "symbol"},
        {"ab\\u0627@example.com", 2, "one direction"},
        {"ab\\uff0f@example.com", 2, "wide form"},
        {"u@ab.\\u00fc\\u265a", 7, "symbol"},
        {"u@ab.xn--h3h", 5, "symbol"},
        {"u@ab.xn--zzzzzzzz", 5, "IDNA2008"},
        {"u@\\u0301a", 2, "combining mark"},
        {"u@a\\uff0d.b", 3, "hyphen"},
        {"u@\\uff11.2.3.4", 2, "wide digits"},
        {"u@\\u05d0.a.1b", 7, "one direction"},
        {"u@b/\\u0378", 4, "unassigned"},
        {"u@b/e\\u0301l\\u00b7e", 8, "appendix A"},
    };
    char buffer[256], text_buffer[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parley_jid jid;
        parley_string text = rows_unescape(cases[i].text, text_buffer, sizeof text_buffer);
        size_t at = 999;

        assert_int_equal(parley_jid_parse(&jid, text, buffer, sizeof buffer, &at), PARLEY_ILLEGAL);
        if (at != cases[i].at || !reason_has(parley_jid_reason(text), cases[i].word)) {
            fail_msg("%s: at %zu, %s", cases[i].text, at, parley_jid_reason(text));
        }
    }
}

/* Anything, flush against a guard page, in all ways: no byte beyond is touched, what
   is taken is taken again as it is, what is refused has a place and a reason. */
static void mutations(void **state)
{
    static const char *const pieces[] = {
        "a",
        "Z",
        "-",
        ".",
        "xn--",
        "\xc3\xbc",
        "\xcc\x81",
        "\xce\xa3",
        "\xd7\x90",
        "\xd8\xa7",
        "\xe2\x80\x8c",
        "\xea\xb0\x80",
        "\xe1\x84\x80",
        "\xe1\x85\xa1",
        "\xef\xbc\xa1",
        "\xef\xac\x81",
        "\xf0\x9f\x8d\xba",
        "\xc4\xb0",
        "\xe3\x83\xbb",
        "\xc2\xb7",
        "l",
        "\xc2\xa0",
        "kva",
        "\xff",
        "\xe2\x98",
        "9",
    };
    uint32_t seed = 4;
    unsigned taken = 0;

    (void)state;
    for (unsigned round = 0; round < 60000; round++) {
        char text[128];
        size_t len = 0;
        parley_jid_part part = (parley_jid_part)(round % 3);
        parley_string whole, prepared = {NULL, 0}, again = {NULL, 0};
        guard input;
        char buffer[512], again_buffer[512];
        size_t at = 999;

        for (unsigned n = 1 + seeded_below(&seed, 12); n > 0; n--) {
            const char *piece = pieces[seeded_below(&seed, sizeof pieces / sizeof pieces[0])];

            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        whole = (parley_string){guard_copy(&input, text, len), len};
        if (parley_jid_prepare(part, whole, buffer, sizeof buffer, &prepared, &at) == PARLEY_OK) {
            taken++;
            assert_int_equal(parley_jid_prepare(part, prepared, again_buffer, sizeof again_buffer,
                                                &again, NULL),
                             PARLEY_OK);
            assert_true(parley_string_equal(prepared, again));
        } else {
            assert_true(at <= len);
        }
        (void)parley_password_prepare(round % 2 == 0 ? PARLEY_SASLPREP : PARLEY_OPAQUE_STRING,
                                      round % 4 < 2, whole, buffer, sizeof buffer, &prepared);
        guard_close(&input);
    }
    assert_in_range(taken, 1000, 59000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saslprep_vectors),   cmocka_unit_test(precis_vectors),
        cmocka_unit_test(localparts),         cmocka_unit_test(domains),
        cmocka_unit_test(a_labels),           cmocka_unit_test(long_labels),
        cmocka_unit_test(marks_in_a_row),     cmocka_unit_test(mapped_limits),
        cmocka_unit_test(places_and_reasons), cmocka_unit_test(mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
