/* PEM files: trust anchors, certificate chains, private keys. */
#ifndef PARLEY_CLI_PEM_H
#define PARLEY_CLI_PEM_H

#include "report.h"

#include <bearssl.h>

/* Each load function leaves nothing to free when it fails. `failure` says the
   file, the line or the block, and what to do. */

typedef struct pem_anchors {
    br_x509_trust_anchor *list;
    size_t count;
} pem_anchors;

/* Each certificate of the file as a trust anchor; one that is not a CA is
   trusted as itself alone. `path` NULL: the system's bundle. */
bool pem_anchors_load(pem_anchors *anchors, const char *path, failure *f);
/* One certificate in DER, as an anchor beside those there are. */
bool pem_anchors_add(pem_anchors *anchors, const void *der, size_t len, failure *f);
void pem_anchors_free(pem_anchors *anchors);

typedef struct pem_chain {
    br_x509_certificate *list; /* the end entity's first, as in the file */
    size_t count;
    unsigned issuer_type; /* BR_KEYTYPE_EC or _RSA: what signed the first */
} pem_chain;

bool pem_chain_load(pem_chain *chain, const char *path, failure *f);
void pem_chain_free(pem_chain *chain);

typedef struct pem_key {
    br_skey_decoder_context decoder; /* holds the key's bytes */
    const br_ec_private_key *ec;     /* one of the two */
    const br_rsa_private_key *rsa;
} pem_key;

/* The file's first private key. `key` must not be moved afterwards. */
bool pem_key_load(pem_key *key, const char *path, failure *f);
void pem_key_wipe(pem_key *key);

/* Whether the key belongs to the chain's first certificate. The paths are for
   the message. */
bool pem_key_fits(const pem_key *key, const pem_chain *chain, const char *key_path,
                  const char *chain_path, failure *f);

#endif
