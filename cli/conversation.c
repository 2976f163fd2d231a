#include "conversation.h"

#include "clock.h"
#include "status.h"

#include <parley/jid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE_CLIENT  "jabber:client"
#define NAMESPACE_ROSTER  "jabber:iq:roster"
#define NAMESPACE_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

/* Longest id and address that an answer repeats; longer ones get none. */
#define ID_MOST 1024

void conversation_init(conversation *c, const conversation_plan *plan, session *s, output *out,
                       trace *tracer, int64_t deadline)
{
    memset(c, 0, sizeof *c);
    c->plan = plan;
    c->session = s;
    c->out = out;
    c->tracer = tracer;
    c->deadline = deadline;
    diagram_init(&c->path);
}

bool conversation_can_say(const char *text)
{
    size_t size = strlen(text) * 6 + 64;
    char *buffer = malloc(size);
    parley_writer w;
    size_t len;
    bool good;

    if (buffer == NULL) {
        return false;
    }
    parley_writer_init(&w, buffer, size, parley_string_of(NAMESPACE_CLIENT));
    parley_writer_start(&w, "body", NULL);
    parley_writer_text(&w, parley_string_of(text));
    parley_writer_end(&w);
    good = parley_writer_finish(&w, &len) == PARLEY_OK;
    free(buffer);
    return good;
}

/* Stanzas of ours. */

static bool begin_iq(conversation *c, parley_writer *w, const char *type, const char *id)
{
    if (parley_client_stanza(c->session->core, w) != PARLEY_OK) {
        return false;
    }
    parley_writer_start(w, "iq", NULL);
    parley_writer_attribute(w, "type", parley_string_of(type));
    parley_writer_attribute(w, "id", parley_string_of(id));
    return true;
}

static void fail(conversation *c, int status, const char *outcome, const char *text)
{
    if (!c->failed) {
        c->failed = true;
        failure_set(&c->problem, status, outcome, "%s", text);
    }
    c->closing = true;
    parley_client_close(c->session->core);
}

/* True: it is on its way. False: not yet, or failed. */
static bool put_out(conversation *c, const parley_writer *w, const char *what)
{
    char text[256];
    size_t pending;

    switch (parley_client_send(c->session->core, w)) {
    case PARLEY_OK:
        return true;
    case PARLEY_NO_ROOM:
        if (parley_client_out_buf(c->session->core, &pending) != NULL) {
            return false; /* again when the output has left */
        }
        snprintf(text, sizeof text, "%s does not fit the output buffer; send less at once", what);
        fail(c, STATUS_LIMIT, "no-output-room", text);
        return false;
    default:
        snprintf(text, sizeof text, "%s cannot be sent: it is not legal XML", what);
        fail(c, STATUS_LOCAL, "local", text);
        return false;
    }
}

static bool ask_roster(conversation *c)
{
    parley_writer w;

    parley_client_id(c->session->core, c->roster_id);
    if (!begin_iq(c, &w, "get", c->roster_id)) {
        return false;
    }
    parley_writer_start(&w, "query", NAMESPACE_ROSTER);
    parley_writer_end(&w);
    parley_writer_end(&w);
    return put_out(c, &w, "the roster request");
}

static bool send_presence(conversation *c)
{
    parley_writer w;

    if (parley_client_stanza(c->session->core, &w) != PARLEY_OK) {
        return false;
    }
    parley_writer_start(&w, "presence", NULL);
    parley_writer_end(&w);
    return put_out(c, &w, "the presence");
}

static bool send_message(conversation *c)
{
    char id[24];
    parley_writer w;

    parley_client_id(c->session->core, id);
    if (parley_client_stanza(c->session->core, &w) != PARLEY_OK) {
        return false;
    }
    parley_writer_start(&w, "message", NULL);
    parley_writer_attribute(&w, "to", parley_string_of(c->plan->to));
    parley_writer_attribute(&w, "type", parley_string_of("chat"));
    parley_writer_attribute(&w, "id", parley_string_of(id));
    parley_writer_start(&w, "body", NULL);
    parley_writer_text(&w, parley_string_of(c->plan->message));
    parley_writer_end(&w);
    parley_writer_end(&w);
    return put_out(c, &w, "the message");
}

/* Answers (RFC 6120 section 8.2.3): each iq gets one but result and error. */

static bool has_type(parley_element stanza, const char *type)
{
    parley_string value = parley_element_attribute(stanza, "type");

    return value.data != NULL && parley_string_equal(value, parley_string_of(type));
}

