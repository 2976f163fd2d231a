/* Requests, both roles: answers of the wrong kind or length, a second answer,
   refusals of each kind, and that the deadline goes on while one is pending. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "common/stages.h"

typedef struct request_state {
    bool server;
    const char *state; /* of which the request is */
    parley_request_kind kind;
    parley_answer_kind answer;
    const char *next; /* where the right answer leads */
} request_state;

static const request_state table[] = {
    {false, "mechanism", PARLEY_REQUEST_RANDOM, PARLEY_ANSWER_RANDOM, "mechanism"},
    {false, "credential", PARLEY_REQUEST_CREDENTIAL, PARLEY_ANSWER_PASSWORD, "deriving"},
    {true, "plain_host", PARLEY_REQUEST_HOST, PARLEY_ANSWER_YES, "plain_features"},
    {true, "secure_host", PARLEY_REQUEST_HOST, PARLEY_ANSWER_YES, "mechanisms"},
    {true, "insecure_host", PARLEY_REQUEST_HOST, PARLEY_ANSWER_YES, "mechanisms"},
    {true, "nonce", PARLEY_REQUEST_RANDOM, PARLEY_ANSWER_RANDOM, "credential"},
    {true, "credential", PARLEY_REQUEST_CREDENTIAL, PARLEY_ANSWER_PASSWORD, "challenged"},
    {true, "authorizing", PARLEY_REQUEST_AUTHORIZE, PARLEY_ANSWER_YES, "authenticated_header"},
    {true, "authenticated_host", PARLEY_REQUEST_HOST, PARLEY_ANSWER_YES, "authenticated_features"},
    {true, "binding", PARLEY_REQUEST_BIND, PARLEY_ANSWER_RESOURCE, "ready"},
};

static session *open_at(const request_state *row)
{
    return row->server ? stage_server(row->state, NULL) : stage_client(row->state, NULL);
}

static bool asked(const session *s, parley_request *request)
{
    return s->is_server ? parley_server_request(&s->core.server, request)
                        : parley_client_request(&s->core.client, request);
}

static parley_result answer(session *s, parley_answer_kind kind, const char *bytes, size_t len)
{
    parley_answer given = {kind, {bytes, len}, NULL};

    return s->is_server ? parley_server_answer(&s->core.server, &given)
                        : parley_client_answer(&s->core.client, &given);
}

static parley_result refuse(session *s, parley_refusal refusal)
{
    return s->is_server ? parley_server_refuse(&s->core.server, refusal)
                        : parley_client_refuse(&s->core.client, refusal);
}

static parley_result answer_right(session *s, const request_state *row,
                                  const parley_request *request)
{
    static const char random[64] = "random bytes that are not";

    switch (row->answer) {
    case PARLEY_ANSWER_RANDOM:
        return answer(s, row->answer, random, request->random_len);
    case PARLEY_ANSWER_PASSWORD:
        return answer(s, row->answer, "mirror", 6);
    case PARLEY_ANSWER_RESOURCE:
        return answer(s, row->answer, "r", 1);
    default:
        return answer(s, row->answer, NULL, 0);
    }
}

