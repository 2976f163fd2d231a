/* ANONYMOUS (RFC 4505), both roles.

   Client: start sends an empty message: no trace information.

   Server: start -> (message is due ->) identity is due -> over. What the message
   says is checked and dropped; the application names the user. */
#include "anonymous_grammar.h"
#include "scratch.h"

#include "parley/jid.h"

#include <string.h>

typedef enum anonymous_phase {
    ANONYMOUS_OVER = 0,
    ANONYMOUS_MESSAGE_DUE,
    ANONYMOUS_IDENTITY_DUE
} anonymous_phase;

static sasl_step enter(parley_sasl *s, anonymous_phase phase, sasl_step step)
{
    s->state.bytes[0] = (unsigned char)phase;
    return step;
}

#ifndef PARLEY_WITHOUT_CLIENT

static sasl_step client_start(parley_sasl *s, const sasl_context *context)
{
    (void)context;
    s->code = PARLEY_NO_ERROR;
    s->out = (parley_string){"", 0};
    return enter(s, ANONYMOUS_OVER, SASL_SEND);
}

static sasl_step client_credential(parley_sasl *s, const parley_answer *answer)
{
    (void)answer;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

static sasl_step client_step(parley_sasl *s, parley_string message)
{
    (void)message;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

static bool is_in(const parley_sasl *s, anonymous_phase phase)
{
    return s->state.bytes[0] == (unsigned char)phase;
}

static sasl_step take_message(parley_sasl *s, parley_string message)
{
    if (!parley_anonymous_legal(message)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    s->user = (parley_string){NULL, 0};
    s->authzid = (parley_string){NULL, 0};
    s->out = (parley_string){NULL, 0};
    return enter(s, ANONYMOUS_IDENTITY_DUE, SASL_CREDENTIAL);
}

static sasl_step server_start(parley_sasl *s, const sasl_context *context, parley_string message)
{
    (void)context;
    s->code = PARLEY_NO_ERROR;
    if (message.data == NULL) {
        return enter(s, ANONYMOUS_MESSAGE_DUE, parley_sasl_ask_first(s));
    }
    return take_message(s, message);
}

static sasl_step server_step(parley_sasl *s, parley_string message)
{
    return is_in(s, ANONYMOUS_MESSAGE_DUE) ? take_message(s, message)
                                           : parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

static sasl_step server_credential(parley_sasl *s, const parley_answer *answer)
{
    parley_scratch scratch = parley_scratch_of(s, 0, 0);

    if (!is_in(s, ANONYMOUS_IDENTITY_DUE)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (answer == NULL || answer->kind != PARLEY_ANSWER_USER || scratch.full ||
        parley_jid_prepare(PARLEY_JID_LOCAL, answer->bytes, scratch.bytes, scratch.size, &s->user,
                           NULL) != PARLEY_OK) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    return enter(s, ANONYMOUS_OVER, SASL_PROVED);
}

#endif

static sasl_step work(parley_sasl *s, uint32_t iterations)
{
    (void)iterations;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

const parley_mechanism parley_anonymous = {
    .name = "ANONYMOUS",
    .flags = SASL_BY_IDENTITY,
    .strength = PARLEY_STRENGTH_ANONYMOUS,
    SASL_CLIENT(client_start, client_credential, client_step),
    SASL_SERVER(server_start, server_credential, server_step),
    .work = work,
};
