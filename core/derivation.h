/* Hi() of RFC 5802 section 2.2: PBKDF2 with HMAC and one block of output, in
   slices. */
#ifndef PARLEY_CORE_DERIVATION_H
#define PARLEY_CORE_DERIVATION_H

#include "hash.h"

/* A derivation under way, as bytes, so that it can lie anywhere in a scratch
   area, where it stays: there is room to align it in. Secret: to be wiped. */
#define PARLEY_DERIVATION_SIZE \
    (sizeof(parley_hmac_key) + 2u * PARLEY_HASH_SIZE + _Alignof(parley_hmac_key) - 1u)

/* The key of a derivation; also room for another one where none is under way. */
parley_hmac_key *parley_derivation_hmac(unsigned char *derivation);

/* Takes the password in; nothing else of it is kept. */
void parley_derivation_key(unsigned char *derivation, const void *hash, parley_string password);

/* The first iteration. */
void parley_derivation_salt(unsigned char *derivation, parley_string salt);

/* At most `most` of the `left` iterations that are due after the first one;
   gives how many are still left. */
uint32_t parley_derivation_run(unsigned char *derivation, uint32_t left, uint32_t most);

/* When none is left: wipes the derivation and gives the keys that follow from
   it (RFC 5802 section 3), PARLEY_HASH_SIZE bytes of room each. */
void parley_derivation_keys(unsigned char *derivation, unsigned char *client_key,
                            unsigned char *stored_key, unsigned char *server_key);

#endif
