#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/seeded.h"
#include "common/tls_session.h"

/* What a side does is the same for both roles but for the calls. */
typedef struct side_calls {
    size_t (*push)(void *t, const void *data, size_t len);
    const void *(*out_buf)(const void *t, size_t *len);
    void (*out_ack)(void *t, size_t len);
    unsigned (*run)(void *t);
    bool (*event)(void *t, parley_event *event);
    bool (*request)(void *t, parley_request *request);
    parley_result (*answer)(void *t, const parley_answer *answer);
    void (*work)(void *t, uint32_t iterations);
    const char *(*state_text)(unsigned state);
} side_calls;

#define SIDE(role)                                                                \
    static size_t role##_push(void *t, const void *data, size_t len)              \
    {                                                                             \
        return parley_tls_##role##_push(t, data, len);                            \
    }                                                                             \
    static const void *role##_out_buf(const void *t, size_t *len)                 \
    {                                                                             \
        return parley_tls_##role##_out_buf(t, len);                               \
    }                                                                             \
    static void role##_out_ack(void *t, size_t len)                               \
    {                                                                             \
        parley_tls_##role##_out_ack(t, len);                                      \
    }                                                                             \
    static unsigned role##_run(void *t)                                           \
    {                                                                             \
        return parley_tls_##role##_run(t);                                        \
    }                                                                             \
    static bool role##_event(void *t, parley_event *event)                        \
    {                                                                             \
        return parley_##role##_event(&((parley_tls_##role *)t)->core, event);     \
    }                                                                             \
    static bool role##_request(void *t, parley_request *request)                  \
    {                                                                             \
        return parley_##role##_request(&((parley_tls_##role *)t)->core, request); \
    }                                                                             \
    static parley_result role##_answer(void *t, const parley_answer *answer)      \
    {                                                                             \
        return parley_##role##_answer(&((parley_tls_##role *)t)->core, answer);   \
    }                                                                             \
    static void role##_work(void *t, uint32_t iterations)                         \
    {                                                                             \
        parley_##role##_work(&((parley_tls_##role *)t)->core, iterations);        \
    }                                                                             \
    static const side_calls role##_calls = {                                      \
        role##_push,   role##_out_buf, role##_out_ack,                            \
        role##_run,    role##_event,   role##_request,                            \
        role##_answer, role##_work,    parley_##role##_state_text}

SIDE(client);
SIDE(server);

void tls_session_defaults(tls_session *s)
{
    static const unsigned char secret[32] = "a secret that only tests know..";
    static const char client_seed[] = "client seed of thirty-two bytes.";
    static const char server_seed[] = "server seed of thirty-two bytes.";

    memset(s, 0, sizeof *s);
    parley_client_config_init(&s->client_core);
    s->client_core.domain = parley_string_of("example.com");
    s->client_core.user = parley_string_of("mbed");
    parley_server_config_init(&s->server_core);
    s->server_core.secret = secret;
    s->server_core.iterations = 4096;
    s->client_config.core = &s->client_core;
    s->client_config.anchors = certificate_anchor("ca");
    s->client_config.anchor_count = 1;
    s->server_config.core = &s->server_core;
    tls_session_chain(s, "good", "server.key");
    s->client_input = (parley_tls_session_input){s->client_side.work,
                                                 sizeof s->client_side.work,
                                                 s->client_side.buffer,
                                                 sizeof s->client_side.buffer,
                                                 client_seed,
                                                 32,
                                                 CERTIFICATES_TIME};
    s->server_input = (parley_tls_session_input){s->server_side.work,
                                                 sizeof s->server_side.work,
                                                 s->server_side.buffer,
                                                 sizeof s->server_side.buffer,
                                                 server_seed,
                                                 32,
                                                 CERTIFICATES_TIME};
    s->client_side.random = 1;
    s->server_side.random = 2;
    s->password = "mirror";
}

void tls_session_chain(tls_session *s, const char *leaf, const char *key)
{
    bool rsa = strstr(key, "rsa") != NULL;

    s->chain[0] = *certificate_load(leaf);
    s->server_config.chain = s->chain;
    s->server_config.chain_len = 1;
    s->server_config.ec_key = rsa ? NULL : certificate_ec_key(key);
    s->server_config.rsa_key = rsa ? certificate_rsa_key(key) : NULL;
    s->server_config.chain_issuer_type = BR_KEYTYPE_EC;
}

void tls_session_open(tls_session *s)
{
    parley_code why = PARLEY_ERROR_LOCAL;

    assert_int_equal(parley_tls_client_init(&s->client, sizeof s->client, &s->client_config,
                                            &s->client_input, &why),
                     PARLEY_OK);
    assert_int_equal(why, PARLEY_NO_ERROR);
    if (s->resume != NULL) {
        (void)parley_tls_client_resume(&s->client, s->resume);
    }
    assert_int_equal(parley_tls_server_init(&s->server, sizeof s->server, &s->server_config,
                                            &s->server_input, &why),
                     PARLEY_OK);
    assert_int_equal(why, PARLEY_NO_ERROR);
}

static void side_note(tls_side *side, const char *what, parley_string text)
{
    int len = snprintf(side->log + side->log_len, sizeof side->log - side->log_len, "%s %.*s\n",
                       what, (int)text.len, text.data != NULL ? text.data : "");

    assert_true(len > 0 && (size_t)len < sizeof side->log - side->log_len);
    side->log_len += (size_t)len;
}

bool tls_side_has(const tls_side *side, const char *line)
{
    return strstr(side->log, line) != NULL;
}

