/* SCRAM, the server's side (RFC 5802 section 5).

   server_start -> (client-first is due ->) credential is due -> client-final is
   due -> (deriving ->) over. Whatever the credential is, the way is the same:
   where passwords are kept a derivation stands before the verdict, of the password,
   or of nothing for keys and for nobody; where keys are kept there is none. Nobody
   fails at the end whatever the proof is, and is shown the configured iteration
   count and a salt that depends on the name and the server's secret alone, so it
   is the same each time (section 9 leaves user names to be guessed otherwise). */
#include "scram.h"

#include "channel_binding.h"

#include "parley/base64.h"
#include "parley/jid.h"

#include <string.h>

/* The secret for salts and our part of the nonce, kept until they are used. */
static void keep_random(parley_sasl *s, const sasl_context *context)
{
    scram_secrets *secrets = parley_scram_secrets(s);

    if (context->secret != NULL) {
        memcpy(secrets->secret, context->secret, SCRAM_SECRET);
    } else {
        memcpy(secrets->secret, context->random.data, SCRAM_RANDOM);
    }
    parley_base64_encode(context->random.data, SCRAM_RANDOM, secrets->nonce);
}

/* s->user and s->authzid, at the start of scratch. The name that asks for the
   credential is prepared; the hashes take the name as it came (section 5.1). */
static bool take_names(parley_sasl *s, const scram_fields *fields)
{
    parley_scratch *scratch = &parley_scram_state(s)->scratch;
    parley_string prepared;

    parley_scram_put_unescaped(scratch, fields->username);
    if (scratch->full ||
        parley_jid_prepare(PARLEY_JID_LOCAL, parley_scratch_from(scratch, 0),
                           scratch->bytes + scratch->used, scratch->size - scratch->used, &prepared,
                           NULL) != PARLEY_OK) {
        return false;
    }
    memmove(scratch->bytes, prepared.data, prepared.len);
    scratch->used = (uint32_t)prepared.len;
    s->user = parley_scratch_from(scratch, 0);
    s->authzid = (parley_string){NULL, 0};
    if (fields->authzid.data != NULL) {
        uint32_t begin = scratch->used;

        parley_scram_put_unescaped(scratch, fields->authzid);
        s->authzid = parley_scratch_from(scratch, begin);
    }
    return !scratch->full;
}

/* HMAC(secret, user), and while that is too short HMAC(secret, the one before || user). */
static void make_salt(parley_sasl *s)
{
    scram_secrets *secrets = parley_scram_secrets(s);
    size_t due = parley_scram_state(s)->made_len;
    unsigned char block[PARLEY_HASH_SIZE];
    parley_string pieces[2] = {{NULL, 0}, s->user};
    parley_hmac_key key;

    parley_hmac_key_init(&key, parley_mechanism_of(s->mechanism)->hash,
                         parley_bytes(secrets->secret, sizeof secrets->secret));
    for (size_t at = 0; at < due; at += pieces[0].len) {
        parley_hmac(&key, pieces, 2, block);
        pieces[0] = parley_bytes(block, parley_scram_hash_size(s));
        memcpy(secrets->salt + at, block, due - at < pieces[0].len ? due - at : pieces[0].len);
    }
    parley_wipe(&key, sizeof key);
    parley_wipe(secrets->secret, sizeof secrets->secret);
}

/* Channel binding belongs to the -PLUS mechanisms, and they to it. A client that
   could bind and saw none of them offered ("y") was misled if they were
   (section 6). */
static parley_code judge_binding(parley_sasl *s, const scram_fields *fields)
{
    if (parley_mechanism_is(s->mechanism, SASL_BINDS)) {
        if (fields->binding != SCRAM_BINDING_USED) {
            return PARLEY_ERROR_SASL_MESSAGE;
        }
        return parley_scram_bind(s, parley_binding_find(fields->binding_name))
                   ? PARLEY_NO_ERROR
                   : PARLEY_ERROR_SASL_BINDING;
    }
    if (fields->binding == SCRAM_BINDING_USED) {
        return PARLEY_ERROR_SASL_MESSAGE;
    }
    return fields->binding == SCRAM_BINDING_UNUSED && parley_scram_state(s)->binding_offered
               ? PARLEY_ERROR_SASL_DOWNGRADE
               : PARLEY_NO_ERROR;
}

