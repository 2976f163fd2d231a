/* The certificates and keys of tests/data/certificates. What these functions
   give lives as long as the test program; a missing file fails the test. */
#ifndef PARLEY_TESTS_CERTIFICATES_H
#define PARLEY_TESTS_CERTIFICATES_H

#include <bearssl.h>

/* Inside everyone's validity but for "expired" (to 2021) and "early" (from 2110). */
#define CERTIFICATES_TIME 1767225600 /* 2026-01-01 */

const br_x509_certificate *certificate_load(const char *name);

/* A trust anchor from a certificate, an authority or not. */
const br_x509_trust_anchor *certificate_anchor(const char *name);

const br_ec_private_key *certificate_ec_key(const char *name);
const br_rsa_private_key *certificate_rsa_key(const char *name);

/* SHA-256 of the SubjectPublicKeyInfo, by make.py. */
const unsigned char *certificate_key_hash(const char *name);

#endif
