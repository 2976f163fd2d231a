/* One public-key step of BearSSL at a time, for callgrind to count: steps STEP PROFILE [KEY].
   STEP is CURVE-key, CURVE-derive, CURVE-sign, CURVE-verify (CURVE 256, 384, 521 or 25519) or
   RSA-sign, RSA-verify (RSA 2048 or 4096); PROFILE is full or small, whose implementations are
   taken (PARLEY_TLS_PROFILE); KEY, for RSA alone, is a file with a private key (PKCS #1, DER).
   parley/tls.h says which call takes which steps; steps.py makes keys and tables.

     valgrind --tool=callgrind --toggle-collect=one_step bench_steps 256-verify small */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bearssl.h>

static br_hmac_drbg_context random_bytes;
static unsigned char hash[32] = "thirty-two bytes of a hash .....";
static unsigned char private_bytes[BR_EC_KBUF_PRIV_MAX_SIZE], point[BR_EC_KBUF_PUB_MAX_SIZE];
static unsigned char signature[512];
static unsigned char rsa_modulus[512], rsa_exponent[] = {1, 0, 1};
static br_skey_decoder_context rsa_key;
static br_ec_private_key ec_key;
static br_ec_public_key ec_public;
static br_rsa_public_key rsa_key_public;
static size_t signature_len;

/* What a profile of TLS takes. */
static const br_ec_impl *ec;
static br_ecdsa_sign ecdsa_sign;
static br_ecdsa_vrfy ecdsa_verify;
static br_rsa_pkcs1_sign rsa_sign;
static br_rsa_pkcs1_vrfy rsa_verify;

static void choose(bool small)
{
    ec = small ? &br_ec_prime_i15 : br_ec_get_default();
    ecdsa_sign = small ? br_ecdsa_i15_sign_asn1 : br_ecdsa_sign_asn1_get_default();
    ecdsa_verify = small ? br_ecdsa_i15_vrfy_asn1 : br_ecdsa_vrfy_asn1_get_default();
    rsa_sign = small ? br_rsa_i15_pkcs1_sign : br_rsa_pkcs1_sign_get_default();
    rsa_verify = small ? br_rsa_i15_pkcs1_vrfy : br_rsa_pkcs1_vrfy_get_default();
}

int one_step(const char *what);

static int step(const char *what)
{
    unsigned char out[32];

    if (strcmp(what, "derive") == 0) {
        return (int)ec->mul(point, ec_public.qlen, ec_key.x, ec_key.xlen, ec_key.curve);
    }
    if (strcmp(what, "key") == 0) {
        return ec->mulgen(point, ec_key.x, ec_key.xlen, ec_key.curve) != 0;
    }
    if (ec_key.curve != 0 && strcmp(what, "sign") == 0) {
        signature_len = ecdsa_sign(ec, &br_sha256_vtable, hash, &ec_key, signature);
        return signature_len != 0;
    }
    if (ec_key.curve != 0) {
        return (int)ecdsa_verify(ec, hash, 32, &ec_public, signature, signature_len);
    }
    if (strcmp(what, "sign") == 0) {
        return (int)rsa_sign(BR_HASH_OID_SHA256, hash, 32, &rsa_key.key.rsa, signature);
    }
    return (int)rsa_verify(signature, rsa_key_public.nlen, BR_HASH_OID_SHA256, 32, &rsa_key_public,
                           out);
}

__attribute__((noinline)) int one_step(const char *what)
{
    return step(what);
}

static bool read_rsa(const char *path)
{
    unsigned char bytes[4096];
    size_t len = 0;
    FILE *file = path != NULL ? fopen(path, "rb") : NULL;

    if (file != NULL) {
        len = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
    }
    br_skey_decoder_init(&rsa_key);
    br_skey_decoder_push(&rsa_key, bytes, len);
    if (br_skey_decoder_key_type(&rsa_key) != BR_KEYTYPE_RSA || len < 12 + sizeof rsa_modulus / 2 ||
        rsa_key.key.rsa.n_bitlen > 8 * sizeof rsa_modulus) {
        return false;
    }
    /* Behind two heads, the version, and a 0 before its first bit; BearSSL's decoder passes it. */
    memcpy(rsa_modulus, bytes + 12, sizeof rsa_modulus);
    rsa_key_public.n = rsa_modulus;
    rsa_key_public.nlen = rsa_key.key.rsa.n_bitlen / 8;
    rsa_key_public.e = rsa_exponent;
    rsa_key_public.elen = sizeof rsa_exponent;
    return true;
}

int main(int argc, char **argv)
{
    char *dash = argc >= 3 ? strchr(argv[1], '-') : NULL;
    unsigned size = dash != NULL ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    int curve = size == 256     ? BR_EC_secp256r1
                : size == 384   ? BR_EC_secp384r1
                : size == 521   ? BR_EC_secp521r1
                : size == 25519 ? BR_EC_curve25519
                                : 0;

    if (dash == NULL) {
        fprintf(stderr, "usage: %s SIZE-STEP full|small [KEY]\n", argv[0]);
        return 2;
    }
    choose(strcmp(argv[2], "small") == 0);
    br_hmac_drbg_init(&random_bytes, &br_sha256_vtable, "seed", 4);
    if (curve != 0) {
        br_ec_keygen(&random_bytes.vtable, br_ec_get_default(), &ec_key, private_bytes, curve);
        br_ec_compute_pub(br_ec_get_default(), &ec_public, point, &ec_key);
    } else if (!read_rsa(argv[3]) || rsa_key_public.nlen != size / 8) {
        fprintf(stderr, "KEY is no RSA key of %u bits\n", size);
        return 1;
    }
    if (strcmp(dash + 1, "verify") == 0 && !step("sign")) {
        return 1;
    }
    return one_step(dash + 1) ? 0 : 1;
}
