/* see-other-host (RFC 6120 4.9.3.19): addresses of all forms, flush against guard pages, and the
   policy, row by row as docs/reconnecting.md has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "parley/redirect.h"

typedef struct address_row {
    const char *address;
    const char *host; /* NULL: not an address */
    uint16_t port;
    bool literal;
} address_row;

static const address_row rows[] = {
    {"example.com", "example.com", 0, false},
    {"example.com:5222", "example.com", 5222, false},
    {"im.EXAMPLE.com:65535", "im.example.com", 65535, false},
    {"localhost:1", "localhost", 1, false},
    {"a1.b2:9", "a1.b2", 9, false},
    {"192.0.2.7", "192.0.2.7", 0, true},
    {"192.0.2.7:5269", "192.0.2.7", 5269, true},
    {"[2001:41D0:1:A49b::1]:9222", "[2001:41d0:1:a49b::1]", 9222, true}, /* the RFC's example */
    {"[::1]", "[::1]", 0, true},
    {"[::ffff:192.0.2.7]:80", "[::ffff:192.0.2.7]", 80, true},
    {"xn--bcher-kva.example:5222",
     "b\xC3\xBC"
     "cher.example",
     5222, false},
    /* no host */
    {"", NULL, 0, false},
    {":", NULL, 0, false},
    {":5222", NULL, 0, false},
    {"[]", NULL, 0, false},
    {"[]:5222", NULL, 0, false},
    {"..", NULL, 0, false},
    /* no port */
    {"example.com:", NULL, 0, false},
    {"example.com:0", NULL, 0, false},
    {"example.com:00", NULL, 0, false},
    {"example.com:05222", NULL, 0, false},
    {"example.com:65536", NULL, 0, false},
    {"example.com:99999", NULL, 0, false},
    {"example.com:522200", NULL, 0, false},
    {"example.com:4294972518", NULL, 0, false}, /* 2^32 + 5222 */
    {"example.com:+522", NULL, 0, false},
    {"example.com:-1", NULL, 0, false},
    {"example.com: 522", NULL, 0, false},
    {"example.com:5222 ", NULL, 0, false},
    {"example.com:0x16", NULL, 0, false},
    {"example.com:5222:5223", NULL, 0, false},
    {"example.com:xmpp", NULL, 0, false},
    {"example.com:\xD9\xA5\xD9\xA2", NULL, 0, false}, /* digits of another script */
    /* IPv6 without its brackets, or with more or less than them */
    {"::1", NULL, 0, false},
    {"2001:db8::1", NULL, 0, false},
    {"[::1", NULL, 0, false},
    {"[::1]5222", NULL, 0, false},
    {"[::1]x", NULL, 0, false},
    {"[::1]:", NULL, 0, false},
    {"[[::1]]:5222", NULL, 0, false},
    {"[::1]]:5222", NULL, 0, false},
    {"[example.com]:5222", NULL, 0, false},
    {"[192.0.2.7]:5222", NULL, 0, false},
    {"[fe80::1%eth0]:5222", NULL, 0, false},
    {"[fe80::1%251]", NULL, 0, false},
    {"[1:2:3:4:5:6:7:8:9]", NULL, 0, false},
    /* what is more than an address */
    {" example.com", NULL, 0, false},
    {"example.com\n", NULL, 0, false},
    {"xmpp:example.com", NULL, 0, false},
    {"xmpp://example.com", NULL, 0, false},
    {"example.com/path", NULL, 0, false},
    {"romeo@example.com", NULL, 0, false},
    {"example.com:5222/", NULL, 0, false},
    {"exa mple.com", NULL, 0, false},
    {"example..com", NULL, 0, false},
    {"-example.com", NULL, 0, false},
    {"192.0.2.256", NULL, 0, false},
    {"192.0.2.07", NULL, 0, false},
    {"\xFF", NULL, 0, false},
};

#define ROWS (sizeof rows / sizeof rows[0])

