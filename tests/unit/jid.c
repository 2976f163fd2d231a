/* JIDs: the vectors, every code point, address literals against inet_pton,
   sizes, guard pages, places and reasons of refusal. Built without Unicode's
   tables, all that goes beyond ASCII is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/reasons.h"
#include "common/rows.h"
#include "common/seeded.h"
#include "parley/jid.h"

static bool part_is(parley_string part, const char *expected, bool absent)
{
    char buffer[4096];

    if (absent) {
        return part.data == NULL;
    }
    return part.data != NULL &&
           parley_string_equal(part, rows_unescape(expected, buffer, sizeof buffer));
}

static bool parts_are(const parley_jid *jid, const char *local, const char *domain,
                      const char *resource)
{
    return part_is(jid->local, local, local == NULL || strcmp(local, "-") == 0) &&
           part_is(jid->domain, domain, false) &&
           part_is(jid->resource, resource, resource == NULL || strcmp(resource, "-") == 0);
}

/* Parses from and into memory flush against guard pages, in exactly the room
   that is needed and in all smaller ones. */
static parley_result parse_guarded(parley_jid *jid, parley_string text, char *buffer,
                                   size_t *error_at)
{
    guard input, output;
    const char *copy = guard_copy(&input, text.data, text.len);
    parley_string guarded = {copy, text.len};
    parley_result result = parley_jid_parse(jid, guarded, buffer, PARLEY_JID_SIZE, error_at);
    const char *reason = parley_jid_reason(guarded);

    if (result == PARLEY_OK) {
        char written[PARLEY_JID_SIZE];
        size_t len = 0;
        char *exact;
        parley_jid again;

        assert_null(reason);
        assert_int_equal(parley_jid_write(jid, false, written, sizeof written, &len), PARLEY_OK);
        assert_memory_equal(buffer, written, len); /* the buffer holds it as it is written */
        exact = guard_open(&output, len);
        for (size_t size = 0; size < len; size++) {
            assert_int_equal(parley_jid_parse(&again, guarded, exact, size, NULL), PARLEY_NO_ROOM);
            assert_int_equal(parley_jid_write(jid, false, exact, size, &len), PARLEY_NO_ROOM);
        }
        assert_int_equal(exact[0], 0); /* nothing was written */
        assert_int_equal(parley_jid_parse(&again, guarded, exact, len, NULL), PARLEY_OK);
        assert_true(parley_jid_equal(jid, &again, false));
        /* What is prepared stays as it is. */
        guarded.data = written;
        guarded.len = len;
        assert_int_equal(parley_jid_parse(&again, guarded, exact, len, NULL), PARLEY_OK);
        assert_true(parley_jid_equal(jid, &again, false));
        guard_close(&output);
    } else {
        assert_non_null(reason);
#ifndef PARLEY_WITHOUT_REASONS
        assert_in_range(strlen(reason), 20, 140);
#endif
    }
    guard_close(&input);
    return result;
}

/* Without tables: whether the row needs them. */
static bool beyond(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return !PARLEY_UNICODE;
        }
    }
    return !PARLEY_UNICODE && strstr(text.data, "@xn--") != NULL;
}

static void vectors(void **state)
{
    rows r;
    char text_buffer[4096];
    static char buffer[PARLEY_JID_SIZE];
    unsigned without = 0;

    (void)state;
    rows_open(&r, "vectors/jid.tsv");
    while (rows_next(&r)) {
        parley_string text = rows_unescape(r.field[0], text_buffer, sizeof text_buffer);
        bool valid = strcmp(r.field[1], "valid") == 0;
        /* The one row whose note lets us normalise or refuse: an A-label becomes its U-label. */
        bool a_label = strcmp(r.field[0], "u@xn--bcher-kva.example") == 0;
        parley_jid jid = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
        size_t error_at = 0;
        parley_result result = parse_guarded(&jid, text, buffer, &error_at);
        bool met;

        if (beyond(text)) {
            without++;
            met = result == PARLEY_ILLEGAL;
        } else if (a_label) {
            met = result == PARLEY_OK && parts_are(&jid, "u", "b\\u00fccher.example", NULL);
        } else if (valid) {
            met = result == PARLEY_OK && parts_are(&jid, r.field[2], r.field[3], r.field[4]);
        } else {
            met = result == PARLEY_ILLEGAL;
        }
        if (!met) {
            fail_msg("row %u: %s: not as expected", r.number, r.field[0]);
        }
        assert_true(result == PARLEY_OK || error_at <= text.len);
    }
    print_message("%u rows, %u of them refused for want of Unicode's tables\n", r.number, without);
    assert_int_equal(r.number, 134);
    assert_int_equal(without == 0, PARLEY_UNICODE);
}

