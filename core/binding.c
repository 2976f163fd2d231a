/* Binding a resource and the old session iq, both roles (RFC 6120 section 7,
   RFC 3921 section 3). */
#include "roles.h"

#include <string.h>

#include "apart.h"

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

/* RFC 6120 8.1.3. */
static void open_request(parley_client *c, parley_writer *w)
{
    parley_client_id(c, c->request_id);
    parley_engine_writer(&c->stream, w, true);
    parley_writer_start(w, "iq", NULL);
    parley_writer_attribute(w, "type", parley_string_of("set"));
    parley_writer_attribute(w, "id", parley_string_of(c->request_id));
}

static void send_request(parley_client *c, parley_writer *w)
{
    parley_writer_end(w);
    parley_writer_end(w);
    if (!parley_engine_commit(&c->stream, w)) {
        c->stream.next = CLIENT_EVENT_FAIL;
    }
}

/* The first time with the wanted resource; after a conflict the server makes
   one (RFC 6120 7.6, 7.7.2.2, 7.2, 7.4, 8.2.3, 8.4). */
void parley_client_send_bind(parley_client *c)
{
    parley_writer w;

    if (c->bind_attempts == 0) {
        parley_engine_raise(&c->stream, PARLEY_EVENT_FEATURES);
    }
    c->bind_attempts++;
    open_request(c, &w);
    parley_writer_start(&w, "bind", PARLEY_NS_BIND);
    if (c->config->resource.data != NULL && c->bind_attempts == 1) {
        parley_writer_start(&w, "resource", NULL);
        parley_writer_text(&w, c->config->resource);
        parley_writer_end(&w);
    }
    send_request(c, &w);
}

void parley_client_send_session(parley_client *c)
{
    parley_writer w;

    parley_engine_raise(&c->stream, PARLEY_EVENT_BOUND);
    open_request(c, &w);
    parley_writer_start(&w, "session", PARLEY_NS_SESSION);
    send_request(c, &w);
}

void parley_client_become_ready(parley_client *c)
{
    if (c->stream.state == CLIENT_BINDING) { /* else it was told before the session iq */
        parley_engine_raise(&c->stream, PARLEY_EVENT_BOUND);
    }
}

/* By the server, or by us for a bind result that is none. */
static void refused(parley_client *c)
{
    const bool by_peer = c->stream.code == PARLEY_ERROR_BIND_REFUSED ||
                         c->stream.code == PARLEY_ERROR_SESSION_REFUSED;

    if (by_peer) {
        parley_engine_raise(&c->stream, PARLEY_EVENT_REFUSED);
    }
    parley_client_end(c, c->stream.code, PARLEY_CONDITION_NONE, by_peer);
}

void parley_client_bind_refused(parley_client *c)
{
    refused(c);
}

