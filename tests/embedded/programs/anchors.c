/* A trust anchor, a certificate and a key whose bytes do not matter; they are not counted. */
#include <bearssl.h>

extern const br_x509_trust_anchor anchors[1];
extern const br_x509_certificate chain[1];
extern const br_ec_private_key key;

static unsigned char bytes[65];

const br_x509_trust_anchor anchors[1] = {
    {{bytes, sizeof bytes},
     BR_X509_TA_CA,
     {BR_KEYTYPE_EC, {.ec = {BR_EC_secp256r1, bytes, sizeof bytes}}}}};
const br_x509_certificate chain[1] = {{bytes, sizeof bytes}};
const br_ec_private_key key = {BR_EC_secp256r1, bytes, 32};
