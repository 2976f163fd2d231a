/* Turns beside the main line: where white space may stand, offers that are
   too weak, an attempt that takes the place of another, and what still comes
   after our own close (RFC 6120 4.4, 4.6.1, 5.3.3, 6.3.5, 6.4.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "common/stages.h"

static session *open_at(bool server, const char *state)
{
    return server ? stage_server(state, NULL) : stage_client(state, NULL);
}

static size_t hears(session *s, const char *text)
{
    char bytes[4096];
    size_t len = script_expand(text, s->is_server, bytes, sizeof bytes);
    size_t taken = session_feed(s, bytes, len);

    assert_true(taken <= len);
    return len - taken;
}

static void says(session *s, const char *text)
{
    char bytes[4096];

    (void)script_expand(text, s->is_server, bytes, sizeof bytes);
    assert_string_equal(session_said(s), bytes);
}

static void is_at(const session *s, const char *state, parley_code code, const char *where)
{
    const parley_outcome *outcome = session_outcome(s);

    assert_string_equal(session_state_name(s), state);
    assert_string_equal(parley_code_name(outcome->code), parley_code_name(code));
    if (where != NULL) {
        assert_string_equal(session_state_text(s, outcome->state), where);
    }
}

static void fail_tls(session *s)
{
    if (s->is_server) {
        parley_server_tls_failed(&s->core.server, PARLEY_ERROR_TLS_RECORD, 7);
    } else {
        parley_client_tls_failed(&s->core.client, PARLEY_ERROR_TLS_RECORD, 7);
    }
    session_run(s);
}

/* Between elements it may stand (4.6.1), but not during STARTTLS (5.3.3) and SASL (6.3.5). Where
   a header is awaited it stands before the document. */
static void white_space(void **state)
{
    static const struct {
        bool server;
        bool fine;
        const char *state;
    } rows[] = {
        {false, true, "plain_header"},
        {false, true, "plain_features"},
        {false, false, "proceed"},
        {false, true, "secure_header"},
        {false, true, "secure_features"},
        {false, true, "insecure_header"},
        {false, true, "insecure_features"},
        {false, false, "authenticating"},
        {false, false, "proving"},
        {false, false, "proved"},
        {false, true, "authenticated_header"},
        {false, true, "authenticated_features"},
        {false, true, "binding"},
        {false, true, "session"},
        {false, true, "ready"},
        {false, true, "close_sent"},
        {true, true, "plain_header"},
        {true, true, "plain_features"},
        {true, true, "secure_header"},
        {true, true, "insecure_header"},
        {true, true, "mechanisms"},
        {true, false, "challenged"},
        {true, true, "authenticated_header"},
        {true, true, "authenticated_features"},
        {true, true, "ready"},
        {true, true, "close_sent"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        session *s = open_at(rows[i].server, rows[i].state);
        (void)hears(s, "\\n \\t");
        if (rows[i].fine) {
            says(s, "");
            is_at(s, rows[i].state, PARLEY_NO_ERROR, NULL);
            session_shut(s); /* and nobody is blamed for it */
            assert_int_equal(session_outcome(s)->code, PARLEY_NO_ERROR);
            assert_null(strstr(session_said(s), "error"));
        } else {
            says(s, "{ERROR:bad-format}");
            is_at(s, "closing", PARLEY_ERROR_STREAM_TEXT, rows[i].state);
        }
        session_close(s);
    }
}

/* The application is told what was offered, though nothing of it will do. */
static void weak_offers(void **state)
{
    static const char *const at[] = {"secure_features", "insecure_features"};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        session *s = open_at(false, at[i]);
        char told[64];
        assert_int_equal(hears(s, "<stream:features><mechanisms {SASL}><mechanism>X-WEAK"
                                  "</mechanism></mechanisms></stream:features>"),
                         0);
        (void)snprintf(told, sizeof told, "state %s\nfeatures 1\n", at[i]);
        assert_non_null(strstr(s->log, told));
        says(s, "{/}");
        is_at(s, "closing", PARLEY_ERROR_SASL_NO_MECHANISM, at[i]);
        session_close(s);
    }
}

/* A new <auth/> while a challenge is out: the former attempt is void (6.4.2), and a mechanism
   that is not there is a failed one (6.5.7). */
