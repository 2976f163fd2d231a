/* What a password comes to in SCRAM (RFC 5802 section 3), from BearSSL's parts: the keys, and the
   signatures of an exchange. */
#ifndef PARLEY_FUZZ_SCRAM_KEYS_H
#define PARLEY_FUZZ_SCRAM_KEYS_H

#include <bearssl.h>

#include "common/fuzz.h"

#define FUZZ_SCRAM_SALT "salt of a fuzzer"

/* One in base64, with a NUL, of the longest hash. */
#define FUZZ_SCRAM_PROOF (PARLEY_BASE64_SIZE(PARLEY_HASH_SIZE) + 1)

typedef struct fuzz_scram_derived {
    const br_hash_class *hash;
    size_t len; /* of what it makes */
    unsigned char client_key[PARLEY_HASH_SIZE];
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
} fuzz_scram_derived;

/* The keys for the hash that the mechanism's name has, with the salt and the count of a server's
   first message. NULL: it has none that a policy here takes. Remembered. */
const fuzz_scram_derived *fuzz_scram_derive(parley_string mechanism, const char *first);

/* The same with FUZZ_SCRAM_SALT and the least count. */
const fuzz_scram_derived *fuzz_scram_usual(parley_string mechanism);

/* Of the three messages: the client's proof, and what proves the server. Their length. */
size_t fuzz_scram_proof(const fuzz_scram_derived *keys, const char *bare, const char *first,
                        const char *final, char out[FUZZ_SCRAM_PROOF]);
size_t fuzz_scram_signature(const fuzz_scram_derived *keys, const char *bare, const char *first,
                            const char *final, char out[FUZZ_SCRAM_PROOF]);

#endif
