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

/* gs2-cbind-flag and its comma (section 6). */
static void put_binding_flag(const parley_sasl *s, const sasl_context *context,
                             parley_scratch *scratch)
{
    if (parley_mechanism_is(s->mechanism, SASL_BINDS)) {
        parley_scratch_put_text(scratch, "p=");
        parley_scratch_put(scratch, parley_binding_name(context->binding));
        parley_scratch_put_text(scratch, ",");
    } else if (context->binding == SASL_BINDING_UNUSED) {
        parley_scratch_put_text(scratch, "y,");
    } else {
        parley_scratch_put_text(scratch, "n,");
    }
}

sasl_step parley_scram_client_start(parley_sasl *s, const sasl_context *context)
{
    scram_state *state = parley_scram_state(s);
    parley_scratch scratch;
    parley_code code = parley_scram_begin(s, context);

    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    if (parley_mechanism_is(s->mechanism, SASL_BINDS) && !parley_scram_bind(s, context->binding)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_BINDING);
    }
    scratch = parley_scram_scratch(s);
    put_binding_flag(s, context, &scratch);
    if (context->authzid.data != NULL) {
        parley_scratch_put_text(&scratch, "a=");
        parley_scram_put_name(&scratch, context->authzid);
    }
    state->bare = scratch.used + 1; /* behind the comma */
    parley_scratch_put_text(&scratch, ",n=");
    parley_scram_put_name(&scratch, context->user);
    parley_scratch_put_text(&scratch, ",r=");
    state->nonce = scratch.used;
    parley_scratch_put_base64(&scratch, context->random);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->nonce_len = scratch.used - state->nonce;
    state->used = scratch.used;
    state->phase = SCRAM_SERVER_FIRST_DUE;
    s->out = parley_scratch_from(&scratch, 0);
    return SASL_SEND;
}

#ifdef SASL_CHOOSES

/* Whether the server's hash of what it offered is that of what arrived here
   (XEP-0474 section 6.2). A server need not send it; a hash that we cannot make is
   one that does not fit. */
static bool offers_match(parley_sasl *s, parley_string text)
{
    const scram_secrets *secrets = parley_scram_secrets(s);
    parley_scratch scratch = parley_scram_scratch(s);
    uint32_t begin = scratch.used;

    if (text.data == NULL) {
        return true;
    }
    parley_scratch_put_base64(&scratch, parley_bytes(secrets->offers, secrets->offers_len));
    return secrets->offers_len > 0 && !scratch.full &&
           parley_string_equal(parley_scratch_from(&scratch, begin), text);
}

#endif

/* What server-first is refused for, beyond its grammar. */
static parley_code judge(parley_sasl *s, const parley_scratch *scratch, const scram_fields *fields)
{
    const scram_state *state = parley_scram_state(s);
    size_t len;

    /* The RFC's grammar lets a server add nothing to our nonce; policy does not. */
    if (fields->nonce.len <= state->nonce_len ||
        memcmp(fields->nonce.data, s->scratch + state->nonce, state->nonce_len) != 0) {
        return PARLEY_ERROR_SASL_NONCE;
    }
    /* So with an empty salt. */
    if (fields->salt.len == 0) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    switch (parley_base64_decode(fields->salt.data, fields->salt.len,
                                 scratch->bytes + scratch->used, scratch->size - scratch->used,
                                 &len)) {
    case PARLEY_OK:
        break;
    case PARLEY_NO_ROOM:
        return PARLEY_ERROR_SASL_MESSAGE;
    default:
        return PARLEY_ERROR_SASL_ENCODING;
    }
    if (!parley_policy_allows_iterations(state->policy, fields->iterations)) {
        return PARLEY_ERROR_SASL_ITERATIONS;
    }
#ifdef SASL_CHOOSES
    if (!offers_match(s, fields->offers_hash)) {
        return PARLEY_ERROR_SASL_DOWNGRADE;
    }
#endif
    return PARLEY_NO_ERROR;
}

/* Whether client-final, and a salt before it, will fit. */
static bool has_room(parley_sasl *s, const parley_scratch *scratch)
{
    const scram_state *state = parley_scram_state(s);
    size_t final = sizeof ",c=,r=,p=" - 1 + parley_scram_binding_room(s) + state->nonce_len +
                   PARLEY_BASE64_SIZE(parley_scram_hash_size(s));
    size_t room = scratch->size - scratch->used;

    return !scratch->full && room >= final && room >= state->salt_len;
}

