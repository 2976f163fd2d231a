/* Notes. All that is sound, and the fastest implementations this machine has. */
#include "algorithms.h"

static const uint16_t suites_aes[] = {
    BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
};

/* Without AES instructions constant-time AES is slow, and ChaCha20 comes first. */
static const uint16_t suites_chacha[] = {
    BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
};

static bool has_aes(void)
{
    return br_aes_x86ni_ctr_get_vtable() != NULL || br_aes_pwr8_ctr_get_vtable() != NULL;
}

/* RFC 6120 13.9.5. */
void parley_tls_algorithms(br_ssl_engine_context *engine)
{
    if (has_aes())
        br_ssl_engine_set_suites(engine, suites_aes, sizeof suites_aes / sizeof suites_aes[0]);
    else
        br_ssl_engine_set_suites(engine, suites_chacha,
                                 sizeof suites_chacha / sizeof suites_chacha[0]);
    br_ssl_engine_set_hash(engine, br_sha256_ID, &br_sha256_vtable);
    br_ssl_engine_set_hash(engine, br_sha384_ID, &br_sha384_vtable);
    br_ssl_engine_set_hash(engine, br_sha512_ID, &br_sha512_vtable);
    br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(engine, &br_tls12_sha384_prf);
    br_ssl_engine_set_default_aes_gcm(engine);
    br_ssl_engine_set_default_chapol(engine);
    br_ssl_engine_set_default_ec(engine);
    br_ssl_engine_set_default_rsavrfy(engine);
    br_ssl_engine_set_default_ecdsa(engine);
}

void parley_tls_chain_algorithms(br_x509_minimal_context *chain, const br_ec_impl *ec)
{
    br_x509_minimal_set_rsa(chain, br_rsa_pkcs1_vrfy_get_default());
    br_x509_minimal_set_ecdsa(chain, ec, br_ecdsa_vrfy_asn1_get_default());
    br_x509_minimal_set_hash(chain, br_sha256_ID, &br_sha256_vtable);
    br_x509_minimal_set_hash(chain, br_sha384_ID, &br_sha384_vtable);
    br_x509_minimal_set_hash(chain, br_sha512_ID, &br_sha512_vtable);
}

void parley_tls_end_point_hashes(br_multihash_context *hashes)
{
    br_multihash_setimpl(hashes, br_sha224_ID, &br_sha224_vtable);
    br_multihash_setimpl(hashes, br_sha256_ID, &br_sha256_vtable);
    br_multihash_setimpl(hashes, br_sha384_ID, &br_sha384_vtable);
    br_multihash_setimpl(hashes, br_sha512_ID, &br_sha512_vtable);
}

const br_ec_impl *parley_tls_ec(void)
{
    return br_ec_get_default();
}

br_ecdsa_sign parley_tls_ecdsa_sign(void)
{
    return br_ecdsa_sign_asn1_get_default();
}

br_rsa_pkcs1_sign parley_tls_rsa_sign(void)
{
    return br_rsa_pkcs1_sign_get_default();
}

br_rsa_private parley_tls_rsa_private(void)
{
    return br_rsa_private_get_default();
}

bool parley_tls_suite_is_ours(uint16_t suite)
{
    for (size_t i = 0; i < sizeof suites_aes / sizeof suites_aes[0]; i++) {
        if (suites_aes[i] == suite)
            return true;
    }
    return false;
}
