/* The users file and the roster file: what is read, and that a mistake is named with its line;
   and the line that --add-user prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "roster.h"
#include "status.h"
#include "users.h"

/* A password beyond ASCII, where the build has Unicode's tables. */
#if PARLEY_UNICODE
#define SUMMER "\xc3\xa9t\xc3\xa9"
#else
#define SUMMER "ete"
#endif

static char path[32];

/* A file in the working directory, taken away by drop. */
static void put(const char *text)
{
    size_t len = strlen(text);
    int fd;
    snprintf(path, sizeof path, "accounts-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
}

static void drop(void)
{
    unlink(path);
}

static bool same(parley_string a, const char *b)
{
    return parley_string_equal(a, parley_string_of(b));
}

static void users_read(void **state)
{
    users u;
    failure f;
    parley_answer answer;
    (void)state;
    put("# the accounts\n\nromeo:se:cr et \r\nJuliet:" SUMMER "\n  \nmbed:mirror");
    assert_true(users_load(&u, path, &f));
    drop();
    assert_int_equal(u.count, 3);
    assert_int_equal(users_find(&u, parley_string_of("juliet")), 0);
    assert_int_equal(users_find(&u, parley_string_of("mbed")), 1);
    assert_int_equal(users_find(&u, parley_string_of("romeo")), 2);
    assert_int_equal(users_find(&u, parley_string_of("rome")), USERS_NONE);
    assert_int_equal(users_find(&u, parley_string_of("")), USERS_NONE);
    assert_true(users_credential(&u.list[2], parley_string_of("PLAIN"), &answer));
    assert_int_equal(answer.kind, PARLEY_ANSWER_PASSWORD);
    assert_true(same(answer.bytes, "se:cr et "));
    assert_true(users_credential(&u.list[0], parley_string_of("SCRAM-SHA-1"), &answer));
    assert_true(same(answer.bytes, SUMMER));
    users_free(&u);
}

#define KEY_20 "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define KEY_32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void users_refused(void **state)
{
    static const char *const cases[][2] = {
        {"", "no users"},
        {"# nobody\n", "no users"},
        {"romeo\n", ":1: no colon"},
        {"a:b\nromeo:\n", ":2: no password"},
        {"a:b\n\n# x\nro meo:x\n", ":4: 'ro meo' cannot be a user's name: wrong at byte 3"},
        {":x\n", ":1: '' cannot be"},
        {"a@b:x\n", ":1: 'a@b'"},
        {"a:x\nb:y\nA:z\n", ":3: user 'a' stands in line 1 already"},
        {"a:x\001y\n", ":1: the password holds"},
        {"a:\xff\n", ":1: the password holds"},
#if !PARLEY_UNICODE
        {"a:\xc3\xa9\n", ":1: the password holds"},
#endif
        {"a:SCRAM-SHA-256$10000\n", ":1: keys have the form"},
        {"a:SCRAM-SHA-256$10000:AAAA$" KEY_32 "\n", ":1: keys have the form"},
        {"a:SCRAM-SHA-7$10000:AAAA$" KEY_32 ":" KEY_32 "\n", ":1: no SCRAM mechanism is called"},
        {"a:SCRAM-SHA-256$100:AAAA$" KEY_32 ":" KEY_32 "\n", ":1: the iteration count"},
        {"a:SCRAM-SHA-256$99999999999:AAAA$" KEY_32 ":" KEY_32 "\n", ":1: the iteration count"},
        {"a:SCRAM-SHA-256$10000:AA A$" KEY_32 ":" KEY_32 "\n", ":1: salt and keys"},
        {"a:SCRAM-SHA-256$10000:$" KEY_32 ":" KEY_32 "\n", ":1: salt and keys"},
        {"a:SCRAM-SHA-256$10000:AAAA$" KEY_20 ":" KEY_32 "\n", ":1: a key of SCRAM-SHA-256 has 32"},
        {"a:SCRAM-SHA-1$10000:AAAA$" KEY_20 ":" KEY_32 "\n", ":1: a key of SCRAM-SHA-1 has 20"},
        {"a:SCRAM-SHA-1$10000:AAAA$" KEY_20 ":" KEY_20 ",SCRAM-SHA-1$10000:AAAA$" KEY_20 ":" KEY_20
         "\n",
         ":1: keys for SCRAM-SHA-1 stand there twice"},
    };
    users u;
    failure f;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put(cases[i][0]);
        assert_false(users_load(&u, path, &f));
        drop();
        assert_int_equal(f.status, STATUS_LOCAL);
        if (!strstr(f.text, cases[i][1]) || strncmp(f.text, path, strlen(path)) != 0) {
            fail_msg("case %zu: %s", i, f.text);
        }
    }
    assert_false(users_load(&u, "no-such-file", &f));
    assert_non_null(strstr(f.text, "no-such-file: cannot be opened"));
}

