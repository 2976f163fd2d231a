/* Binding a resource and the old session iq, both roles (RFC 6120 section 7,
   RFC 3921 section 3). */
#include "roles.h"

#include <string.h>

#include "apart.h"
#include "text_of.h"

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

/* RFC 6120 8.1.3, 8.2.3. */
static void send_request(parley_client *c, const char *form, const parley_string *b)
{
    parley_string id;

    parley_client_id(c, c->request_id);
    id = parley_text(c->request_id);
    parley_client_say(c, form, &id, b);
}

/* The first time with the wanted resource; after a conflict the server makes
   one (RFC 6120 7.6, 7.7.2.2, 7.2, 7.4, 8.2.3, 8.4). */
void parley_client_send_bind(parley_client *c)
{
    parley_string resource = {NULL, 0};

    if (c->bind_attempts == 0) {
        parley_engine_raise(&c->stream, PARLEY_EVENT_FEATURES);
        resource = c->config->resource;
    }
    c->bind_attempts++;
    send_request(c,
                 "<" FORM_IQ " type='set' id='" FORM_A "'><" FORM_BIND FORM_XMLNS FORM_BIND
                 "'" FORM_IF_B "><" FORM_RESOURCE ">" FORM_B "</" FORM_RESOURCE "></" FORM_BIND
                 ">" FORM_ELSE "/>" FORM_END "</" FORM_IQ ">",
                 &resource);
}

/* RFC 6120 8.2.3. */
void parley_client_send_session(parley_client *c)
{
    parley_engine_raise(&c->stream, PARLEY_EVENT_BOUND);
    send_request(c,
                 "<" FORM_IQ " type='set' id='" FORM_A "'><" FORM_SESSION FORM_XMLNS FORM_SESSION
                 "'/></" FORM_IQ ">",
                 NULL);
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

#define WITH_ID " id='" FORM_A "'"
#define BIND_ERROR(id, type, condition)                          \
    "<iq type='error'" id ">"                                    \
    "<error type='" type "'><" condition FORM_XMLNS "stanzas'/>" \
    "</error></iq>"

static const char *const bind_errors[] = {
    BIND_ERROR(WITH_ID, "modify", "bad-request"),       /* RFC 6120 7.7.2.1 */
    BIND_ERROR(WITH_ID, "cancel", "not-allowed"),       /* 7.7.1.2 */
    BIND_ERROR(WITH_ID, "modify", "conflict"),          /* 7.7.2.2 */
    BIND_ERROR(WITH_ID, "wait", "resource-constraint"), /* 7.7.1.1 */
};

/* What a request without an id is answered with. */
static const char bad_request[] = BIND_ERROR("", "modify", "bad-request");

#define BIND_FEATURES(session) \
    "<stream:features><bind" FORM_XMLNS "bind'/>" session "</stream:features>"

/* RFC 6120 6.4.6, 7.4. */
void parley_server_offer_bind(parley_server *s)
{
    static const char *const features[] = {
        BIND_FEATURES(""),
        BIND_FEATURES("<session" FORM_XMLNS "session'><optional/></session>"),
        BIND_FEATURES("<session" FORM_XMLNS "session'/>"),
    };
    const uint8_t session = s->config->offer_session;

    if (!parley_server_put_header(s, true)) {
        s->stream.next = SERVER_EVENT_FAIL;
        return;
    }
    parley_server_say(s, features[session < 2 ? session : 2], NULL, NULL);
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
    if (parley_known_child(bind, KNOWN_RESOURCE, &child)) {
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

    if (parley_known(s->stream.element) == KNOWN_IQ && s->stream.authenticated &&
        parley_string_is(parley_element_attribute(s->stream.element, "type"), "set") &&
        is_for_us(s, s->stream.element)) {
        if (parley_known_child(s->stream.element, KNOWN_BIND, &child)) {
            return judge_bind(s, s->stream.element, child);
        }
        if (bound && parley_known_child(s->stream.element, KNOWN_SESSION, &child) &&
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

/* RFC 6120 8.1.3, 8.2.3. */
static void reply(parley_server *s, const char *form)
{
    const parley_string id = {s->iq_id, s->iq_id_len};
    const parley_string jid = parley_server_jid(s);

    parley_server_say(s, form, &id, &jid);
}

void parley_server_refuse_bind(parley_server *s)
{
    parley_string id;

    if (s->iq_id_len > 0) {
        reply(s, bind_errors[s->bind_error]);
        return;
    }
    /* It could not be kept, so the request is still there. */
    id = parley_element_attribute(s->stream.element, "id");
    parley_server_say(s, id.data == NULL ? bad_request : bind_errors[s->bind_error], &id, NULL);
}

/* RFC 6120 7.6.1, 8.2.3. */
void parley_server_send_bound(parley_server *s)
{
    s->fact_bits |= FACT_BOUND;
    parley_engine_raise(&s->stream, PARLEY_EVENT_BOUND);
    reply(s, "<iq type='result' id='" FORM_A "'><bind" FORM_XMLNS "bind'><jid>" FORM_B
             "</jid></bind></iq>");
}

/* RFC 6120 8.2.3. */
void parley_server_answer_session(parley_server *s)
{
    reply(s, "<iq type='result' id='" FORM_A "'/>");
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
