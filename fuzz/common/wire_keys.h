/* The certificates and keys of tests/data that both ends of a wire have. */
#ifndef PARLEY_FUZZ_WIRE_KEYS_H
#define PARLEY_FUZZ_WIRE_KEYS_H

#include "common/wire.h"

#define FUZZ_ANCHORS 3

/* The authorities of both kinds of key, and a certificate that stands for itself. */
const br_x509_trust_anchor *fuzz_wire_anchors(void);

size_t fuzz_certificate_count(void);

/* Number `which`, as it is; its DER as text. */
parley_string fuzz_certificate_der(unsigned which);
const char *fuzz_certificate_name(unsigned which);

typedef struct fuzz_identity {
    br_x509_certificate chain[2];
    size_t chain_len;
    const br_ec_private_key *ec_key; /* one of the two */
    const br_rsa_private_key *rsa_key;
} fuzz_identity;

/* A chain of number `which` and, unless it is 0, of number `between`, with the key that the
   certificate was made for. With edits the first one is a copy, at one of two places. */
void fuzz_wire_identity(fuzz_identity *identity, unsigned which, unsigned between,
                        const fuzz_terms *edited, unsigned place);

#endif
