/* Passwords in the mechanisms, prepared by each setting, and XEP-0106's escaping.
   Built without Unicode's tables, what goes beyond ASCII is refused. */
#include "sasl_attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/guard.h"
#include "common/reasons.h"
#include "common/rows.h"
#include "parley/jid.h"

/* One attempt with the client's password and the server's; whether it proved. */
static bool scram(const parley_mechanism *mechanism, parley_password_preparation how,
                  const char *client_password, const char *server_password)
{
    static attempt client, server;
    sasl_context as_client = client_context("romeo");
    sasl_context as_server = server_context();

    attempt_init(&client, mechanism);
    attempt_init(&server, mechanism);
    client.sasl.preparation = server.sasl.preparation = (uint8_t)how;
    assert_int_equal(mechanism->client_start(&client.sasl, &as_client), SASL_SEND);
    assert_int_equal(mechanism->server_start(&server.sasl, &as_server, client.sasl.out),
                     SASL_CREDENTIAL);
    if (give_password(&server, false, text_of(server_password)) != SASL_SEND) {
        assert_int_equal(server.sasl.code, PARLEY_ERROR_SASL_CREDENTIAL);
        return false;
    }
    assert_false(attempt_holds(&server, server_password, strlen(server_password)));
    assert_int_equal(mechanism->client_step(&client.sasl, server.sasl.out), SASL_CREDENTIAL);
    if (give_password(&client, true, text_of(client_password)) != SASL_WORK) {
        assert_int_equal(client.sasl.code, PARLEY_ERROR_SASL_CREDENTIAL);
        assert_true(attempt_is_blank(&client));
        return false;
    }
    /* Neither as it was nor prepared. */
    assert_false(attempt_holds(&client, client_password, strlen(client_password)));
    assert_false(attempt_holds(&client, server_password, strlen(server_password)));
    assert_int_equal(work_through(&client, 5000, NULL), SASL_SEND);
    assert_int_equal(mechanism->server_step(&server.sasl, client.sasl.out), SASL_WORK);
    return work_through(&server, 5000, NULL) == SASL_PROVED;
}

static void scram_passwords(void **state)
{
    static const struct {
        const char *client, *server;
        bool saslprep, opaque;
    } cases[] = {
        {"secret", "secret", true, true},
        {"pa ss", "pa ss", true, true},
        {"I\xc2\xadXsecret", "IXsecret", true, false}, /* RFC 4013's example, longer */
        {"\xe2\x85\xa8secret", "IXsecret", true, false},
        {"secre\xcc\x81t", "secr\xc3\xa9t", true, true},
        {"sec\xc2\xa0ret", "sec ret", true, true},
        {"secret\xf0\x9f\x8d\xba", "secret\xf0\x9f\x8d\xba", false, true}, /* RFC 5802: stored */
        {"secret\xd8\xa7", "secret\xd8\xa7", false, true},                 /* two directions */
        {"secret\xc2\x85", "secret\xc2\x85", false, false},
        {"secr\xc3\xa9t", "secret", false, false},
    };
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_1,
                                                         &parley_scram_sha_256};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool tables = PARLEY_UNICODE || i < 2;

        for (size_t m = 0; m < 2; m++) {
            if (scram(mechanisms[m], PARLEY_SASLPREP, cases[i].client, cases[i].server) !=
                    (cases[i].saslprep && tables) ||
                scram(mechanisms[m], PARLEY_OPAQUE_STRING, cases[i].client, cases[i].server) !=
                    (cases[i].opaque && tables)) {
                fail_msg("case %zu", i);
            }
        }
    }
}

/* The client's message, and whether the server proves it. */
static bool plain(parley_password_preparation how, const char *client_password,
                  const char *server_password, const char *sent)
{
    static attempt client, server;
    sasl_context as_client = client_context("romeo");
    sasl_context as_server = server_context();
    const parley_mechanism *mechanism = &parley_plain;
    char message[64] = "\0romeo";

    attempt_init(&client, mechanism);
    attempt_init(&server, mechanism);
    client.sasl.preparation = server.sasl.preparation = (uint8_t)how;
    assert_int_equal(mechanism->client_start(&client.sasl, &as_client), SASL_CREDENTIAL);
    if (sent == NULL) {
        assert_int_equal(give_password(&client, true, text_of(client_password)), SASL_REFUSED);
        assert_true(attempt_is_blank(&client));
    } else {
        assert_int_equal(give_password(&client, true, text_of(client_password)), SASL_SEND);
        assert_int_equal(client.sasl.out.len, 7 + strlen(sent));
        assert_memory_equal(client.sasl.out.data + 7, sent, strlen(sent));
    }
    /* A client that prepares nothing is the server's to prepare. */
    memcpy(message + 7, client_password, strlen(client_password));
    assert_int_equal(mechanism->server_start(&server.sasl, &as_server,
                                             (parley_string){message, 7 + strlen(client_password)}),
                     SASL_CREDENTIAL);
    assert_false(attempt_holds(&server, client_password, strlen(client_password)));
    if (give_password(&server, false, text_of(server_password)) != SASL_WORK) {
        assert_int_equal(server.sasl.code, PARLEY_ERROR_SASL_CREDENTIAL);
        return false;
    }
    assert_false(attempt_holds(&server, server_password, strlen(server_password)));
    return work_through(&server, 5000, NULL) == SASL_PROVED;
}