/* Every other kind is misuse, and the request stays. A second answer is none. */
static void wrong_kinds_and_second_answers(void **state)
{
    size_t i;
    unsigned kind;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        session *s = open_at(&table[i]);
        parley_request request;
        parley_request again;
        for (kind = PARLEY_ANSWER_YES; kind <= PARLEY_ANSWER_RESOURCE; kind++) {
            bool may = kind == (unsigned)table[i].answer ||
                       (kind == PARLEY_ANSWER_SCRAM && table[i].answer == PARLEY_ANSWER_PASSWORD &&
                        table[i].server);
            if (!may) {
                assert_int_equal(answer(s, (parley_answer_kind)kind, "12345678", 8), PARLEY_MISUSE);
            }
            assert_true(asked(s, &request));
            assert_int_equal(request.kind, table[i].kind);
            assert_string_equal(session_state_name(s), table[i].state);
        }
        if (table[i].kind == PARLEY_REQUEST_RANDOM) { /* not a byte fewer or more */
            static const char random[64] = "";
            assert_int_equal(answer(s, PARLEY_ANSWER_RANDOM, random, request.random_len - 1),
                             PARLEY_MISUSE);
            assert_int_equal(answer(s, PARLEY_ANSWER_RANDOM, random, request.random_len + 1),
                             PARLEY_MISUSE);
        }
        if (table[i].kind == PARLEY_REQUEST_BIND) { /* not a resource */
            assert_int_equal(answer(s, PARLEY_ANSWER_RESOURCE, "", 0), PARLEY_MISUSE);
            assert_int_equal(answer(s, PARLEY_ANSWER_RESOURCE, "a\tb", 3), PARLEY_MISUSE);
        }
        assert_string_equal(session_said(s), "");
        assert_int_equal(answer_right(s, &table[i], &request), PARLEY_OK);
        assert_string_equal(session_state_name(s), table[i].next);
        if (!asked(s, &again)) {
            assert_int_equal(answer_right(s, &table[i], &request), PARLEY_MISUSE);
            assert_int_equal(refuse(s, PARLEY_REFUSE_DENIED), PARLEY_MISUSE);
        }
        session_close(s);
    }
}

/* The deadline of the state goes on; an answer after it is too late. */
static void late_answers(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        session *s = open_at(&table[i]);
        parley_request request;
        assert_true(asked(s, &request));
        session_expire(s);
        assert_string_equal(session_state_name(s), "closing");
        assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_STREAM_DEADLINE);
        assert_int_equal(answer_right(s, &table[i], &request), PARLEY_MISUSE);
        assert_int_equal(refuse(s, PARLEY_REFUSE_DENIED), PARLEY_MISUSE);
        assert_false(asked(s, &request));
        session_close(s);
    }
}

/* The same when the peer has gone. */
static void answers_to_nobody(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        session *s = open_at(&table[i]);
        parley_request request;
        assert_true(asked(s, &request));
        session_finish(s);
        assert_int_equal(answer_right(s, &table[i], &request), PARLEY_MISUSE);
        assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_STREAM_CUT);
        session_close(s);
    }
}

#define FAILURE(condition) "<failure {SASL}><" condition "/></failure>"
#define BIND_ERROR(type, condition) \
    "<iq type='error' id='b'><error type='" type "'><" condition " {STANZAS}/></error></iq>"

typedef struct refused_state {
    bool server;
    const char *state;
    parley_refusal refusal;
    const char *says;
    const char *next;
    parley_code code;
} refused_state;

static const refused_state refusals[] = {
    {false, "mechanism", PARLEY_REFUSE_UNAVAILABLE, "{/}", "closing", PARLEY_ERROR_NO_ENTROPY},
    {false, "credential", PARLEY_REFUSE_UNKNOWN, "{/}", "closing", PARLEY_ERROR_NO_CREDENTIAL},
    {false, "credential", PARLEY_REFUSE_DENIED, "{/}", "closing", PARLEY_ERROR_NO_CREDENTIAL},
    {true, "plain_host", PARLEY_REFUSE_UNKNOWN, "{NOFROM}{ERROR:host-unknown}", "closing",
     PARLEY_ERROR_STREAM_TO},
    {true, "secure_host", PARLEY_REFUSE_DENIED, "{NOFROM2}{ERROR:host-unknown}", "closing",
     PARLEY_ERROR_STREAM_TO},
    {true, "authenticated_host", PARLEY_REFUSE_UNKNOWN, "{NOFROM3}{ERROR:host-unknown}", "closing",
     PARLEY_ERROR_STREAM_TO},
    {true, "nonce", PARLEY_REFUSE_UNAVAILABLE, "{ERROR:internal-server-error}", "closing",
     PARLEY_ERROR_NO_ENTROPY},
    {true, "credential", PARLEY_REFUSE_UNAVAILABLE, FAILURE("temporary-auth-failure"), "mechanisms",
     PARLEY_NO_ERROR},
    {true, "authorizing", PARLEY_REFUSE_DENIED, FAILURE("invalid-authzid"), "mechanisms",
     PARLEY_NO_ERROR},
    {true, "authorizing", PARLEY_REFUSE_UNKNOWN, FAILURE("invalid-authzid"), "mechanisms",
     PARLEY_NO_ERROR},
    {true, "binding", PARLEY_REFUSE_CONFLICT, BIND_ERROR("modify", "conflict"),
     "authenticated_features", PARLEY_NO_ERROR},
    {true, "binding", PARLEY_REFUSE_UNAVAILABLE, BIND_ERROR("wait", "resource-constraint"),
     "authenticated_features", PARLEY_NO_ERROR},
    {true, "binding", PARLEY_REFUSE_DENIED, BIND_ERROR("cancel", "not-allowed"),
     "authenticated_features", PARLEY_NO_ERROR},
    {true, "binding", PARLEY_REFUSE_UNKNOWN, BIND_ERROR("cancel", "not-allowed"),
     "authenticated_features", PARLEY_NO_ERROR},
};

