/* PLAIN (RFC 4616), both roles.

   Client: start keeps the names in scratch; the credential makes the message
   there and the attempt is over, as a server has nothing to say but success.

   Server: start -> (message is due ->) credential is due -> deriving -> over.
   The password of the message goes into a derivation and a digest at once, and
   is not kept. Whatever the credential is (a password, keys, nobody's), as many
   iterations are run before the verdict, so that neither who exists nor how
   passwords are kept shows in the time. */
#include "derivation.h"
#include "plain_grammar.h"
#include "scratch.h"

#include "parley/jid.h"

#include <string.h>

typedef enum plain_phase {
    PLAIN_OVER = 0,
    PLAIN_PASSWORD_DUE,
    PLAIN_MESSAGE_DUE,
    PLAIN_CREDENTIAL_DUE,
    PLAIN_DERIVING
} plain_phase;

typedef struct plain_state {
    uint32_t used;       /* of scratch */
    uint32_t iterations; /* server: for passwords and nobody */
    uint32_t left;
    uint8_t phase;
    uint8_t salt_len; /* server: of passwords and nobody */
    bool keeps_keys;  /* server: no credential is a password */
    bool keys;        /* the derivation decides */
    bool equal;       /* the password was right; nobody's never is */
} plain_state;

_Static_assert(sizeof(plain_state) <= PARLEY_SASL_STATE_SIZE, "raise PARLEY_SASL_STATE_SIZE");

/* At the end of scratch, on a server. */
typedef struct plain_secrets {
    unsigned char derivation[PARLEY_DERIVATION_SIZE]; /* of the message's password */
    unsigned char digest[PARLEY_HASH_SIZE];           /* of the same */
    unsigned char stored_key[PARLEY_HASH_SIZE];
} plain_secrets;

static plain_state *state_of(parley_sasl *s)
{
    return (plain_state *)(void *)&s->state;
}

static parley_scratch scratch_of(parley_sasl *s)
{
    return parley_scratch_of(s, state_of(s)->used, sizeof(plain_secrets));
}

static bool begin(parley_sasl *s, const sasl_context *context)
{
    const plain_state fresh = {.iterations = context->iterations,
                               .keeps_keys = context->keeps_keys,
                               .salt_len = context->salt_len};

    s->code = PARLEY_NO_ERROR;
    memcpy(&s->state, &fresh, sizeof fresh);
    return s->scratch != NULL && s->scratch_len >= sizeof(plain_secrets);
}

#ifndef PARLEY_WITHOUT_CLIENT

static sasl_step client_start(parley_sasl *s, const sasl_context *context)
{
    plain_state *state = state_of(s);
    parley_scratch scratch;

    if (!begin(s, context)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_CONFIG_MEMORY);
    }
    scratch = scratch_of(s);
    parley_scratch_put(&scratch, context->authzid);
    parley_scratch_put(&scratch, (parley_string){"", 1});
    parley_scratch_put(&scratch, context->user);
    parley_scratch_put(&scratch, (parley_string){"", 1});
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->used = scratch.used;
    state->phase = PLAIN_PASSWORD_DUE;
    s->out = (parley_string){NULL, 0};
    return SASL_CREDENTIAL;
}

static sasl_step client_credential(parley_sasl *s, const parley_answer *answer)
{
    plain_state *state = state_of(s);
    parley_scratch scratch = scratch_of(s);
    parley_string password;

    if (state->phase != PLAIN_PASSWORD_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (answer == NULL || answer->kind != PARLEY_ANSWER_PASSWORD ||
        !parley_scratch_password(&scratch, s, false, answer->bytes, &password)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    if (password.data == scratch.bytes + scratch.used) { /* there already */
        scratch.used += (uint32_t)password.len;
    } else {
        parley_scratch_put(&scratch, password);
    }
    if (scratch.full) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    state->phase = PLAIN_OVER;
    s->out = parley_scratch_from(&scratch, 0);
    return SASL_SEND;
}

/* The server has nothing to say in PLAIN: no challenge, no data with success. */
static sasl_step client_step(parley_sasl *s, parley_string message)
{
    (void)message;
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

static plain_secrets *secrets_of(const parley_sasl *s)
{
    return (plain_secrets *)(void *)(s->scratch + s->scratch_len - sizeof(plain_secrets));
}

/* s->user, prepared, and s->authzid as sent, at the start of scratch. */
static bool take_names(parley_sasl *s, const plain_fields *fields)
{
    parley_scratch scratch = scratch_of(s);

    if (parley_jid_prepare(PARLEY_JID_LOCAL, fields->authcid, scratch.bytes, scratch.size, &s->user,
                           NULL) != PARLEY_OK) {
        return false;
    }
    scratch.used = (uint32_t)s->user.len;
    s->authzid = (parley_string){NULL, 0};
    if (fields->authzid.data != NULL) {
        uint32_t at = scratch.used;

        parley_scratch_put(&scratch, fields->authzid);
        s->authzid = parley_scratch_from(&scratch, at);
    }
    state_of(s)->used = scratch.used;
    return !scratch.full;
}

static sasl_step take_message(parley_sasl *s, parley_string message)
{
    const void *hash = s->mechanism->hash;
    plain_secrets *secrets = secrets_of(s);
    parley_scratch scratch;
    parley_string password;
    plain_fields fields;

    if (!parley_plain_parse(&fields, message) || fields.passwd.len > PARLEY_PASSWORD_SIZE ||
        !take_names(s, &fields)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_MESSAGE);
    }
    /* What cannot be prepared is nobody's password, and takes the same way. */
    scratch = scratch_of(s);
    state_of(s)->equal = parley_scratch_password(&scratch, s, false, fields.passwd, &password);
    if (!state_of(s)->equal) {
        password = fields.passwd;
    }
    parley_derivation_key(parley_derivation_in(secrets->derivation), hash, password);
    parley_hash(hash, password, secrets->digest);
    parley_scratch_forget(&scratch, password);
    state_of(s)->phase = PLAIN_CREDENTIAL_DUE;
    s->out = (parley_string){NULL, 0};
    return SASL_CREDENTIAL;
}

static sasl_step server_start(parley_sasl *s, const sasl_context *context, parley_string message)
{
    if (!begin(s, context)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_CONFIG_MEMORY);
    }
    if (context->iterations < PARLEY_ITERATIONS_MINIMUM) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_ITERATIONS);
    }
    if (message.data == NULL) {
        state_of(s)->phase = PLAIN_MESSAGE_DUE;
        return parley_sasl_ask_first(s);
    }
    return take_message(s, message);
}