static void bad_bytes(void **state)
{
    rows r;
    char text_buffer[256];
    static char buffer[PARLEY_JID_SIZE];

    (void)state;
    rows_open(&r, "vectors/jid-badbytes.tsv");
    while (rows_next(&r)) {
        parley_jid jid;
        size_t at = 0;
        parley_string text = rows_unhex(r.field[0], text_buffer, sizeof text_buffer);

        assert_int_equal(parse_guarded(&jid, text, buffer, &at), PARLEY_ILLEGAL);
        assert_true((unsigned char)text.data[at] >= 0x80);
        assert_true(
            reason_has(parley_jid_reason(text), PARLEY_UNICODE ? "UTF-8" : "PARLEY_UNICODE"));
    }
    assert_int_equal(r.number, 8);
}

static bool allowed(parley_jid_part part, uint32_t c)
{
    switch (part) {
    case PARLEY_JID_LOCAL:
        return c > 0x20 && c < 0x7F && strchr("\"&'/:<>@", (int)c) == NULL;
    case PARLEY_JID_RESOURCE:
        return c >= 0x20 && c < 0x7F;
    default:
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
               c == '.';
    }
}

/* All of ASCII in each part. What goes beyond is compared with other implementations
   (tests/differential/names.py); here it is that what is taken is taken again as it
   is, and that it says where. */
static void every_code_point(void **state)
{
    static const parley_jid_part parts[] = {PARLEY_JID_LOCAL, PARLEY_JID_DOMAIN,
                                            PARLEY_JID_RESOURCE};
    unsigned taken = 0;

    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[6] = {'a'};
        size_t len = rows_utf8(c, text + 1);
        parley_string whole = {text, len + 2};

        text[1 + len] = 'b';
        for (size_t i = 0; i < 3; i++) {
            char buffer[24], again_buffer[24];
            parley_string prepared = {NULL, 0};
            parley_string again = {NULL, 0};
            size_t at = 9;
            parley_result result = parley_jid_prepare(parts[i], whole, buffer, sizeof buffer,
                                                      &prepared, &at);

            if (c < 0x80 && result != (allowed(parts[i], c) ? PARLEY_OK : PARLEY_ILLEGAL)) {
                fail_msg("part %zu, U+%04X: %d", i, c, result);
            }
            if (result != PARLEY_OK) {
                /* The Bidi Rule may blame the last. */
                assert_true(at == 1 || (c >= 0x80 && at <= whole.len));
                continue;
            }
            taken += c >= 0x80;
            if (c >= 'A' && c <= 'Z') {
                assert_int_equal(prepared.data[1], i == 2 ? c : c + 32);
            }
            if (parley_jid_prepare(parts[i], prepared, again_buffer, sizeof again_buffer, &again,
                                   NULL) != PARLEY_OK ||
                !parley_string_equal(prepared, again)) {
                fail_msg("part %zu, U+%04X: not as it is when prepared again", i, c);
            }
        }
    }
    print_message("%u of beyond ASCII taken\n", taken);
    assert_true(PARLEY_UNICODE ? taken > 300000 : taken == 0);
}

static parley_result domain(const char *text)
{
    char buffer[PARLEY_PART_SIZE];
    parley_string prepared;

    return parley_jid_prepare(PARLEY_JID_DOMAIN, parley_string_of(text), buffer, sizeof buffer,
                              &prepared, NULL);
}