static void each_refusal(void **state)
{
    size_t i;
    char bytes[2048];

    (void)state;
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const refused_state *row = &refusals[i];
        session *s = row->server ? stage_server(row->state, NULL) : stage_client(row->state, NULL);
        assert_int_equal(refuse(s, row->refusal), PARLEY_OK);
        session_run(s);
        (void)script_expand(row->says, row->server, bytes, sizeof bytes);
        assert_string_equal(session_said(s), bytes);
        assert_string_equal(session_state_name(s), row->next);
        assert_int_equal(session_outcome(s)->code, row->code);
        assert_int_equal(refuse(s, row->refusal), PARLEY_MISUSE);
        session_close(s);
    }
}

/* An unknown user is led to the end of an attempt; only there it fails. */
static void an_unknown_user_goes_all_the_way(void **state)
{
    session *s = stage_server("credential", NULL);
    const char *said;

    (void)state;
    assert_int_equal(refuse(s, PARLEY_REFUSE_UNKNOWN), PARLEY_OK);
    session_run(s);
    assert_string_equal(session_state_name(s), "challenged");
    said = session_said(s);
    assert_int_equal(strncmp(said, "<challenge ", 11), 0);
    session_close(s);
}

/* A password that cannot be one: the client fails by itself; the server says not-authorized. */
static void unusable_passwords(void **state)
{
    static const char bad[] = "mir\x01ror";
    static char longest[PARLEY_PASSWORD_SIZE + 1];
    int server;

    (void)state;
    memset(longest, 'p', sizeof longest);
    for (server = 0; server < 2; server++) {
        session *s = server != 0 ? stage_server("credential", NULL)
                                 : stage_client("credential", NULL);
        assert_int_equal(answer(s, PARLEY_ANSWER_PASSWORD, bad, sizeof bad - 1), PARLEY_REFUSED);
        session_run(s);
        assert_string_equal(session_state_name(s), server != 0 ? "mechanisms" : "closing");
        if (server == 0) {
            assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_SASL_CREDENTIAL);
        }
        session_close(s);

        s = server != 0 ? stage_server("credential", NULL) : stage_client("credential", NULL);
        assert_int_equal(answer(s, PARLEY_ANSWER_PASSWORD, longest, sizeof longest),
                         PARLEY_REFUSED);
        session_close(s);

        s = server != 0 ? stage_server("credential", NULL) : stage_client("credential", NULL);
        assert_int_equal(answer(s, PARLEY_ANSWER_PASSWORD, NULL, 0), PARLEY_REFUSED);
        session_close(s);

        s = server != 0 ? stage_server("credential", NULL) : stage_client("credential", NULL);
        assert_int_equal(answer(s, PARLEY_ANSWER_PASSWORD, longest, sizeof longest - 1), PARLEY_OK);
        session_close(s);
    }
}