static void another_attempt(void **state)
{
    session *s = open_at(true, "challenged");

    (void)state;
    assert_int_equal(hears(s, "<auth {SASL} mechanism='X-WEAK'/>"), 0);
    says(s, "<failure {SASL}><invalid-mechanism/></failure>");
    is_at(s, "mechanisms", PARLEY_NO_ERROR, NULL);
    assert_int_equal(hears(s, "<auth {SASL} mechanism='PLAIN'>{b64:\\x00mbed\\x00mirror}</auth>"),
                     0);
    says(s, "<success {SASL}/>");
    session_close(s);
}

/* Our close is out. The peer's stream error still says something; TLS that breaks does not. */
static void late_errors(void **state)
{
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = open_at(server != 0, "close_sent");
        assert_int_equal(hears(s, "<stream:error><reset {STREAMS}/></stream:error>"), 0);
        says(s, "");
        assert_non_null(strstr(s->log, "stream-error reset"));
        is_at(s, "closing", PARLEY_ERROR_STREAM_PEER, "close_sent");
        assert_int_equal(session_outcome(s)->condition, PARLEY_RESET);
        assert_int_equal(hears(s, "{/}"), 0);
        is_at(s, "closed", PARLEY_ERROR_STREAM_PEER, "close_sent");
        session_close(s);

        s = open_at(server != 0, "close_sent");
        fail_tls(s);
        says(s, "");
        is_at(s, "closed", PARLEY_NO_ERROR, NULL);
        session_close(s);

        s = open_at(server != 0, "closing");
        fail_tls(s);
        says(s, "");
        is_at(s, "closed", PARLEY_ERROR_STREAM_TEXT, "ready");
        session_close(s);
    }
}

/* Requests can no longer be answered, and are no reason to end otherwise (4.4). */
static void late_requests(void **state)
{
    static const char *const requests[] = {
        "<iq type='set' id='a'><session {SESS}/></iq>",
        "<iq type='set' id='a'><bind {BIND}/></iq>",
        "<iq type='set'><bind {BIND}/></iq>",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        session *s = open_at(true, "close_sent");
        assert_int_equal(hears(s, requests[i]), 0);
        says(s, "");
        is_at(s, "close_sent", PARLEY_NO_ERROR, NULL);
        assert_int_equal(hears(s, "{/}"), 0);
        is_at(s, "closed", PARLEY_NO_ERROR, NULL);
        session_close(s);
    }
}

/* The last attempt ends the stream, wherever it fails (6.4.5); and so do binds (7.6.2.3). */
static void attempts_spent(void **state)
{
    static const struct {
        const char *state;
        const char *text; /* NULL: what is asked for is refused */
        const char *where;
    } rows[] = {
        {"plain_features", "<auth {SASL} mechanism='PLAIN'/>", "plain_features"},
        {"mechanisms", "<auth {SASL} mechanism='X-WEAK'/>", "mechanisms"},
        {"mechanisms", "<auth {SASL} mechanism='SCRAM-SHA-256'>{b64:x}</auth>", "nonce"},
        {"credential", NULL, "credential"},
        {"challenged", "<abort {SASL}/>", "challenged"},
        {"challenged", "<response {SASL}>*</response>", "challenged"},
        /* The proof is found wrong when the key has been derived. */
        {"challenged",
         "<response {SASL}>{b64:c=biws,r=clientnonceJCUmJygpKissLS4vMDEyMzQ1,"
         "p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=}</response>",
         "deriving"},
        {"authorizing", NULL, "authorizing"},
        {"authenticated_features", "<iq type='set'><bind {BIND}/></iq>", "authenticated_features"},
        {"binding", NULL, "binding"},
    };
    parley_server_config config;
    session *s;
    size_t i;

    (void)state;
    stage_server_config(&config);
    config.policy.attempts = 1;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        s = stage_server(rows[i].state, &config);
        if (rows[i].text != NULL) {
            assert_int_equal(hears(s, rows[i].text), 0);
        } else {
            assert_int_equal(parley_server_refuse(&s->core.server, PARLEY_REFUSE_UNAVAILABLE),
                             PARLEY_OK);
            session_run(s);
        }
        says(s, "{ERROR:policy-violation}");
        is_at(s, "closing", PARLEY_ERROR_SASL_ATTEMPTS, rows[i].where);
        session_close(s);
    }
}

/* A header that will not do, wherever a stream begins: an address that is none, more names than
   are kept, a stream that is empty, a host that is not served (4.7.2, 4.9.3.6, 4.9.3.7). */
