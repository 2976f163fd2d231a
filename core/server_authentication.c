/* SASL, the server's half (RFC 6120 section 6). A failed attempt is answered
   with <failure/> and may be repeated until the configured number is spent;
   each attempt starts from nothing (parley_sasl_wipe), with fresh randomness.
   A client that names an unknown user goes through the same motions as one with
   a wrong password, and gets the same answer. */
#include "roles.h"

#include <string.h>

#include "text_of.h"

static const parley_string none = {NULL, 0};

/* The mechanism's message, if it has one. */
static void put_message(parley_server *s, const char *form)
{
    parley_string message = s->stream.sasl.out;

    message.data = message.len > 0 ? message.data : NULL;
    parley_server_say(s, form, NULL, &message);
}

/* RFC 6120 6.4.5, 13.9.4. */
enum server_event parley_server_failed_attempt(parley_server *s, enum server_event event)
{
    parley_policy_question question = {.topic = PARLEY_POLICY_ATTEMPT};

    s->failures++;
    question.failures = s->failures;
    if (parley_policy_judge(&s->config->policy, &question) == PARLEY_POLICY_ALLOWED) {
        return event;
    }
    parley_engine_blame(&s->stream, PARLEY_ERROR_SASL_ATTEMPTS, PARLEY_POLICY_VIOLATION);
    return SERVER_EVENT_ATTEMPTS_SPENT;
}

static enum server_event refuse(parley_server *s, parley_sasl_condition condition,
                                enum server_event event)
{
    parley_sasl_wipe(&s->stream.sasl);
    s->sasl_condition = (uint8_t)condition;
    return parley_server_failed_attempt(s, event);
}

/* What a mechanism's refusal is called on the wire. */
static parley_sasl_condition condition_of(parley_code code)
{
    switch (code) {
    case PARLEY_ERROR_SASL_ENCODING:
        return PARLEY_SASL_INCORRECT_ENCODING;
    case PARLEY_ERROR_SASL_MESSAGE:
    case PARLEY_ERROR_SASL_EXTENSION:
        return PARLEY_SASL_MALFORMED_REQUEST;
    case PARLEY_ERROR_SASL_AUTHZID:
        return PARLEY_SASL_INVALID_AUTHZID;
    default:
        return PARLEY_SASL_NOT_AUTHORIZED;
    }
}

enum server_event parley_server_sasl_event(parley_server *s, sasl_step step)
{
    switch (step) {
    case SASL_SEND:
        return SERVER_EVENT_CHALLENGE;
    case SASL_CREDENTIAL:
        return SERVER_EVENT_IDENTITY;
    case SASL_WORK:
        return SERVER_EVENT_DERIVATION;
    case SASL_PROVED:
        return SERVER_EVENT_PROVED;
    default:
        return refuse(s, condition_of(s->stream.sasl.code), SERVER_EVENT_ATTEMPT_REFUSED);
    }
}

enum server_event parley_server_judge_auth(parley_server *s)
{
    parley_stream *stream = &s->stream;
    parley_string name = parley_element_attribute(stream->element, "mechanism");
    size_t i;

    parley_engine_blame(stream, PARLEY_ERROR_SASL_OUT_OF_STEP, PARLEY_POLICY_VIOLATION);
    if (s->stream.authenticated) {
        return SERVER_EVENT_UNEXPECTED; /* RFC 6120 6.4.6: once a stream */
    }
    if ((s->fact_bits & (FACT_TLS | FACT_INSECURE)) == 0) {
        return refuse(s, PARLEY_SASL_ENCRYPTION_REQUIRED, SERVER_EVENT_AUTH_REFUSED);
    }
    parley_sasl_wipe(&stream->sasl); /* a former attempt is void (RFC 6120 6.4.2) */
    for (i = 0; i < parley_mechanism_count(s->config->mechanism_count); i++) {
        if (parley_string_is(name, s->config->mechanisms[i]->name) &&
            parley_server_offers(s, s->config->mechanisms[i])) {
            s->mechanism = parley_mechanism_of(s->config->mechanisms[i]);
            return SERVER_EVENT_AUTH;
        }
    }
    return refuse(s,
                  name.data == NULL ? PARLEY_SASL_MALFORMED_REQUEST : PARLEY_SASL_INVALID_MECHANISM,
                  SERVER_EVENT_AUTH_REFUSED);
}

/* A message may hold the password: it does not stay in the tree. */
static sasl_step forget_data(parley_string data, sasl_step step)
{
    if (data.data != NULL) {
        /* With what is left of the base64 that it was decoded over. */
        parley_wipe((void *)(uintptr_t)data.data, PARLEY_BASE64_SIZE(data.len));
    }
    return step;
}

/* The initial response, with the randomness that it waited for. The <auth/>
   element is still there: no input is taken while a request is pending. */
