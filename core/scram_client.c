/* SCRAM, the client's side (RFC 5802 section 5).

   client_start -> server-first is due -> password is due -> deriving ->
   server-final is due -> over. Everything about server-first that can be
   refused is refused before the password is asked for. The password goes
   straight into the derivation; when that is done, the keys that follow from it
   are used and wiped, and only the signature to expect stays. */
#include "scram.h"

#include "channel_binding.h"

#include "parley/base64.h"

#include <stddef.h>
#include <string.h>

#define PROOF ",p="

/* gs2-cbind-flag and its comma (section 6). */
static void put_binding_flag(const parley_sasl *s, const sasl_context *context,
                             parley_scratch *scratch)
{
    if (parley_mechanism_is(s->mechanism, SASL_BINDS)) {
        parley_scratch_put_text(scratch, "p=");
        parley_scratch_put(scratch, parley_binding_name(context->binding));
        parley_scratch_put_text(scratch, ",");
#ifndef SASL_WITHOUT_PLUS
    } else if (context->binding == SASL_BINDING_UNUSED) {
        parley_scratch_put_text(scratch, "y,");
#endif
    } else {
        parley_scratch_put_text(scratch, "n,");
    }
}

sasl_step parley_scram_client_start(parley_sasl *s, const sasl_context *context)
{
    scram_state *state = parley_scram_state(s);
    parley_scratch *scratch = &state->scratch;
    parley_code code = parley_scram_begin(s, context);

    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    if (parley_mechanism_is(s->mechanism, SASL_BINDS) && !parley_scram_bind(s, context->binding)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_BINDING);
    }
    put_binding_flag(s, context, scratch);
    if (context->authzid.data != NULL) {
        parley_scratch_put_text(scratch, "a=");
        parley_scram_put_name(scratch, context->authzid);
    }
    state->bare = scratch->used + 1; /* behind the comma */
    parley_scratch_put_text(scratch, ",n=");
    parley_scram_put_name(scratch, context->user);
    parley_scratch_put_text(scratch, ",r=");
    state->nonce = scratch->used;
    parley_scratch_put_base64(scratch, context->random);
    if (scratch->full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->nonce_len = scratch->used - state->nonce;
    state->phase = SCRAM_SERVER_FIRST_DUE;
    s->out = parley_scratch_from(scratch, 0);
    return SASL_SEND;
}

#ifdef SASL_CHOOSES

/* Whether the server's hash of what it offered, which its message may have from `at` on, is that
   of what arrived here (XEP-0474 section 6.2). A server need not send it; a hash that we cannot
   make is one that does not fit. */
static bool offers_match(parley_sasl *s, parley_string message, size_t at)
{
    const scram_secrets *secrets = parley_scram_secrets(s);
    parley_scratch *scratch = &parley_scram_state(s)->scratch;
    uint32_t begin = scratch->used;
    parley_string text, due;
    bool found = false;

    while (!found && at < message.len) {
        const parley_string rest = {message.data + at, message.len - at};

        found = *rest.data == 'h';
        at += parley_scram_cut(rest, &text, 1);
    }
    if (!found) {
        return true;
    }
    parley_scratch_put_base64(scratch, parley_bytes(secrets->offers, secrets->offers_len));
    due = parley_scratch_from(scratch, begin);
    scratch->used = begin;
    return secrets->offers_len > 0 && !scratch->full && parley_string_equal(due, text);
}

#endif

/* What stands in server-first, in this order. */
enum { NONCE, SALT, COUNT, VALUES };

/* What server-first is refused for, beyond its grammar and its salt. */
static parley_code judge(parley_sasl *s, parley_string message, parley_string *values)
{
    scram_state *state = parley_scram_state(s);
    const size_t behind = parley_scram_cut(message, values, VALUES);
    const parley_string nonce = values[NONCE];

    (void)behind; /* for what a client of one mechanism does not ask */
    /* The RFC's grammar lets a server add nothing to our nonce; policy does not. */
    if (nonce.len <= state->nonce_len ||
        memcmp(nonce.data, s->scratch + state->nonce, state->nonce_len) != 0) {
        return PARLEY_ERROR_SASL_NONCE;
    }
    state->iterations = parley_scram_number(values[COUNT]);
    if (!parley_policy_allows_iterations(state->policy, state->iterations)) {
        return PARLEY_ERROR_SASL_ITERATIONS;
    }
#ifdef SASL_CHOOSES
    if (!offers_match(s, message, behind)) {
        return PARLEY_ERROR_SASL_DOWNGRADE;
    }
#endif
    return PARLEY_NO_ERROR;
}

/* Server-first and client-final, whose proof is not known yet, into scratch. */
static void put_messages(parley_sasl *s, parley_string message, parley_string nonce)
{
    scram_state *state = parley_scram_state(s);
    parley_scratch *scratch = &state->scratch;
    uint32_t begin;

    parley_scratch_put_text(scratch, ",");
    parley_scratch_put(scratch, message);
    parley_scratch_put_text(scratch, ",c=");
    begin = scratch->used - 2;
    parley_scram_put_binding(s);
    parley_scratch_put_text(scratch, ",r=");
    parley_scratch_put(scratch, nonce);
    state->end = scratch->used;
    parley_scratch_put_text(scratch, PROOF);
    parley_scratch_encode(scratch, parley_scram_secrets(s)->proof, parley_scram_hash_size(s));
    s->out = parley_scratch_from(scratch, begin);
}

/* The salt, decoded, and what a derivation wants behind it. The RFC's grammar lets it be empty;
   policy does not. */