static void hosts(void **state)
{
    static const char *const at[][2] = {{"plain_header", "plain_host"},
                                        {"secure_header", "secure_host"},
                                        {"insecure_header", "insecure_host"},
                                        {"authenticated_header", "authenticated_host"}};
    static const char header[] = "<s:stream xmlns:s='{STREAM}' xmlns='jabber:client' version='1.0'";
    size_t i;
    size_t n;

    (void)state;
    for (i = 0; i < sizeof at / sizeof at[0]; i++) {
        char text[4096];
        session *s = stage_server(at[i][0], NULL);
        (void)snprintf(text, sizeof text, "%s to='a@@b'>", header);
        assert_int_equal(hears(s, text), 0);
        assert_non_null(strstr(session_said(s), "<improper-addressing"));
        is_at(s, "closing", PARLEY_ERROR_STREAM_TO, at[i][1]);
        session_close(s);

        s = stage_server(at[i][0], NULL);
        (void)snprintf(text, sizeof text, "%s to='example.com'", header);
        for (n = 0; n < 12; n++) {
            (void)snprintf(text + strlen(text), sizeof text - strlen(text),
                           " xmlns:a%zu='urn:example:%032zu'", n, n);
        }
        (void)hears(s, strcat(text, ">"));
        is_at(s, "closing", PARLEY_ERROR_XML_MEMORY, at[i][1]);
        session_close(s);

        s = stage_server(at[i][0], NULL);
        (void)snprintf(text, sizeof text, "%s to='example.com'/>", header);
        assert_int_equal(hears(s, text), 0);
        says(s, "");
        is_at(s, "closed", PARLEY_ERROR_STREAM_CLOSED_EARLY, at[i][1]);
        session_close(s);

        s = stage_server(at[i][1], NULL);
        assert_int_equal(parley_server_refuse(&s->core.server, PARLEY_REFUSE_UNKNOWN), PARLEY_OK);
        session_run(s);
        assert_non_null(strstr(session_said(s), "<host-unknown"));
        is_at(s, "closing", PARLEY_ERROR_STREAM_TO, at[i][1]);
        session_close(s);
    }
}

/* No stream without a number for its id (4.7.3): none begins. */
static void no_randomness(void **state)
{
    static const char *const at[] = {"plain_header", "insecure_header", "secure_header",
                                     "authenticated_header"};
    static const char auth[] = "<auth {SASL} mechanism='PLAIN'>{b64:\\x00mbed\\x00mirror}</auth>";
    parley_server_config config;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof at / sizeof at[0]; i++) {
        session *s;
        stage_server_config(&config);
        s = stage_server(i < 2 ? "start" : i == 2 ? "handshake" : "mechanisms", &config);
        s->refused = 1u << PARLEY_REQUEST_RANDOM;
        if (i == 0) {
            session_begin(s);
        } else if (i == 1) {
            session_begin_insecure(s);
        } else if (i == 2) {
            session_tls_up(s, true);
        } else {
            assert_int_equal(hears(s, auth), 0);
            says(s, "<success {SASL}/>");
        }
        says(s, "");
        is_at(s, "closing", PARLEY_ERROR_NO_ENTROPY, at[i]);
        session_close(s);
    }
}

/* A second close says nothing and changes nothing (4.4). */
static void closed_twice(void **state)
{
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = open_at(server != 0, "close_sent");
        session_shut(s);
        says(s, "");
        is_at(s, "close_sent", PARLEY_NO_ERROR, NULL);
        session_close(s);
    }
}

/* After our close has gone out a failure of ours is nobody's business. */
static void late_failures(void **state)
{
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = open_at(server != 0, "close_sent");
        if (server != 0) {
            parley_server_fail(&s->core.server, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
        } else {
            parley_client_fail(&s->core.client, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
        }
        session_run(s);
        says(s, "");
        is_at(s, "closing", PARLEY_ERROR_LOCAL, "close_sent");
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space),     cmocka_unit_test(weak_offers),
        cmocka_unit_test(another_attempt), cmocka_unit_test(late_errors),
        cmocka_unit_test(late_requests),   cmocka_unit_test(attempts_spent),
        cmocka_unit_test(hosts),           cmocka_unit_test(no_randomness),
        cmocka_unit_test(late_failures),   cmocka_unit_test(closed_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
