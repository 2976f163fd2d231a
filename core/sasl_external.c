/* EXTERNAL (RFC 4422 appendix A) by client certificate, as XEP-0178 has it.

   Client: start makes the one message, the authzid or nothing.

   Server: start -> (message is due ->) identity is due -> over. TLS has verified
   the certificate; its addresses come with parley_tls_info. One of them is the
   user: the only one, or else the one that the authzid names (RFC 6120
   13.7.2.2.1); it has to be a bare JID of the host. The application then says
   whether that account may log in. With one address an authzid that names another
   account goes the way of any mechanism's: it is for AUTHORIZE. */
#include "scratch.h"

#include "parley/jid.h"

#include <string.h>

typedef enum external_phase {
    EXTERNAL_OVER = 0,
    EXTERNAL_MESSAGE_DUE,
    EXTERNAL_IDENTITY_DUE
} external_phase;

typedef struct external_state {
    parley_string addresses; /* live as long as the session */
    parley_string host;      /* in scratch */
    uint8_t phase;
} external_state;

_Static_assert(sizeof(external_state) <= PARLEY_SASL_STATE_SIZE, "raise PARLEY_SASL_STATE_SIZE");

#ifndef PARLEY_WITHOUT_CLIENT

static sasl_step client_start(parley_sasl *s, const sasl_context *context)
{
    parley_scratch scratch = parley_scratch_of(s, 0, 0);

    s->code = PARLEY_NO_ERROR;
    parley_scratch_put(&scratch, context->authzid);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    s->out = parley_scratch_from(&scratch, 0);
    return SASL_SEND;
}

static sasl_step client_credential(parley_sasl *s, const parley_answer *answer)
{
    (void)answer;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

/* A server has nothing to say: no challenge, no data with success. */
static sasl_step client_step(parley_sasl *s, parley_string message)
{
    (void)message;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

static external_state *state_of(parley_sasl *s)
{
    return (external_state *)(void *)&s->state;
}

/* Takes the next address off the list. False: there is none. */
static bool next_address(parley_string *list, parley_string *address)
{
    size_t len = 0;

    while (len < list->len && list->data[len] != '\0') {
        len++;
    }
    if (len == list->len) {
        return false;
    }
    *address = (parley_string){list->data, len};
    list->data += len + 1;
    list->len -= len + 1;
    return true;
}

/* Prepares a bare JID of the host into the free room, and takes that. */
static bool put_account(const parley_sasl *s, parley_scratch *scratch, parley_string text,
                        parley_string *local)
{
    const external_state *state = (const external_state *)(const void *)&s->state;
    parley_jid jid;

    if (scratch->full ||
        parley_jid_parse(&jid, text, scratch->bytes + scratch->used, scratch->size - scratch->used,
                         NULL) != PARLEY_OK ||
        jid.local.data == NULL || jid.resource.data != NULL ||
        !parley_string_equal(jid.domain, state->host)) {
        return false;
    }
    *local = jid.local;
    scratch->used += (uint32_t)(jid.local.len + 1 + jid.domain.len);
    return true;
}

/* Whose certificate it is, given what was asked for (RFC 6120 13.7.2.2.1). */
static bool settle_user(parley_sasl *s, parley_scratch *scratch, parley_string authzid)
{
    parley_string list = state_of(s)->addresses;
    parley_string address;
    parley_string first;
    parley_string wanted;
    parley_string local;

    if (!next_address(&list, &first)) {
        return false;
    }
    if (list.len == 0) {
        return put_account(s, scratch, first, &s->user);
    }
    if (authzid.len == 0 || !put_account(s, scratch, authzid, &wanted)) {
        return false;
    }
    list = state_of(s)->addresses;
    while (next_address(&list, &address)) {
        parley_scratch rest = *scratch;

        if (put_account(s, &rest, address, &local) && parley_string_equal(local, wanted)) {
            s->user = wanted;
            return true;
        }
    }
    return false;
}

static sasl_step take_message(parley_sasl *s, parley_string message)
{
    external_state *state = state_of(s);
    parley_scratch scratch = parley_scratch_of(s, (uint32_t)state->host.len, 0);
    uint32_t begin = scratch.used;

    parley_scratch_put(&scratch, message);
    s->authzid = (parley_string){NULL, 0};
    if (message.len > 0) {
        s->authzid = parley_scratch_from(&scratch, begin);
    }
    if (scratch.full || !settle_user(s, &scratch, s->authzid)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_AUTHZID);
    }
    state->phase = EXTERNAL_IDENTITY_DUE;
    s->out = (parley_string){NULL, 0};
    return SASL_CREDENTIAL;
}

static sasl_step server_start(parley_sasl *s, const sasl_context *context, parley_string message)
{
    external_state *state = state_of(s);
    parley_scratch scratch = parley_scratch_of(s, 0, 0);

    s->code = PARLEY_NO_ERROR;
    parley_scratch_put(&scratch, context->host);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_CONFIG_MEMORY);
    }
    memset(state, 0, sizeof *state);
    state->host = parley_scratch_from(&scratch, 0);
    if (context->tls != NULL && context->tls->verified && !context->tls->addresses_left_out) {
        state->addresses = context->tls->addresses;
    }
    if (message.data == NULL) {
        state->phase = EXTERNAL_MESSAGE_DUE;
        return parley_sasl_ask_first(s);
    }
    return take_message(s, message);
}

static sasl_step server_step(parley_sasl *s, parley_string message)
{
    if (state_of(s)->phase != EXTERNAL_MESSAGE_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    return take_message(s, message);
}

static sasl_step server_credential(parley_sasl *s, const parley_answer *answer)
{
    if (state_of(s)->phase != EXTERNAL_IDENTITY_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (answer == NULL || answer->kind != PARLEY_ANSWER_YES) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    parley_wipe(&s->state, sizeof s->state);
    return SASL_PROVED;
}

#endif

static sasl_step work(parley_sasl *s, uint32_t iterations)
{
    (void)iterations;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

/* RFC 6120 13.8.4. */
const parley_mechanism parley_external = {
    .name = "EXTERNAL",
    .flags = SASL_NEEDS_TLS | SASL_BY_CERTIFICATE | SASL_BY_IDENTITY,
    .strength = PARLEY_STRENGTH_EXTERNAL,
    SASL_CLIENT(client_start, client_credential, client_step),
    SASL_SERVER(server_start, server_credential, server_step),
    .work = work,
};
