/* Names: which domains make a reference identifier, and which presented names
   match it (RFC 6125 section 6.4); A-labels (RFC 3492 section 7.1 and IDNs in use). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "a_label.h"
#include "common/guard.h"
#include "common/seeded.h"
#include "identity.h"

static void test_reference(void **state)
{
    static const struct {
        const char *domain;
        const char *reference; /* NULL: none */
    } rows[] = {
        {"example.com", "example.com"},
        {"EXAMPLE.Com", "example.com"},
        {"example.com.", "example.com"},
        {"localhost", "localhost"},
        {"a_b.example", "a_b.example"},
        {"1.example", "1.example"},
        {"x1", "x1"},
        {"b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"m\xC3\xBCnchen", "xn--mnchen-3ya"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"\xD0\xBF\xD1\x80\xD0\xB8\xD0\xBC\xD0\xB5\xD1\x80.\xD0\xB8\xD1\x81\xD0\xBF",
         "xn--e1afmkfd.xn--h1aof"},
        {"\xE4\xBE\x8B\xE3\x81\x88.jp", "xn--r8jz45g.jp"},
        {"", NULL},
        {".", NULL},
        {"..", NULL},
        {"example..com", NULL},
        {".example.com", NULL},
        {"example.com..", NULL},
        {"192.0.2.1", NULL},
        {"192.0.2.1.", NULL},
        {"1", NULL},
        {"example.1", NULL},
        {"[2001:db8::1]", NULL},
        {"2001:db8::1", NULL},
        {"exa mple.com", NULL},
        {"*.example.com", NULL},
        {"example.com/x", NULL},
        {"b\xC3\xBC*.example", NULL},
        {"b\xC3.example", NULL},
        {"\xFF.example", NULL},
        {"\xED\xA0\x80.example", NULL},
        {"\xC0\xAF.example", NULL},
    };
    char out[PARLEY_TLS_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool made = parley_identity_reference(parley_string_of(rows[i].domain), out);

        if (made != (rows[i].reference != NULL) ||
            strcmp(out, rows[i].reference != NULL ? rows[i].reference : "") != 0) {
            fail_msg("%s gave %d \"%s\"", rows[i].domain, made, out);
        }
    }
    assert_false(parley_identity_reference((parley_string){NULL, 0}, out));
    assert_false(parley_identity_reference((parley_string){"a\0b", 3}, out));
}

static void test_lengths(void **state)
{
    char domain[300];
    char out[PARLEY_TLS_NAME_SIZE];

    (void)state;
    memset(domain, 'a', sizeof domain);
    assert_true(parley_identity_reference((parley_string){domain, 63}, out));
    assert_false(parley_identity_reference((parley_string){domain, 64}, out));
    for (size_t i = 49; i < sizeof domain; i += 50) {
        domain[i] = '.';
    }
    assert_true(parley_identity_reference((parley_string){domain, 253}, out));
    assert_int_equal(strlen(out), 253);
    assert_false(parley_identity_reference((parley_string){domain, 254}, out));
    assert_true(out[0] == '\0');
    /* The label that would not fit is beyond ASCII. */
    domain[252] = '\xC3';
    domain[253] = '\xBC';
    assert_false(parley_identity_reference((parley_string){domain, 254}, out));
}

static bool matches(const char *reference, parley_string presented)
{
    parley_name name = {PARLEY_NAME_DNS, 0, (uint32_t)presented.len, presented};

    return parley_identity_judge(reference, &name) == 0;
}

