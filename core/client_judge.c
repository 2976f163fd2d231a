/* The client's decisions: element, facts and policy to machine event. They
   change nothing but what a rejection would say, the mechanism and binding that
   are chosen, the facts FOREIGN and SESSION, and what the event's name depends
   on: a mechanism's step (its proof is the decision) and the JID of a bind
   result, with which a resource is bound. */
#include "roles.h"

#include <string.h>

#include "apart.h"

static bool attribute_is(const parley_client *c, const char *name, const char *value)
{
    return parley_string_is(parley_element_attribute(c->stream.element, name), value);
}

static bool is_our_domain(const parley_client *c, parley_string from)
{
    char room[PARLEY_PART_SIZE];
    const uint16_t len = parley_client_prepare(PARLEY_JID_DOMAIN, &from, room, sizeof room);

    return len == c->domain_len && memcmp(room, c->domain, len) == 0;
}

static enum client_event refuse_header(parley_client *c, parley_code code,
                                       parley_condition condition)
{
    parley_engine_blame(&c->stream, code, condition);
    return CLIENT_EVENT_HEADER_REFUSED;
}

/* RFC 6120 4.7, 4.8: name, namespaces, version, id, from. */
enum client_event parley_client_judge_header(parley_client *c)
{
    parley_stream *s = &c->stream;
    parley_string from = parley_element_attribute(s->element, "from");

    if (!parley_engine_is_header(s)) {
        return CLIENT_EVENT_HEADER_REFUSED;
    }
    switch (parley_engine_version(parley_element_attribute(s->element, "version"))) {
    case 1:
        break;
    case -1:
        return refuse_header(c, PARLEY_ERROR_STREAM_VERSION, PARLEY_BAD_FORMAT);
    default: /* without a version there will be no features (RFC 6120 4.7.5) */
        return refuse_header(c, PARLEY_ERROR_STREAM_VERSION, PARLEY_UNSUPPORTED_VERSION);
    }
    if (parley_element_attribute(s->element, "id").len == 0) {
        return refuse_header(c, PARLEY_ERROR_STREAM_ID, PARLEY_BAD_FORMAT);
    }
    /* A server that does not know the domain names its own and then says so
       (RFC 6120 4.9.3.6): wait for what follows. */
    c->fact_bits = (uint8_t)(c->fact_bits & ~FACT_FOREIGN);
    if (from.data != NULL && !is_our_domain(c, from)) {
        c->fact_bits |= FACT_FOREIGN;
    }
    return CLIENT_EVENT_HEADER;
}

static enum client_event judge_sasl_features(parley_client *c)
{
    parley_element mechanisms;

    c->mechanism = NULL;
    if (parley_known_child(c->stream.element, KNOWN_MECHANISMS, &mechanisms)) {
        parley_client_judge_offer(c, c->stream.element, mechanisms);
        if (c->mechanism != NULL) {
            return CLIENT_EVENT_FEATURES_SASL_ALLOWED;
        }
        parley_engine_blame(&c->stream, PARLEY_ERROR_SASL_NO_MECHANISM, PARLEY_CONDITION_NONE);
        return CLIENT_EVENT_FEATURES_SASL_WEAK;
    }
    return CLIENT_EVENT_FEATURES_POOR;
}

enum client_event parley_client_judge_features(parley_client *c)
{
    parley_element feature;

    if ((c->fact_bits & FACT_FOREIGN) != 0) {
        return refuse_header(c, PARLEY_ERROR_STREAM_FROM, PARLEY_INVALID_FROM);
    }
    parley_engine_blame(&c->stream, PARLEY_ERROR_STREAM_FEATURES, PARLEY_UNSUPPORTED_FEATURE);
    if ((c->fact_bits & (FACT_TLS | FACT_INSECURE)) == 0) {
        return parley_known_child(c->stream.element, KNOWN_STARTTLS, &feature)
                   ? CLIENT_EVENT_FEATURES_STARTTLS
                   : CLIENT_EVENT_FEATURES_NO_STARTTLS;
    }
    if (!c->stream.authenticated) {
        return judge_sasl_features(c);
    }
    if (!parley_known_child(c->stream.element, KNOWN_BIND, &feature)) {
        return CLIENT_EVENT_FEATURES_POOR;
    }
    /* RFC 3921's session, unless the server can do without. */
    if (parley_known_child(c->stream.element, KNOWN_SESSION, &feature) &&
        !parley_known_child(feature, KNOWN_OPTIONAL, &feature)) {
        c->fact_bits |= FACT_SESSION;
    }
    return CLIENT_EVENT_FEATURES_BIND;
}

