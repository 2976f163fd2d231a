/* Notes.

   BearSSL's x509_minimal checks the chain and is given no name, so that its own
   rules for names (any leading "*.", the CN when there is no dNSName) never
   count. The leaf goes through our walker too, which compares the names and
   hashes the key.

   end_chain alone gives the verdict, in this order: chain, name, pin. With
   pin_only the key of the leaf comes from BearSSL's decoder and the pin is the
   whole verdict; the handshake still proves that the peer holds that key.

   start_chain resets what one chain leaves behind, and sets the handshake's memory
   up, which is lent. `verified` is set once, at the end of a chain that passed,
   with what is kept of the leaf. */
#include "verify.h"

#include <string.h>

#include "algorithms.h"
#include "certificate.h"
#include "identity.h"
#include "sasl.h"
#include "tls_engine.h"

static parley_verifier *verifier_of(const br_x509_class **ctx)
{
    return (parley_verifier *)(void *)ctx;
}

static bool pin_only(const parley_verifier *v)
{
    return PARLEY_TLS_PIN_ONLY && v->pin_only;
}

static void verifier_start_minimal(parley_verifier *v)
{
    br_x509_minimal_context *m = &v->handshake->chain.minimal;
    uint32_t days, seconds;

    br_x509_minimal_init(m, &br_sha256_vtable, v->anchors, v->anchor_count);
    parley_tls_chain_algorithms(m, v->ec);
    br_x509_minimal_set_minrsa(m, 256); /* 2048 bits */
    if (parley_tls_time(v->now, &days, &seconds))
        br_x509_minimal_set_time(m, days, seconds);
    br_x509_minimal_vtable.start_chain(&m->vtable, NULL);
}

static void verifier_start_chain(const br_x509_class **ctx, const char *server_name)
{
    parley_verifier *v = verifier_of(ctx);

    (void)server_name; /* x509_minimal's own matching is not ours: it gets none */
    v->chain_seen = true;
    v->certificates = 0;
    v->name_found = false;
    v->leaf_refused = false;
    v->verified = false;
    v->key = NULL;
    v->code = PARLEY_NO_ERROR;
    v->error = 0;
    v->detail = 0;
    v->name_difference = v->domain[0] != '\0' ? PARLEY_TLS_NAME_NONE : PARLEY_TLS_NAME_LITERAL;
    v->addresses_len = 0;
    v->addresses_left_out = false;
    parley_certificate_init(&v->handshake->leaf);
    if (pin_only(v))
        br_x509_decoder_init(&v->handshake->chain.decoder, NULL, NULL);
    else
        verifier_start_minimal(v);
}

static void verifier_start_cert(const br_x509_class **ctx, uint32_t length)
{
    parley_verifier *v = verifier_of(ctx);

    if (!pin_only(v))
        br_x509_minimal_vtable.start_cert(&v->handshake->chain.minimal.vtable, length);
}

static void verifier_name(parley_verifier *v, const parley_name *name)
{
    const int difference = parley_identity_judge(v->domain, name);

    if (difference == 0)
        v->name_found = true;
    else if (difference > v->name_difference)
        v->name_difference = difference;
}

/* Unlike x509_minimal the decoder does not look whether it has failed: given more, it would run on
   behind its `fail`, off its own stack and code. */
static bool verifier_decodes(br_x509_decoder_context *decoder)
{
    const int error = br_x509_decoder_last_error(decoder);

    return error == 0 || error == BR_ERR_X509_TRUNCATED; /* done, or not yet */
}

static void verifier_append(const br_x509_class **ctx, const unsigned char *buf, size_t len)
{
    parley_verifier *v = verifier_of(ctx);
    parley_certificate_token token = PARLEY_CERTIFICATE_NAME;
    size_t at = 0;

    if (v->observer != NULL && len > 0)
        v->observer(v->observer_context, buf, len);
    if (!pin_only(v))
        br_x509_minimal_vtable.append(&v->handshake->chain.minimal.vtable, buf, len);
    else if (v->certificates == 0 && verifier_decodes(&v->handshake->chain.decoder))
        br_x509_decoder_push(&v->handshake->chain.decoder, buf, len);
    while (v->certificates == 0 && token == PARLEY_CERTIFICATE_NAME) {
        at += parley_certificate_push(&v->handshake->leaf, buf + at, len - at, &token);
        if (token == PARLEY_CERTIFICATE_NAME) {
            parley_name name = parley_certificate_name(&v->handshake->leaf);

            if (v->clients != NULL)
                v->clients->name(v, &name);
            else
                verifier_name(v, &name);
        }
    }
}

static void verifier_end_cert(const br_x509_class **ctx)
{
    parley_verifier *v = verifier_of(ctx);

    if (v->certificates == 0)
        v->leaf_refused = parley_certificate_finish(&v->handshake->leaf) != PARLEY_OK;
    if (!pin_only(v))
        br_x509_minimal_vtable.end_cert(&v->handshake->chain.minimal.vtable);
    else if (v->certificates == 0)
        v->key = br_x509_decoder_get_pkey(&v->handshake->chain.decoder);
    v->certificates++;
    if (v->observer != NULL)
        v->observer(v->observer_context, NULL, 0);
}