static bool needs_unicode(const address_row *row)
{
    return strncmp(row->address, "xn--", 4) == 0;
}

static void check_address(parley_string address, const address_row *row)
{
    guard input, output;
    parley_string guarded = {guard_copy(&input, address.data, address.len), address.len};
    size_t len = row->host != NULL ? strlen(row->host) : 0;
    char *exact = guard_open(&output, len > 0 ? len : 1);
    parley_redirect_target to = {{"kept", 4}, 77, false};
    char room[PARLEY_REDIRECT_SIZE];

    if (row->host == NULL) {
        memset(room, 'x', sizeof room);
        assert_int_equal(parley_redirect_parse(guarded, room, sizeof room, &to), PARLEY_ILLEGAL);
        assert_int_equal(to.port, 77);
        assert_string_equal(to.host.data, "kept");
        for (size_t i = 0; i < sizeof room; i++) {
            assert_int_equal(room[i], 'x');
        }
    } else {
        assert_int_equal(parley_redirect_parse(guarded, exact, len - 1, &to), PARLEY_NO_ROOM);
        assert_int_equal(to.port, 77);
        assert_int_equal(parley_redirect_parse(guarded, exact, len, &to), PARLEY_OK);
        assert_int_equal(to.host.len, len);
        assert_memory_equal(to.host.data, row->host, len);
        assert_int_equal(to.port, row->port);
        assert_int_equal(to.literal, row->literal);
    }
    guard_close(&output);
    guard_close(&input);
}

static void addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        if (!PARLEY_UNICODE && needs_unicode(&rows[i])) {
            continue;
        }
        check_address(parley_string_of(rows[i].address), &rows[i]);
    }
    check_address((parley_string){"example.com\0:5222", 17}, &(address_row){NULL, NULL, 0, false});
    check_address((parley_string){"example.com:52\0", 15}, &(address_row){NULL, NULL, 0, false});
}

/* The longest host that is one, and a byte more of each part. */
static void bounds(void **state)
{
    static char text[PARLEY_PART_SIZE + 16];
    char room[PARLEY_REDIRECT_SIZE];
    parley_redirect_target to;

    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t i = 63; i < PARLEY_PART_SIZE; i += 64) {
        text[i] = '.';
    }
    text[PARLEY_PART_SIZE - 1] = 'a';
    memcpy(text + PARLEY_PART_SIZE, ":65535", 6);
    assert_int_equal(parley_redirect_parse((parley_string){text, PARLEY_PART_SIZE + 6}, room,
                                           sizeof room, &to),
                     PARLEY_OK);
    assert_int_equal(to.host.len, PARLEY_PART_SIZE);
    assert_int_equal(to.port, 65535);
    memcpy(text + PARLEY_PART_SIZE, "a:65535", 7);
    assert_int_equal(parley_redirect_parse((parley_string){text, PARLEY_PART_SIZE + 7}, room,
                                           sizeof room, &to),
                     PARLEY_ILLEGAL);
    memcpy(text + PARLEY_PART_SIZE, "a:6553", 6);
    assert_int_equal(parley_redirect_parse((parley_string){text, PARLEY_PART_SIZE + 6}, room,
                                           sizeof room, &to),
                     PARLEY_ILLEGAL);
}

typedef struct policy_row {
    unsigned most;
    bool clear_too;
    bool verified;
    bool foreign;
    bool well_formed;
    unsigned followed;
    parley_redirect_verdict verdict;
} policy_row;

/* By the table: what it says of every mixture of the facts. */
static parley_redirect_verdict expected(const policy_row *row)
{
    unsigned most = row->most > 5 ? 5 : row->most;

    return most == 0                           ? PARLEY_REDIRECT_UNWANTED
           : !row->verified && !row->clear_too ? PARLEY_REDIRECT_UNVERIFIED
           : row->foreign                      ? PARLEY_REDIRECT_FOREIGN
           : row->followed >= most             ? PARLEY_REDIRECT_TOO_MANY
           : !row->well_formed                 ? PARLEY_REDIRECT_MALFORMED
                                               : PARLEY_REDIRECT_FOLLOW;
}

