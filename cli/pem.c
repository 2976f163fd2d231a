#include "pem.h"

#include "entropy.h"
#include "pem_file.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine, BSD, macOS */
};

static bool is_certificate(const pem_block *block)
{
    return strcmp(block->name, "CERTIFICATE") == 0 || strcmp(block->name, "X509 CERTIFICATE") == 0;
}

static bool no_memory(failure *f)
{
    return failure_set(f, STATUS_LOCAL, "local", "no memory for certificates");
}

/* A growing byte string. */
typedef struct bytes {
    unsigned char *data;
    size_t len;
    bool failed;
} bytes;

static void append(void *context, const void *data, size_t len)
{
    bytes *b = context;
    unsigned char *grown;

    if (b->failed || len == 0) {
        return;
    }
    grown = realloc(b->data, b->len + len);
    if (grown == NULL) {
        b->failed = true;
        return;
    }
    memcpy(grown + b->len, data, len);
    b->data = grown;
    b->len += len;
}

static unsigned char *copy(const unsigned char *data, size_t len)
{
    unsigned char *copied = malloc(len > 0 ? len : 1);

    if (copied != NULL) {
        memcpy(copied, data, len);
    }
    return copied;
}

static bool copy_key(br_x509_pkey *to, const br_x509_pkey *from)
{
    to->key_type = from->key_type;
    if (from->key_type == BR_KEYTYPE_EC) {
        to->key.ec = from->key.ec;
        to->key.ec.q = copy(from->key.ec.q, from->key.ec.qlen);
        return to->key.ec.q != NULL;
    }
    to->key.rsa = from->key.rsa;
    to->key.rsa.n = copy(from->key.rsa.n, from->key.rsa.nlen);
    to->key.rsa.e = copy(from->key.rsa.e, from->key.rsa.elen);
    return to->key.rsa.n != NULL && to->key.rsa.e != NULL;
}

static void free_anchor(br_x509_trust_anchor *anchor)
{
    free(anchor->dn.data);
    if (anchor->pkey.key_type == BR_KEYTYPE_EC) {
        free(anchor->pkey.key.ec.q);
    } else if (anchor->pkey.key_type == BR_KEYTYPE_RSA) {
        free(anchor->pkey.key.rsa.n);
        free(anchor->pkey.key.rsa.e);
    }
}

/* Adds one certificate. False with `*x509_error` 0: no memory; else BearSSL's
   reason. */
static bool add(pem_anchors *anchors, const void *der, size_t len, int *x509_error)
{
    br_x509_decoder_context decoder;
    bytes name = {NULL, 0, false};
    br_x509_trust_anchor anchor;
    br_x509_trust_anchor *list;

    br_x509_decoder_init(&decoder, append, &name);
    br_x509_decoder_push(&decoder, der, len);
    *x509_error = br_x509_decoder_last_error(&decoder);
    memset(&anchor, 0, sizeof anchor);
    anchor.dn.data = name.data;
    anchor.dn.len = name.len;
    if (*x509_error != 0) {
        free_anchor(&anchor);
        return false;
    }
    anchor.flags = br_x509_decoder_isCA(&decoder) ? BR_X509_TA_CA : 0;
    list = NULL;
    if (!name.failed && copy_key(&anchor.pkey, br_x509_decoder_get_pkey(&decoder))) {
        list = realloc(anchors->list, (anchors->count + 1) * sizeof *list);
    }
    if (list == NULL) {
        free_anchor(&anchor);
        return false;
    }
    anchors->list = list;
    anchors->list[anchors->count++] = anchor;
    return true;
}

static bool add_block(pem_anchors *anchors, const char *path, const pem_block *block,
                      unsigned *left_out, failure *f)
{
    int error;

    if (add(anchors, block->data, block->len, &error)) {
        return true;
    }
    if (error == BR_ERR_X509_UNSUPPORTED || error == BR_ERR_X509_WRONG_KEY_TYPE) {
        (*left_out)++; /* a key type that TLS here cannot use anyhow, such as Ed25519 */
        return true;
    }
    if (error == 0) {
        return no_memory(f);
    }
    return failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                       "%s, line %lu: this block is not a certificate (X.509 error %d); remove "
                       "it, or get the file anew",
                       path, block->line, error);
}

