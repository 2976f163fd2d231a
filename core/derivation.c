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
    memset(d, 0, sizeof *d);
    parley_hmac_key_init(&d->key, hash, password);
}

void parley_derivation_salt(parley_derivation *d, parley_string salt)
{
    static const unsigned char first_block[4] = {0, 0, 0, 1};
    parley_string pieces[2] = {salt, parley_bytes(first_block, sizeof first_block)};

    parley_hmac(&d->key, pieces, 2, d->block);
    memcpy(d->sum, d->block, sizeof d->sum);
}

uint32_t parley_derivation_run(parley_derivation *d, uint32_t left, uint32_t most)
{
    parley_string block = parley_bytes(d->block, size_of(d));
    uint32_t due = left < most ? left : most;

    for (uint32_t i = 0; i < due; i++) {
        parley_hmac(&d->key, &block, 1, d->block);
        for (size_t j = 0; j < block.len; j++) {
            d->sum[j] ^= d->block[j];
        }
    }
    return left - due;
}

void parley_derivation_keys(parley_derivation *d, unsigned char *client_key,
                            unsigned char *stored_key, unsigned char *server_key)
{
    const parley_string client_label = {"Client Key", 10};
    const parley_string server_label = {"Server Key", 10};
    const void *hash = br_hmac_key_get_digest(&d->key.context);
    const size_t size = size_of(d);

    parley_hmac_key_init(&d->key, hash, parley_bytes(d->sum, size));
    parley_hmac(&d->key, &client_label, 1, client_key);
    parley_hmac(&d->key, &server_label, 1, server_key);
    parley_hash(hash, parley_bytes(client_key, size), stored_key);
    parley_wipe(d, sizeof *d);
}