PARLEY_APART enum client_event parley_client_sasl_event(parley_client *c, sasl_step step)
{
    switch (step) {
    case SASL_SEND:
        return CLIENT_EVENT_CHALLENGE_ANSWERED;
    case SASL_CREDENTIAL:
        return CLIENT_EVENT_CHALLENGE_CREDENTIAL;
    case SASL_WORK:
        return CLIENT_EVENT_DERIVATION;
    case SASL_PROVED:
        return CLIENT_EVENT_CHALLENGE_PROVED;
    default:
        parley_engine_blame(&c->stream, c->stream.sasl.code, PARLEY_CONDITION_NONE);
        return CLIENT_EVENT_CHALLENGE_REFUSED;
    }
}

static enum client_event judge_success(parley_client *c, parley_result result, parley_string data)
{
    parley_stream *s = &c->stream;

    if (s->state == CLIENT_PROVED) {
        return result == PARLEY_MORE ? CLIENT_EVENT_SUCCESS_PROVED : CLIENT_EVENT_UNEXPECTED;
    }
    if (!parley_mechanism_is(c->mechanism, SASL_SERVER_PROVES)) {
        if (result == PARLEY_OK && data.len > 0) { /* the mechanism defines none */
            parley_engine_blame(s, PARLEY_ERROR_SASL_MESSAGE, PARLEY_CONDITION_NONE);
            return CLIENT_EVENT_SUCCESS_UNPROVED;
        }
        return CLIENT_EVENT_SUCCESS_UNASKED;
    }
    if (result == PARLEY_MORE || s->state != CLIENT_PROVING) {
        parley_engine_blame(s, PARLEY_ERROR_SASL_UNPROVED, PARLEY_CONDITION_NONE);
        return CLIENT_EVENT_SUCCESS_UNPROVED;
    }
    if (parley_mechanism_of(c->mechanism)->client_step(&s->sasl, data) == SASL_PROVED) {
        return CLIENT_EVENT_SUCCESS_PROVED;
    }
    parley_engine_blame(s,
                        s->sasl.code != PARLEY_NO_ERROR ? s->sasl.code : PARLEY_ERROR_SASL_UNPROVED,
                        PARLEY_CONDITION_NONE);
    return CLIENT_EVENT_SUCCESS_UNPROVED;
}

/* A challenge or a success; `refused` is which of them is not taken. */
static enum client_event judge_message(parley_client *c, enum client_event refused)
{
    const bool success = refused == CLIENT_EVENT_SUCCESS_UNPROVED;
    parley_string data;
    parley_result result;

    if (c->stream.state != CLIENT_AUTHENTICATING && c->stream.state != CLIENT_PROVING &&
        (c->stream.state != CLIENT_PROVED || !success)) {
        return CLIENT_EVENT_UNEXPECTED;
    }
    result = parley_engine_sasl_data(&c->stream, &data);
    if (result == PARLEY_ILLEGAL) {
        parley_engine_blame(&c->stream, PARLEY_ERROR_SASL_ENCODING, PARLEY_CONDITION_NONE);
        return refused;
    }
    if (success) {
        return judge_success(c, result, data);
    }
    return parley_client_sasl_event(
        c, parley_mechanism_of(c->mechanism)->client_step(&c->stream.sasl, data));
}

/* Who may answer: the server, by the account or the domain, or by the JID that is bound. */
static bool is_ours(const parley_client *c, parley_string from)
{
    const size_t at = c->user_len;
    parley_string domain = from;

    if (from.len > at && memcmp(from.data, c->user, at) == 0 && from.data[at] == '@') {
        domain.data += at + 1;
        domain.len -= at + 1;
    }
    return parley_string_equal(domain, (parley_string){c->domain, c->domain_len}) ||
           (c->jid_len > 0 && parley_string_equal(from, (parley_string){c->jid, c->jid_len}));
}

/* Whether an iq answers our request: id, and who may say so (RFC 6120 8.1.2.1, 8.1.3). */
static bool is_answer(const parley_client *c)
{
    parley_string from = parley_element_attribute(c->stream.element, "from");

    return attribute_is(c, "id", c->request_id) && (from.data == NULL || is_ours(c, from));
}