/* No `from`, or the own bare JID: what the own account says (RFC 6121 2.1.6). */
static bool is_from_account(const conversation *c, parley_element stanza)
{
    char own_buffer[PARLEY_JID_SIZE];
    char from_buffer[PARLEY_JID_SIZE];
    parley_string from = parley_element_attribute(stanza, "from");
    parley_jid own;
    parley_jid other;

    if (from.data == NULL) {
        return true;
    }
    return parley_jid_parse(&own, parley_client_jid(c->session->core), own_buffer,
                            sizeof own_buffer, NULL) == PARLEY_OK &&
           parley_jid_parse(&other, from, from_buffer, sizeof from_buffer, NULL) == PARLEY_OK &&
           other.resource.data == NULL && parley_jid_equal(&own, &other, true);
}

/* Copies an attribute, since the next call on the session may end its life. */
static bool keep(parley_string value, char *buffer, size_t size, parley_string *kept)
{
    kept->data = NULL;
    kept->len = 0;
    if (value.data == NULL) {
        return true;
    }
    if (value.len > size) {
        return false;
    }
    memcpy(buffer, value.data, value.len);
    kept->data = buffer;
    kept->len = value.len;
    return true;
}

static void answer_iq(conversation *c, parley_element iq)
{
    char id_buffer[ID_MOST];
    char to_buffer[PARLEY_JID_SIZE];
    parley_string id;
    parley_string to;
    parley_element query;
    parley_writer w;
    bool request = has_type(iq, "get") || has_type(iq, "set");
    bool push = has_type(iq, "set") && is_from_account(c, iq) &&
                parley_element_find(iq, "query", NAMESPACE_ROSTER, &query);

    if (!keep(parley_element_attribute(iq, "id"), id_buffer, sizeof id_buffer, &id) ||
        id.data == NULL ||
        !keep(parley_element_attribute(iq, "from"), to_buffer, sizeof to_buffer, &to) ||
        parley_client_stanza(c->session->core, &w) != PARLEY_OK) {
        return;
    }
    parley_writer_start(&w, "iq", NULL);
    parley_writer_attribute(&w, "type", parley_string_of(push ? "result" : "error"));
    parley_writer_attribute(&w, "id", id);
    if (to.data != NULL) {
        parley_writer_attribute(&w, "to", to);
    }
    if (!push) {
        parley_writer_start(&w, "error", NULL);
        parley_writer_attribute(&w, "type", parley_string_of(request ? "cancel" : "modify"));
        parley_writer_start(&w, request ? "service-unavailable" : "bad-request", NAMESPACE_STANZAS);
        parley_writer_end(&w);
        parley_writer_end(&w);
    }
    parley_writer_end(&w);
    (void)parley_client_send(c->session->core, &w);
}

/* The roster's answer, taken child by child so that it may be of any size. */

static bool is_roster_answer(const conversation *c, parley_element stanza, const char *type)
{
    parley_string id = parley_element_attribute(stanza, "id");

    return c->roster_asked && !c->roster_done &&
           parley_element_is(stanza, "iq", NAMESPACE_CLIENT) && has_type(stanza, type) &&
           id.data != NULL && parley_string_equal(id, parley_string_of(c->roster_id)) &&
           is_from_account(c, stanza);
}

static void opened(conversation *c, parley_element element)
{
    if (c->roster_depth == 0 && is_roster_answer(c, element, "result")) {
        output_roster(c->out);
        if (parley_client_descend(c->session->core, true) == PARLEY_OK) {
            c->roster_depth = 1;
        }
    } else if (c->roster_depth == 1 && parley_element_is(element, "query", NAMESPACE_ROSTER)) {
        if (parley_client_descend(c->session->core, false) == PARLEY_OK) {
            c->roster_depth = 2;
        }
    }
}

static void ended(conversation *c)
{
    if (c->roster_depth > 0 && --c->roster_depth == 0) {
        output_roster_end(c->out);
        c->roster_done = true;
    }
}

static void roster_refused(conversation *c)
{
    c->roster_done = true;
    report("the server refused to give the roster; going on without");
}

static void got_stanza(conversation *c, parley_element stanza)
{
    if (is_roster_answer(c, stanza, "error")) {
        roster_refused(c);
    } else if (is_roster_answer(c, stanza, "result")) {
        output_roster(c->out);
        output_roster_end(c->out);
        c->roster_done = true;
        return;
    }
    output_stanza(c->out, stanza);
    if (parley_element_is(stanza, "iq", NAMESPACE_CLIENT) && !has_type(stanza, "result") &&
        !has_type(stanza, "error")) {
        answer_iq(c, stanza);
    }
}