static parley_redirect_verdict judge(const policy_row *row, char *room, size_t size,
                                     parley_redirect_target *to)
{
    parley_redirect redirect = {parley_string_of(row->well_formed ? "other.example:5222"
                                                                  : "other.example:"),
                                row->verified, row->foreign};
    parley_redirect_policy policy = {row->most, row->clear_too};

    return parley_redirect_judge(&redirect, &policy, row->followed, room, size, to);
}

static void policies(void **state)
{
    /* One row of each verdict, in words. */
    static const policy_row said[] = {
        {3, false, true, false, true, 0, PARLEY_REDIRECT_FOLLOW},
        {3, false, true, false, true, 2, PARLEY_REDIRECT_FOLLOW},
        {3, true, false, false, true, 0, PARLEY_REDIRECT_FOLLOW},
        {3, false, false, false, true, 0, PARLEY_REDIRECT_UNVERIFIED},
        {3, false, false, false, false, 0, PARLEY_REDIRECT_UNVERIFIED},
        {0, true, true, false, true, 0, PARLEY_REDIRECT_UNWANTED},
        {3, false, true, true, true, 0, PARLEY_REDIRECT_FOREIGN},
        {3, true, false, true, true, 0, PARLEY_REDIRECT_FOREIGN},
        {3, false, true, false, true, 3, PARLEY_REDIRECT_TOO_MANY},
        {1, false, true, false, true, 1, PARLEY_REDIRECT_TOO_MANY},
        {100, false, true, false, true, 4, PARLEY_REDIRECT_FOLLOW},
        {100, false, true, false, true, 5, PARLEY_REDIRECT_TOO_MANY},
        {3, false, true, false, false, 0, PARLEY_REDIRECT_MALFORMED},
    };
    char room[PARLEY_REDIRECT_SIZE];
    parley_redirect_target to;

    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        assert_int_equal(judge(&said[i], room, sizeof room, &to), said[i].verdict);
        assert_int_equal(expected(&said[i]), said[i].verdict);
    }
    for (unsigned bits = 0; bits < 16; bits++) {
        for (unsigned most = 0; most < 8; most++) {
            for (unsigned followed = 0; followed < 8; followed++) {
                policy_row row = {most,
                                  (bits & 1) != 0,
                                  (bits & 2) != 0,
                                  (bits & 4) != 0,
                                  (bits & 8) != 0,
                                  followed,
                                  PARLEY_REDIRECT_FOLLOW};
                parley_redirect_verdict verdict;

                to = (parley_redirect_target){{NULL, 0}, 0, false};
                verdict = judge(&row, room, sizeof room, &to);
                assert_int_equal(verdict, expected(&row));
                assert_int_equal(to.port, verdict == PARLEY_REDIRECT_FOLLOW ? 5222 : 0);
            }
        }
    }
    assert_int_equal(judge(&said[0], room, 5, &to), PARLEY_REDIRECT_MALFORMED); /* no room */
}

static void names(void **state)
{
    (void)state;
    for (int i = 0; i <= PARLEY_REDIRECT_TOO_MANY; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(parley_redirect_name((parley_redirect_verdict)i),
                                    parley_redirect_name((parley_redirect_verdict)j));
            assert_string_not_equal(parley_redirect_text((parley_redirect_verdict)i),
                                    parley_redirect_text((parley_redirect_verdict)j));
        }
    }
    assert_string_equal(parley_redirect_name(PARLEY_REDIRECT_TOO_MANY), "redirect-too-many");
    assert_string_equal(parley_redirect_name((parley_redirect_verdict)99), "redirect");
    assert_string_equal(parley_redirect_text((parley_redirect_verdict)99),
                        parley_redirect_text(PARLEY_REDIRECT_FOLLOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(bounds),
        cmocka_unit_test(policies),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
