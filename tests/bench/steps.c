/* One public-key step of BearSSL at a time, for callgrind to count: steps STEP, where STEP is
   CURVE-derive, CURVE-key, CURVE-verify, CURVE-sign (CURVE 256, 384, 521 or 25519) or RSA-verify,
   RSA-sign (RSA 2048 or 4096). parley/tls.h says which call takes which steps.

     valgrind --tool=callgrind --toggle-collect=one_step bench_steps 256-verify */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bearssl.h>

static br_hmac_drbg_context random_bytes;
static unsigned char hash[32] = "thirty-two bytes of a hash .....";
static unsigned char private_bytes[BR_EC_KBUF_PRIV_MAX_SIZE], point[BR_EC_KBUF_PUB_MAX_SIZE];
static unsigned char signature[512];
static unsigned char rsa_private[BR_RSA_KBUF_PRIV_SIZE(4096)],
    rsa_public[BR_RSA_KBUF_PUB_SIZE(4096)];
static br_ec_private_key ec_key;
static br_ec_public_key ec_public;
static br_rsa_private_key rsa_key;
static br_rsa_public_key rsa_key_public;
static size_t signature_len;

int one_step(const char *what);

static int step(const char *what)
{
    const br_ec_impl *ec = br_ec_get_default();
    unsigned char out[32];

    if (strcmp(what, "derive") == 0) {
        return (int)ec->mul(point, ec_public.qlen, ec_key.x, ec_key.xlen, ec_key.curve);
    }
    if (strcmp(what, "key") == 0) {
        return ec->mulgen(point, ec_key.x, ec_key.xlen, ec_key.curve) != 0;
    }
    if (ec_key.curve != 0 && strcmp(what, "sign") == 0) {
        signature_len = br_ecdsa_sign_asn1_get_default()(ec, &br_sha256_vtable, hash, &ec_key,
                                                         signature);
        return signature_len != 0;
    }
    if (ec_key.curve != 0) {
        return (int)br_ecdsa_vrfy_asn1_get_default()(ec, hash, 32, &ec_public, signature,
                                                     signature_len);
    }
    if (strcmp(what, "sign") == 0) {
        return (int)br_rsa_pkcs1_sign_get_default()(BR_HASH_OID_SHA256, hash, 32, &rsa_key,
                                                    signature);
    }
    return (int)br_rsa_pkcs1_vrfy_get_default()(signature, rsa_key_public.nlen, BR_HASH_OID_SHA256,
                                                32, &rsa_key_public, out);
}

__attribute__((noinline)) int one_step(const char *what)
{
    return step(what);
}

int main(int argc, char **argv)
{
    char *dash = argc == 2 ? strchr(argv[1], '-') : NULL;
    unsigned size = argc == 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    int curve = size == 256     ? BR_EC_secp256r1
                : size == 384   ? BR_EC_secp384r1
                : size == 521   ? BR_EC_secp521r1
                : size == 25519 ? BR_EC_curve25519
                                : 0;

    if (dash == NULL) {
        fprintf(stderr, "usage: %s SIZE-STEP\n", argv[0]);
        return 2;
    }
    br_hmac_drbg_init(&random_bytes, &br_sha256_vtable, "seed", 4);
    if (curve != 0) {
        br_ec_keygen(&random_bytes.vtable, br_ec_get_default(), &ec_key, private_bytes, curve);
        br_ec_compute_pub(br_ec_get_default(), &ec_public, point, &ec_key);
    } else if (!br_rsa_keygen_get_default()(&random_bytes.vtable, &rsa_key, rsa_private,
                                            &rsa_key_public, rsa_public, size, 65537)) {
        return 1;
    }
    if (strcmp(dash + 1, "verify") == 0 && !step("sign")) {
        return 1;
    }
    return one_step(dash + 1) ? 0 : 1;
}