static const char *find_bundle(void)
{
    for (size_t i = 0; i < sizeof bundles / sizeof bundles[0]; i++) {
        if (access(bundles[i], R_OK) == 0) {
            return bundles[i];
        }
    }
    return NULL;
}

static bool add_file(pem_anchors *anchors, const char *path, failure *f)
{
    pem_file file;
    unsigned left_out = 0;
    bool good = true;

    if (!pem_file_read(&file, path, f)) {
        return false;
    }
    for (size_t i = 0; good && i < file.count; i++) {
        if (is_certificate(&file.blocks[i])) {
            good = add_block(anchors, path, &file.blocks[i], &left_out, f);
        }
    }
    pem_file_free(&file);
    if (good && anchors->count == 0) {
        return failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                           left_out > 0 ? "%s: holds only certificates with keys other than "
                                          "RSA and EC, which this version cannot use"
                                        : "%s: holds no CERTIFICATE block; give the "
                                          "certificates of the authorities to trust, in PEM",
                           path);
    }
    return good;
}

bool pem_anchors_load(pem_anchors *anchors, const char *path, failure *f)
{
    memset(anchors, 0, sizeof *anchors);
    if (path == NULL) {
        path = find_bundle();
    }
    if (path == NULL) {
        return failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                           "no system bundle of certificate authorities was found; install "
                           "ca-certificates, or name a file with --ca");
    }
    if (!add_file(anchors, path, f)) {
        pem_anchors_free(anchors);
        return false;
    }
    return true;
}

bool pem_anchors_add(pem_anchors *anchors, const void *der, size_t len, failure *f)
{
    int error;

    if (add(anchors, der, len, &error)) {
        return true;
    }
    return error == 0 ? no_memory(f)
                      : failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                                    "not a certificate (X.509 error %d)", error);
}

void pem_anchors_free(pem_anchors *anchors)
{
    for (size_t i = 0; i < anchors->count; i++) {
        free_anchor(&anchors->list[i]);
    }
    free(anchors->list);
    memset(anchors, 0, sizeof *anchors);
}

static bool add_certificate(pem_chain *chain, const char *path, const pem_block *block, failure *f)
{
    br_x509_decoder_context decoder;
    br_x509_certificate *list;

    br_x509_decoder_init(&decoder, NULL, NULL);
    br_x509_decoder_push(&decoder, block->data, block->len);
    if (br_x509_decoder_last_error(&decoder) != 0) {
        return failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                           "%s, line %lu: not a certificate with an RSA or EC key (X.509 error "
                           "%d)",
                           path, block->line, br_x509_decoder_last_error(&decoder));
    }
    list = realloc(chain->list, (chain->count + 1) * sizeof *list);
    if (list == NULL) {
        return no_memory(f);
    }
    chain->list = list;
    list[chain->count].data = copy(block->data, block->len);
    list[chain->count].data_len = block->len;
    if (list[chain->count].data == NULL) {
        return no_memory(f);
    }
    if (chain->count++ == 0) {
        chain->issuer_type = (unsigned)br_x509_decoder_get_signer_key_type(&decoder);
    }
    return true;
}

bool pem_chain_load(pem_chain *chain, const char *path, failure *f)
{
    pem_file file;
    bool good = true;

    memset(chain, 0, sizeof *chain);
    if (!pem_file_read(&file, path, f)) {
        return false;
    }
    for (size_t i = 0; good && i < file.count; i++) {
        if (is_certificate(&file.blocks[i])) {
            good = add_certificate(chain, path, &file.blocks[i], f);
        }
    }
    pem_file_free(&file);
    if (good && chain->count == 0) {
        good = failure_set(f, STATUS_LOCAL, "tls-certificate-file",
                           "%s: holds no CERTIFICATE block; give the certificate and those of "
                           "its issuers, in PEM",
                           path);
    }
    if (!good) {
        pem_chain_free(chain);
    }
    return good;
}

void pem_chain_free(pem_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        free(chain->list[i].data);
    }
    free(chain->list);
    memset(chain, 0, sizeof *chain);
}