static parley_code put_salt(scram_state *state, parley_string text)
{
    parley_scratch *scratch = &state->scratch;
    size_t len = 0;

    if (parley_base64_decode(text.data, text.len, scratch->bytes + scratch->used,
                             scratch->size - scratch->used, &len) == PARLEY_ILLEGAL) {
        return PARLEY_ERROR_SASL_ENCODING;
    }
    scratch->used += (uint32_t)len;
    state->salt_len = (uint32_t)len;
    parley_scratch_put_bytes(scratch, PARLEY_DERIVATION_BLOCK, PARLEY_DERIVATION_BLOCK_LEN);
    return len == 0 || scratch->full ? PARLEY_ERROR_SASL_MESSAGE : PARLEY_NO_ERROR;
}

static sasl_step server_first(parley_sasl *s, parley_string message)
{
    scram_state *state = parley_scram_state(s);
    parley_string values[VALUES];
    parley_code code = parley_scram_read_server(message, false);

    if (code == PARLEY_NO_ERROR) {
        code = judge(s, message, values);
    }
    if (code == PARLEY_NO_ERROR) {
        put_messages(s, message, values[NONCE]);
        code = put_salt(state, values[SALT]);
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    state->phase = SCRAM_PASSWORD_DUE;
    return SASL_CREDENTIAL;
}

/* With what stands behind it. */
static parley_string salted(const parley_sasl *s)
{
    const scram_state *state = (const scram_state *)(const void *)&s->state;
    const uint32_t len = state->salt_len + PARLEY_DERIVATION_BLOCK_LEN;

    return parley_bytes(state->scratch.bytes + state->scratch.used - len, len);
}

parley_string parley_scram_client_salt(const parley_sasl *s)
{
    parley_string salt = salted(s);

    salt.len -= PARLEY_DERIVATION_BLOCK_LEN;
    return salt;
}

sasl_step parley_scram_client_credential(parley_sasl *s, const parley_answer *answer)
{
    scram_state *state = parley_scram_state(s);
    parley_string password, salt;
    parley_derivation *derivation;

    if (state->phase != SCRAM_PASSWORD_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (answer != NULL && answer->kind == PARLEY_ANSWER_CLIENT_KEYS) {
        /* The caller has asked the keeper whether they fit, so there is one. */
        return s->keeper->take(s, answer->bytes);
    }
    if (answer == NULL || answer->kind != PARLEY_ANSWER_PASSWORD ||
        !parley_scratch_password(&state->scratch, s, true, answer->bytes, &password)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    derivation = &parley_scram_secrets(s)->derivation;
    parley_derivation_key(derivation, parley_mechanism_of(s->mechanism)->hash, password);
    parley_scratch_forget(&state->scratch, password);
    salt = salted(s);
    parley_derivation_salted(derivation, salt.data, salt.len);
    state->left = state->iterations - 1;
    state->phase = SCRAM_CLIENT_DERIVING;
    return SASL_WORK;
}

/* ClientProof, in secrets->proof. */
static void prove(parley_sasl *s, scram_secrets *secrets)
{
    if (!parley_scram_state(s)->has_keys) {
        parley_derivation_keys(&secrets->derivation, secrets->client_key, secrets->stored_key,
                               secrets->server_key);
    }
    parley_scram_signature(s, secrets->stored_key, secrets->proof);
    for (size_t i = 0; i < parley_scram_hash_size(s); i++) {
        secrets->proof[i] ^= secrets->client_key[i];
    }
}

/* The signature to expect, there too. The keys go; those that are to be handed out once the server
   has proved itself stay. */
static void expect(parley_sasl *s, scram_secrets *secrets)
{
    parley_scram_signature(s, secrets->server_key, secrets->proof);
    parley_wipe(secrets,
                s->keep == NULL ? offsetof(scram_secrets, derivation) : sizeof secrets->stored_key);
}

sasl_step parley_scram_client_derived(parley_sasl *s)
{
    scram_state *state = parley_scram_state(s);
    scram_secrets *secrets = parley_scram_secrets(s);

    prove(s, secrets);
    parley_base64_encode(secrets->proof, parley_scram_hash_size(s),
                         state->scratch.bytes + state->end + sizeof PROOF - 1);
    expect(s, secrets);
    state->phase = SCRAM_SERVER_FINAL_DUE;
    return SASL_SEND;
}

static sasl_step server_final(parley_sasl *s, parley_string message)
{
    size_t len = parley_scram_hash_size(s);
    unsigned char signature[PARLEY_HASH_SIZE];
    parley_string verifier;
    parley_code code = parley_scram_read_server(message, true);

    if (code == PARLEY_NO_ERROR) {
        /* e= carries no verifier, so it is refused like a wrong one. */
        const bool is_error = *message.data == 'e';

        (void)parley_scram_cut(message, &verifier, 1);
        code = PARLEY_ERROR_SASL_SIGNATURE;
        if (!is_error) {
            code = parley_scram_decode(verifier, signature, len, code);
        }
    }
    if (code == PARLEY_NO_ERROR &&
        !parley_equal_secret(signature, parley_scram_secrets(s)->proof, len)) {
        code = PARLEY_ERROR_SASL_SIGNATURE;
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    if (s->keep != NULL) {
        s->keeper->hand_out(s);
    }
    parley_sasl_wipe(s);
    return SASL_PROVED;
}

/* RFC 6120 6.4.3. */
sasl_step parley_scram_client_step(parley_sasl *s, parley_string message)
{
    switch (parley_scram_state(s)->phase) {
    case SCRAM_SERVER_FIRST_DUE:
        return server_first(s, message);
    case SCRAM_SERVER_FINAL_DUE:
        return server_final(s, message);
    default:
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
}