/* inet_pton takes what RFC 3986 does, but for a zone. */
static void addresses(void **state)
{
    static const char *const by_hand[] = {
        "[::]",
        "[1:2:3:4:5:6:7:8]",
        "[1::8]",
        "[::1.2.3.4]",
        "[1:2:3:4:5:6:7::]",
        "[::2:3:4:5:6:7:8]",
        "[64:ff9b::192.0.2.33]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
    };
    static const char *const refused[] = {
        "[]",        "[:]",       "[:::]",     "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]", "[12345::]", "[::1.2.3]", "[::256.1.1.1]",   "[::1%]",
        "[g::]",     "[::1]x",    "[::1].",    "256.1.1.1",       "1.2.3.04",
        "1.2.3.4..", "1.2.3.256",
    };
    static const char letters[] = "00123456789abcdefABCDEF::::::....";
    uint32_t seed = 7;
    unsigned taken = 0;

    (void)state;
    for (size_t i = 0; i < sizeof by_hand / sizeof by_hand[0]; i++) {
        assert_int_equal(domain(by_hand[i]), PARLEY_OK);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (domain(refused[i]) != PARLEY_ILLEGAL) {
            fail_msg("%s is taken", refused[i]);
        }
    }
    for (unsigned round = 0; round < 300000; round++) {
        char text[64] = "[";
        unsigned char bytes[16];
        size_t len = 1;
        unsigned groups = 1 + seeded_below(&seed, 9);
        int legal;

        if (round % 3 == 0) { /* anything */
            for (unsigned n = seeded_below(&seed, 20); n > 0; n--) {
                text[len++] = letters[seeded_below(&seed, sizeof letters - 1)];
            }
        } else { /* nearly right */
            for (unsigned k = 0; k < groups; k++) {
                unsigned digits = seeded_below(&seed, 9) == 0 ? 0 : 1 + seeded_below(&seed, 4);
                for (; digits > 0; digits--) {
                    text[len++] = letters[seeded_below(&seed, 22)];
                }
                if (k + 1 < groups || seeded_below(&seed, 9) == 0) {
                    text[len++] = ':';
                }
            }
            if (seeded_below(&seed, 4) == 0) {
                memcpy(text + len - (text[len - 1] == ':' ? 0 : 1), "1.20.255.4", 10);
                len += text[len - 1] == ':' ? 10 : 9;
            }
        }
        text[len] = '\0';
        legal = inet_pton(AF_INET6, text + 1, bytes) == 1;
        taken += (unsigned)legal;
        text[len] = ']';
        text[len + 1] = '\0';
        if ((domain(text) == PARLEY_OK) != legal) {
            fail_msg("%s: inet_pton says %d", text, legal);
        }
    }
    assert_in_range(taken, 10000, 200000);
}

static void ipv4_addresses(void **state)
{
    uint32_t seed = 11;
    unsigned taken = 0;

    (void)state;
    for (unsigned round = 0; round < 100000; round++) {
        char text[64];
        unsigned char bytes[4];
        bool legal;
        size_t len;

        snprintf(text, sizeof text, seeded_below(&seed, 9) == 0 ? "%u.%u.%u.0%u" : "%u.%u.%u.%u",
                 seeded_below(&seed, 300), seeded_below(&seed, 300), seeded_below(&seed, 300),
                 seeded_below(&seed, 300));
        legal = inet_pton(AF_INET, text, bytes) == 1;
        taken += legal;
        if ((domain(text) == PARLEY_OK) != legal) {
            fail_msg("%s: inet_pton says %d", text, legal);
        }
        len = strlen(text);
        memcpy(text + len, ".", 2); /* goes before anything is looked at (RFC 7622 3.2) */
        if ((domain(text) == PARLEY_OK) != legal) {
            fail_msg("%s: inet_pton, without the last dot, says %d", text, legal);
        }
    }
    assert_in_range(taken, 10000, 90000);
    /* Fewer or more numbers are labels. */
    assert_int_equal(domain("1.2.3"), PARLEY_OK);
    assert_int_equal(domain("1.2.3.4.5"), PARLEY_OK);
}

#define X60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"

