/* How a session ends, from every state of both roles: the end of input, either
   side's close, the deadline, a stream error, a failure of ours (RFC 6120 4.4,
   4.6.1, 4.9.1). What each state says then follows from a few facts about it,
   stated here by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "common/stages.h"

enum {
    OURS = 1,  /* our header is sent: we say why, and close */
    PEERS = 2, /* the peer's header is read: it can say so */
    ASKS = 4,  /* a request or work is pending: no input is taken */
    WIRE = 8   /* TLS has the wire */
};

/* Milliseconds that tell the deadlines apart. */
enum { NONE = 0, OPEN = 11, TLS = 12, SASL = 13, BIND = 14, READY = 15, CLOSING = 16 };

typedef struct facts {
    const char *state;
    unsigned is;
    uint32_t deadline;
} facts;

static const facts client_facts[] = {
    {"plain_header", OURS, OPEN},
    {"plain_features", OURS | PEERS, OPEN},
    {"proceed", OURS | PEERS, TLS},
    {"handshake", WIRE, TLS},
    {"secure_header", OURS, OPEN},
    {"secure_features", OURS | PEERS, OPEN},
    {"insecure_header", OURS, OPEN},
    {"insecure_features", OURS | PEERS, OPEN},
    {"mechanism", OURS | PEERS | ASKS, SASL},
    {"authenticating", OURS | PEERS, SASL},
    {"credential", OURS | PEERS | ASKS, SASL},
    {"deriving", OURS | PEERS | ASKS, SASL},
    {"proving", OURS | PEERS, SASL},
    {"proved", OURS | PEERS, SASL},
    {"authenticated_header", OURS, OPEN},
    {"authenticated_features", OURS | PEERS, OPEN},
    {"binding", OURS | PEERS, BIND},
    {"session", OURS | PEERS, BIND},
};

static const facts server_facts[] = {
    {"plain_header", 0, OPEN},
    {"plain_host", ASKS, OPEN},
    {"plain_features", OURS | PEERS, OPEN},
    {"handshake", WIRE, TLS},
    {"secure_header", 0, OPEN},
    {"secure_host", ASKS, OPEN},
    {"insecure_header", 0, OPEN},
    {"insecure_host", ASKS, OPEN},
    {"mechanisms", OURS | PEERS, SASL},
    {"nonce", OURS | PEERS | ASKS, SASL},
    {"credential", OURS | PEERS | ASKS, SASL},
    {"challenged", OURS | PEERS, SASL},
    {"deriving", OURS | PEERS | ASKS, SASL},
    {"authorizing", OURS | PEERS | ASKS, SASL},
    {"authenticated_header", 0, OPEN},
    {"authenticated_host", ASKS, OPEN},
    {"authenticated_features", OURS | PEERS, BIND},
    {"binding", OURS | PEERS | ASKS, BIND},
};

#define CLOSE "</stream:stream>"

static const parley_timeouts timeouts = {OPEN, TLS, SASL, BIND, READY, CLOSING};

static session *open_at(bool server, const char *state)
{
    static parley_client_config client;
    static parley_server_config config;

    stage_client_config(&client, state);
    client.timeouts = timeouts;
    stage_server_config(&config);
    config.timeouts = timeouts;
    return server ? stage_server(state, &config) : stage_client(state, &client);
}

static void says(session *s, const char *text)
{
    char bytes[2048];

    (void)script_expand(text, s->is_server, bytes, sizeof bytes);
    assert_string_equal(session_said(s), bytes);
}

static void ended(const session *s, parley_code code, parley_condition condition, const char *state,
                  bool by_peer)
{
    const parley_outcome *outcome = session_outcome(s);

    assert_string_equal(parley_code_name(outcome->code), parley_code_name(code));
    assert_int_equal(outcome->condition, condition);
    assert_int_equal(outcome->by_peer, by_peer);
    if (state != NULL) {
        assert_string_equal(session_state_text(s, outcome->state), state);
    }
}

static uint32_t deadline(const session *s, uint32_t *phase)
{
    return s->is_server ? parley_server_deadline(&s->core.server, phase)
                        : parley_client_deadline(&s->core.client, phase);
}

