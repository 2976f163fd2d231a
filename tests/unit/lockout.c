/* Guessing over many sessions: how long one waits, who waits, what is forgotten. Time is a
   number here. */
#include "parley/lockout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ENTRIES = 1024, HOUR = 3600000 };

static const unsigned char secret[32] = "a secret of thirty-two bytes...";
static parley_lockout_entry entries[ENTRIES];

static parley_string text(const char *terminated)
{
    return (parley_string){terminated, strlen(terminated)};
}

static parley_lockout table(size_t count, uint16_t account)
{
    parley_lockout_settings settings = PARLEY_LOCKOUT_DEFAULT;
    parley_lockout l;

    settings.account = account;
    assert_int_equal(parley_lockout_init(&l, entries, count, &settings, secret), PARLEY_OK);
    return l;
}

static uint32_t miss(parley_lockout *l, const char *user, const char *address, uint64_t now)
{
    parley_lockout_attempt attempt;

    return parley_lockout_begin(l, &attempt, text(user), text(address), now);
}

static uint32_t succeed(parley_lockout *l, const char *user, const char *address, uint64_t now)
{
    parley_lockout_attempt attempt;
    uint32_t wait = parley_lockout_begin(l, &attempt, text(user), text(address), now);

    if (wait == 0) {
        parley_lockout_succeeded(l, &attempt, now);
    }
    return wait;
}

/* Five for nothing; then 1 s, 2 s, 4 s, up to 15 minutes. What is tried meanwhile adds nothing. */
static void doubling(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);
    uint64_t now = 1000;
    uint32_t wait = 1000;

    (void)unused;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", now), 0);
    }
    for (unsigned i = 0; i < 14; i++) { /* the address's own 20 are not reached */
        for (uint32_t at = 0; at < wait; at += wait / 4) {
            assert_int_equal(miss(&l, "romeo", "192.0.2.1", now + at), wait - at);
        }
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", now + wait - 1), 1);
        now += wait;
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", now), 0);
        wait = wait < 450000 ? 2 * wait : 900000;
    }
    assert_int_equal(wait, 900000);
    /* Others are not touched: another account there, the account elsewhere. */
    assert_int_equal(miss(&l, "juliet", "192.0.2.1", now), 0);
    assert_int_equal(miss(&l, "romeo", "192.0.2.2", now), 0);
    /* After an hour it is as if nothing had been. */
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", now + HOUR - 1), 0);
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", now + HOUR), 900000 - 1);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", now + 2 * HOUR), 0);
    }
}

/* A success forgets the account's failures there, and takes the attempt's own count back. */
static void success(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);

    (void)unused;
    for (unsigned i = 0; i < 200; i++) {
        assert_int_equal(succeed(&l, "romeo", "192.0.2.1", 1000 + i), 0);
    }
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 4; i++) {
            assert_int_equal(miss(&l, "romeo", "192.0.2.1", 2000), 0);
        }
        assert_int_equal(succeed(&l, "romeo", "192.0.2.1", 2000), 0);
    }
}

/* Sessions side by side: each counts from its beginning. */
static void parallel(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);
    parley_lockout_attempt attempts[5];
    parley_lockout_attempt one_more;

    (void)unused;
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(parley_lockout_begin(&l, &attempts[i], text("u"), text("a"), 1), 0);
    }
    assert_int_equal(parley_lockout_begin(&l, &one_more, text("u"), text("a"), 1), 1000);
    parley_lockout_succeeded(&l, &attempts[0], 2);
    assert_int_equal(parley_lockout_begin(&l, &one_more, text("u"), text("a"), 2), 0);
}

/* Many accounts from one address: 20, then it waits; but for who has logged in from there. One who
   has an account cannot wash the address clean with it. */
static void address(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);
    char user[16];

    (void)unused;
    assert_int_equal(succeed(&l, "mallory", "192.0.2.1", 1), 0);
    assert_int_equal(succeed(&l, "romeo", "192.0.2.1", 1), 0);
    for (unsigned i = 0; i < 20; i++) {
        (void)snprintf(user, sizeof user, "user%u", i);
        assert_int_equal(miss(&l, user, "192.0.2.1", 2), 0);
        assert_int_equal(succeed(&l, "mallory", "192.0.2.1", 2), 0);
    }
    assert_int_equal(miss(&l, "another", "192.0.2.1", 2), 1000);
    assert_int_equal(succeed(&l, "romeo", "192.0.2.1", 2), 0);
    assert_int_equal(miss(&l, "another", "192.0.2.2", 2), 0);
    /* The exemption is from the address's wait, not from the account's own. */
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", 3), 0);
    }
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", 3), 1000);
}

/* One account from many addresses: by default nobody waits for it; as a setting everybody does,
   but for those from where it has logged in, and not long. */
