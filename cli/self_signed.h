/* A P-256 certificate for a domain, made on the spot, and the self-signed one that vouches
   for it. BearSSL reads certificates and makes none, so the DER is written here. */
#ifndef PARLEY_CLI_SELF_SIGNED_H
#define PARLEY_CLI_SELF_SIGNED_H

#include <bearssl.h>
#include <parley/result.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the longest certificate: a domain of 255 bytes. */
#define SELF_SIGNED_SIZE 1024
/* Bytes of its PEM text, terminator included. */
#define SELF_SIGNED_PEM_SIZE 1536

typedef struct self_signed {
    unsigned char certificate[SELF_SIGNED_SIZE];
    size_t len;
    unsigned char anchor[SELF_SIGNED_SIZE]; /* whose key is gone */
    size_t anchor_len;
    unsigned char key_bytes[BR_EC_KBUF_PRIV_MAX_SIZE];
    br_ec_private_key key;        /* points to key_bytes */
    br_x509_certificate chain[1]; /* points to certificate */
} self_signed;

/* Makes the key and the certificate: X.509 v3, random serial number, ECDSA-SHA256, the
   domain as its DNS name (subjectAltName), an end entity's; and the trust anchor that
   issued it and will issue no other, since its key is forgotten. Both are valid from a
   day before `unix_time` for a year and a day. `seed` is fresh entropy, 32
   bytes at least. `s` must not be moved afterwards.
   PARLEY_ILLEGAL: the domain is not a DNS name in ASCII, or it is an IP
   address. PARLEY_REFUSED: too little entropy, or no time. */
parley_result self_signed_make(self_signed *s, parley_string domain, const void *seed,
                               size_t seed_len, int64_t unix_time);

/* The anchor's PEM text, terminated; returns the length without the terminator. */
size_t self_signed_pem(const self_signed *s, char out[SELF_SIGNED_PEM_SIZE]);

/* Wipes the key. */
void self_signed_wipe(self_signed *s);

#endif
