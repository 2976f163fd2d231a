#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/guard.h"
#include "common/session.h"
#include "parley/insecure.h"

parley_string session_string(const char *text)
{
    parley_string string = {text, text != NULL ? strlen(text) : 0};

    return string;
}

void session_client_config(parley_client_config *config)
{
    parley_client_config_init(config);
    config->domain = session_string("example.com");
    config->user = session_string("mbed");
}

void session_server_config(parley_server_config *config)
{
    static const unsigned char secret[32] = "a secret that only tests know..";

    parley_server_config_init(config);
    config->secret = secret;
}

static void note(session *s, const char *format, ...)
{
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(s->log + s->log_len, sizeof s->log - s->log_len, format, arguments);
    va_end(arguments);
    assert_true(len >= 0 && (size_t)len < sizeof s->log - s->log_len);
    s->log_len += (size_t)len;
}

#define TEXT(string) (int)(string).len, (string).data != NULL ? (string).data : ""

static void note_stanza(session *s, const char *what, parley_element e)
{
    parley_string name = parley_element_name(e);
    parley_string from = parley_element_attribute(e, "from");
    parley_string type = parley_element_attribute(e, "type");
    parley_string id = parley_element_attribute(e, "id");
    parley_element body;
    parley_string text = {NULL, 0};

    if (parley_element_find(e, "body", "jabber:client", &body)) {
        assert_int_equal(parley_element_text(body, &text), PARLEY_OK);
    }
    note(s, "%s %.*s from=%.*s type=%.*s id=%.*s body=%.*s\n", what, TEXT(name), TEXT(from),
         TEXT(type), TEXT(id), TEXT(text));
}

/* An element that came child by child, whole: its tree is readable. */
static void note_child(session *s, parley_element e)
{
    static char buffer[65536];
    parley_writer w;
    size_t len;

    parley_writer_init(&w, buffer, sizeof buffer, session_string("jabber:client"));
    parley_writer_element(&w, e, (parley_string){NULL, 0});
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    note(s, "child %.*s\n", (int)len, buffer);
}

static void descend(session *s, parley_element e)
{
    bool announce = false;

    if (s->descends != NULL && s->descends(e, &announce)) {
        assert_int_equal(s->is_server ? parley_server_descend(&s->core.server, announce)
                                      : parley_client_descend(&s->core.client, announce),
                         PARLEY_OK);
    }
}

/* What the client makes of it that follows three, and those without TLS only in sessions that
   have none. */
static void note_redirect(session *s, const parley_redirect *redirect)
{
    static const parley_redirect_policy policy = {PARLEY_REDIRECTS_DEFAULT, false};
    char buffer[PARLEY_REDIRECT_SIZE];
    parley_redirect_target to = {{NULL, 0}, 0, false};
    parley_redirect_verdict verdict = parley_redirect_judge(redirect, &policy, 0, buffer,
                                                            sizeof buffer, &to);

    note(s, "see-other-host %.*s: %s %.*s %u\n", TEXT(redirect->address),
         parley_redirect_name(verdict), TEXT(to.host), to.port);
}

static void note_event(session *s, const parley_event *event)
{
    const parley_outcome *outcome = session_outcome(s);

    switch (event->kind) {
    case PARLEY_EVENT_STATE:
        note(s, "state %s\n", session_state_text(s, event->state));
        break;
    case PARLEY_EVENT_TLS:
        note(s, "tls %s\n", event->tls->verified ? "verified" : "unverified");
        break;
    case PARLEY_EVENT_FEATURES:
        note(s, "features %u\n", (unsigned)parley_element_children(event->element));
        break;
    case PARLEY_EVENT_AUTHENTICATED:
        note(s, "authenticated %.*s %.*s %s\n", TEXT(event->mechanism), TEXT(event->user),
             event->server_verified ? "server-verified" : "server-not-verified");
        break;
    case PARLEY_EVENT_BOUND:
        note(s, "bound %.*s\n", TEXT(event->jid));
        break;
    case PARLEY_EVENT_OPEN:
        note_stanza(s, "open", event->element);
        descend(s, event->element);
        break;
    case PARLEY_EVENT_CHILD:
        note_child(s, event->element);
        break;
    case PARLEY_EVENT_END:
        note_stanza(s, "end", event->element);
        break;
    case PARLEY_EVENT_STANZA:
        note_stanza(s, "stanza", event->element);
        break;
    case PARLEY_EVENT_TOO_LARGE:
        note_stanza(s, "too-large", event->element);
        break;
    case PARLEY_EVENT_REFUSED:
        note_stanza(s, "refused", event->element);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        note(s, "stream-error %s %.*s\n", parley_condition_name(event->condition),
             TEXT(event->text));
        break;
    case PARLEY_EVENT_SEE_OTHER_HOST:
        note_redirect(s, &event->redirect);
        break;
    case PARLEY_EVENT_CLOSED:
        note(s, "closed %s in=%s condition=%s sasl=%s by=%s\n", parley_code_name(outcome->code),
             outcome->code != PARLEY_NO_ERROR || outcome->condition != PARLEY_CONDITION_NONE
                 ? session_state_text(s, outcome->state)
                 : "",
             parley_condition_name(outcome->condition), parley_sasl_condition_name(outcome->sasl),
             outcome->by_peer ? "peer" : "us");
        break;
    default:
        fail_msg("an event of no kind");
    }
}