static void account(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);
    char from[16];

    (void)unused;
    for (unsigned on = 0; on < 2; on++) {
        l = table(ENTRIES, on == 1 ? 100 : 0);
        assert_int_equal(succeed(&l, "romeo", "home", 1), 0);
        for (unsigned i = 0; i < 110; i++) {
            (void)snprintf(from, sizeof from, "host%u", i);
            (void)miss(&l, "romeo", from, 2 + 20000ull * i);
        }
        assert_int_equal(miss(&l, "romeo", "elsewhere", 2 + 20000ull * 109), on == 1 ? 10000 : 0);
        assert_int_equal(succeed(&l, "romeo", "home", 2 + 20000ull * 109), 0);
        assert_int_equal(miss(&l, "juliet", "elsewhere", 2 + 20000ull * 109), 0);
    }
}

/* Names that begin or end alike, or hold what separates them, are not the same. */
static void names(void **unused)
{
    static const struct {
        parley_string user, address;
    } apart[] = {{{"a", 1}, {"bc", 2}}, {{"ab", 2}, {"c", 1}},   {{"abc", 3}, {"", 0}},
                 {{"", 0}, {"abc", 3}}, {{"a", 1}, {"b\0c", 3}}, {{"a", 1}, {"b\0d", 3}},
                 {{"A", 1}, {"bc", 2}}};
    parley_lockout l = table(ENTRIES, 0);

    (void)unused;
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        parley_lockout_attempt attempt;

        for (unsigned j = 0; j < 5; j++) {
            assert_int_equal(parley_lockout_begin(&l, &attempt, apart[i].user, apart[i].address, 5),
                             0);
        }
        assert_int_equal(parley_lockout_begin(&l, &attempt, apart[i].user, apart[i].address, 5),
                         1000);
    }
}

/* A table that is too small forgets the fewest failures first, and never what counts most; and
   nothing beyond it is written. */
static void full(void **unused)
{
    parley_lockout_entry untouched[PARLEY_LOCKOUT_WAYS];
    parley_lockout l = table(ENTRIES, 0);
    char user[24];

    (void)unused;
    memset(entries, 0xA5, sizeof entries);
    memset(untouched, 0xA5, sizeof untouched);
    l = table(PARLEY_LOCKOUT_WAYS + 3, 0);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", 1), 0);
    }
    for (unsigned i = 0; i < 1000; i++) {
        (void)snprintf(user, sizeof user, "user%u", i);
        (void)miss(&l, user, user, 2 + i);
    }
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", 2000), 0);
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", 2000), 1000);
    assert_memory_equal(entries + PARLEY_LOCKOUT_WAYS + 3, untouched, sizeof untouched);
    parley_lockout_wipe(&l);
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", 2000), 0);
}

static void counts_stop(void **unused)
{
    parley_lockout l = table(ENTRIES, 0);
    uint64_t now = 1;

    (void)unused;
    for (unsigned i = 0; i < 70000; i++) {
        now += 900000;
        assert_int_equal(miss(&l, "romeo", "192.0.2.1", now), 0);
    }
    assert_int_equal(miss(&l, "romeo", "192.0.2.1", now), 900000);
}

static void misuse(void **unused)
{
    const parley_lockout_settings good = PARLEY_LOCKOUT_DEFAULT;
    parley_lockout l;

    (void)unused;
    for (unsigned i = 0; i < 7; i++) {
        parley_lockout_settings s = good;

        s.account_at_address = i == 1 ? 0 : s.account_at_address;
        s.address = i == 2 ? 0 : s.address;
        s.first = i == 3 ? 0 : s.first;
        s.longest = i == 4 ? s.first - 1 : s.longest;
        s.longest_account = i == 5 ? s.first - 1 : s.longest_account;
        s.memory = i == 6 ? 0 : s.memory;
        assert_int_equal(parley_lockout_init(&l, entries, ENTRIES, &s, secret),
                         i == 0 ? PARLEY_OK : PARLEY_MISUSE);
    }
    assert_int_equal(parley_lockout_init(&l, entries, 7, &good, secret), PARLEY_MISUSE);
    assert_int_equal(parley_lockout_init(&l, NULL, 8, &good, secret), PARLEY_MISUSE);
    assert_int_equal(parley_lockout_init(&l, entries, 8, &good, NULL), PARLEY_MISUSE);
    assert_int_equal(parley_lockout_init(&l, entries, 8, NULL, secret), PARLEY_MISUSE);
    assert_int_equal(parley_lockout_init(NULL, entries, 8, &good, secret), PARLEY_MISUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubling), cmocka_unit_test(success), cmocka_unit_test(parallel),
        cmocka_unit_test(address),  cmocka_unit_test(account), cmocka_unit_test(names),
        cmocka_unit_test(full),     cmocka_unit_test(misuse),  cmocka_unit_test(counts_stop),
    };

    return cmocka_run_group_tests_name("lockout", tests, NULL, NULL);
}
