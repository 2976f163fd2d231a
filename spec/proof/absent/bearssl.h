/* What core/hash.h needs of BearSSL, in its place: types of unknown content. The hash functions
   themselves are contracts (spec/proof/server.c). */
#ifndef PARLEY_PROOF_BEARSSL_H
#define PARLEY_PROOF_BEARSSL_H

typedef struct {
    unsigned char content[512];
} br_hash_compat_context, br_hmac_key_context;

#endif