static void labels(void **state)
{
    (void)state;
    assert_int_equal(domain(X60 "abc.example"), PARLEY_OK);
    assert_int_equal(domain(X60 "abcd.example"), PARLEY_ILLEGAL);
    assert_int_equal(domain("example." X60 "abc."), PARLEY_OK);
    assert_int_equal(domain("example." X60 "abcd"), PARLEY_ILLEGAL);
    assert_int_equal(domain(X60 "abcd"), PARLEY_OK);
    assert_int_equal(domain(X60 "abcd."), PARLEY_OK);
    assert_int_equal(domain("a-b.c--d.e"), PARLEY_OK);
    assert_int_equal(domain("ab--c.example"), PARLEY_ILLEGAL);
    assert_int_equal(domain("\xc3\xbc\xc3\xbc--c.example"), PARLEY_ILLEGAL);
    assert_int_equal(domain("\xc3\xbc--c.example"), PARLEY_UNICODE ? PARLEY_OK : PARLEY_ILLEGAL);
    assert_int_equal(domain("example.com.."), PARLEY_ILLEGAL);
    assert_int_equal(domain("."), PARLEY_ILLEGAL);
    assert_int_equal(domain("a-"), PARLEY_ILLEGAL);
    assert_int_equal(domain("a-.b"), PARLEY_ILLEGAL);
    assert_int_equal(domain("a.-b"), PARLEY_ILLEGAL);
    assert_int_equal(domain("XN--BCHER-KVA.example"), PARLEY_UNICODE ? PARLEY_OK : PARLEY_ILLEGAL);
}

/* 1023 bytes a part, after the trailing dot is gone. */
static void part_limits(void **state)
{
    static char text[PARLEY_PART_SIZE + 2], buffer[PARLEY_PART_SIZE];
    parley_string whole = {text, PARLEY_PART_SIZE};
    parley_string prepared;
    size_t at = 0;

    (void)state;
    memset(text, 'a', sizeof text);
    for (parley_jid_part part = PARLEY_JID_LOCAL; part <= PARLEY_JID_RESOURCE; part++) {
        whole.len = PARLEY_PART_SIZE;
        assert_int_equal(parley_jid_prepare(part, whole, buffer, sizeof buffer, &prepared, &at),
                         PARLEY_OK);
        assert_int_equal(prepared.len, PARLEY_PART_SIZE);
        assert_int_equal(parley_jid_prepare(part, whole, buffer, sizeof buffer - 1, &prepared, &at),
                         PARLEY_NO_ROOM);
        whole.len++;
        assert_int_equal(parley_jid_prepare(part, whole, buffer, sizeof buffer, &prepared, &at),
                         PARLEY_ILLEGAL);
        assert_int_equal(at, PARLEY_PART_SIZE);
    }
    text[PARLEY_PART_SIZE] = '.';
    assert_int_equal(parley_jid_prepare(PARLEY_JID_DOMAIN, whole, buffer, sizeof buffer, &prepared,
                                        &at),
                     PARLEY_OK);
    assert_int_equal(prepared.len, PARLEY_PART_SIZE);
    whole.len = 0;
    assert_int_equal(parley_jid_prepare(PARLEY_JID_LOCAL, whole, buffer, sizeof buffer, &prepared,
                                        &at),
                     PARLEY_ILLEGAL);
}

