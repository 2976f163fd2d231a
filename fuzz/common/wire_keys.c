#include <string.h>

#include "common/wire_keys.h"
#include "fuzz_certificates.h"

#define COUNT (sizeof fuzz_certificates / sizeof fuzz_certificates[0])

enum { SERVER_KEY, RSA_KEY, CLIENT_KEY, OWN_KEY, KEYS };

static br_skey_decoder_context keys[KEYS];

typedef struct name {
    unsigned char bytes[512];
    size_t len;
} name;

static void append_name(void *context, const void *data, size_t len)
{
    name *n = context;

    FUZZ_CHECK(n->len + len <= sizeof n->bytes);
    memcpy(n->bytes + n->len, data, len);
    n->len += len;
}

static unsigned find(const char *text)
{
    for (unsigned i = 0; i < COUNT; i++) {
        if (strcmp(fuzz_certificates[i].name, text) == 0) {
            return i;
        }
    }
    fuzz_broken("the certificate is there", __FILE__, __LINE__, text);
    return 0;
}

const br_x509_trust_anchor *fuzz_wire_anchors(void)
{
    static const char *const texts[FUZZ_ANCHORS] = {"ca", "ca-rsa", "own"};
    static br_x509_trust_anchor anchors[FUZZ_ANCHORS];
    static br_x509_decoder_context decoders[FUZZ_ANCHORS];
    static name names[FUZZ_ANCHORS];

    for (unsigned i = 0; i < FUZZ_ANCHORS && anchors[i].dn.data == NULL; i++) {
        const struct fuzz_certificate *c = &fuzz_certificates[find(texts[i])];

        br_x509_decoder_init(&decoders[i], append_name, &names[i]);
        br_x509_decoder_push(&decoders[i], c->data, c->len);
        FUZZ_CHECK(br_x509_decoder_get_pkey(&decoders[i]) != NULL);
        anchors[i].pkey = *br_x509_decoder_get_pkey(&decoders[i]);
        anchors[i].flags = i < 2 ? BR_X509_TA_CA : 0;
        anchors[i].dn.data = names[i].bytes;
        anchors[i].dn.len = names[i].len;
    }
    return anchors;
}

size_t fuzz_certificate_count(void)
{
    return COUNT;
}

parley_string fuzz_certificate_der(unsigned which)
{
    return (parley_string){(const char *)fuzz_certificates[which].data,
                           fuzz_certificates[which].len};
}

const char *fuzz_certificate_name(unsigned which)
{
    return fuzz_certificates[which].name;
}

static void load_keys(void)
{
    static const parley_string der[KEYS] = {
        {(const char *)fuzz_certificate_server_key, sizeof fuzz_certificate_server_key},
        {(const char *)fuzz_certificate_server_rsa_key, sizeof fuzz_certificate_server_rsa_key},
        {(const char *)fuzz_certificate_client_key, sizeof fuzz_certificate_client_key},
        {(const char *)fuzz_certificate_own_key, sizeof fuzz_certificate_own_key}};

    for (unsigned i = 0; i < KEYS && br_skey_decoder_key_type(&keys[i]) == 0; i++) {
        br_skey_decoder_init(&keys[i]);
        br_skey_decoder_push(&keys[i], der[i].data, der[i].len);
        FUZZ_CHECK(br_skey_decoder_key_type(&keys[i]) != 0);
    }
}

static const br_skey_decoder_context *key_of(const char *text)
{
    size_t len = strlen(text);

    load_keys();
    return &keys[strncmp(text, "own", 3) == 0                     ? OWN_KEY
                 : strncmp(text, "client", 6) == 0                ? CLIENT_KEY
                 : len > 4 && strcmp(text + len - 4, "-rsa") == 0 ? RSA_KEY
                                                                  : SERVER_KEY];
}

static br_x509_certificate der_of(unsigned which)
{
    return (br_x509_certificate){(unsigned char *)(uintptr_t)fuzz_certificates[which].data,
                                 fuzz_certificates[which].len};
}

void fuzz_wire_identity(fuzz_identity *identity, unsigned which, unsigned between,
                        const fuzz_terms *edited, unsigned place)
{
    static unsigned char copies[2][4096];
    const br_skey_decoder_context *key = key_of(fuzz_certificates[which].name);

    identity->chain[0] = der_of(which);
    identity->chain[1] = der_of(between);
    identity->chain_len = between != 0 ? 2 : 1;
    identity->ec_key = br_skey_decoder_get_ec(key);
    identity->rsa_key = br_skey_decoder_get_rsa(key);
    if (edited == NULL || edited->edit_count == 0) {
        return;
    }
    FUZZ_CHECK(identity->chain[0].data_len <= sizeof copies[place]);
    memcpy(copies[place], identity->chain[0].data, identity->chain[0].data_len);
    identity->chain[0].data = copies[place];
    for (size_t i = 0; i < edited->edit_count; i++) {
        const uint8_t *e = edited->edits + 3 * i;
        size_t at = ((size_t)e[0] << 8 | e[1]) % identity->chain[0].data_len;

        copies[place][at] ^= e[2];
    }
}
