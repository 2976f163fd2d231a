/* PBKDF2 in slices (RFC 5802 section 2.2, RFC 8018 section 5.2).

   `key` is written by parley_derivation_key alone; `block` and `sum` are set by the salt and
   changed by each run. A derivation lies in scratch, and not on the stack, where it would be half
   of a device's. */
#include "derivation.h"

#include "sasl.h"

#include <string.h>

static size_t size_of(const parley_derivation *d)
{
    return parley_hash_size(br_hmac_key_get_digest(&d->key.context));
}

void parley_derivation_key(parley_derivation *d, const void *hash, parley_string password)
{
    parley_hmac_key_init(&d->key, hash, password);
}

void parley_derivation_salt(parley_derivation *d, parley_string salt)
{
    parley_string pieces[2] = {salt,
                               parley_bytes(PARLEY_DERIVATION_BLOCK, PARLEY_DERIVATION_BLOCK_LEN)};

    parley_hmac(&d->key, pieces, 2, d->block);
    memcpy(d->sum, d->block, sizeof d->sum);
}

void parley_derivation_salted(parley_derivation *d, const void *salt, size_t len)
{
    parley_hmac_bytes(&d->key, salt, len, d->block);
    memcpy(d->sum, d->block, sizeof d->sum);
}

uint32_t parley_derivation_run(parley_derivation *d, uint32_t left, uint32_t most)
{
    size_t size = size_of(d);
    uint32_t due = left < most ? left : most;

    for (uint32_t i = 0; i < due; i++) {
        parley_hmac_bytes(&d->key, d->block, size, d->block);
        for (size_t j = 0; j < size; j++) {
            d->sum[j] ^= d->block[j];
        }
    }
    return left - due;
}

void parley_derivation_keys(parley_derivation *d, unsigned char *client_key,
                            unsigned char *stored_key, unsigned char *server_key)
{
    const void *hash = br_hmac_key_get_digest(&d->key.context);
    const size_t size = size_of(d);

    parley_hmac_key_init(&d->key, hash, parley_bytes(d->sum, size));
    parley_hmac_bytes(&d->key, "Client Key", 10, client_key);
    parley_hmac_bytes(&d->key, "Server Key", 10, server_key);
    parley_hash(hash, parley_bytes(client_key, size), stored_key);
    parley_wipe(d, sizeof *d);
}