static bool next_event(session *s, parley_event *event)
{
    return s->is_server ? parley_server_event(&s->core.server, event)
                        : parley_client_event(&s->core.client, event);
}

static void give(session *s, const parley_answer *answer)
{
    parley_result result = s->is_server ? parley_server_answer(&s->core.server, answer)
                                        : parley_client_answer(&s->core.client, answer);

    if (result == PARLEY_REFUSED) {
        note(s, "credential refused\n");
    } else {
        assert_int_equal(result, PARLEY_OK);
    }
}

static void refuse(session *s, parley_refusal refusal)
{
    assert_int_equal(s->is_server ? parley_server_refuse(&s->core.server, refusal)
                                  : parley_client_refuse(&s->core.client, refusal),
                     PARLEY_OK);
}

static void give_random(session *s, size_t len)
{
    unsigned char bytes[256];
    size_t i;
    parley_answer answer = {PARLEY_ANSWER_RANDOM, {(const char *)bytes, len}, NULL};

    assert_true(len <= sizeof bytes);
    for (i = 0; i < len; i++) {
        if (s->random_len > 0) {
            bytes[i] = *s->random++;
            s->random_len--;
        } else {
            bytes[i] = s->counter++;
        }
    }
    give(s, &answer);
}

static void give_resource(session *s, parley_string wanted)
{
    parley_answer answer = {PARLEY_ANSWER_RESOURCE, wanted, NULL};

    if (wanted.data == NULL) {
        answer.bytes = session_string(s->resource);
    } else if (s->taken != NULL && parley_string_equal(wanted, session_string(s->taken))) {
        refuse(s, PARLEY_REFUSE_CONFLICT);
        return;
    }
    give(s, &answer);
}

static void answer_request(session *s, const parley_request *request)
{
    parley_answer yes = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};
    parley_answer password = {PARLEY_ANSWER_PASSWORD, session_string(s->password), NULL};

    if ((s->refused & 1u << request->kind) != 0) {
        refuse(s, PARLEY_REFUSE_UNAVAILABLE);
        return;
    }
    switch (request->kind) {
    case PARLEY_REQUEST_RANDOM:
        give_random(s, request->random_len);
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        if (s->password == NULL || parley_string_equal(request->user, session_string("nobody"))) {
            refuse(s, PARLEY_REFUSE_UNKNOWN);
        } else {
            give(s, &password);
        }
        break;
    case PARLEY_REQUEST_HOST:
        if (s->host != NULL && !parley_string_equal(request->host, session_string(s->host))) {
            refuse(s, PARLEY_REFUSE_UNKNOWN);
        } else {
            give(s, &yes);
        }
        break;
    case PARLEY_REQUEST_AUTHORIZE:
        if (s->authorize) {
            give(s, &yes);
        } else {
            refuse(s, PARLEY_REFUSE_DENIED);
        }
        break;
    default:
        give_resource(s, request->resource);
        break;
    }
}

static void take_output(session *s)
{
    size_t len;
    const void *data = s->is_server ? parley_server_out_buf(&s->core.server, &len)
                                    : parley_client_out_buf(&s->core.client, &len);

    if (data == NULL) {
        return;
    }
    assert_true(s->output_len + len < sizeof s->output);
    memcpy(s->output + s->output_len, data, len);
    s->output_len += len;
    s->output[s->output_len] = '\0';
    if (s->is_server) {
        parley_server_out_ack(&s->core.server, len);
    } else {
        parley_client_out_ack(&s->core.client, len);
    }
}

void session_run(session *s)
{
    parley_event event;
    parley_request request;
    unsigned round;

    for (round = 0; round < 100000; round++) {
        unsigned state;
        take_output(s);
        while (next_event(s, &event)) {
            note_event(s, &event);
        }
        if ((s->is_server ? parley_server_request(&s->core.server, &request)
                          : parley_client_request(&s->core.client, &request)) &&
            (s->held & 1u << request.kind) == 0) {
            answer_request(s, &request);
        }
        state = session_state(s);
        if ((state & PARLEY_HAS_REQUEST) != 0 && s->held != 0) {
            state &= ~(unsigned)PARLEY_HAS_REQUEST;
        }
        if ((state & PARLEY_HAS_WORK) != 0 && !s->hold_work) {
            if (s->is_server) {
                parley_server_work(&s->core.server, s->slice);
            } else {
                parley_client_work(&s->core.client, s->slice);
            }
        } else if ((state & (PARLEY_HAS_OUTPUT | PARLEY_HAS_EVENT | PARLEY_HAS_REQUEST)) == 0) {
            return;
        }
    }
    fail_msg("the session does not come to rest");
}

