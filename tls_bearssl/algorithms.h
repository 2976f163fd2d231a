/* The choice of algorithms, made in one place: algorithms.c has all that are sound and the fastest
   implementation of each, algorithms_small.c (PARLEY_TLS_PROFILE=small, small-chacha20) one of each
   kind and the smallest implementation. All of them are constant-time. */
#ifndef PARLEY_TLS_ALGORITHMS_H
#define PARLEY_TLS_ALGORITHMS_H

#include "parley/tls.h"

/* Whether a key may be known by its pin alone, which takes another reader of certificates. */
#ifdef PARLEY_TLS_SMALL
#define PARLEY_TLS_PIN_ONLY false
#else
#define PARLEY_TLS_PIN_ONLY true
#endif

/* Suites, hashes, ciphers, curves and signatures of a zeroed engine. */
void parley_tls_algorithms(br_ssl_engine_context *engine);

/* Those of certificates' signatures. No SHA-1. */
void parley_tls_chain_algorithms(br_x509_minimal_context *chain, const br_ec_impl *ec);

/* Those of tls-server-end-point. */
void parley_tls_end_point_hashes(br_multihash_context *hashes);

/* The curves, and what signs with an own key. */
const br_ec_impl *parley_tls_ec(void);
br_ecdsa_sign parley_tls_ecdsa_sign(void);
br_rsa_pkcs1_sign parley_tls_rsa_sign(void);
br_rsa_private parley_tls_rsa_private(void);

/* Whether the suite is one of those that are offered. */
bool parley_tls_suite_is_ours(uint16_t suite);

#endif