/* Where it is refused, and a word that the reason has. */
static void places_and_reasons(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *word;
    } cases[] = {
        {"", 0, "empty"},
        {"@example.com", 0, "before the '@'"},
        {"juliet@", 7, "add the domain"},
        {"user@@host", 5, "second '@'"},
        {"a@b@c/r", 3, "second '@'"},
        {"/resource", 0, "no domain"},
        {"user@/resource", 5, "no domain"},
        {"server/", 7, "nothing follows the '/'"},
        {"foo bar@example.com", 3, "XEP-0106"},
        {"ok@exa mple.com", 6, "letters, digits"},
        {"u@exam_ple.com", 6, "letters, digits"},
        {"u@example..com", 10, "empty label"},
        {"u@.example.com", 2, "empty label"},
        {"u@example.com..", 14, "empty label"},
        {"u@-example.com", 2, "hyphen"},
        {"u@example-.com", 10, "hyphen"},
        {"u@example-", 10, "hyphen"},
        {"u@ab--cd", 2, "reserved"},
        {"u@example.xn--999999999", 10, PARLEY_UNICODE ? "IDNA2008" : "PARLEY_UNICODE"},
        {"u@2001:db8::1", 6, "in brackets"},
        {"u@example.com:5222", 13, "leave a port out"},
        {"u@[::1", 6, "IPv6"},
        {"u@[127.0.0.1]", 6, "IPv6"},
        {"u@1.2.3.300", 11, "IPv4"},
        {"u@[::1.2.3.256]", 13, "IPv6"},
        {"u@[::256.1.1.1]", 8, "IPv6"},
        {"u@" X60 "abcd.example", 65, "63 characters"},
        {"u@example.com/a\tb", 15, "control"},
        {"u@example.com/a\xc2\xad", 15, PARLEY_UNICODE ? "invisible" : "PARLEY_UNICODE"},
        {"u@example.com/a\xe2\x80\xaeq", 15, PARLEY_UNICODE ? "invisible" : "PARLEY_UNICODE"},
        {"u@example.com/a\xc3", 15, PARLEY_UNICODE ? "UTF-8" : "PARLEY_UNICODE"},
        {"\xc3\xbc\x80@example.com", PARLEY_UNICODE ? 2 : 0,
         PARLEY_UNICODE ? "UTF-8" : "PARLEY_UNICODE"},
    };
    char buffer[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parley_jid jid;
        parley_string text = parley_string_of(cases[i].text);
        size_t at = 999;

        assert_int_equal(parley_jid_parse(&jid, text, buffer, sizeof buffer, &at), PARLEY_ILLEGAL);
        if (at != cases[i].at || !reason_has(parley_jid_reason(text), cases[i].word)) {
            fail_msg("%s: at %zu, %s", cases[i].text, at, parley_jid_reason(text));
        }
    }
}

static void write_and_compare(void **state)
{
    char buffer[64], other_buffer[64], text[64];
    parley_jid jid, other;
    size_t len = 0;

    (void)state;
    assert_int_equal(parley_jid_parse(&jid, parley_string_of("Romeo@Example.NET./Home"), buffer,
                                      sizeof buffer, NULL),
                     PARLEY_OK);
    assert_int_equal(parley_jid_write(&jid, false, text, sizeof text, &len), PARLEY_OK);
    assert_int_equal(len, 22);
    assert_memory_equal(text, "romeo@example.net/Home", len);
    assert_int_equal(parley_jid_write(&jid, true, text, 17, &len), PARLEY_OK);
    assert_int_equal(len, 17);
    assert_memory_equal(text, "romeo@example.net", len);
    assert_int_equal(parley_jid_write(&jid, true, text, 16, &len), PARLEY_NO_ROOM);
    assert_int_equal(len, 17);

    assert_int_equal(parley_jid_parse(&other, parley_string_of("romeo@example.net/home"),
                                      other_buffer, sizeof other_buffer, NULL),
                     PARLEY_OK);
    assert_true(parley_jid_equal(&jid, &other, true));
    assert_false(parley_jid_equal(&jid, &other, false));
    assert_int_equal(parley_jid_parse(&other, parley_string_of("example.net/Home"), other_buffer,
                                      sizeof other_buffer, NULL),
                     PARLEY_OK);
    assert_null(other.local.data);
    assert_false(parley_jid_equal(&jid, &other, true));
    /* An interface's name keeps its case, the address does not. */
    assert_int_equal(parley_jid_parse(&other, parley_string_of("[FE80::A%Eth0]"), other_buffer,
                                      sizeof other_buffer, NULL),
                     PARLEY_OK);
    assert_memory_equal(other.domain.data, "[fe80::a%Eth0]", other.domain.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),           cmocka_unit_test(bad_bytes),
        cmocka_unit_test(every_code_point),  cmocka_unit_test(addresses),
        cmocka_unit_test(ipv4_addresses),    cmocka_unit_test(labels),
        cmocka_unit_test(part_limits),       cmocka_unit_test(places_and_reasons),
        cmocka_unit_test(write_and_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