static sasl_step server_first(parley_sasl *s, parley_string message)
{
    scram_state *state = parley_scram_state(s);
    parley_scratch scratch = parley_scram_scratch(s);
    scram_fields fields;
    uint32_t begin;
    parley_code code = parley_scram_read_server(&fields, false, message);

    if (code == PARLEY_NO_ERROR) {
        code = judge(s, &scratch, &fields);
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    parley_scratch_put_text(&scratch, ",");
    begin = scratch.used;
    parley_scratch_put(&scratch, message);
    state->used = scratch.used;
    state->nonce = begin + (uint32_t)(fields.nonce.data - message.data);
    state->nonce_len = (uint32_t)fields.nonce.len;
    state->salt = begin + (uint32_t)(fields.salt.data - message.data);
    state->salt_len = (uint32_t)fields.salt.len;
    state->iterations = fields.iterations;
    if (!has_room(s, &scratch)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->phase = SCRAM_PASSWORD_DUE;
    return SASL_CREDENTIAL;
}

/* It decoded before. */
parley_string parley_scram_client_salt(const parley_sasl *s)
{
    const scram_state *state = (const scram_state *)(const void *)&s->state;
    parley_scratch scratch = parley_scram_scratch(s);
    char *salt = scratch.bytes + scratch.used;
    size_t len = 0;

    if (scratch.full ||
        parley_base64_decode((const char *)s->scratch + state->salt, state->salt_len, salt,
                             scratch.size - scratch.used, &len) != PARLEY_OK) {
        return (parley_string){NULL, 0};
    }
    return (parley_string){salt, len};
}

sasl_step parley_scram_client_credential(parley_sasl *s, const parley_answer *answer)
{
    scram_state *state = parley_scram_state(s);
    parley_scratch scratch = parley_scram_scratch(s);
    parley_string password;
    parley_derivation *derivation;

    if (state->phase != SCRAM_PASSWORD_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (answer != NULL && answer->kind == PARLEY_ANSWER_CLIENT_KEYS) {
        /* The caller has asked the keeper whether they fit, so there is one. */
        return s->keeper->take(s, answer->bytes);
    }
    if (answer == NULL || answer->kind != PARLEY_ANSWER_PASSWORD ||
        !parley_scratch_password(&scratch, s, true, answer->bytes, &password)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    derivation = &parley_scram_secrets(s)->derivation;
    parley_derivation_key(derivation, s->mechanism->hash, password);
    parley_scratch_forget(&scratch, password);
    parley_derivation_salt(derivation, parley_scram_client_salt(s));
    state->left = state->iterations - 1;
    state->phase = SCRAM_CLIENT_DERIVING;
    s->out = (parley_string){NULL, 0};
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
    parley_scratch scratch = parley_scram_scratch(s);
    uint32_t begin = scratch.used + 1; /* behind the comma */

    parley_scratch_put_text(&scratch, ",c=");
    parley_scram_put_binding(s, &scratch);
    parley_scratch_put_text(&scratch, ",r=");
    parley_scratch_put(&scratch, parley_bytes(s->scratch + state->nonce, state->nonce_len));
    state->end = scratch.used;
    prove(s, secrets);
    parley_scratch_put_text(&scratch, ",p=");
    parley_scratch_put_base64(&scratch, parley_bytes(secrets->proof, parley_scram_hash_size(s)));
    expect(s, secrets);
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->used = scratch.used;
    state->phase = SCRAM_SERVER_FINAL_DUE;
    s->out = parley_scratch_from(&scratch, begin);
    return SASL_SEND;
}

static sasl_step server_final(parley_sasl *s, parley_string message)
{
    size_t len = parley_scram_hash_size(s);
    unsigned char signature[PARLEY_HASH_SIZE];
    scram_fields fields;
    parley_code code = parley_scram_read_server(&fields, true, message);

    /* e= carries no verifier, so it is refused like a wrong one. */
    if (code == PARLEY_NO_ERROR) {
        code = parley_scram_decode(fields.verifier, signature, len, PARLEY_ERROR_SASL_SIGNATURE);
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
    parley_wipe(s->scratch, s->scratch_len);
    parley_wipe(&s->state, sizeof s->state);
    s->out = (parley_string){NULL, 0};
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