static void expire_phase(session *s, uint32_t phase)
{
    if (s->is_server) {
        parley_server_expired(&s->core.server, phase);
    } else {
        parley_client_expired(&s->core.client, phase);
    }
    session_run(s);
}

static void fail_with(session *s, parley_condition condition)
{
    if (s->is_server) {
        parley_server_fail(&s->core.server, PARLEY_ERROR_LOCAL, condition);
    } else {
        parley_client_fail(&s->core.client, PARLEY_ERROR_LOCAL, condition);
    }
    session_run(s);
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

/* A closed session stays as it is, whatever is called. */
static void stays_closed(session *s)
{
    static session before;
    parley_answer answer = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};
    parley_tls_info info;
    parley_writer w;

    assert_string_equal(session_state_name(s), "closed");
    assert_int_equal(session_state(s), PARLEY_IS_CLOSED);
    memset(&info, 0, sizeof info);
    info.verified = true;
    memset(&w, 0, sizeof w);
    before = *s;
    assert_int_equal(session_feed_text(s, "<message/></stream:stream>"), 0);
    session_finish(s);
    session_expire(s);
    session_shut(s);
    fail_with(s, PARLEY_CONFLICT);
    fail_tls(s);
    if (s->is_server) {
        assert_int_equal(parley_server_answer(&s->core.server, &answer), PARLEY_MISUSE);
        assert_int_equal(parley_server_refuse(&s->core.server, PARLEY_REFUSE_DENIED),
                         PARLEY_MISUSE);
        assert_int_equal(parley_server_tls_up(&s->core.server, &info), PARLEY_MISUSE);
        assert_int_equal(parley_server_stanza(&s->core.server, &w), PARLEY_MISUSE);
        assert_int_equal(parley_server_send(&s->core.server, &w), PARLEY_MISUSE);
        assert_int_equal(parley_server_descend(&s->core.server, true), PARLEY_MISUSE);
        assert_int_equal(parley_server_begin(&s->core.server), PARLEY_MISUSE);
        parley_server_work(&s->core.server, 1);
        assert_false(parley_server_busy(&s->core.server));
    } else {
        assert_int_equal(parley_client_answer(&s->core.client, &answer), PARLEY_MISUSE);
        assert_int_equal(parley_client_refuse(&s->core.client, PARLEY_REFUSE_DENIED),
                         PARLEY_MISUSE);
        assert_int_equal(parley_client_tls_up(&s->core.client, &info), PARLEY_MISUSE);
        assert_int_equal(parley_client_stanza(&s->core.client, &w), PARLEY_MISUSE);
        assert_int_equal(parley_client_send(&s->core.client, &w), PARLEY_MISUSE);
        assert_int_equal(parley_client_descend(&s->core.client, true), PARLEY_MISUSE);
        assert_int_equal(parley_client_begin(&s->core.client), PARLEY_MISUSE);
        parley_client_work(&s->core.client, 1);
        assert_false(parley_client_busy(&s->core.client));
    }
    session_run(s);
    assert_memory_equal(&before.core, &s->core, sizeof s->core);
    assert_int_equal(before.output_len, s->output_len);
    assert_int_equal(before.log_len, s->log_len);
    session_close(s);
}

typedef void (*ending)(bool server, const facts *f);

static void in_every_state(ending run)
{
    size_t i;

    for (i = 0; i < sizeof client_facts / sizeof client_facts[0]; i++) {
        run(false, &client_facts[i]);
    }
    for (i = 0; i < sizeof server_facts / sizeof server_facts[0]; i++) {
        run(true, &server_facts[i]);
    }
}

static void run_end(bool server, const facts *f)
{
    session *s = open_at(server, f->state);

    session_finish(s);
    says(s, (f->is & OURS) != 0 ? CLOSE : "");
    ended(s, PARLEY_ERROR_STREAM_CUT, PARLEY_CONDITION_NONE, f->state, true);
    assert_true(session_outcome(s)->retry);
    stays_closed(s);
}