static void side_event(tls_side *side, const side_calls *calls, const parley_event *event)
{
    parley_element body;
    parley_string text = {NULL, 0};

    switch (event->kind) {
    case PARLEY_EVENT_STATE:
        side_note(side, "state", parley_string_of(calls->state_text(event->state)));
        break;
    case PARLEY_EVENT_TLS:
        side->info = *event->tls;
        side_note(side, "tls", parley_string_of(parley_tls_suite_name(event->tls->suite)));
        break;
    case PARLEY_EVENT_AUTHENTICATED:
        side_note(side, "authenticated", event->mechanism);
        break;
    case PARLEY_EVENT_BOUND:
        side_note(side, "bound", event->jid);
        break;
    case PARLEY_EVENT_STANZA:
        if (parley_element_find(event->element, "body", "jabber:client", &body)) {
            (void)parley_element_text(body, &text);
        }
        side_note(side, "stanza", text);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        side_note(side, "stream-error", parley_string_of(parley_condition_name(event->condition)));
        break;
    case PARLEY_EVENT_CLOSED:
        side->closed = true;
        side_note(side, "closed", parley_string_of(calls->state_text(event->state)));
        break;
    default:
        break;
    }
}

static void side_answer(void *t, tls_side *side, const side_calls *calls, const char *password)
{
    parley_request request;
    parley_answer answer;
    char random[64];

    memset(&answer, 0, sizeof answer);
    while (calls->request(t, &request)) {
        switch (request.kind) {
        case PARLEY_REQUEST_RANDOM:
            assert_true(request.random_len <= sizeof random);
            for (size_t i = 0; i < request.random_len; i++) {
                random[i] = (char)seeded_next(&side->random);
            }
            answer.kind = PARLEY_ANSWER_RANDOM;
            answer.bytes = (parley_string){random, request.random_len};
            break;
        case PARLEY_REQUEST_CREDENTIAL:
            answer.kind = PARLEY_ANSWER_PASSWORD;
            answer.bytes = parley_string_of(password);
            break;
        case PARLEY_REQUEST_BIND:
            answer.kind = PARLEY_ANSWER_RESOURCE;
            answer.bytes = request.resource.data != NULL ? request.resource
                                                         : parley_string_of("made");
            break;
        default:
            answer.kind = PARLEY_ANSWER_YES;
            break;
        }
        assert_int_equal(calls->answer(t, &answer), PARLEY_OK);
    }
}

static void side_deliver(const tls_side *side, tls_side *peer, const void *data, size_t len)
{
    if (side->limit != 0 && side->wire_len + len > side->limit) {
        len = side->wire_len < side->limit ? side->limit - side->wire_len : 0;
    }
    assert_true(len <= sizeof peer->inbox - peer->inbox_len);
    memcpy(peer->inbox + peer->inbox_len, data, len);
    peer->inbox_len += len;
}

/* One side's application, once round; whether anything happened. */
static bool side_run(void *t, tls_side *side, tls_side *peer, const side_calls *calls,
                     const char *password, size_t chunk)
{
    unsigned state = calls->run(t);
    parley_event event;
    bool moved = false;
    const void *data;
    size_t n;

    while (calls->event(t, &event)) {
        side_event(side, calls, &event);
        if (side->revoked != NULL && event.kind == PARLEY_EVENT_TLS) {
            parley_client_fail(side->revoked, PARLEY_ERROR_LOCAL, PARLEY_CONDITION_NONE);
        }
        moved = true;
    }
    if (state & PARLEY_HAS_REQUEST) {
        side_answer(t, side, calls, password);
        moved = true;
    }
    if (state & PARLEY_HAS_WORK) {
        calls->work(t, 1000);
        moved = true;
    }
    (void)calls->run(t);
    if ((data = calls->out_buf(t, &n)) != NULL && n > 0) {
        assert_true(n <= sizeof side->wire - side->wire_len);
        memcpy(side->wire + side->wire_len, data, n);
        side_deliver(side, peer, data, n);
        side->wire_len += n;
        calls->out_ack(t, n);
        moved = true;
    }
    if (side->inbox_at < side->inbox_len && (calls->run(t) & PARLEY_WANTS_INPUT)) {
        n = side->inbox_len - side->inbox_at;
        n = calls->push(t, side->inbox + side->inbox_at, n < chunk ? n : chunk);
        side->inbox_at += n;
        moved = moved || n > 0;
    }
    return moved;
}

bool tls_session_server_step(tls_session *s)
{
    s->client_side.inbox_at = 0;
    s->client_side.inbox_len = 0;
    return side_run(&s->server, &s->server_side, &s->client_side, &server_calls, "mirror", 4096);
}

static void session_use(tls_session *s)
{
    parley_writer w;

    if (!(parley_tls_client_run(&s->client) & PARLEY_IS_READY)) {
        return;
    }
    if (s->send != NULL) {
        assert_int_equal(parley_client_stanza(&s->client.core, &w), PARLEY_OK);
        parley_writer_start(&w, "message", NULL);
        parley_writer_attribute(&w, "to", parley_string_of("juliet@example.com"));
        parley_writer_start(&w, "body", NULL);
        parley_writer_text(&w, parley_string_of(s->send));
        parley_writer_end(&w);
        parley_writer_end(&w);
        assert_int_equal(parley_client_send(&s->client.core, &w), PARLEY_OK);
        s->send = NULL;
    } else if (s->close_when_ready) {
        parley_client_close(&s->client.core);
        s->close_when_ready = false;
    }
}

void tls_session_run(tls_session *s, size_t chunk)
{
    bool moved = true;

    for (uint32_t round = 0; moved; round++) {
        assert_true(round < 1000000);
        session_use(s);
        moved = side_run(&s->client, &s->client_side, &s->server_side, &client_calls, s->password,
                         chunk);
        moved = side_run(&s->server, &s->server_side, &s->client_side, &server_calls, "mirror",
                         chunk) ||
                moved;
    }
}