static unsigned verifier_refuse(parley_verifier *v, parley_code code, unsigned error)
{
    const bool early = error == BR_ERR_X509_EXPIRED && v->handshake->leaf.not_before > v->now;

    v->code = code;
    v->error = error;
    v->detail = code == PARLEY_ERROR_TLS_CERTIFICATE_NAME ? v->name_difference
                : early                                   ? PARLEY_TLS_NOT_YET_VALID
                                                          : (int)error;
    return error;
}

/* Every suite of ours signs, so keyUsage, if there, must allow that (RFC 5280
   section 4.2.1.3); x509_minimal passes over extendedKeyUsage (4.2.1.12). */
static bool verifier_use_allowed(const parley_verifier *v)
{
    const unsigned uses = parley_certificate_uses(&v->handshake->leaf);
    unsigned usages = 0;

    (void)br_x509_minimal_vtable.get_pkey(&v->handshake->chain.minimal.vtable, &usages);
    if (!(usages & BR_KEYTYPE_SIGN))
        return false;
    return uses == 0 || (uses & (PARLEY_USE_ANY | PARLEY_USE_XMPP)) != 0 ||
           (uses & (v->clients != NULL ? PARLEY_USE_CLIENT : PARLEY_USE_SERVER)) != 0;
}

static bool verifier_same(const unsigned char *a, size_t a_len, const unsigned char *b,
                          size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* Whether the key of the leaf is that of an anchor. */
static bool verifier_is_anchor(const br_x509_minimal_context *m)
{
    for (size_t i = 0; i < m->trust_anchors_num; i++) {
        const br_x509_pkey *anchor = &m->trust_anchors[i].pkey;

        if (anchor->key_type != m->pkey.key_type)
            continue;
        if (anchor->key_type == BR_KEYTYPE_EC
                ? anchor->key.ec.curve == m->pkey.key.ec.curve &&
                      verifier_same(anchor->key.ec.q, anchor->key.ec.qlen, m->pkey.key.ec.q,
                                    m->pkey.key.ec.qlen)
                : verifier_same(anchor->key.rsa.n, anchor->key.rsa.nlen, m->pkey.key.rsa.n,
                                m->pkey.key.rsa.nlen))
            return true;
    }
    return false;
}

/* RFC 6120 5.4.3.1, 13.6, 13.7.2, 13.9.5. */
static unsigned verifier_end_chain(const br_x509_class **ctx)
{
    parley_verifier *v = verifier_of(ctx);
    unsigned error = 0;

    if (!pin_only(v))
        error = br_x509_minimal_vtable.end_chain(&v->handshake->chain.minimal.vtable);
    else if (v->certificates == 0)
        error = BR_ERR_X509_EMPTY_CHAIN;
    else if (v->key == NULL)
        error = (unsigned)br_x509_decoder_last_error(&v->handshake->chain.decoder);
    if (error != 0)
        return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, error);
    if (v->leaf_refused)
        return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, BR_ERR_X509_INVALID_VALUE);
    if (!pin_only(v)) {
        /* RFC 6120 section 13.7.1.1, rule 2; a self-signed one that the caller named as
           an anchor is the caller's choice. */
        if (!verifier_use_allowed(v) || (parley_certificate_authority(&v->handshake->leaf) &&
                                         !verifier_is_anchor(&v->handshake->chain.minimal)))
            return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
                                   BR_ERR_X509_FORBIDDEN_KEY_USAGE);
        if (v->clients == NULL && !v->name_found)
            return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_NAME,
                                   BR_ERR_X509_BAD_SERVER_NAME);
    }
    if (v->pin != NULL && !parley_equal_secret(v->pin, v->handshake->leaf.key_hash,
                                               sizeof v->handshake->leaf.key_hash))
        return verifier_refuse(v, PARLEY_ERROR_TLS_CERTIFICATE_PIN, BR_ERR_X509_NOT_TRUSTED);
    memcpy(v->key_hash, v->handshake->leaf.key_hash, sizeof v->key_hash);
    v->end_point_len = (uint8_t)parley_certificate_end_point(&v->handshake->leaf, v->end_point);
    v->not_after = v->handshake->leaf.not_after;
    v->verified = true;
    return 0;
}

static const br_x509_pkey *verifier_get_pkey(const br_x509_class *const *ctx, unsigned *usages)
{
    const parley_verifier *v = (const parley_verifier *)(const void *)ctx;

    if (!pin_only(v))
        return br_x509_minimal_vtable.get_pkey(&v->handshake->chain.minimal.vtable, usages);
    if (usages != NULL)
        *usages = BR_KEYTYPE_SIGN;
    return v->key;
}

static const br_x509_class verifier_class = {
    sizeof(parley_verifier), verifier_start_chain, verifier_start_cert, verifier_append,
    verifier_end_cert,       verifier_end_chain,   verifier_get_pkey,
};

void parley_verifier_init(parley_verifier *v, const parley_verifier_settings *settings)
{
    v->vtable = &verifier_class;
    v->pin = settings->pin;
    v->pin_only = settings->pin_only;
    v->clients = settings->clients;
    v->now = settings->unix_time;
    if (v->clients == NULL)
        (void)parley_identity_reference(settings->domain, v->domain);
    v->handshake = settings->handshake;
    v->anchors = settings->anchors;
    v->anchor_count = settings->anchor_count;
    v->ec = parley_tls_ec();
}