static void plain_passwords(void **state)
{
    (void)state;
    assert_true(plain(PARLEY_SASLPREP, "secret", "secret", "secret"));
    assert_false(plain(PARLEY_SASLPREP, "secret", "other1", "secret"));
    if (PARLEY_UNICODE) {
        assert_true(plain(PARLEY_SASLPREP, "I\xc2\xadXsecret", "IXsecret", "IXsecret"));
        assert_true(plain(PARLEY_OPAQUE_STRING, "a\xc2\xa0secret", "a secret", "a secret"));
        assert_false(
            plain(PARLEY_OPAQUE_STRING, "\xe2\x85\xa8secret", "IXsecret", "\xe2\x85\xa8secret"));
        /* RFC 4616: a query may hold what Unicode 3.2 does not know, what is stored not. */
        assert_false(plain(PARLEY_SASLPREP, "secret\xf0\x9f\x8d\xba", "secret\xf0\x9f\x8d\xba",
                           "secret\xf0\x9f\x8d\xba"));
        assert_true(plain(PARLEY_OPAQUE_STRING, "secret\xf0\x9f\x8d\xba", "secret\xf0\x9f\x8d\xba",
                          "secret\xf0\x9f\x8d\xba"));
        assert_false(plain(PARLEY_SASLPREP, "secret\xe2\x80\x8e", "secret", NULL));
    } else {
        assert_false(plain(PARLEY_SASLPREP, "secr\xc3\xa9t", "secr\xc3\xa9t", NULL));
        assert_false(plain(PARLEY_OPAQUE_STRING, "secr\xc3\xa9t", "secr\xc3\xa9t", NULL));
    }
}

static void reasons(void **state)
{
    static const struct {
        const char *password;
        bool stored;
        const char *saslprep, *opaque; /* words of the reasons; NULL: none */
    } cases[] = {
        {"secret", true, NULL, NULL},
        {"", true, "not empty", "not empty"},
        {"a\tb", true, "control", "control"},
        {"a\x7f", true, "control", "control"},
        {"\xc3", true, "UTF-8", "UTF-8"},
        {"a\xc2\xa0z", true, NULL, NULL},
        {"\xc2\xad", true, "nothing is left", "symbol"},
        {"a\xe2\x80\xae", true, "prohibits", "symbol"},
        {"\xf0\x9f\x8d\xba", true, "OpaqueString", NULL},
        {"\xf0\x9f\x8d\xba", false, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int how = PARLEY_SASLPREP; how <= PARLEY_OPAQUE_STRING; how++) {
            parley_string password = parley_string_of(cases[i].password);
            const char *word = how == PARLEY_SASLPREP ? cases[i].saslprep : cases[i].opaque;
            const char *reason = parley_password_reason((parley_password_preparation)how,
                                                        cases[i].stored, password);
            char buffer[PARLEY_PASSWORD_SIZE];
            parley_string prepared;

            if (!PARLEY_UNICODE && i > 3) { /* nor is its UTF-8 looked at */
                word = "PARLEY_UNICODE=ON";
            }
            if (word == NULL ? reason != NULL : !reason_has(reason, word)) {
                fail_msg("case %zu, %d: %s", i, how, reason == NULL ? "none" : reason);
            }
            assert_int_equal(parley_password_prepare((parley_password_preparation)how,
                                                     cases[i].stored, password, buffer,
                                                     sizeof buffer, &prepared),
                             word == NULL ? PARLEY_OK : PARLEY_ILLEGAL);
        }
    }
}

/* Up to PARLEY_PASSWORD_SIZE bytes, before and after. */
static void sizes(void **state)
{
    static char text[PARLEY_PASSWORD_SIZE + 1], buffer[PARLEY_PASSWORD_SIZE];
    parley_string prepared = {NULL, 0};
    parley_string password = {text, PARLEY_PASSWORD_SIZE};

    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, NULL, 0, &prepared),
                     PARLEY_OK);
    assert_ptr_equal(prepared.data, text);
    password.len++;
    assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, NULL, 0, &prepared),
                     PARLEY_ILLEGAL);
    if (PARLEY_UNICODE) {
        /* U+FDFA, 3 bytes, becomes 18 characters. */
        for (size_t i = 0; i < 40; i++) {
            memcpy(text + 3 * i, "\xef\xb7\xba", 3);
        }
        password.len = 3;
        assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, buffer, 32,
                                                 &prepared),
                         PARLEY_NO_ROOM);
        assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, buffer, 33,
                                                 &prepared),
                         PARLEY_OK);
        assert_int_equal(prepared.len, 33);
        password.len = 3 * 31;
        assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, buffer,
                                                 sizeof buffer, &prepared),
                         PARLEY_OK);
        password.len += 3;
        assert_int_equal(parley_password_prepare(PARLEY_SASLPREP, true, password, buffer,
                                                 sizeof buffer, &prepared),
                         PARLEY_ILLEGAL);
    }
}

