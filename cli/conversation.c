#include "conversation.h"

#include "clock.h"
#include "patience.h"
#include "status.h"

#include <parley/safety.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE_CLIENT "jabber:client"
#define NAMESPACE_ROSTER "jabber:iq:roster"

void conversation_init(conversation *c, const conversation_plan *plan, session *s, output *out,
                       trace *tracer, int64_t deadline)
{
    memset(c, 0, sizeof *c);
    c->plan = plan;
    c->session = s;
    c->out = out;
    c->tracer = tracer;
    c->deadline = deadline;
    c->listen_end = CLOCK_NEVER;
    diagram_init(&c->path);
}

void conversation_again(conversation *c, int64_t deadline)
{
    bool message_sent = c->message_sent;
    int64_t listen_end = c->listen_end;
    unsigned followed = c->followed;

    conversation_init(c, c->plan, c->session, c->out, c->tracer, deadline);
    c->message_sent = message_sent;
    c->listen_end = listen_end;
    c->followed = followed;
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

/* RFC 6120 8.1.1.1. */
static bool ask_roster(conversation *c)
{
    parley_string account = {NULL, 0};
    parley_writer w;
    char id[24];

    parley_client_id(c->session->core, id);
    if (!begin_iq(c, &w, "get", id)) {
        return false;
    }
    parley_writer_start(&w, "query", NAMESPACE_ROSTER);
    parley_writer_end(&w);
    parley_writer_end(&w);
    if (!put_out(c, &w, "the roster request")) {
        return false;
    }
    return parley_iq_sent(&c->roster_request, id, account) == PARLEY_OK;
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

/* RFC 6120 8.1.1.1. */
static bool send_message(conversation *c)
{
    char *id = c->message_id;
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

/* Answers (RFC 6120 section 8.2.3). A forged roster push gets what every request does that
   nobody serves (RFC 6121 section 2.1.6). */

static parley_string own(const conversation *c)
{
    return parley_client_jid(c->session->core);
}

/* Puts out the answer that is due, as soon as there is room. */
static void put_reply(conversation *c)
{
    parley_writer w;

    if (c->reply.text == NULL) {
        return;
    }
    if (c->closing || parley_client_stanza(c->session->core, &w) != PARLEY_OK) {
        reply_drop(&c->reply);
        return;
    }
    reply_write(&c->reply, &w);
    if (put_out(c, &w, "an answer") || c->closing) {
        reply_drop(&c->reply);
    }
}

/* No further stanza is taken while an answer waits: each gets its own. Closing ends that. */
static bool holds(void *context)
{
    const conversation *c = context;

    return c->reply.text != NULL && !c->closing;
}

/* RFC 6120 8.2.3, 8.4. */
static void answer_iq(conversation *c, parley_element iq)
{
    const char *error = NULL;
    const char *condition = NULL;
    parley_element item;
    parley_reply due = parley_reply_to(iq);
    parley_push push = parley_roster_push(own(c), iq, &item);

    if (c->closing || (due != PARLEY_REPLY_DUE && due != PARLEY_REPLY_BAD_REQUEST)) {
        return;
    }
    if (due == PARLEY_REPLY_BAD_REQUEST || push == PARLEY_PUSH_BROKEN) {
        error = "modify";
        condition = "bad-request";
    } else if (push == PARLEY_PUSH_ITEM) {
        output_push(c->out, item);
    } else {
        error = "cancel";
        condition = "service-unavailable";
    }
    if (!reply_keep(&c->reply, iq, error, condition)) {
        fail(c, STATUS_LOCAL, "local", "no memory for an answer");
    }
    put_reply(c);
}

/* The roster's answer, taken child by child so that it may be of any size. */

static void opened(conversation *c, parley_element element)
{
    if (c->roster_depth == 0) {
        parley_iq_request ask = c->roster_request; /* what is refused comes whole */
        if (parley_iq_answered(&ask, own(c), element, false) == PARLEY_IQ_RESULT &&
            parley_client_descend(c->session->core, true) == PARLEY_OK) {
            c->roster_request = ask;
            c->roster_depth = 1;
            output_roster(c->out);
        }
    } else if (c->roster_depth == 1 && !c->roster_seen &&
               parley_element_is(element, "query", NAMESPACE_ROSTER) &&
               parley_client_descend(c->session->core, false) == PARLEY_OK) {
        c->roster_seen = true; /* an iq has one child (RFC 6120 8.2.3) */
        c->roster_depth = 2;
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

/* Whether a stanza is from who the message went to, or from the server in its place. */
static bool is_of_recipient(const conversation *c, parley_element stanza)
{
    parley_sender sender = parley_sender_of(own(c), stanza);
    char buffer[PARLEY_JID_SIZE];
    parley_jid jid;
    parley_string to = {buffer, 0};

    if (sender == PARLEY_SENDER_ACCOUNT || sender == PARLEY_SENDER_SERVER) {
        return true;
    }
    if (parley_jid_parse(&jid, parley_string_of(c->plan->to), buffer, sizeof buffer, NULL) !=
        PARLEY_OK) {
        return false;
    }
    to.len = (size_t)(jid.domain.data - buffer) + jid.domain.len;
    return parley_is_from(stanza, to, true);
}

/* Whether our message comes back. By its id alone anybody could say so. RFC 6120 8.3. */
static bool is_returned(const conversation *c, parley_element stanza)
{
    return c->message_sent && parley_element_is(stanza, "message", NAMESPACE_CLIENT) &&
           parley_string_equal(parley_element_attribute(stanza, "type"),
                               parley_string_of("error")) &&
           parley_string_equal(parley_element_attribute(stanza, "id"),
                               parley_string_of(c->message_id)) &&
           is_of_recipient(c, stanza);
}

/* RFC 6120 8.1.1.1, 8.2.3, 8.4. */
static void got_stanza(conversation *c, parley_element stanza)
{
    switch (parley_iq_answered(&c->roster_request, own(c), stanza, true)) {
    case PARLEY_IQ_RESULT:
        output_roster(c->out);
        output_roster_end(c->out);
        c->roster_done = true;
        return;
    case PARLEY_IQ_ERROR:
    case PARLEY_IQ_BROKEN:
        roster_refused(c);
        break;
    default:
        break;
    }
    output_stanza(c->out, own(c), stanza);
    if (is_returned(c, stanza)) {
        output_returned(own(c), c->plan->to, stanza);
    }
    if (parley_element_is(stanza, "iq", NAMESPACE_CLIENT)) {
        answer_iq(c, stanza);
    }
}

static void note_tls(conversation *c, const parley_tls_info *tls)
{
    if (c->tracer != NULL) {
        trace_note(c->tracer, "TLS is up%s: %s, certificate %s", tls->resumed ? ", resumed" : "",
                   parley_tls_suite_name(tls->suite), tls->verified ? "verified" : "not verified");
    }
    output_tls(c->out, tls);
}

static void copy_text(char *to, size_t size, parley_string text)
{
    snprintf(to, size, "%.*s", (int)text.len, text.data != NULL ? text.data : "");
}

/* see-other-host. */
static void sent_away(conversation *c, const parley_redirect *redirect)
{
    c->sent_away = true;
    c->verdict = parley_redirect_judge(redirect, &c->plan->redirects, c->followed, c->other_host,
                                       sizeof c->other_host - 1, &c->other);
    if (c->verdict == PARLEY_REDIRECT_FOLLOW) {
        c->other_host[c->other.host.len] = '\0';
    }
    copy_text(c->other_text, sizeof c->other_text, redirect->address);
}

static void handle_event(void *context, const parley_event *event)
{
    conversation *c = context;
    const char *state;

    switch (event->kind) {
    case PARLEY_EVENT_STATE:
        state = parley_client_state_text(event->state);
        if (c->tracer != NULL) {
            trace_note(c->tracer, "state %s", state);
        }
        diagram_enter(&c->path, state);
        output_state(c->out, state);
        break;
    case PARLEY_EVENT_TLS:
        note_tls(c, event->tls);
        break;
    case PARLEY_EVENT_FEATURES:
        output_features(c->out, event->element);
        output_mechanisms(event->element, c->offered, sizeof c->offered);
        break;
    case PARLEY_EVENT_AUTHENTICATED:
        output_authenticated(c->out, event->mechanism, event->binding, event->server_verified);
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
        output_too_large(c->out, own(c), event->element);
        break;
    case PARLEY_EVENT_REFUSED:
        output_error(event->element, c->peer_text, sizeof c->peer_text);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        copy_text(c->peer_text, sizeof c->peer_text, event->text);
        break;
    case PARLEY_EVENT_SEE_OTHER_HOST:
        sent_away(c, &event->redirect);
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
        if (c->listen_end == CLOCK_NEVER) {
            c->listen_end = clock_now() + c->plan->listen;
        }
        c->deadline = c->listen_end;
    }
    if (clock_left(c->deadline) == 0) {
        c->closing = true;
        c->done = true;
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

    put_reply(c);
    if (patience_lost() && !c->failed) {
        fail(c, STATUS_LOCAL, "output",
             "what is printed cannot be written, or was not read for the time of --timeout; check "
             "where it goes");
    }
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
    return (session_handler){c, handle_event, step, holds};
}

void conversation_over(conversation *c)
{
    reply_drop(&c->reply);
}
