/* Hashing through br_hash_class. Nothing is kept between calls; contexts that
   held something secret are wiped before they go out of scope. What BearSSL
   itself leaves on the stack below them is out of reach. */
#include "hash.h"

#include "apart.h"
#include "sasl.h"

_Static_assert(PARLEY_HASH_SIZE >= br_sha512_SIZE, "room for the longest hash");

size_t parley_hash_size(const void *hash)
{
    const br_hash_class *class = hash;

    return (class->desc >> BR_HASHDESC_OUT_OFF) & BR_HASHDESC_OUT_MASK;
}

/* Apart: its context is not to stand on the stack below an HMAC. */
PARLEY_APART void parley_hash(const void *hash, parley_string data, unsigned char *out)
{
    parley_hash_pieces pieces;

    parley_hash_begin(&pieces, hash);
    parley_hash_add(&pieces, data);
    parley_hash_end(&pieces, out);
}

void parley_hash_begin(parley_hash_pieces *pieces, const void *hash)
{
    const br_hash_class *class = hash;

    class->init(&pieces->context.vtable);
}

void parley_hash_add(parley_hash_pieces *pieces, parley_string data)
{
    if (data.len > 0) {
        pieces->context.vtable->update(&pieces->context.vtable, data.data, data.len);
    }
}

void parley_hash_end(parley_hash_pieces *pieces, unsigned char *out)
{
    pieces->context.vtable->out(&pieces->context.vtable, out);
    parley_wipe(pieces, sizeof *pieces);
}

void parley_hmac_key_init(parley_hmac_key *key, const void *hash, parley_string secret)
{
    br_hmac_key_init(&key->context, hash, secret.data, secret.len);
}

void parley_hmac(const parley_hmac_key *key, const parley_string *pieces, size_t count,
                 unsigned char *out)
{
    br_hmac_context context;

    br_hmac_init(&context, &key->context, 0);
    for (size_t i = 0; i < count; i++) {
        br_hmac_update(&context, pieces[i].data, pieces[i].len);
    }
    br_hmac_out(&context, out);
    parley_wipe(&context, sizeof context);
}

PARLEY_APART void parley_hmac_bytes(const parley_hmac_key *key, const void *data, size_t len,
                                    unsigned char *out)
{
    parley_string piece = parley_bytes(data, len);

    parley_hmac(key, &piece, 1, out);
}

parley_string parley_bytes(const void *data, size_t len)
{
    return (parley_string){data, len};
}