static void note_tls(conversation *c, const parley_tls_info *tls)
{
    if (c->tracer != NULL) {
        trace_note(c->tracer, "TLS is up: %s, certificate %s", parley_tls_suite_name(tls->suite),
                   tls->verified ? "verified" : "not verified");
    }
    output_tls(c->out, tls);
}

static void handle_event(void *context, const parley_event *event)
{
    conversation *c = context;

    switch (event->kind) {
    case PARLEY_EVENT_STATE:
        if (c->tracer != NULL) {
            trace_note(c->tracer, "state %s", event->state);
        }
        diagram_enter(&c->path, event->state);
        output_state(c->out, event->state);
        break;
    case PARLEY_EVENT_TLS:
        note_tls(c, event->tls);
        break;
    case PARLEY_EVENT_FEATURES:
        output_features(c->out, event->element);
        break;
    case PARLEY_EVENT_AUTHENTICATED:
        output_authenticated(c->out, event->mechanism, event->server_verified);
        break;
    case PARLEY_EVENT_BOUND:
        output_bound(c->out, event->jid);
        break;
    case PARLEY_EVENT_OPEN:
        opened(c, event->element);
        break;
    case PARLEY_EVENT_CHILD:
        if (c->roster_depth == 2 && parley_element_is(event->element, "item", NAMESPACE_ROSTER)) {
            output_roster_item(c->out, event->element);
        }
        break;
    case PARLEY_EVENT_END:
        ended(c);
        break;
    case PARLEY_EVENT_STANZA:
        got_stanza(c, event->element);
        break;
    case PARLEY_EVENT_TOO_LARGE:
        output_too_large(c->out, event->element);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        snprintf(c->peer_text, sizeof c->peer_text, "%.*s", (int)event->text.len,
                 event->text.data != NULL ? event->text.data : "");
        break;
    default:
        break;
    }
}

/* Before ready: the negotiation's deadline. */
static int64_t watch_negotiation(conversation *c)
{
    if (clock_left(c->deadline) == 0) {
        c->closing = true;
        parley_client_fail(c->session->core, PARLEY_ERROR_STREAM_DEADLINE,
                           PARLEY_CONNECTION_TIMEOUT);
        session_give_up(c->session);
        return CLOCK_NEVER;
    }
    return c->deadline;
}

static int64_t watch_roster(conversation *c)
{
    if (!c->roster_asked) {
        c->roster_asked = ask_roster(c);
    }
    if (!c->closing && clock_left(c->deadline) == 0) {
        fail(c, STATUS_NETWORK, "timed-out",
             "the server did not send the roster in time; give it longer with --timeout");
    }
    return c->deadline;
}

/* After a stanza has been sent the next step is due at once. */
static int64_t after(const conversation *c, bool sent)
{
    return sent ? clock_now() : c->deadline;
}

static int64_t listen_on(conversation *c)
{
    if (!c->listening) {
        c->listening = true;
        c->deadline = clock_now() + c->plan->listen;
    }
    if (clock_left(c->deadline) == 0) {
        c->closing = true;
        parley_client_close(c->session->core);
        return CLOCK_NEVER;
    }
    return c->deadline;
}

/* What is due next; each step waits for the one before. */
static int64_t step(void *context)
{
    conversation *c = context;
    unsigned state = parley_client_state(c->session->core);

    if (c->closing || (state & PARLEY_IS_CLOSED) != 0 || c->session->stopping) {
        return CLOCK_NEVER;
    }
    if ((state & PARLEY_IS_READY) == 0) {
        return c->ready ? CLOCK_NEVER : watch_negotiation(c);
    }
    if (!c->ready) {
        c->ready = true;
        c->deadline = clock_now() + c->plan->timeout;
    }
    if (c->plan->roster && !c->roster_done) {
        return watch_roster(c);
    }
    if (c->plan->presence && !c->presence_sent) {
        c->presence_sent = send_presence(c);
        return after(c, c->presence_sent);
    }
    if (c->plan->message != NULL && !c->message_sent) {
        c->message_sent = send_message(c);
        return after(c, c->message_sent);
    }
    return listen_on(c);
}

session_handler conversation_handler(conversation *c)
{
    return (session_handler){c, handle_event, step};
}