static void run_tls_failed(bool server, const facts *f)
{
    session *s = open_at(server, f->state);

    fail_tls(s);
    says(s, (f->is & OURS) != 0 ? CLOSE : "");
    ended(s, PARLEY_ERROR_TLS_RECORD, PARLEY_CONDITION_NONE, f->state, true);
    assert_int_equal(session_outcome(s)->tls_code, 7);
    stays_closed(s);
}

static void run_peer_close(bool server, const facts *f)
{
    session *s = open_at(server, f->state);

    if ((f->is & (ASKS | WIRE)) != 0) {
        assert_int_equal(session_feed_text(s, CLOSE), 0);
        assert_string_equal(session_state_name(s), f->state);
        session_finish(s);
    } else if ((f->is & PEERS) != 0) {
        assert_int_equal(session_feed_text(s, CLOSE), strlen(CLOSE));
        says(s, CLOSE);
        ended(s, PARLEY_ERROR_STREAM_CLOSED_EARLY, PARLEY_CONDITION_NONE, f->state, true);
    } else {
        assert_int_equal(session_feed_text(s, CLOSE), strlen(CLOSE));
        ended(s, PARLEY_ERROR_XML_NOT_WELL_FORMED, PARLEY_NOT_WELL_FORMED, f->state, false);
        session_finish(s);
    }
    stays_closed(s);
}

static void run_our_close(bool server, const facts *f)
{
    session *s = open_at(server, f->state);

    session_shut(s);
    says(s, (f->is & OURS) != 0 ? CLOSE : "");
    assert_string_equal(session_state_name(s), (f->is & WIRE) != 0 ? "closed" : "closing");
    session_shut(s);
    says(s, "");
    if ((f->is & WIRE) == 0) {
        uint32_t phase;
        assert_int_equal(deadline(s, &phase), CLOSING);
        if ((f->is & PEERS) != 0) { /* what still comes is dropped */
            assert_int_equal(session_feed_text(s, "<message><a/>text</message>" CLOSE),
                             strlen("<message><a/>text</message>" CLOSE));
        } else {
            session_finish(s);
        }
    }
    ended(s, PARLEY_NO_ERROR, PARLEY_CONDITION_NONE, NULL, false);
    stays_closed(s);
}

static void run_deadline(bool server, const facts *f)
{
    session *s = open_at(server, f->state);
    uint32_t phase;

    assert_int_equal(deadline(s, &phase), f->deadline);
    expire_phase(s, phase - 1);
    expire_phase(s, phase + 1);
    assert_string_equal(session_state_name(s), f->state);
    expire_phase(s, phase);
    says(s, (f->is & OURS) != 0 ? "{ERROR:connection-timeout}" : "");
    ended(s, PARLEY_ERROR_STREAM_DEADLINE, PARLEY_CONNECTION_TIMEOUT, f->state, false);
    assert_true(session_outcome(s)->retry);
    if ((f->is & WIRE) == 0) {
        assert_string_equal(session_state_name(s), "closing");
        expire_phase(s, phase); /* of the former state */
        assert_string_equal(session_state_name(s), "closing");
        assert_int_equal(deadline(s, &phase), CLOSING);
        expire_phase(s, phase);
    }
    says(s, "");
    stays_closed(s);
}

/* White space is no progress (13.12): the deadline stays where it was. */
static void run_white_space(bool server, const facts *f)
{
    session *s = open_at(server, f->state);
    uint32_t before;
    uint32_t after;
    size_t i;

    (void)deadline(s, &before);
    for (i = 0; i < 100 && session_state(s) & PARLEY_WANTS_INPUT; i++) {
        (void)session_feed_text(s, i % 2 == 0 ? " " : "\n\t");
        if (strcmp(session_state_name(s), f->state) != 0) {
            break; /* not allowed there at all */
        }
        (void)deadline(s, &after);
        assert_int_equal(before, after);
    }
    session_close(s);
}