static void add_user(void **state)
{
    unsigned char salts[USERS_SALTS_SIZE];
    char line[USERS_LINE_SIZE];
    unsigned char stored[PARLEY_HASH_SIZE];
    unsigned char server[PARLEY_HASH_SIZE];
    size_t len;
    users u;
    failure f;
    parley_answer answer;
    (void)state;

    for (size_t i = 0; i < sizeof salts; i++) {
        salts[i] = (unsigned char)i;
    }
    assert_true(users_line(parley_string_of("Mbed"), parley_string_of("mirror"), salts, line, &f));
    assert_null(strstr(line, "mirror"));
    assert_int_equal(strncmp(line, "mbed:SCRAM-SHA-256$10000:AAECAwQFBgcICQoLDA0ODw==$", 49), 0);
    put(line);
    assert_true(users_load(&u, path, &f));
    drop();
    assert_true(users_credential(&u.list[0], parley_string_of("SCRAM-SHA-1"), &answer));
    assert_int_equal(answer.kind, PARLEY_ANSWER_SCRAM);
    assert_int_equal(parley_scram_derive(&parley_scram_sha_1, parley_string_of("mirror"),
                                         answer.keys->salt, answer.keys->iterations, stored, server,
                                         &len),
                     PARLEY_OK);
    assert_int_equal(answer.keys->stored_key.len, len);
    assert_memory_equal(answer.keys->stored_key.data, stored, len);
    assert_memory_equal(answer.keys->server_key.data, server, len);
    /* PLAIN is checked with the keys of SCRAM-SHA-256 */
    assert_true(users_credential(&u.list[0], parley_string_of("PLAIN"), &answer));
    assert_int_equal(answer.keys->stored_key.len, 32);
    /* -PLUS has the same keys; EXTERNAL and ANONYMOUS need none */
    assert_true(users_credential(&u.list[0], parley_string_of("SCRAM-SHA-512-PLUS"), &answer));
    assert_int_equal(answer.keys->stored_key.len, 64);
    assert_true(users_credential(&u.list[0], parley_string_of("SCRAM-SHA-1-PLUS"), &answer));
    assert_int_equal(answer.keys->stored_key.len, 20);
    assert_true(users_credential(&u.list[0], parley_string_of("EXTERNAL"), &answer));
    assert_int_equal(answer.kind, PARLEY_ANSWER_YES);
    assert_true(users_credential(&u.list[0], parley_string_of("ANONYMOUS"), &answer));
    assert_int_equal(answer.kind, PARLEY_ANSWER_USER);
    assert_false(users_credential(&u.list[0], parley_string_of("X-OTHER"), &answer));
    users_free(&u);

    assert_false(users_line(parley_string_of("a/b"), parley_string_of("x"), salts, line, &f));
    assert_false(users_line(parley_string_of("a"), parley_string_of(""), salts, line, &f));
    assert_false(users_line(parley_string_of("a"), parley_string_of("x\ny"), salts, line, &f));
}

static users three_users(void)
{
    users u;
    failure f;
    put("a:x\nb:x\nc:x\n");
    assert_true(users_load(&u, path, &f));
    drop();
    return u;
}

static const parley_string domain = {"example.org", 11};

/* What roster_result_size promises is enough for the items. */
static void result_fits(const roster *r, uint32_t owner)
{
    size_t size = roster_result_size(r);
    char *text = malloc(size);
    parley_writer w;
    roster_item item;
    uint64_t cursor = 0;
    size_t len;

    assert_non_null(text);
    parley_writer_init(&w, text, size - 8 * PARLEY_PART_SIZE, parley_string_of(""));
    parley_writer_start(&w, "q", "jabber:iq:roster");
    while (roster_next(r, owner, &cursor, &item)) {
        roster_write(&w, &item, false);
    }
    parley_writer_end(&w);
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    free(text);
}

static void mesh(void **state)
{
    users u = three_users();
    roster r;
    roster_item item;
    uint64_t cursor = 0;
    failure f;
    (void)state;
    assert_true(roster_init(&r, &u, domain, NULL, &f));
    assert_int_equal(roster_state(&r, 0, 2), ROSTER_TO | ROSTER_FROM | ROSTER_LISTED);
    assert_int_equal(roster_state(&r, 1, 1), 0);
    result_fits(&r, 1);
    assert_true(roster_next(&r, 1, &cursor, &item));
    assert_true(same(item.jid.local, "a"));
    assert_true(roster_next(&r, 1, &cursor, &item));
    assert_true(same(item.jid.local, "c"));
    assert_false(roster_next(&r, 1, &cursor, &item));
    assert_true(roster_remove(&r, 1, &item));
    assert_int_equal(roster_state(&r, 1, 2), 0);
    assert_int_equal(roster_state(&r, 2, 1), ROSTER_TO | ROSTER_FROM | ROSTER_LISTED);
    roster_free(&r);
    users_free(&u);
}

