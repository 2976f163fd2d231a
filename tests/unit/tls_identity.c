/* Names: which domains make a reference identifier, and which presented names
   match it (RFC 6125 section 6.4); A-labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/seeded.h"
#include "identity.h"

#include <parley/jid.h>

/* Of a domain as a session has it: prepared. */
static bool reference_of(parley_string domain, char out[PARLEY_TLS_NAME_SIZE])
{
    char room[PARLEY_PART_SIZE];
    parley_string prepared;

    out[0] = '\0';
    return parley_jid_prepare(PARLEY_JID_DOMAIN, domain, room, sizeof room, &prepared, NULL) ==
               PARLEY_OK &&
           parley_identity_reference(prepared, out);
}

/* Whether this build refuses it for want of Unicode's tables. */
static bool beyond(const char *text)
{
    for (; !PARLEY_UNICODE && *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return true;
        }
    }
    return false;
}

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
        {"a_b.example", NULL},
        {"1.example", "1.example"},
        {"x1", "x1"},
        {"b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"m\xC3\xBCnchen", "xn--mnchen-3ya"},
        {"mu\xCC\x88nchen", "xn--mnchen-3ya"},
        {"B\xC3\x9C"
         "CHER.Example",
         "xn--bcher-kva.example"},
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
        bool made = reference_of(parley_string_of(rows[i].domain), out);
        bool a_label = !PARLEY_UNICODE && strncmp(rows[i].domain, "xn--", 4) == 0;
        const char *reference = beyond(rows[i].domain) || a_label ? NULL : rows[i].reference;

        if (made != (reference != NULL) || strcmp(out, reference != NULL ? reference : "") != 0) {
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
    domain[251] = '\xC3';
    domain[252] = '\xBC';
    assert_false(parley_identity_reference((parley_string){domain, 253}, out));
    assert_true(out[0] == '\0');
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
        {"xn--bcher-kva.example", XMPP,
         "bu\xCC\x88"
         "cher.EXAMPLE",
         0, 0}, /* not composed */
        {"xn--bcher-kva.example", XMPP, "bucher.example", 0, PARLEY_TLS_NAME_OTHER},
        {"xn--bcher-kva.example", XMPP, "b\xC3.example", 0, PARLEY_TLS_NAME_OTHER},
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

        int expected = rows[i].difference;

        if (rows[i].kind == XMPP &&
            (beyond(rows[i].presented) ||
             (!PARLEY_UNICODE && strncmp(rows[i].presented, "XN--", 4) == 0))) {
            expected = PARLEY_TLS_NAME_OTHER;
        }
        if (difference != expected) {
            fail_msg("row %zu: %s against %s: %d", i, rows[i].reference, rows[i].presented,
                     difference);
        }
        guard_close(&g);
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
        if (reference_of((parley_string){domain, len}, out)) {
            assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-."), strlen(out));
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
        cmocka_unit_test(test_match),     cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