static sasl_step client_first(parley_sasl *s, parley_string message)
{
    scram_state *state = parley_scram_state(s);
    scram_fields fields;
    parley_code code = parley_scram_read_client(&fields, false, message);

    if (code == PARLEY_NO_ERROR) {
        code = judge_binding(s, &fields);
    }
    if (code == PARLEY_NO_ERROR && !take_names(s, &fields)) {
        code = PARLEY_ERROR_SASL_MESSAGE;
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    state->gs2 = state->scratch.used;
    state->bare = state->gs2 + (uint32_t)fields.gs2_header.len;
    state->nonce = state->gs2 + (uint32_t)(fields.nonce.data - message.data);
    state->nonce_len = (uint32_t)fields.nonce.len;
    parley_scratch_put(&state->scratch, message);
    if (state->scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    make_salt(s);
    state->phase = SCRAM_CREDENTIAL_DUE;
    s->out = (parley_string){NULL, 0};
    return SASL_CREDENTIAL;
}

/* RFC 6120 6.4.3. */
sasl_step parley_scram_server_start(parley_sasl *s, const sasl_context *context,
                                    parley_string message)
{
    scram_state *state = parley_scram_state(s);
    parley_code code = parley_scram_begin(s, context);

    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    if (context->iterations < PARLEY_ITERATIONS_MINIMUM) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_ITERATIONS);
    }
    state->iterations = context->iterations;
    state->binding_offered = context->binding_offered;
    state->keeps_keys = context->keeps_keys;
    state->made_len = context->salt_len > 0 ? context->salt_len : SCRAM_SALT;
    keep_random(s, context);
    if (message.data == NULL) {
        state->phase = SCRAM_CLIENT_FIRST_DUE;
        return parley_sasl_ask_first(s);
    }
    return client_first(s, message);
}

/* Takes the keys. False: they are not such as this mechanism's. */
static bool take_keys(parley_sasl *s, const parley_scram_keys *keys)
{
    scram_state *state = parley_scram_state(s);
    scram_secrets *secrets = parley_scram_secrets(s);
    size_t len = parley_scram_hash_size(s);

    if (keys == NULL || keys->stored_key.len != len || keys->server_key.len != len ||
        keys->salt.len == 0 || keys->iterations < PARLEY_ITERATIONS_MINIMUM) {
        return false;
    }
    memcpy(secrets->stored_key, keys->stored_key.data, len);
    memcpy(secrets->server_key, keys->server_key.data, len);
    state->has_keys = true;
    return true;
}

static parley_string made_salt(parley_sasl *s)
{
    return parley_bytes(parley_scram_secrets(s)->salt, parley_scram_state(s)->made_len);
}

/* Where passwords are kept: begins a derivation of as many iterations as the
   configuration has. False: the password cannot be used. */
static bool begin_derivation(parley_sasl *s, parley_string password)
{
    scram_state *state = parley_scram_state(s);
    scram_secrets *secrets = parley_scram_secrets(s);

    if (state->keeps_keys) {
        return true;
    }
    if (!parley_scratch_password(&state->scratch, s, true, password, &password)) {
        return false;
    }
    parley_derivation_key(&secrets->derivation, parley_mechanism_of(s->mechanism)->hash, password);
    parley_scratch_forget(&state->scratch, password);
    parley_derivation_salt(&secrets->derivation, made_salt(s));
    state->left = state->iterations - 1;
    state->derive = true;
    return true;
}