static void run_stream_error(bool server, const facts *f)
{
    static const char error[] = "<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                                "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>why</text>"
                                "</stream:error>";
    session *s = open_at(server, f->state);

    if ((f->is & PEERS) != 0 && (f->is & ASKS) == 0) {
        assert_int_equal(session_feed_text(s, error), strlen(error));
        says(s, CLOSE);
        assert_non_null(strstr(s->log, "stream-error reset why\n"));
        ended(s, PARLEY_ERROR_STREAM_PEER, PARLEY_RESET, f->state, true);
        assert_string_equal(session_state_name(s), "closing");
        assert_int_equal(session_feed_text(s, "<message/>" CLOSE), strlen("<message/>" CLOSE));
        assert_null(strstr(s->log, "stanza message"));
        says(s, "");
        stays_closed(s);
    } else {
        session_close(s);
    }
}

static void run_fail(bool server, const facts *f)
{
    session *s = open_at(server, f->state);
    bool host_or_header = server && (f->is & (OURS | WIRE)) == 0;
    const char *said;

    fail_with(s, PARLEY_SYSTEM_SHUTDOWN);
    said = session_said(s);
    if (host_or_header) { /* a header first, with an id of its own (4.9.1.3, 4.7.3) */
        assert_int_equal(strncmp(said, "<?xml version='1.0'?><stream:stream ", 36), 0);
        assert_non_null(strstr(said, " id='"));
        assert_null(strstr(said, " id=''"));
        said = strstr(said, "xml:lang='en'>") + strlen("xml:lang='en'>");
    }
    if (host_or_header || (f->is & OURS) != 0) {
        assert_string_equal(said,
                            "<stream:error><system-shutdown "
                            "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" CLOSE);
    } else {
        assert_string_equal(said, "");
    }
    ended(s, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN, f->state, false);
    assert_string_equal(session_state_name(s), "closing");
    fail_with(s, PARLEY_CONFLICT); /* the first one sticks */
    ended(s, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN, f->state, false);
    assert_string_equal(session_state_name(s), "closing");
    session_finish(s);
    says(s, "");
    stays_closed(s);
}

/* Nothing may be sent before the negotiation is over (4.3.5). */
static void run_stanza(bool server, const facts *f)
{
    session *s = open_at(server, f->state);
    parley_writer w;

    memset(&w, 0, sizeof w);
    assert_int_equal(server ? parley_server_stanza(&s->core.server, &w)
                            : parley_client_stanza(&s->core.client, &w),
                     PARLEY_MISUSE);
    assert_int_equal(server ? parley_server_send(&s->core.server, &w)
                            : parley_client_send(&s->core.client, &w),
                     PARLEY_MISUSE);
    says(s, "");
    session_close(s);
}

static void no_stanza_before_ready(void **state)
{
    (void)state;
    in_every_state(run_stanza);
}

static void end_of_input(void **state)
{
    (void)state;
    in_every_state(run_end);
}

static void tls_fails(void **state)
{
    (void)state;
    in_every_state(run_tls_failed);
}

static void the_peer_closes(void **state)
{
    (void)state;
    in_every_state(run_peer_close);
}

static void we_close(void **state)
{
    (void)state;
    in_every_state(run_our_close);
}

static void deadlines(void **state)
{
    (void)state;
    in_every_state(run_deadline);
}

static void white_space_is_no_progress(void **state)
{
    (void)state;
    in_every_state(run_white_space);
}

static void stream_errors(void **state)
{
    (void)state;
    in_every_state(run_stream_error);
}

static void our_failures(void **state)
{
    (void)state;
    in_every_state(run_fail);
}

