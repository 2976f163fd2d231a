/* Notes. One of each: AES-128-GCM, or ChaCha20-Poly1305 in its place (PARLEY_TLS_CHACHA20),
   SHA-256, the curves of NIST without a table, RSA and ECDSA, and Poly1305, on the same numbers of
   15 bits, which need no product of more than 32 bits: of all that is constant-time in BearSSL this
   is the smallest. */
#include "algorithms.h"

#ifdef PARLEY_TLS_CHACHA20
static const uint16_t suites[] = {
    BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
};

static void algorithms_cipher(br_ssl_engine_context *engine)
{
    br_ssl_engine_set_chapol(engine, &br_sslrec_in_chapol_vtable, &br_sslrec_out_chapol_vtable);
    br_ssl_engine_set_chacha20(engine, br_chacha20_ct_run);
    br_ssl_engine_set_poly1305(engine, br_poly1305_i15_run);
}
#else
static const uint16_t suites[] = {
    BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
};

static void algorithms_cipher(br_ssl_engine_context *engine)
{
    br_ssl_engine_set_gcm(engine, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_aes_ctr(engine, &br_aes_ct_ctr_vtable);
#ifdef __ARM_ARCH_7EM__ /* Cortex-M4 and -M7, where products of 64 bits take the same time each */
    br_ssl_engine_set_ghash(engine, br_ghash_ctmul);
#else
    br_ssl_engine_set_ghash(engine, br_ghash_ctmul32);
#endif
}
#endif

/* RFC 6120 13.9.5. */
void parley_tls_algorithms(br_ssl_engine_context *engine)
{
    br_ssl_engine_set_suites(engine, suites, sizeof suites / sizeof suites[0]);
    br_ssl_engine_set_hash(engine, br_sha256_ID, &br_sha256_vtable);
    br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
    algorithms_cipher(engine);
    br_ssl_engine_set_ec(engine, parley_tls_ec());
    br_ssl_engine_set_rsavrfy(engine, br_rsa_i15_pkcs1_vrfy);
    br_ssl_engine_set_ecdsa(engine, br_ecdsa_i15_vrfy_asn1);
}

void parley_tls_chain_algorithms(br_x509_minimal_context *chain, const br_ec_impl *ec)
{
    br_x509_minimal_set_rsa(chain, br_rsa_i15_pkcs1_vrfy);
    br_x509_minimal_set_ecdsa(chain, ec, br_ecdsa_i15_vrfy_asn1);
    br_x509_minimal_set_hash(chain, br_sha256_ID, &br_sha256_vtable);
}

void parley_tls_end_point_hashes(br_multihash_context *hashes)
{
    br_multihash_setimpl(hashes, br_sha256_ID, &br_sha256_vtable);
}

const br_ec_impl *parley_tls_ec(void)
{
    return &br_ec_prime_i15;
}

br_ecdsa_sign parley_tls_ecdsa_sign(void)
{
    return br_ecdsa_i15_sign_asn1;
}

br_rsa_pkcs1_sign parley_tls_rsa_sign(void)
{
    return br_rsa_i15_pkcs1_sign;
}

br_rsa_private parley_tls_rsa_private(void)
{
    return br_rsa_i15_private;
}

bool parley_tls_suite_is_ours(uint16_t suite)
{
    return suite == suites[0] || suite == suites[1];
}
