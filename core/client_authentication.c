/* SASL, the client's half (RFC 6120 section 6). The mechanism makes and reads
   the messages; here they get base64 and elements. A credential is asked for
   when the mechanism needs it, not before, and a success counts only by its
   event: SUCCESS_PROVED, or SUCCESS_UNASKED for a mechanism without a proof.
   There is one attempt a session: a failure leads to no other mechanism. */
#include "apart.h"
#include "roles.h"
#include "text_of.h"

#include <string.h>

void parley_client_choose_mechanism(parley_client *c)
{
    parley_engine_raise(&c->stream, PARLEY_EVENT_FEATURES);
    parley_engine_ask(&c->stream, PARLEY_REQUEST_RANDOM);
}

void parley_client_refuse_weak(parley_client *c)
{
    parley_engine_raise(&c->stream, PARLEY_EVENT_FEATURES);
    parley_client_end(c, PARLEY_ERROR_SASL_NO_MECHANISM, PARLEY_CONDITION_NONE, false);
}

/* RFC 6120 6.4.2. */
void parley_client_send_auth(parley_client *c)
{
    const parley_string name = parley_text(parley_mechanism_of(c->mechanism)->name);

    parley_client_say(c,
                      "<" FORM_AUTH FORM_XMLNS "sasl' " FORM_MECHANISM "='" FORM_A
                      "'" FORM_MESSAGE(FORM_AUTH),
                      &name, &c->stream.sasl.out);
    if (!parley_mechanism_is(c->mechanism, SASL_SERVER_PROVES)) {
        parley_sasl_wipe(&c->stream.sasl); /* the password is gone; nothing is left to check */
    }
}

void parley_client_send_response(parley_client *c)
{
    parley_client_say(c, "<" FORM_RESPONSE FORM_XMLNS "sasl'" FORM_MESSAGE(FORM_RESPONSE), NULL,
                      &c->stream.sasl.out);
}

void parley_client_send_empty(parley_client *c)
{
    c->stream.sasl.out = (parley_string){NULL, 0};
    parley_client_send_response(c);
}

void parley_client_ask_credential(parley_client *c)
{
    parley_engine_ask(&c->stream, PARLEY_REQUEST_CREDENTIAL);
}

void parley_client_derive(parley_client *c)
{
    c->stream.working = true;
}

/* What the first message's making came to. */
PARLEY_APART static enum client_event first_message(parley_client *c, sasl_step step)
{
    switch (step) {
    case SASL_SEND:
        return CLIENT_EVENT_FIRST_MESSAGE;
    case SASL_CREDENTIAL:
        parley_engine_ask(&c->stream, PARLEY_REQUEST_CREDENTIAL);
        return CLIENT_EVENT_NONE;
    default:
        parley_engine_blame(&c->stream, c->stream.sasl.code, PARLEY_CONDITION_NONE);
        return CLIENT_EVENT_ANSWER_REFUSED;
    }
}

/* XEP-0474; data NULL: none is made. */
static parley_string hash_offers(const parley_client *c, unsigned char *out)
{
#ifdef SASL_CHOOSES
    if (parley_mechanism_is(c->mechanism, SASL_COVERS_OFFERS)) {
        return parley_client_offer_hash(c, out);
    }
#endif
    (void)c;
    (void)out;
    return (parley_string){NULL, 0};
}

/* RFC 6120 6.3.8. */
static enum client_event start(parley_client *c, parley_string random)
{
    sasl_context context;
    parley_stream *s = &c->stream;
    unsigned char offers[PARLEY_HASH_SIZE];

    memset(&context, 0, sizeof context);
    context.user = (parley_string){c->user, c->user_len};
    context.host = (parley_string){c->domain, c->domain_len};
    context.binding = (sasl_binding)c->binding;
    context.offers = hash_offers(c, offers);
    context.authzid = c->config->authzid;
    context.random = (parley_string){random.data, parley_mechanism_of(c->mechanism)->random_client};
    context.policy = &c->config->policy;
    context.tls = &c->tls;
    parley_base64_encode(random.data + parley_mechanism_of(c->mechanism)->random_client,
                         PARLEY_ID_RANDOM, c->id);
    c->id[PARLEY_BASE64_SIZE(PARLEY_ID_RANDOM)] = '\0';
    s->sasl.mechanism = c->mechanism;
    return first_message(c, parley_mechanism_of(c->mechanism)->client_start(&s->sasl, &context));
}

static bool keys_fit(const parley_client *c, const parley_answer *answer)
{
    const parley_sasl *s = &c->stream.sasl;

    return answer->kind == PARLEY_ANSWER_CLIENT_KEYS && s->keeper != NULL &&
           s->keeper->fits(s, answer->bytes);
}

/* RFC 6120 6.2, 13.5. */
parley_result parley_client_answer_sasl(parley_client *c, parley_request_kind kind,
                                        const parley_answer *answer)
{
    parley_stream *s = &c->stream;
    bool first = s->state == CLIENT_MECHANISM;
    enum client_event event;
    sasl_step step;

    if (kind == PARLEY_REQUEST_RANDOM) {
        if (answer->kind != PARLEY_ANSWER_RANDOM) {
            return PARLEY_MISUSE;
        }
        s->requests = 0;
        parley_client_step(c, start(c, answer->bytes));
        return PARLEY_OK;
    }
    if (answer->kind != PARLEY_ANSWER_PASSWORD && !keys_fit(c, answer)) {
        return PARLEY_MISUSE;
    }
    s->requests = 0;
    step = parley_mechanism_of(c->mechanism)->client_credential(&s->sasl, answer);
    event = first ? first_message(c, step) : parley_client_sasl_event(c, step);
    if (step == SASL_REFUSED) {
        event = CLIENT_EVENT_ANSWER_REFUSED;
    }
    parley_client_step(c, event);
    return step == SASL_REFUSED ? PARLEY_REFUSED : PARLEY_OK;
}

/* RFC 6120 6.4.4: the client gives up; there is nothing after it. */
void parley_client_abort_sasl(parley_client *c)
{
    parley_engine_outcome(&c->stream, c->stream.code, PARLEY_CONDITION_NONE, false);
    (void)parley_engine_say(&c->stream, "<" FORM_ABORT FORM_XMLNS "sasl'/>", NULL, NULL);
    parley_engine_close(&c->stream, PARLEY_CONDITION_NONE);
}

/* RFC 6120 6.5. */
void parley_client_sasl_refused(parley_client *c)
{
    parley_stream *s = &c->stream;
    parley_element condition;
    parley_string text;
    const unsigned number = parley_engine_condition(s->element, SPACE_SASL, &condition, &text);

    /* An unknown condition is a failure too. */
    s->outcome.sasl = number != 0 ? (parley_sasl_condition)number : PARLEY_SASL_NOT_AUTHORIZED;
    parley_client_end(c, PARLEY_ERROR_SASL_FAILURE, PARLEY_CONDITION_NONE, true);
}

/* The old stream is void; a new one begins (RFC 6120 6.4.6, 6.3.2). */
void parley_client_authenticated(parley_client *c)
{
    parley_engine_forget(&c->stream);
    parley_engine_grow(&c->stream);
    parley_engine_raise(&c->stream, PARLEY_EVENT_AUTHENTICATED);
    parley_client_open_stream(c);
}