static void test_match(void **state)
{
    static const struct {
        const char *reference;
        const char *presented;
        size_t len; /* 0: all of it */
        bool matches;
    } rows[] = {
        {"example.com", "example.com", 0, true},
        {"example.com", "EXAMPLE.COM", 0, true},
        {"example.com", "eXample.cOm", 0, true},
        {"localhost", "localhost", 0, true},
        {"example.com", "example.co", 0, false},
        {"example.com", "example.comm", 0, false},
        {"example.com", "xample.com", 0, false},
        {"example.com", "a.example.com", 0, false},
        {"a.example.com", "example.com", 0, false},
        {"example.com", "example.com.", 0, false},
        {"example.com", ".example.com", 0, false},
        {"example.com", "example.com\0", 12, false},
        {"example.com", "example.com\0.example.org", 24, false},
        {"example.com", "\0example.com", 12, false},
        {"example.com", "example.com ", 0, false},
        {"example.com",
         "example\xAE"
         "com",
         0, false},
        {"example.com", "", 0, false},
        {"", "", 0, false},
        {"", "*.", 0, false},
        {"a.example.com", "*.example.com", 0, true},
        {"a.example.com", "*.EXAMPLE.com", 0, true},
        {"xn--bcher-kva.example.com", "*.example.com", 0, true},
        {"a.b.example.com", "*.example.com", 0, false},
        {"a.b.example.com", "*.*.example.com", 0, false},
        {"a.b.example.com", "a.*.example.com", 0, false},
        {"example.com", "*.example.com", 0, false},
        {"example.com", "*.com", 0, false},
        {"com", "*", 0, false},
        {"example.com", "*", 0, false},
        {"example.com", "*.", 0, false},
        {"localhost", "*.localhost", 0, false},
        {"a.example.com", "*", 0, false},
        {"a.example.com", "a*.example.com", 0, false},
        {"ab.example.com", "a*.example.com", 0, false},
        {"ba.example.com", "*a.example.com", 0, false},
        {"a.example.com", "**.example.com", 0, false},
        {"a.example.com", "*example.com", 0, false},
        {"a.example.com", "*.example.com\0", 14, false},
        {"a.example.com", "*.example.com.", 0, false},
        {"a.example.com", "?.example.com", 0, false},
        /* below a public suffix */
        {"example.co.uk", "*.co.uk", 0, false},
        {"example.com.br", "*.com.br", 0, false},
        {"example.gouv.fr", "*.GOUV.fr", 0, false},
        {"a.example.co.uk", "*.example.co.uk", 0, true},
        {"a.co.com", "*.co.com", 0, true},
        {"a.parley.uk", "*.parley.uk", 0, true},
        {"a.coo.uk", "*.coo.uk", 0, true},
        {"a.gou.fr", "*.gou.fr", 0, true},
        {"a.c.uk", "*.c.uk", 0, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = rows[i].len != 0 ? rows[i].len : strlen(rows[i].presented);
        guard g;
        const char *presented = guard_copy(&g, rows[i].presented, len);

        if (matches(rows[i].reference, (parley_string){presented, len}) != rows[i].matches) {
            fail_msg("row %zu: %s against %s", i, rows[i].reference, rows[i].presented);
        }
        guard_close(&g);
    }
    assert_false(matches("a.example.com", (parley_string){NULL, 0}));
}

/* All kinds of names, and why one does not match. */
static void test_kinds(void **state)
{
    enum { DNS = PARLEY_NAME_DNS, SRV = PARLEY_NAME_SRV, XMPP = PARLEY_NAME_XMPP };
    static const struct {
        const char *reference;
        int kind;
        const char *presented;
        size_t len; /* 0: all of it */
        int difference;
    } rows[] = {
        {"example.com", DNS, "example.com", 0, 0},
        {"example.com", DNS, "_xmpp-client.example.com", 0, PARLEY_TLS_NAME_OTHER},
        {"_xmpp-client.example.com", DNS, "_xmpp-client.example.com", 0, 0},
        {"example.com", DNS, "example.org", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", DNS, "*.com", 0, PARLEY_TLS_NAME_WILDCARD},
        {"example.com", DNS, "example.com\0x", 13, PARLEY_TLS_NAME_BYTES},
        {"", DNS, "example.com", 0, PARLEY_TLS_NAME_LITERAL},
        {"example.com", SRV, "_xmpp-client.example.com", 0, 0},
        {"example.com", SRV, "_Xmpp-CLIENT.example.COM", 0, 0},
        {"localhost", SRV, "_xmpp-client.localhost", 0, 0},
        {"example.com", SRV, "_xmpp-server.example.com", 0, PARLEY_TLS_NAME_SERVICE},
        {"example.com", SRV, "_xmpp-clients.example.com", 0, PARLEY_TLS_NAME_SERVICE},
        {"example.com", SRV, "_xmpp-clien.example.com", 0, PARLEY_TLS_NAME_SERVICE},
        {"example.com", SRV, "_xmpp-client.example.com.", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", SRV, "_xmpp-client.example.co", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", SRV, "_xmpp-client.", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", SRV, "_xmpp-client", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", SRV, "example.com", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", SRV, "xmpp-client.example.com", 0, PARLEY_TLS_NAME_OTHER},
        {"a.example.com", SRV, "_xmpp-client.*.example.com", 0, PARLEY_TLS_NAME_WILDCARD},
        {"example.com", SRV, "_xmpp-client.example.com\0", 25, PARLEY_TLS_NAME_BYTES},
        {"", SRV, "_xmpp-client.", 0, PARLEY_TLS_NAME_LITERAL},
        {"example.com", XMPP, "example.com", 0, 0},
        {"example.com", XMPP, "Example.COM", 0, 0},
        {"xn--bcher-kva.example", XMPP,
         "b\xC3\xBC"
         "cher.example",
         0, 0},
        {"xn--bcher-kva.example", XMPP, "XN--bcher-kva.example", 0, 0},
        {"example.com", XMPP, "juliet@example.com", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", XMPP, "example.com/x", 0, PARLEY_TLS_NAME_OTHER},
        {"a.example.com", XMPP, "*.example.com", 0, PARLEY_TLS_NAME_OTHER},
        {"example.com", XMPP, "example.com\0", 12, PARLEY_TLS_NAME_OTHER},
        {"", XMPP, "192.0.2.1", 0, PARLEY_TLS_NAME_LITERAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = rows[i].len != 0 ? rows[i].len : strlen(rows[i].presented);
        guard g;
        parley_name name = {(parley_name_kind)rows[i].kind,
                            0,
                            (uint32_t)len,
                            {guard_copy(&g, rows[i].presented, len), len}};
        int difference = parley_identity_judge(rows[i].reference, &name);

        if (difference != rows[i].difference) {
            fail_msg("row %zu: %s against %s: %d", i, rows[i].reference, rows[i].presented,
                     difference);
        }
        guard_close(&g);
    }
}

static void test_a_label(void **state)
{
    static const struct {
        const char *label;
        const char *a_label;
    } rows[] = {
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
        {"\xF0\x9F\x92\xA9", "xn--ls8h"},
    };
    char out[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t wanted = strlen(rows[i].a_label);
        parley_string label = parley_string_of(rows[i].label);

        assert_int_equal(parley_a_label(label, out, 63), wanted);
        assert_memory_equal(out, rows[i].a_label, wanted);
        for (size_t room = 0; room <= wanted; room++) {
            guard g;
            char *small = guard_open(&g, room == 0 ? 1 : room);

            assert_int_equal(parley_a_label(label, small, room), room == wanted ? wanted : 0);
            guard_close(&g);
        }
    }
}

/* Whatever the bytes: no crash, and a clean reference or none. */
static void test_any_bytes(void **state)
{
    uint32_t seed = 20260101;
    char out[PARLEY_TLS_NAME_SIZE];

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char bytes[64];
        size_t len = seeded_below(&seed, sizeof bytes);
        guard g;
        const char *domain;

        for (size_t i = 0; i < len; i++) {
            uint32_t pick = seeded_next(&seed);

            bytes[i] = pick & 0x300 ? (char)("abcxyz.\xC3\xBC\xE3\x81\x82"[pick % 12])
                                    : (char)(pick & 0xFF);
        }
        domain = guard_copy(&g, bytes, len);
        if (parley_identity_reference((parley_string){domain, len}, out)) {
            assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-_."), strlen(out));
            assert_true(matches(out, parley_string_of(out)));
        } else {
            assert_true(out[0] == '\0');
        }
        guard_close(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference), cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_match),     cmocka_unit_test(test_a_label),
        cmocka_unit_test(test_any_bytes), cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