void parley_client_session_refused(parley_client *c)
{
    refused(c);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

/* Server. */

/* What a bind request that is not granted is answered with. */
enum bind_error { BIND_BAD_REQUEST = 0, BIND_NOT_ALLOWED, BIND_CONFLICT, BIND_CONSTRAINT };

static const struct {
    const char *type;
    const char *condition;
} bind_errors[] = {
    {"modify", "bad-request"},      /* RFC 6120 7.7.2.1 */
    {"cancel", "not-allowed"},      /* 7.7.1.2 */
    {"modify", "conflict"},         /* 7.7.2.2 */
    {"wait", "resource-constraint"} /* 7.7.1.1 */
};

/* RFC 6120 6.4.6, 7.4. */
void parley_server_offer_bind(parley_server *s)
{
    parley_stream *stream = &s->stream;
    parley_writer w;

    if (!parley_server_put_header(s, true)) {
        stream->next = SERVER_EVENT_FAIL;
        return;
    }
    parley_engine_writer(stream, &w, true);
    parley_writer_start(&w, "stream:features", NULL);
    parley_writer_start(&w, "bind", PARLEY_NS_BIND);
    parley_writer_end(&w);
    if (s->config->offer_session != 0) {
        parley_writer_start(&w, "session", PARLEY_NS_SESSION);
        if (s->config->offer_session == 1) {
            parley_writer_start(&w, "optional", NULL);
            parley_writer_end(&w);
        }
        parley_writer_end(&w);
    }
    parley_writer_end(&w);
    if (!parley_engine_commit(stream, &w)) {
        stream->next = SERVER_EVENT_FAIL;
    }
}

static bool keep_id(parley_server *s, parley_element iq)
{
    parley_string id = parley_element_attribute(iq, "id");

    s->iq_id_len = 0;
    if (id.data == NULL || id.len == 0 || id.len > sizeof s->iq_id) {
        return false;
    }
    memcpy(s->iq_id, id.data, id.len);
    s->iq_id_len = (uint8_t)id.len;
    return true;
}

/* RFC 6120 7.7.3. */
static enum server_event refuse_request(parley_server *s, enum bind_error error)
{
    s->bind_error = (uint8_t)error;
    if ((s->fact_bits & FACT_BOUND) == 0) {
        return parley_server_failed_attempt(s, SERVER_EVENT_BIND_REFUSED);
    }
    return SERVER_EVENT_BIND_REFUSED;
}

/* A set with one <bind/> child; its <resource/>, if any, is prepared to the
   front of s->jid with its length in jid_len (0: none asked for). */
static enum server_event judge_bind(parley_server *s, parley_element iq, parley_element bind)
{
    parley_element child;
    parley_string text;
    parley_string prepared = {NULL, 0};

    if (!keep_id(s, iq) || parley_element_children(iq) != 1) {
        return refuse_request(s, BIND_BAD_REQUEST);
    }
    if ((s->fact_bits & FACT_BOUND) != 0) {
        return refuse_request(s, BIND_NOT_ALLOWED); /* one resource a stream */
    }
    s->jid_len = 0;
    if (parley_element_find(bind, "resource", PARLEY_NS_BIND, &child)) {
        if (parley_element_text(child, &text) != PARLEY_OK) {
            return refuse_request(s, BIND_BAD_REQUEST);
        }
        if (text.len > 0 && (parley_jid_prepare(PARLEY_JID_RESOURCE, text, s->jid, sizeof s->jid,
                                                &prepared, NULL) != PARLEY_OK ||
                             prepared.len > PARLEY_PART_SIZE)) {
            return refuse_request(s, BIND_BAD_REQUEST);
        }
        s->jid_len = (uint16_t)prepared.len;
    }
    return SERVER_EVENT_BIND;
}

/* Whether an iq is addressed to the server, however it is written (RFC 7622 3.1), or to the account
   itself. */
PARLEY_APART static bool is_for_us(const parley_server *s, parley_element iq)
{
    const parley_string host = {s->host, s->host_len};
    parley_string to = parley_element_attribute(iq, "to");
    char room[PARLEY_PART_SIZE];
    parley_string prepared;

    return to.data == NULL || parley_string_equal(to, host) ||
           (parley_jid_prepare(PARLEY_JID_DOMAIN, to, room, sizeof room, &prepared, NULL) ==
                PARLEY_OK &&
            parley_string_equal(prepared, host));
}

/* Bind and session requests are the core's; other stanzas the application's (RFC 6120
   7.1, 13.12). */
enum server_event parley_server_judge_stanza(parley_server *s)
{
    bool bound = (s->fact_bits & FACT_BOUND) != 0;
    parley_element child;

    if (parley_element_is(s->stream.element, "iq", PARLEY_NS_CLIENT) && s->stream.authenticated &&
        parley_string_is(parley_element_attribute(s->stream.element, "type"), "set") &&
        is_for_us(s, s->stream.element)) {
        if (parley_element_find(s->stream.element, "bind", PARLEY_NS_BIND, &child)) {
            return judge_bind(s, s->stream.element, child);
        }
        if (bound && parley_element_find(s->stream.element, "session", PARLEY_NS_SESSION, &child) &&
            keep_id(s, s->stream.element)) {
            return SERVER_EVENT_SESSION;
        }
    }
    if (bound) {
        return SERVER_EVENT_STANZA;
    }
    parley_engine_blame(&s->stream, PARLEY_ERROR_STANZA_EARLY, PARLEY_NOT_AUTHORIZED);
    return SERVER_EVENT_UNEXPECTED;
}

void parley_server_ask_bind(parley_server *s)
{
    parley_engine_ask(&s->stream, PARLEY_REQUEST_BIND);
}

/* RFC 6120 8.1.3. */
static void open_reply(parley_server *s, parley_writer *w, const char *type)
{
    parley_string id = {s->iq_id, s->iq_id_len};

    if (id.len == 0) { /* not kept, so refused at once: the request is still there */
        id = parley_element_attribute(s->stream.element, "id");
    }
    parley_engine_writer(&s->stream, w, true);
    parley_writer_start(w, "iq", NULL);
    parley_writer_attribute(w, "type", parley_string_of(type));
    parley_writer_attribute(w, "id", id);
}

static void send_reply(parley_server *s, parley_writer *w)
{
    parley_writer_end(w);
    if (!parley_engine_commit(&s->stream, w)) {
        s->stream.next = SERVER_EVENT_FAIL;
    }
}

/* RFC 6120 8.2.3. */
void parley_server_refuse_bind(parley_server *s)
{
    parley_writer w;

    open_reply(s, &w, "error");
    parley_writer_start(&w, "error", NULL);
    parley_writer_attribute(&w, "type", parley_string_of(bind_errors[s->bind_error].type));
    parley_writer_start(&w, bind_errors[s->bind_error].condition, PARLEY_NS_STANZAS);
    parley_writer_end(&w);
    parley_writer_end(&w);
    send_reply(s, &w);
}

/* RFC 6120 7.6.1, 8.2.3. */
void parley_server_send_bound(parley_server *s)
{
    parley_writer w;

    s->fact_bits |= FACT_BOUND;
    parley_engine_raise(&s->stream, PARLEY_EVENT_BOUND);
    open_reply(s, &w, "result");
    parley_writer_start(&w, "bind", PARLEY_NS_BIND);
    parley_writer_start(&w, "jid", NULL);
    parley_writer_text(&w, parley_server_jid(s));
    parley_writer_end(&w);
    parley_writer_end(&w);
    send_reply(s, &w);
}

void parley_server_answer_session(parley_server *s)
{
    parley_writer w;

    open_reply(s, &w, "result");
    send_reply(s, &w);
}

/* The application names the resource: the full JID is put together (RFC 6120 4.3.6, 7.1). */
parley_result parley_server_answer_bind(parley_server *s, const parley_answer *answer)
{
    char resource[PARLEY_PART_SIZE];
    parley_string prepared;
    parley_jid jid;
    size_t len;

    if (answer->kind != PARLEY_ANSWER_RESOURCE ||
        parley_jid_prepare(PARLEY_JID_RESOURCE, answer->bytes, resource, sizeof resource, &prepared,
                           NULL) != PARLEY_OK) {
        return PARLEY_MISUSE;
    }
    jid.local = (parley_string){s->user, s->user_len};
    jid.domain = (parley_string){s->host, s->host_len};
    jid.resource = prepared;
    if (parley_jid_write(&jid, false, s->jid, sizeof s->jid, &len) != PARLEY_OK) {
        return PARLEY_MISUSE;
    }
    s->jid_len = (uint16_t)len;
    s->stream.requests = 0;
    parley_server_step(s, SERVER_EVENT_BOUND);
    return PARLEY_OK;
}

/* RFC 6120 7.6.2.1, 7.6.2.2, 13.12. */
void parley_server_refuse_resource(parley_server *s, parley_refusal refusal)
{
    enum bind_error error = refusal == PARLEY_REFUSE_CONFLICT      ? BIND_CONFLICT
                            : refusal == PARLEY_REFUSE_UNAVAILABLE ? BIND_CONSTRAINT
                                                                   : BIND_NOT_ALLOWED;

    s->stream.requests = 0;
    parley_server_step(s, refuse_request(s, error));
}

#endif