/* Ready, and what comes after it, end in order or with what they have. */
static void ready_and_after(void **state)
{
    int server;
    uint32_t phase;
    session *s;

    (void)state;
    for (server = 0; server < 2; server++) {
        s = open_at(server != 0, "ready");
        session_finish(s);
        says(s, CLOSE);
        ended(s, PARLEY_ERROR_STREAM_CUT, PARLEY_CONDITION_NONE, "ready", true);
        stays_closed(s);

        s = open_at(server != 0, "ready");
        assert_int_equal(session_feed_text(s, CLOSE), strlen(CLOSE));
        says(s, CLOSE);
        ended(s, PARLEY_NO_ERROR, PARLEY_CONDITION_NONE, NULL, false);
        stays_closed(s);

        s = open_at(server != 0, "ready");
        fail_with(s, PARLEY_CONDITION_NONE);
        says(s, CLOSE);
        ended(s, PARLEY_ERROR_LOCAL, PARLEY_CONDITION_NONE, "ready", false);
        session_finish(s);
        stays_closed(s);

        /* Of a condition that there is not nothing is said. */
        s = open_at(server != 0, "ready");
        fail_with(s, PARLEY_CONDITION_COUNT);
        says(s, CLOSE);
        session_finish(s);
        stays_closed(s);

        s = open_at(server != 0, "close_sent");
        session_finish(s);
        says(s, "");
        ended(s, PARLEY_NO_ERROR, PARLEY_CONDITION_NONE, NULL, false);
        stays_closed(s);

        /* What still comes is delivered; it does not put the end off (4.4). */
        s = open_at(server != 0, "close_sent");
        assert_int_equal(deadline(s, &phase), CLOSING);
        assert_int_equal(session_feed_text(s, " <message id='late'/>\n"), 22);
        assert_non_null(strstr(s->log, "stanza message from= type= id=late"));
        expire_phase(s, phase);
        says(s, "");
        ended(s, PARLEY_NO_ERROR, PARLEY_CONDITION_NONE, NULL, false);
        stays_closed(s);

        s = open_at(server != 0, "closing");
        assert_int_equal(deadline(s, &phase), CLOSING);
        assert_int_equal(session_feed_text(s, " <message/>\n"), 12);
        expire_phase(s, phase);
        says(s, "");
        ended(s, PARLEY_ERROR_STREAM_TEXT, PARLEY_BAD_FORMAT, "ready", false);
        stays_closed(s);

        stays_closed(open_at(server != 0, "closed"));
    }
}

/* The first silence sends a space, the second ends it; what comes in between,
   and be it a space, counts (4.6.1, 4.6.2). */
static void silence(void **state)
{
    int server;
    uint32_t phase;
    uint32_t next;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = open_at(server != 0, "ready");
        assert_int_equal(deadline(s, &phase), READY);
        expire_phase(s, phase);
        says(s, " ");
        expire_phase(s, phase);
        says(s, ""); /* stale */
        assert_int_equal(session_feed_text(s, "\n"), 1);
        (void)deadline(s, &next);
        assert_int_not_equal(next, phase);
        expire_phase(s, next);
        says(s, " ");
        assert_int_equal(session_feed_text(s, "<presence/>"), 11);
        (void)deadline(s, &next);
        expire_phase(s, next);
        says(s, " ");
        assert_int_equal(session_feed_text(s, "<presence>"), 10); /* half a stanza is silence */
        (void)deadline(s, &next);
        expire_phase(s, next);
        says(s, "{ERROR:connection-timeout}");
        ended(s, PARLEY_ERROR_STREAM_DEADLINE, PARLEY_CONNECTION_TIMEOUT, "ready", false);
        assert_string_equal(session_state_name(s), "closing");
        session_close(s);
    }
}

/* Before it begins nothing happens; closed then, it does not begin. */
static void not_begun(void **state)
{
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = open_at(server != 0, "start");
        session_finish(s);
        session_expire(s);
        fail_with(s, PARLEY_CONFLICT);
        fail_tls(s);
        assert_int_equal(session_feed_text(s, "x"), 0);
        assert_string_equal(session_state_name(s), "start");
        assert_int_equal(session_state(s), 0);
        session_shut(s);
        says(s, "");
        stays_closed(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(end_of_input),    cmocka_unit_test(tls_fails),
        cmocka_unit_test(the_peer_closes), cmocka_unit_test(we_close),
        cmocka_unit_test(deadlines),       cmocka_unit_test(white_space_is_no_progress),
        cmocka_unit_test(stream_errors),   cmocka_unit_test(our_failures),
        cmocka_unit_test(ready_and_after), cmocka_unit_test(silence),
        cmocka_unit_test(not_begun),       cmocka_unit_test(no_stanza_before_ready),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
