/* Keys for a server's store, in one go (RFC 5802 section 3). A file of its own,
   so that a session that never asks for it does not link it. */
#include "scram.h"

parley_result parley_scram_derive_prepared(const parley_mechanism *mechanism,
                                           parley_string prepared, parley_string salt,
                                           uint32_t iterations, unsigned char *stored_key,
                                           unsigned char *server_key, size_t *hash_len)
{
    unsigned char derivation[PARLEY_DERIVATION_SIZE];
    unsigned char client_key[PARLEY_HASH_SIZE];

    if (mechanism == NULL || mechanism->work != parley_scram_work || salt.len == 0 ||
        iterations == 0) {
        return PARLEY_MISUSE;
    }
    if (prepared.len == 0 || prepared.len > PARLEY_PASSWORD_SIZE) {
        return PARLEY_REFUSED;
    }
    parley_derivation_key(parley_derivation_in(derivation), mechanism->hash, prepared);
    parley_derivation_salt(parley_derivation_in(derivation), salt);
    (void)parley_derivation_run(parley_derivation_in(derivation), iterations - 1, iterations - 1);
    parley_derivation_keys(parley_derivation_in(derivation), client_key, stored_key, server_key);
    parley_wipe(client_key, sizeof client_key);
    *hash_len = parley_hash_size(mechanism->hash);
    return PARLEY_OK;
}

parley_result parley_scram_derive(const parley_mechanism *mechanism, parley_string password,
                                  parley_string salt, uint32_t iterations,
                                  unsigned char *stored_key, unsigned char *server_key,
                                  size_t *hash_len)
{
    char buffer[PARLEY_PASSWORD_SIZE];
    parley_string prepared = {NULL, 0}; /* refused, unless it is misuse */
    parley_result result;

    (void)parley_password_prepare(PARLEY_SASLPREP, true, password, buffer, sizeof buffer,
                                  &prepared);
    result = parley_scram_derive_prepared(mechanism, prepared, salt, iterations, stored_key,
                                          server_key, hash_len);
    parley_wipe(buffer, sizeof buffer);
    return result;
}