static enum server_event start(parley_server *s, parley_string random)
{
    parley_stream *stream = &s->stream;
    sasl_context context;
    unsigned char offers[PARLEY_HASH_SIZE];
    parley_string data;
    parley_result result = parley_engine_sasl_data(stream, &data);

    if (result == PARLEY_ILLEGAL) {
        return refuse(s, PARLEY_SASL_INCORRECT_ENCODING, SERVER_EVENT_ATTEMPT_REFUSED);
    }
    memset(&context, 0, sizeof context);
    context.host = (parley_string){s->host, s->host_len};
    context.binding_offered = parley_server_offers_binding(s);
    if (parley_mechanism_is(s->mechanism, SASL_COVERS_OFFERS)) {
        context.offers = parley_server_offer_hash(s, offers);
    }
    context.random = random;
    context.iterations = s->config->iterations;
    context.secret = s->config->secret;
    context.salt_len = s->config->salt_len;
    context.keeps_keys = s->config->kept == PARLEY_KEEPS_KEYS;
    context.tls = &s->tls;
    stream->sasl.mechanism = s->mechanism;
    return parley_server_sasl_event(s, forget_data(data, parley_mechanism_of(s->mechanism)
                                                             ->server_start(&stream->sasl, &context,
                                                                            data)));
}

void parley_server_ask_nonce(parley_server *s)
{
    if (parley_mechanism_of(s->mechanism)->random_server > 0) {
        parley_engine_ask(&s->stream, PARLEY_REQUEST_RANDOM);
    } else {
        s->stream.next = (uint8_t)start(s, none);
    }
}

void parley_server_ask_credential(parley_server *s)
{
    parley_engine_ask(&s->stream, PARLEY_REQUEST_CREDENTIAL);
}

void parley_server_send_challenge(parley_server *s)
{
    put_message(s, "<challenge" FORM_XMLNS "sasl'" FORM_MESSAGE("challenge"));
}

void parley_server_derive(parley_server *s)
{
    s->stream.working = true;
}

enum server_event parley_server_judge_response(parley_server *s)
{
    parley_stream *stream = &s->stream;
    parley_string data;
    parley_result result;

    parley_engine_blame(stream, PARLEY_ERROR_SASL_OUT_OF_STEP, PARLEY_NOT_AUTHORIZED);
    if (stream->state != SERVER_CHALLENGED) {
        return SERVER_EVENT_UNEXPECTED;
    }
    result = parley_engine_sasl_data(stream, &data);
    if (result == PARLEY_ILLEGAL) {
        return refuse(s, PARLEY_SASL_INCORRECT_ENCODING, SERVER_EVENT_ATTEMPT_REFUSED);
    }
    return parley_server_sasl_event(
        s, forget_data(data, parley_mechanism_of(s->mechanism)->server_step(&stream->sasl, data)));
}

/* RFC 6120 6.4.4. */
enum server_event parley_server_judge_abort(parley_server *s)
{
    parley_engine_blame(&s->stream, PARLEY_ERROR_SASL_OUT_OF_STEP, PARLEY_NOT_AUTHORIZED);
    if (s->stream.state != SERVER_CHALLENGED) {
        return SERVER_EVENT_UNEXPECTED;
    }
    return refuse(s, PARLEY_SASL_ABORTED, SERVER_EVENT_ABORT);
}

/* RFC 6120 6.4.5. */
static void put_failure(parley_server *s, parley_sasl_condition condition)
{
    const parley_string name = parley_text(parley_sasl_condition_name(condition));

    parley_server_say(s, "<failure" FORM_XMLNS "sasl'><" FORM_A "/></failure>", &name, NULL);
}

void parley_server_send_failure(parley_server *s)
{
    put_failure(s, (parley_sasl_condition)s->sasl_condition);
}

/* SASL before TLS, where TLS is required (RFC 6120 6.5.4). */
void parley_server_refuse_plain(parley_server *s)
{
    put_failure(s, PARLEY_SASL_ENCRYPTION_REQUIRED);
}

/* Whom an authzid names: the bare JID of an account here. The localpart is left
   at the front of s->jid, which nothing else needs yet. */
static bool read_authzid(parley_server *s, parley_string authzid)
{
    parley_jid jid;

    if (parley_jid_parse(&jid, authzid, s->jid, sizeof s->jid, NULL) != PARLEY_OK ||
        jid.local.data == NULL || jid.resource.data != NULL ||
        !parley_string_equal(jid.domain, (parley_string){s->host, s->host_len})) {
        return false;
    }
    s->jid_len = (uint16_t)jid.local.len;
    return true;
}