/* The one full JID of a bind result, in our domain (RFC 6120 7.6.1, 4.3.6). */
static bool read_jid(parley_client *c)
{
    parley_element bind;
    parley_element child;
    parley_element second;
    parley_string text;
    parley_jid jid;

    if (!parley_known_child(c->stream.element, KNOWN_BIND, &bind) ||
        !parley_known_child(bind, KNOWN_JID, &child)) {
        parley_engine_blame(&c->stream, PARLEY_ERROR_BIND_RESULT, PARLEY_CONDITION_NONE);
        return false;
    }
    parley_engine_blame(&c->stream, PARLEY_ERROR_BIND_JID, PARLEY_CONDITION_NONE);
    second = child;
    if (parley_known_next(&second, KNOWN_JID)) {
        return false;
    }
    if (parley_element_text(child, &text) != PARLEY_OK ||
        parley_jid_parse(&jid, text, c->jid, sizeof c->jid, NULL) != PARLEY_OK) {
        return false;
    }
    if (jid.local.data == NULL || jid.resource.data == NULL ||
        !parley_string_equal(jid.domain, (parley_string){c->domain, c->domain_len})) {
        return false;
    }
    c->jid_len = (uint16_t)(jid.resource.data + jid.resource.len - c->jid);
    return true;
}

/* RFC 6120 7.7.2.2, 8.3.2: once more after a conflict, letting the server choose. */
static enum client_event judge_bind_error(parley_client *c)
{
    parley_element error;
    parley_element condition;
    parley_string text;

    parley_engine_blame(&c->stream, PARLEY_ERROR_BIND_REFUSED, PARLEY_CONDITION_NONE);
    return c->config->resource.data != NULL && c->bind_attempts == 1 &&
                   parley_known_child(c->stream.element, KNOWN_STANZA_ERROR, &error) &&
                   parley_engine_condition(error, SPACE_STANZAS, &condition, &text) ==
                       PARLEY_CONFLICT
               ? CLIENT_EVENT_BIND_CONFLICT
               : CLIENT_EVENT_BIND_FAILURE;
}

enum client_event parley_client_judge_iq(parley_client *c)
{
    const bool binds = c->stream.state == CLIENT_BINDING;

    if ((!binds && c->stream.state != CLIENT_SESSION) || !is_answer(c)) {
        return CLIENT_EVENT_STANZA;
    }
    if (attribute_is(c, "type", "result")) {
        if (!binds) {
            return CLIENT_EVENT_SESSION_RESULT;
        }
        if (!read_jid(c)) {
            return CLIENT_EVENT_BIND_FAILURE;
        }
        return (c->fact_bits & FACT_SESSION) != 0 ? CLIENT_EVENT_BIND_RESULT_SESSION
                                                  : CLIENT_EVENT_BIND_RESULT;
    }
    if (attribute_is(c, "type", "error")) {
        if (binds) {
            return judge_bind_error(c);
        }
        parley_engine_blame(&c->stream, PARLEY_ERROR_SESSION_REFUSED, PARLEY_CONDITION_NONE);
        return CLIENT_EVENT_SESSION_FAILURE;
    }
    return CLIENT_EVENT_STANZA;
}

/* An element is its event by its name, or by what it holds too. */
enum client_event parley_client_judge_element(parley_client *c)
{
    const bool ready = c->jid_len > 0;
    const unsigned known = parley_engine_blame_element(&c->stream, ready);

    if (KNOWN_SPACE_OF(known) == SPACE_SASL) {
        parley_engine_blame(&c->stream, PARLEY_ERROR_SASL_OUT_OF_STEP, PARLEY_CONDITION_NONE);
    }
    switch (known) {
    case KNOWN_IQ:
        return parley_client_judge_iq(c);
    case KNOWN_MESSAGE:
    case KNOWN_PRESENCE:
        return CLIENT_EVENT_STANZA;
    case KNOWN_FEATURES:
        return ready ? CLIENT_EVENT_UNEXPECTED : parley_client_judge_features(c);
    case KNOWN_STREAM_ERROR:
        return CLIENT_EVENT_STREAM_ERROR;
    case KNOWN_PROCEED:
        return CLIENT_EVENT_PROCEED;
    case KNOWN_TLS_FAILURE:
        return CLIENT_EVENT_STARTTLS_FAILURE;
    case KNOWN_CHALLENGE:
        return judge_message(c, CLIENT_EVENT_CHALLENGE_REFUSED);
    case KNOWN_SUCCESS:
        return judge_message(c, CLIENT_EVENT_SUCCESS_UNPROVED);
    case KNOWN_SASL_FAILURE:
        return CLIENT_EVENT_SASL_FAILURE;
    default:
        return CLIENT_EVENT_UNEXPECTED;
    }
}
