/* Hi() of RFC 5802 section 2.2: PBKDF2 with HMAC and one block of output, in
   slices. */
#ifndef PARLEY_CORE_DERIVATION_H
#define PARLEY_CORE_DERIVATION_H

#include "hash.h"

/* A derivation under way: the password's HMAC key, the last U and the sum of all U so far (xor).
   Secret: to be wiped. */
typedef struct parley_derivation {
    parley_hmac_key key;
    unsigned char block[PARLEY_HASH_SIZE];
    unsigned char sum[PARLEY_HASH_SIZE];
} parley_derivation;

/* Bytes that have room for one wherever they lie, and where in them it is. */
#define PARLEY_DERIVATION_SIZE (sizeof(parley_derivation) + _Alignof(parley_derivation) - 1u)

static inline parley_derivation *parley_derivation_in(unsigned char *bytes)
{
    const size_t most = _Alignof(parley_derivation);

    return (parley_derivation *)(void *)(bytes + (most - (uintptr_t)bytes % most) % most);
}

/* Takes the password in; nothing else of it is kept. */
void parley_derivation_key(parley_derivation *d, const void *hash, parley_string password);

/* The first iteration. */
void parley_derivation_salt(parley_derivation *d, parley_string salt);

/* The same of a salt that PARLEY_DERIVATION_BLOCK stands behind; both together. */
void parley_derivation_salted(parley_derivation *d, const void *salt, size_t len);

/* INT (1) */
#define PARLEY_DERIVATION_BLOCK     "\0\0\0\1"
#define PARLEY_DERIVATION_BLOCK_LEN 4u

/* At most `most` of the `left` iterations that are due after the first one;
   gives how many are still left. */
uint32_t parley_derivation_run(parley_derivation *d, uint32_t left, uint32_t most);

/* When none is left: wipes the derivation and gives the keys that follow from
   it (RFC 5802 section 3), PARLEY_HASH_SIZE bytes of room each. */
void parley_derivation_keys(parley_derivation *d, unsigned char *client_key,
                            unsigned char *stored_key, unsigned char *server_key);

#endif