static sasl_step server_step(parley_sasl *s, parley_string message)
{
    if (state_of(s)->phase != PLAIN_MESSAGE_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    return take_message(s, message);
}

/* Derives with this salt and count before the verdict. */
static sasl_step derive(parley_sasl *s, parley_string salt, uint32_t iterations)
{
    plain_state *state = state_of(s);

    parley_derivation_salt(parley_derivation_in(secrets_of(s)->derivation), salt);
    state->left = iterations - 1;
    state->phase = PLAIN_DERIVING;
    return SASL_WORK;
}

static bool take_keys(parley_sasl *s, const parley_scram_keys *keys)
{
    size_t len = parley_hash_size(s->mechanism->hash);

    if (keys == NULL || keys->stored_key.len != len || keys->salt.len == 0 ||
        keys->iterations < PARLEY_ITERATIONS_MINIMUM) {
        return false;
    }
    memcpy(secrets_of(s)->stored_key, keys->stored_key.data, len);
    state_of(s)->keys = true;
    return true;
}

/* Whether it is the message's password. False in `usable`: it cannot be one. */
static bool is_password(parley_sasl *s, parley_string password, bool *usable)
{
    unsigned char digest[PARLEY_HASH_SIZE];
    parley_scratch scratch = scratch_of(s);
    bool equal;

    *usable = parley_scratch_password(&scratch, s, true, password, &password);
    if (!*usable) {
        return false;
    }
    /* Digests have one length, so the passwords' lengths do not show. */
    parley_hash(s->mechanism->hash, password, digest);
    parley_scratch_forget(&scratch, password);
    equal = parley_equal_secret(digest, secrets_of(s)->digest,
                                parley_hash_size(s->mechanism->hash));
    parley_wipe(digest, sizeof digest);
    return equal;
}

/* Nobody and keys get what a password gets, where passwords are kept; what is
   compared then counts for a password alone. */
static sasl_step server_credential(parley_sasl *s, const parley_answer *answer)
{
    static const parley_string any = {"nobody's", 8};
    static const char zeros[PARLEY_SALT_SIZE];
    plain_state *state = state_of(s);
    bool is_keys = answer != NULL && answer->kind == PARLEY_ANSWER_SCRAM;
    bool is_text = answer != NULL && answer->kind == PARLEY_ANSWER_PASSWORD;
    bool usable = true;
    bool equal = false;

    if (state->phase != PLAIN_CREDENTIAL_DUE) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    if (is_text || !state->keeps_keys) {
        equal = is_password(s, is_text ? answer->bytes : any, &usable);
    }
    if (!usable || (answer != NULL && !is_text && !(is_keys && take_keys(s, answer->keys)))) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_CREDENTIAL);
    }
    state->equal &= is_keys | (is_text & equal);
    return is_keys ? derive(s, answer->keys->salt, answer->keys->iterations)
                   : derive(s, (parley_string){zeros, state->salt_len}, state->iterations);
}

static sasl_step verdict(parley_sasl *s)
{
    plain_state *state = state_of(s);
    plain_secrets *secrets = secrets_of(s);
    unsigned char client_key[PARLEY_HASH_SIZE];
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
    bool derived;

    parley_derivation_keys(parley_derivation_in(secrets->derivation), client_key, stored_key,
                           server_key);
    derived = parley_equal_secret(stored_key, secrets->stored_key,
                                  parley_hash_size(s->mechanism->hash));
    parley_wipe(client_key, sizeof client_key);
    parley_wipe(stored_key, sizeof stored_key);
    parley_wipe(server_key, sizeof server_key);
    if (!(state->equal & (derived | !state->keys))) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_SIGNATURE);
    }
    parley_wipe(s->scratch + state->used, s->scratch_len - state->used);
    parley_wipe(&s->state, sizeof s->state);
    s->out = (parley_string){NULL, 0};
    return SASL_PROVED;
}

#endif

static sasl_step work(parley_sasl *s, uint32_t iterations)
{
#ifndef PARLEY_WITHOUT_SERVER
    plain_state *state = state_of(s);

    if (state->phase == PLAIN_DERIVING) {
        state->left = parley_derivation_run(parley_derivation_in(secrets_of(s)->derivation),
                                            state->left, iterations);
        return state->left > 0 ? SASL_WORK : verdict(s);
    }
#else
    (void)iterations;
#endif
    return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
}

const parley_mechanism parley_plain = {
    .name = "PLAIN",
    .flags = SASL_CREDENTIAL_FIRST | SASL_NEEDS_TLS | SASL_TAKES_KEYS,
    .strength = PARLEY_STRENGTH_PLAIN,
    .hash = PARLEY_SHA_256,
    SASL_CLIENT(client_start, client_credential, client_step),
    SASL_SERVER(server_start, server_credential, server_step),
    .work = work,
};
