/* SCRAM, the client's side: the keys of a login, and a login with them (RFC 5802 section 3). They
   are the one row that a session is given where the application wants to keep them. */
#include "scram.h"

#include <stddef.h>
#include <string.h>

/* A field of kept keys, which are bytes at any address. */
static parley_string kept(parley_string keys, size_t offset, size_t len)
{
    return (parley_string){keys.data + offset, len};
}

#define KEPT(keys, field, len) kept(keys, offsetof(parley_scram_client_keys, field), len)

static bool fits(const parley_sasl *s, parley_string keys)
{
    const scram_state *state = (const scram_state *)(const void *)&s->state;
    uint32_t iterations;
    size_t salt_len;

    if (s->mechanism == NULL || parley_mechanism_of(s->mechanism)->work != parley_scram_work ||
        state->phase != SCRAM_PASSWORD_DUE || keys.len != sizeof(parley_scram_client_keys)) {
        return false;
    }
    memcpy(&iterations, KEPT(keys, iterations, sizeof iterations).data, sizeof iterations);
    salt_len = (unsigned char)*KEPT(keys, salt_len, 1).data;
    return iterations == state->iterations &&
           (unsigned char)*KEPT(keys, key_len, 1).data == parley_scram_hash_size(s) &&
           salt_len <= PARLEY_SALT_SIZE &&
           parley_string_equal(KEPT(keys, salt, salt_len), parley_scram_client_salt(s));
}

/* Keys that fit: nothing is left to derive. */
static sasl_step take(parley_sasl *s, parley_string bytes)
{
    scram_secrets *secrets = parley_scram_secrets(s);

    memcpy(secrets->client_key, KEPT(bytes, client_key, PARLEY_HASH_SIZE).data, PARLEY_HASH_SIZE);
    memcpy(secrets->server_key, KEPT(bytes, server_key, PARLEY_HASH_SIZE).data, PARLEY_HASH_SIZE);
    parley_hash(parley_mechanism_of(s->mechanism)->hash,
                parley_bytes(secrets->client_key, parley_scram_hash_size(s)), secrets->stored_key);
    parley_scram_state(s)->has_keys = true;
    return parley_scram_client_derived(s);
}

/* The keys, to where the application wants them. A salt that is too long for
   that leaves nothing. */
static void hand_out(parley_sasl *s)
{
    const scram_secrets *secrets = parley_scram_secrets(s);
    size_t len = parley_scram_hash_size(s);
    parley_string salt = parley_scram_client_salt(s);

    if (salt.len == 0 || salt.len > sizeof s->keep->salt) {
        return;
    }
    memset(s->keep, 0, sizeof *s->keep);
    s->keep->iterations = parley_scram_state(s)->iterations;
    s->keep->salt_len = (uint8_t)salt.len;
    s->keep->key_len = (uint8_t)len;
    memcpy(s->keep->salt, salt.data, salt.len);
    memcpy(s->keep->client_key, secrets->client_key, len);
    memcpy(s->keep->server_key, secrets->server_key, len);
}

const parley_sasl_keeper parley_scram_keeper = {fits, take, hand_out};