/* One piece, against a guard page; returns how much of it was taken. */
static size_t push_piece(session *s, const unsigned char *data, size_t len)
{
    size_t total = 0;
    size_t taken;
    unsigned refused = 0; /* once may be a byte that led to an event */
    guard page;
    unsigned char *copy = guard_copy(&page, data, len);

    while (refused < 2 && total < len) {
        taken = s->is_server ? parley_server_push(&s->core.server, copy + total, len - total)
                             : parley_client_push(&s->core.client, copy + total, len - total);
        assert_true(taken <= len - total);
        total += taken;
        refused = taken > 0 ? 0 : refused + 1;
        session_run(s);
    }
    guard_close(&page);
    return total;
}

size_t session_feed(session *s, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    size_t total = 0;

    while (total < len) {
        size_t piece = len - total;
        size_t taken;

        if (s->cut == SESSION_EVERY_BYTE) {
            piece = 1;
        } else if (s->cut > s->fed && s->cut - s->fed < piece) {
            piece = s->cut - s->fed;
        }
        taken = push_piece(s, bytes + total, piece);
        total += taken;
        s->fed += taken;
        if (taken < piece) {
            break;
        }
    }
    return total;
}

size_t session_feed_text(session *s, const char *text)
{
    return session_feed(s, text, strlen(text));
}

void session_finish(session *s)
{
    if (s->is_server) {
        parley_server_finish(&s->core.server);
    } else {
        parley_client_finish(&s->core.client);
    }
    session_run(s);
}

void session_tls_up(session *s, bool verified)
{
    parley_tls_info info = s->tls;

    info.verified = verified;
    info.version = 0x0303;
    assert_int_equal(s->is_server ? parley_server_tls_up(&s->core.server, &info)
                                  : parley_client_tls_up(&s->core.client, &info),
                     PARLEY_OK);
    session_run(s);
}

void session_expire(session *s)
{
    uint32_t phase;

    if (s->is_server) {
        (void)parley_server_deadline(&s->core.server, &phase);
        parley_server_expired(&s->core.server, phase);
    } else {
        (void)parley_client_deadline(&s->core.client, &phase);
        parley_client_expired(&s->core.client, phase);
    }
    session_run(s);
}

void session_shut(session *s)
{
    if (s->is_server) {
        parley_server_close(&s->core.server);
    } else {
        parley_client_close(&s->core.client);
    }
    session_run(s);
}

const char *session_said(session *s)
{
    size_t len = s->output_len - s->output_read;

    memcpy(s->said, s->output + s->output_read, len);
    s->said[len] = '\0';
    s->output_read = s->output_len;
    return s->said;
}

unsigned session_state(const session *s)
{
    return s->is_server ? parley_server_state(&s->core.server)
                        : parley_client_state(&s->core.client);
}

const char *session_state_text(const session *s, unsigned state)
{
    return s->is_server ? parley_server_state_text(state) : parley_client_state_text(state);
}

const char *session_state_name(const session *s)
{
    return s->is_server ? parley_server_state_name(&s->core.server)
                        : parley_client_state_name(&s->core.client);
}

const parley_outcome *session_outcome(const session *s)
{
    return s->is_server ? parley_server_outcome(&s->core.server)
                        : parley_client_outcome(&s->core.client);
}

static session *open_session(size_t work_size, const char *password)
{
    session *s = calloc(1, sizeof *s);

    assert_non_null(s);
    s->work = malloc(work_size);
    assert_non_null(s->work);
    s->password = password;
    s->resource = "made-here";
    s->slice = 1000;
    return s;
}

session *session_open_client(const parley_client_config *config, const char *password)
{
    session *s = open_session(parley_client_work_size(config), password);
    parley_code why;

    if (parley_client_init(&s->core.client, sizeof s->core.client, config, s->work,
                           parley_client_work_size(config), &why) != PARLEY_OK) {
        fail_msg("client: %s", parley_code_text(why));
    }
    return s;
}

session *session_open_server(const parley_server_config *config, const char *password)
{
    session *s = open_session(parley_server_work_size(config), password);
    parley_code why;

    s->is_server = true;
    if (parley_server_init(&s->core.server, sizeof s->core.server, config, s->work,
                           parley_server_work_size(config), &why) != PARLEY_OK) {
        fail_msg("server: %s", parley_code_text(why));
    }
    return s;
}

void session_begin(session *s)
{
    assert_int_equal(s->is_server ? parley_server_begin(&s->core.server)
                                  : parley_client_begin(&s->core.client),
                     PARLEY_OK);
    session_run(s);
}

void session_begin_insecure(session *s)
{
    assert_int_equal(s->is_server ? parley_server_begin_insecure(&s->core.server)
                                  : parley_client_begin_insecure(&s->core.client),
                     PARLEY_OK);
    session_run(s);
}

void session_close(session *s)
{
    free(s->work);
    free(s);
}