/* Two contacts elsewhere, their JIDs of one length: they must be told apart. */
static void elsewhere(void **state)
{
    users u = three_users();
    roster r;
    failure f;
    roster_item one = {.jid = {.local = parley_string_of("n"), .domain = parley_string_of("x.y")},
                       .name = parley_string_of("One")};
    roster_item two = {.jid = {.local = parley_string_of("m"), .domain = parley_string_of("x.y")},
                       .name = parley_string_of("Two")};
    (void)state;
    assert_true(roster_init(&r, &u, domain, NULL, &f));
    assert_int_equal(roster_put(&r, 0, &one), PARLEY_OK);
    assert_false(roster_find(&r, 0, &two));
    two.name = parley_string_of("Two");
    assert_int_equal(roster_put(&r, 0, &two), PARLEY_OK);
    assert_true(roster_find(&r, 0, &one));
    assert_true(same(one.name, "One"));
    assert_true(roster_remove(&r, 0, &one));
    assert_false(roster_find(&r, 0, &one));
    assert_true(roster_find(&r, 0, &two));
    assert_true(same(two.name, "Two"));
    roster_free(&r);
    users_free(&u);
}

static void table_full(void **state)
{
    users u = three_users();
    roster r;
    failure f;
    char name[16];
    unsigned count = 0;
    roster_item item = {.jid = {.domain = parley_string_of("x.y")}};
    parley_result result = PARLEY_OK;
    (void)state;
    assert_true(roster_init(&r, &u, domain, NULL, &f));
    while (count < 100000 && result == PARLEY_OK) {
        snprintf(name, sizeof name, "n%u", count++);
        item.jid.local = parley_string_of(name);
        result = roster_put(&r, 0, &item);
    }
    assert_int_equal(result, PARLEY_REFUSED);
    assert_int_equal(count, r.size + 1);
    assert_false(roster_set_state(&r, 1, 2, 0));
    item.jid.local = parley_string_of("n7");
    assert_true(roster_remove(&r, 0, &item));
    assert_true(roster_set_state(&r, 1, 2, 0)); /* there is room again */
    roster_free(&r);
    users_free(&u);
}

static void roster_file(void **state)
{
    users u = three_users();
    roster r;
    roster_item item = {.jid = {.local = parley_string_of("b"), .domain = domain}};
    failure f;
    (void)state;
    put("# who knows whom\na b to  Mister B \na x@y.z none <&'>\"<&'>\"<&'>\"<&'>\"\nb a from\na  "
        "nurse@elsewhere.example none\n"
        "c a@example.org\tboth\r\n");
    assert_true(roster_init(&r, &u, domain, path, &f));
    drop();
    assert_int_equal(roster_state(&r, 0, 1), ROSTER_TO | ROSTER_LISTED);
    assert_int_equal(roster_state(&r, 1, 0), ROSTER_FROM | ROSTER_LISTED);
    assert_int_equal(roster_state(&r, 0, 2), ROSTER_TO | ROSTER_FROM | ROSTER_LISTED);
    assert_int_equal(roster_state(&r, 1, 2), 0);
    assert_true(roster_find(&r, 0, &item));
    assert_true(same(item.name, "Mister B "));
    item.jid = (parley_jid){.local = parley_string_of("nurse"),
                            .domain = parley_string_of("elsewhere.example")};
    assert_true(roster_find(&r, 0, &item));
    assert_int_equal(item.state, ROSTER_LISTED);
    result_fits(&r, 0);
    roster_free(&r);
    users_free(&u);
}

static void roster_file_refused(void **state)
{
    static const char *const cases[][2] = {
        {"a b\n", ":1: a line is OWNER CONTACT SUBSCRIPTION"},
        {"a b both\nx b both\n", ":2: 'x' is not in the users file"},
        {"a x both\n", ":1: 'x' is not in the users file"},
        {"x@y.z b both\n", ":1: owner 'x@y.z'"},
        {"a a both\n", ":1: 'a' cannot be an own contact"},
        {"a b maybe\n", ":1: 'maybe' is none of"},
        {"a b both\nb a to\n", ":2: an earlier line says otherwise"},
        {"a x@y@z none\n", ":1: 'x@y@z' is not a bare JID"},
        {"a x@y.z/r none\n", ":1: 'x@y.z/r' is not a bare JID"},
    };
    users u = three_users();
    roster r;
    failure f;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put(cases[i][0]);
        assert_false(roster_init(&r, &u, domain, path, &f));
        drop();
        if (!strstr(f.text, cases[i][1])) {
            fail_msg("case %zu: %s", i, f.text);
        }
    }
    users_free(&u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_read),  cmocka_unit_test(users_refused),
        cmocka_unit_test(add_user),    cmocka_unit_test(mesh),
        cmocka_unit_test(elsewhere),   cmocka_unit_test(table_full),
        cmocka_unit_test(roster_file), cmocka_unit_test(roster_file_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
