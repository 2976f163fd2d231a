/* Hashes and HMAC. The only place where the core touches BearSSL: a hash is a
   br_hash_class pointer that a mechanism's row carries, so one that no row
   names is not linked, and hardware can supply one. */
#ifndef PARLEY_CORE_HASH_H
#define PARLEY_CORE_HASH_H

#include "parley/mechanism.h"

#include <bearssl.h>

/* What a row puts into parley_mechanism.hash. */
#define PARLEY_MD5     (&br_md5_vtable)
#define PARLEY_SHA_1   (&br_sha1_vtable)
#define PARLEY_SHA_256 (&br_sha256_vtable)
#define PARLEY_SHA_512 (&br_sha512_vtable)

/* A key ready for HMAC (RFC 2104). Secret: to be wiped. */
typedef struct parley_hmac_key {
    br_hmac_key_context context;
} parley_hmac_key;

/* Bytes of the hash's output, at most PARLEY_HASH_SIZE. */
size_t parley_hash_size(const void *hash);

/* The hash of `data`, parley_hash_size bytes. */
void parley_hash(const void *hash, parley_string data, unsigned char *out);

/* The same piece by piece. end wipes the context. */
typedef struct parley_hash_pieces {
    br_hash_compat_context context;
} parley_hash_pieces;

void parley_hash_begin(parley_hash_pieces *pieces, const void *hash);
void parley_hash_add(parley_hash_pieces *pieces, parley_string data);
void parley_hash_end(parley_hash_pieces *pieces, unsigned char *out);

void parley_hmac_key_init(parley_hmac_key *key, const void *hash, parley_string secret);

/* HMAC over `count` pieces one after the other. `out` may be one of them. */
void parley_hmac(const parley_hmac_key *key, const parley_string *pieces, size_t count,
                 unsigned char *out);

/* The same of one piece. */
void parley_hmac_bytes(const parley_hmac_key *key, const void *data, size_t len,
                       unsigned char *out);

/* A parley_string over bytes. */
parley_string parley_bytes(const void *data, size_t len);

#endif