/* Keys of a password prepared otherwise are those of what it is prepared to. */
static void derived_keys(void **state)
{
    unsigned char stored[2][PARLEY_HASH_SIZE], server[2][PARLEY_HASH_SIZE];
    size_t len = 0;
    parley_string salt = parley_string_of("salt");
    parley_string password = parley_string_of(PARLEY_UNICODE ? "se\xc2\xad"
                                                               "cret"
                                                             : "secret");

    (void)state;
    assert_int_equal(parley_scram_derive(&parley_scram_sha_256, password, salt, 10, stored[0],
                                         server[0], &len),
                     PARLEY_OK);
    assert_int_equal(parley_scram_derive_prepared(&parley_scram_sha_256, parley_string_of("secret"),
                                                  salt, 10, stored[1], server[1], &len),
                     PARLEY_OK);
    assert_int_equal(len, 32);
    assert_memory_equal(stored[0], stored[1], len);
    assert_memory_equal(server[0], server[1], len);
    assert_int_equal(parley_scram_derive_prepared(&parley_scram_sha_256, (parley_string){"", 0},
                                                  salt, 10, stored[1], server[1], &len),
                     PARLEY_REFUSED);
}

static void escaping(void **state)
{
    rows r;

    (void)state;
    rows_open(&r, "vectors/xep0106.tsv");
    while (rows_next(&r)) {
        char buffer[256], room[1024];
        parley_string plain_text = parley_string_of(r.field[0]);
        parley_string escaped = parley_string_of(r.field[1]);
        parley_string result = {NULL, 0};
        guard output;
        char *exact;

        assert_int_equal(parley_jid_escape(plain_text, room, sizeof room, &result), PARLEY_OK);
        if (!parley_string_equal(result, escaped)) {
            fail_msg("row %u: %.*s", r.number, (int)result.len, result.data);
        }
        exact = guard_open(&output, escaped.len);
        assert_int_equal(parley_jid_escape(plain_text, exact, escaped.len, &result), PARLEY_OK);
        for (size_t size = 0; size < escaped.len; size++) {
            assert_int_equal(parley_jid_escape(plain_text, buffer, size, &result), PARLEY_NO_ROOM);
        }
        guard_close(&output);
        exact = guard_copy(&output, escaped.data, escaped.len);
        assert_int_equal(parley_jid_unescape((parley_string){exact, escaped.len}, buffer,
                                             sizeof buffer, &result),
                         PARLEY_OK);
        if (!parley_string_equal(result, plain_text)) {
            fail_msg("row %u back: %.*s", r.number, (int)result.len, result.data);
        }
        assert_int_equal(parley_jid_unescape(escaped, room, plain_text.len - 1, &result),
                         PARLEY_NO_ROOM);
        guard_close(&output);
    }
    assert_int_equal(r.number, 18);
}

/* Section 4.2: no space at either end; what begins like an escape and is none stays. */
static void escaping_edges(void **state)
{
    char buffer[64];
    parley_string result;

    (void)state;
    assert_int_equal(parley_jid_escape(parley_string_of(" a"), buffer, 64, &result),
                     PARLEY_ILLEGAL);
    assert_int_equal(parley_jid_escape(parley_string_of("a "), buffer, 64, &result),
                     PARLEY_ILLEGAL);
    assert_int_equal(parley_jid_unescape(parley_string_of("\\20a\\20"), buffer, 64, &result),
                     PARLEY_OK);
    assert_true(parley_string_equal(result, parley_string_of("\\20a\\20")));
    assert_int_equal(parley_jid_unescape(parley_string_of("a\\2"), buffer, 64, &result), PARLEY_OK);
    assert_true(parley_string_equal(result, parley_string_of("a\\2")));
    assert_int_equal(parley_jid_unescape(parley_string_of("a\\2F\\23"), buffer, 64, &result),
                     PARLEY_OK);
    assert_true(parley_string_equal(result, parley_string_of("a\\2F\\23")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scram_passwords), cmocka_unit_test(plain_passwords),
        cmocka_unit_test(reasons),         cmocka_unit_test(sizes),
        cmocka_unit_test(derived_keys),    cmocka_unit_test(escaping),
        cmocka_unit_test(escaping_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