/* Zero bytes at any time change nothing. */
static void nothing_pushed(void **state)
{
    size_t i;
    int server;
    unsigned j;

    (void)state;
    for (server = 0; server < 2; server++) {
        const char *const *names = server != 0 ? stages_server : stages_client;
        for (i = 0; names[i] != NULL; i++) {
            session *s = server != 0 ? stage_server(names[i], NULL) : stage_client(names[i], NULL);
            for (j = 0; j < 3; j++) {
                assert_int_equal(server != 0 ? parley_server_push(&s->core.server, NULL, 0)
                                             : parley_client_push(&s->core.client, NULL, 0),
                                 0);
                assert_int_equal(server != 0 ? parley_server_push(&s->core.server, "x", 0)
                                             : parley_client_push(&s->core.client, "x", 0),
                                 0);
            }
            session_run(s);
            assert_string_equal(session_state_name(s), names[i]);
            assert_string_equal(session_said(s), "");
            session_close(s);
        }
    }
}

/* RFC 6120 4.9.3.19: see-other-host says which; what is no address leaves the session as it is. */
static void redirected(void **state)
{
    static const char *const wrong[] = {"",    "a b",  "a:",  "a:0", "a:65536",
                                        "a:b", "[::1", "a/r", "u@a"};
    static const char *const states[] = {"plain_features", "mechanisms", "authenticated_features",
                                         "ready", "secure_host"};
    parley_redirect_target target;
    char buffer[PARLEY_REDIRECT_SIZE];
    size_t i;
    size_t k;

    (void)state;
    for (i = 0; i < sizeof states / sizeof states[0]; i++) {
        static const char address[] = "other.example.com:5223";
        session *s = stage_server(states[i], NULL);

        for (k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
            assert_int_equal(parley_server_redirect(&s->core.server, session_string(wrong[k])),
                             PARLEY_ILLEGAL);
        }
        assert_string_equal(session_state_name(s), states[i]);
        assert_int_equal(parley_server_redirect(&s->core.server, session_string(address)),
                         PARLEY_OK);
        session_run(s);
        assert_non_null(strstr(session_said(s),
                               "<stream:error><see-other-host "
                               "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>other.example.com:5223"
                               "</see-other-host></stream:error></stream:stream>"));
        assert_int_equal(session_outcome(s)->condition, PARLEY_SEE_OTHER_HOST);
        assert_string_equal(session_state_text(s, session_outcome(s)->state), states[i]);
        assert_int_equal(parley_redirect_parse(session_string(address), buffer, sizeof buffer,
                                               &target),
                         PARLEY_OK);
        session_close(s);

        s = stage_server(states[i], NULL); /* without an address it is not said */
        parley_server_fail(&s->core.server, PARLEY_ERROR_LOCAL, PARLEY_SEE_OTHER_HOST);
        session_run(s);
        assert_non_null(strstr(session_said(s), "<undefined-condition "));
        session_close(s);
    }
}

/* RFC 6120 4.7.4: English is what this server speaks, whatever is asked for. */
static void answered_in_english(void **state)
{
    static const char *const tags[] = {"", " xml:lang='en'", " xml:lang='en-GB'", " xml:lang='de'",
                                       " xml:lang=''"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        session *s = stage_server("plain_header", NULL);
        char header[256];

        (void)snprintf(header, sizeof header,
                       "<stream:stream to='example.com' version='1.0' xmlns='jabber:client' "
                       "xmlns:stream='http://etherx.jabber.org/streams'%s>",
                       tags[i]);
        (void)session_feed_text(s, header);
        if (strcmp(session_state_name(s), "plain_host") == 0) {
            assert_int_equal(answer(s, PARLEY_ANSWER_YES, NULL, 0), PARLEY_OK);
            session_run(s);
        }
        assert_non_null(strstr(session_said(s), " xml:lang='en'>"));
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answered_in_english),
        cmocka_unit_test(redirected),
        cmocka_unit_test(wrong_kinds_and_second_answers),
        cmocka_unit_test(late_answers),
        cmocka_unit_test(answers_to_nobody),
        cmocka_unit_test(each_refusal),
        cmocka_unit_test(an_unknown_user_goes_all_the_way),
        cmocka_unit_test(unusable_passwords),
        cmocka_unit_test(nothing_pushed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