static bool is_key(const char *name)
{
    return strcmp(name, "PRIVATE KEY") == 0 || strcmp(name, "RSA PRIVATE KEY") == 0 ||
           strcmp(name, "EC PRIVATE KEY") == 0;
}

static bool decode_key(pem_key *key, const char *path, const pem_block *block, failure *f)
{
    br_skey_decoder_init(&key->decoder);
    br_skey_decoder_push(&key->decoder, block->data, block->len);
    if (br_skey_decoder_last_error(&key->decoder) != 0) {
        return failure_set(f, STATUS_LOCAL, "tls-key-file",
                           "%s, line %lu: not an RSA or EC private key (error %d)", path,
                           block->line, br_skey_decoder_last_error(&key->decoder));
    }
    key->rsa = br_skey_decoder_get_rsa(&key->decoder);
    key->ec = br_skey_decoder_get_ec(&key->decoder);
    return true;
}

bool pem_key_load(pem_key *key, const char *path, failure *f)
{
    pem_file file;
    bool good;
    size_t i = 0;

    memset(key, 0, sizeof *key);
    if (!pem_file_read(&file, path, f)) {
        return false;
    }
    while (i < file.count && !is_key(file.blocks[i].name) &&
           strcmp(file.blocks[i].name, "ENCRYPTED PRIVATE KEY") != 0) {
        i++;
    }
    if (i == file.count) {
        good = failure_set(f, STATUS_LOCAL, "tls-key-file",
                           "%s: holds no PRIVATE KEY block; give the key in PEM", path);
    } else if (!is_key(file.blocks[i].name)) {
        good = failure_set(f, STATUS_LOCAL, "tls-key-file",
                           "%s, line %lu: the key is encrypted; decrypt it with openssl pkey", path,
                           file.blocks[i].line);
    } else {
        good = decode_key(key, path, &file.blocks[i], f);
    }
    pem_file_free(&file);
    if (!good) {
        pem_key_wipe(key);
    }
    return good;
}

void pem_key_wipe(pem_key *key)
{
    entropy_wipe(key, sizeof *key);
}

static bool same_number(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len)
{
    while (a_len > 0 && *a == 0) {
        a++;
        a_len--;
    }
    while (b_len > 0 && *b == 0) {
        b++;
        b_len--;
    }
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

static bool fits_ec(const br_ec_private_key *key, const br_ec_public_key *certified)
{
    unsigned char buffer[BR_EC_KBUF_PUB_MAX_SIZE];
    br_ec_public_key own;

    return key->curve == certified->curve &&
           br_ec_compute_pub(br_ec_get_default(), &own, buffer, key) == certified->qlen &&
           memcmp(own.q, certified->q, certified->qlen) == 0;
}

static bool fits_rsa(const br_rsa_private_key *key, const br_rsa_public_key *certified)
{
    unsigned char modulus[1024];
    br_rsa_compute_modulus compute = br_rsa_compute_modulus_get_default();
    size_t len = compute(NULL, key);

    return len > 0 && len <= sizeof modulus && compute(modulus, key) == len &&
           same_number(modulus, len, certified->n, certified->nlen);
}

bool pem_key_fits(const pem_key *key, const pem_chain *chain, const char *key_path,
                  const char *chain_path, failure *f)
{
    br_x509_decoder_context decoder;
    const br_x509_pkey *certified;
    bool fits = false;

    br_x509_decoder_init(&decoder, NULL, NULL);
    br_x509_decoder_push(&decoder, chain->list[0].data, chain->list[0].data_len);
    certified = br_x509_decoder_get_pkey(&decoder);
    if (certified != NULL && key->ec != NULL && certified->key_type == BR_KEYTYPE_EC) {
        fits = fits_ec(key->ec, &certified->key.ec);
    } else if (certified != NULL && key->rsa != NULL && certified->key_type == BR_KEYTYPE_RSA) {
        fits = fits_rsa(key->rsa, &certified->key.rsa);
    }
    return fits || failure_set(f, STATUS_LOCAL, "tls-key-file",
                               "%s does not belong to the first certificate of %s; give the "
                               "pair that was made together, and the own certificate first",
                               key_path, chain_path);
}