/* Proved: who the client is, and whom it may act as (RFC 6120 6.3.8, 4.3.6). */
void parley_server_ask_authority(parley_server *s)
{
    parley_sasl *sasl = &s->stream.sasl;
    parley_sasl_condition refusal = PARLEY_SASL_NONE;
    parley_policy_question question = {.topic = PARLEY_POLICY_AUTHZID};
    parley_policy_verdict verdict;

    if (sasl->user.len == 0 || sasl->user.len > sizeof s->user) {
        refusal = PARLEY_SASL_NOT_AUTHORIZED;
    } else if (sasl->authzid.len > 0 && !read_authzid(s, sasl->authzid)) {
        refusal = PARLEY_SASL_INVALID_AUTHZID;
    }
    /* Their own bare JID asks for nothing. */
    question.own = sasl->authzid.len == 0 ||
                   parley_string_equal(sasl->user, (parley_string){s->jid, s->jid_len});
    verdict = parley_policy_judge(&s->config->policy, &question);
    if (refusal == PARLEY_SASL_NONE && verdict == PARLEY_POLICY_REFUSED) {
        refusal = PARLEY_SASL_INVALID_AUTHZID;
    }
    if (refusal != PARLEY_SASL_NONE) {
        s->stream.next = (uint8_t)refuse(s, refusal, SERVER_EVENT_ATTEMPT_REFUSED);
        return;
    }
    memcpy(s->user, sasl->user.data, sasl->user.len);
    s->user_len = (uint16_t)sasl->user.len;
    if (verdict == PARLEY_POLICY_ALLOWED) {
        s->stream.next = SERVER_EVENT_AUTHORIZED;
    } else {
        parley_engine_ask(&s->stream, PARLEY_REQUEST_AUTHORIZE);
    }
}

/* The old stream is void; the client opens a new one (RFC 6120 6.4.6). */
void parley_server_send_success(parley_server *s)
{
    parley_stream *stream = &s->stream;

    put_message(s, "<success" FORM_XMLNS "sasl'" FORM_MESSAGE("success"));
    if (stream->next == SERVER_EVENT_FAIL) {
        return;
    }
    parley_engine_forget(stream);
    parley_engine_grow(stream);
    parley_engine_raise(stream, PARLEY_EVENT_AUTHENTICATED);
    parley_server_expect_header(s);
}

static bool fits(const parley_server *s, parley_answer_kind kind)
{
    bool takes_keys = parley_mechanism_is(s->mechanism, SASL_TAKES_KEYS);

    if (parley_mechanism_is(s->mechanism, SASL_BY_IDENTITY)) {
        return kind == PARLEY_ANSWER_YES || kind == PARLEY_ANSWER_USER;
    }
    if (kind == PARLEY_ANSWER_PASSWORD) {
        return !takes_keys || s->config->kept == PARLEY_KEEPS_PASSWORDS;
    }
    return kind == PARLEY_ANSWER_SCRAM && takes_keys;
}

parley_result parley_server_answer_sasl(parley_server *s, parley_request_kind kind,
                                        const parley_answer *answer)
{
    parley_stream *stream = &s->stream;
    parley_code code;

    switch (kind) {
    case PARLEY_REQUEST_RANDOM:
        stream->requests = 0;
        parley_server_step(s, start(s, answer->bytes));
        return PARLEY_OK;
    case PARLEY_REQUEST_CREDENTIAL:
        if (!fits(s, answer->kind)) {
            return PARLEY_MISUSE;
        }
        stream->requests = 0;
        parley_server_step(s, parley_server_sasl_event(s, parley_mechanism_of(s->mechanism)
                                                              ->server_credential(&stream->sasl,
                                                                                  answer)));
        code = stream->sasl.code;
        return code == PARLEY_ERROR_SASL_CREDENTIAL ? PARLEY_REFUSED : PARLEY_OK;
    default:
        if (answer->kind != PARLEY_ANSWER_YES) {
            return PARLEY_MISUSE;
        }
        stream->requests = 0;
        memcpy(s->user, s->jid, s->jid_len); /* from here on they are the authzid */
        s->user_len = s->jid_len;
        parley_server_step(s, SERVER_EVENT_AUTHORIZED);
        return PARLEY_OK;
    }
}

void parley_server_refuse_sasl(parley_server *s, parley_request_kind kind, parley_refusal refusal)
{
    parley_stream *stream = &s->stream;
    enum server_event event;

    stream->requests = 0;
    if (kind == PARLEY_REQUEST_AUTHORIZE) {
        event = refuse(s, PARLEY_SASL_INVALID_AUTHZID, SERVER_EVENT_ATTEMPT_REFUSED);
    } else if (refusal == PARLEY_REFUSE_UNAVAILABLE) {
        event = refuse(s, PARLEY_SASL_TEMPORARY_AUTH_FAILURE, SERVER_EVENT_ATTEMPT_REFUSED);
    } else {
        event = parley_server_sasl_event(
            s, parley_mechanism_of(s->mechanism)->server_credential(&stream->sasl, NULL));
    }
    parley_server_step(s, event);
}