static sasl_step send_server_first(parley_sasl *s, parley_string salt)
{
    scram_state *state = parley_scram_state(s);
    const scram_secrets *secrets = parley_scram_secrets(s);
    parley_scratch *scratch = &state->scratch;
    uint32_t begin;
    uint32_t nonce;

    parley_scratch_put_text(scratch, ",");
    begin = scratch->used;
    parley_scratch_put_text(scratch, "r=");
    nonce = scratch->used;
    parley_scratch_put(scratch, parley_bytes(s->scratch + state->nonce, state->nonce_len));
    parley_scratch_put(scratch, parley_bytes(parley_scram_secrets(s)->nonce, SCRAM_NONCE_TEXT));
    state->nonce = nonce;
    state->nonce_len = scratch->used - nonce;
    parley_scratch_put_text(scratch, ",s=");
    parley_scratch_put_base64(scratch, salt);
    parley_scratch_put_text(scratch, ",i=");
    parley_scratch_put_number(scratch, state->iterations);
    if (secrets->offers_len > 0) { /* XEP-0474 section 6.1 */
        parley_scratch_put_text(scratch, ",h=");
        parley_scratch_put_base64(scratch, parley_bytes(secrets->offers, secrets->offers_len));
    }
    if (scratch->full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->phase = SCRAM_CLIENT_FINAL_DUE;
    s->out = parley_scratch_from(scratch, begin);
    return SASL_SEND;
}

/* Keys and nobody get what a password gets: what follows is told apart by has_keys
   and known, at the verdict. */
sasl_step parley_scram_server_credential(parley_sasl *s, const parley_answer *answer)
{
    static const parley_string any = {"nobody's", 8};
    scram_state *state = parley_scram_state(s);
    bool is_keys = answer != NULL && answer->kind == PARLEY_ANSWER_SCRAM;
    bool is_text = answer != NULL && answer->kind == PARLEY_ANSWER_PASSWORD;

    if (state->phase != SCRAM_CREDENTIAL_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    state->known = answer != NULL;
    if ((state->known && !is_text && !(is_keys && take_keys(s, answer->keys))) ||
        (is_text && state->keeps_keys) || !begin_derivation(s, is_text ? answer->bytes : any)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    if (is_keys) {
        state->iterations = answer->keys->iterations;
    }
    return send_server_first(s, is_keys ? answer->keys->salt : made_salt(s));
}

/* Whether the proof is right (section 3); the same way for nobody. */
static bool proof_holds(parley_sasl *s)
{
    scram_secrets *secrets = parley_scram_secrets(s);
    size_t len = parley_scram_hash_size(s);
    unsigned char key[PARLEY_HASH_SIZE];
    bool equal;

    parley_scram_signature(s, secrets->stored_key, key);
    for (size_t i = 0; i < len; i++) {
        key[i] ^= secrets->proof[i];
    }
    parley_hash(parley_mechanism_of(s->mechanism)->hash, parley_bytes(key, len), key);
    equal = parley_equal_secret(key, secrets->stored_key, len);
    parley_wipe(key, sizeof key);
    return equal & parley_scram_state(s)->known;
}

static sasl_step verify(parley_sasl *s)
{
    scram_state *state = parley_scram_state(s);
    unsigned char signature[PARLEY_HASH_SIZE];
    parley_scratch scratch;
    uint32_t begin = state->gs2;

    if (!proof_holds(s)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_SIGNATURE);
    }
    parley_scram_signature(s, parley_scram_secrets(s)->server_key, signature);
    parley_wipe(s->scratch + begin, s->scratch_len - begin);
    parley_wipe(state, sizeof *state);
    scratch = parley_scratch_of(s, begin, SCRAM_SECRETS_SIZE);
    parley_scratch_put_text(&scratch, "v=");
    parley_scratch_put_base64(&scratch, parley_bytes(signature, parley_scram_hash_size(s)));
    s->out = parley_scratch_from(&scratch, begin);
    return SASL_PROVED;
}

sasl_step parley_scram_server_derived(parley_sasl *s)
{
    scram_secrets *secrets = parley_scram_secrets(s);
    unsigned char client_key[PARLEY_HASH_SIZE];
    unsigned char keys[2][PARLEY_HASH_SIZE]; /* keys that were given stay */

    parley_derivation_keys(&secrets->derivation, client_key, keys[0], keys[1]);
    if (!parley_scram_state(s)->has_keys) {
        memcpy(secrets->stored_key, keys[0], sizeof keys[0]);
        memcpy(secrets->server_key, keys[1], sizeof keys[1]);
    }
    parley_wipe(client_key, sizeof client_key);
    parley_wipe(keys, sizeof keys);
    return verify(s);
}

/* What client-final is refused for before its proof is looked at. */
static parley_code judge(parley_sasl *s, const scram_fields *fields)
{
    const scram_state *state = parley_scram_state(s);
    parley_string nonce = parley_bytes(s->scratch + state->nonce, state->nonce_len);

    if (!parley_scram_binding_matches(s, fields->channel_binding)) {
        return parley_mechanism_is(s->mechanism, SASL_BINDS) ? PARLEY_ERROR_SASL_BINDING
                                                             : PARLEY_ERROR_SASL_MESSAGE;
    }
    if (!parley_string_equal(fields->nonce, nonce)) {
        return PARLEY_ERROR_SASL_NONCE;
    }
    return parley_scram_decode(fields->proof, parley_scram_secrets(s)->proof,
                               parley_scram_hash_size(s), PARLEY_ERROR_SASL_MESSAGE);
}

static sasl_step client_final(parley_sasl *s, parley_string message)
{
    scram_state *state = parley_scram_state(s);
    scram_fields fields;
    parley_code code = parley_scram_read_client(&fields, true, message);

    if (code == PARLEY_NO_ERROR) {
        code = judge(s, &fields);
    }
    if (code == PARLEY_NO_ERROR) {
        parley_scratch_put_text(&state->scratch, ",");
        parley_scratch_put(&state->scratch, fields.without_proof);
        state->end = state->scratch.used;
        code = state->scratch.full ? PARLEY_ERROR_SASL_MESSAGE : PARLEY_NO_ERROR;
    }
    if (code != PARLEY_NO_ERROR) {
        return parley_sasl_refuse(s, code);
    }
    s->out = (parley_string){NULL, 0};
    if (!state->derive) {
        return verify(s);
    }
    state->phase = SCRAM_SERVER_DERIVING;
    return SASL_WORK;
}

sasl_step parley_scram_server_step(parley_sasl *s, parley_string message)
{
    switch (parley_scram_state(s)->phase) {
    case SCRAM_CLIENT_FIRST_DUE:
        return client_first(s, message);
    case SCRAM_CLIENT_FINAL_DUE:
        return client_final(s, message);
    default:
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
}
