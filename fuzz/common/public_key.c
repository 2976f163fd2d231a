/* Public-key operations remembered, so that a fuzzing engine does not pay for the same handshake
   in every session of every run: the seeds are fixed, so the same points are multiplied and the
   same signatures made and judged, but where an edit reaches them. What they give is a function
   of what they are given, all of which is compared. The targets for engines have these in front
   of BearSSL's (the linker's --wrap); the replay program computes each time. */
#include <bearssl.h>
#include <stdbool.h>
#include <string.h>

#define SLOTS 512u
#define GIVEN 1024u
#define GIVES 512u

typedef struct memory {
    uint8_t given[GIVEN];
    size_t given_len; /* 0: none */
    size_t result;
    uint8_t gives[GIVES];
    size_t gives_len;
} memory;

extern const br_ec_impl __real_br_ec_all_m31;
extern const br_ec_impl __wrap_br_ec_all_m31;
size_t __real_br_ecdsa_i31_sign_asn1(const br_ec_impl *, const br_hash_class *, const void *,
                                     const br_ec_private_key *, void *);
size_t __wrap_br_ecdsa_i31_sign_asn1(const br_ec_impl *, const br_hash_class *, const void *,
                                     const br_ec_private_key *, void *);
uint32_t __real_br_ecdsa_i31_vrfy_asn1(const br_ec_impl *, const void *, size_t,
                                       const br_ec_public_key *, const void *, size_t);
uint32_t __wrap_br_ecdsa_i31_vrfy_asn1(const br_ec_impl *, const void *, size_t,
                                       const br_ec_public_key *, const void *, size_t);
br_rsa_pkcs1_sign __real_br_rsa_pkcs1_sign_get_default(void);
br_rsa_pkcs1_sign __wrap_br_rsa_pkcs1_sign_get_default(void);
br_rsa_pkcs1_vrfy __real_br_rsa_pkcs1_vrfy_get_default(void);
br_rsa_pkcs1_vrfy __wrap_br_rsa_pkcs1_vrfy_get_default(void);

/* What the processor has, which is slow to ask, and in a virtual machine more so. */
#define ASKED_ONCE(type, name)        \
    type __real_##name(void);         \
    type __wrap_##name(void);         \
    type __wrap_##name(void)          \
    {                                 \
        static bool known;            \
        static type answer;           \
                                      \
        if (!known) {                 \
            answer = __real_##name(); \
            known = true;             \
        }                             \
        return answer;                \
    }
ASKED_ONCE(const br_block_ctr_class *, br_aes_x86ni_ctr_get_vtable)
ASKED_ONCE(const br_block_ctrcbc_class *, br_aes_x86ni_ctrcbc_get_vtable)
ASKED_ONCE(const br_block_cbcenc_class *, br_aes_x86ni_cbcenc_get_vtable)
ASKED_ONCE(const br_block_cbcdec_class *, br_aes_x86ni_cbcdec_get_vtable)
ASKED_ONCE(br_ghash, br_ghash_pclmul_get)

enum { MUL, MULGEN, MULADD, EC_SIGN, EC_VERIFY, RSA_SIGN, RSA_VERIFY };

static memory asked; /* what an operation is given, as it is put together */
static bool fits;

static void give(const void *data, size_t len)
{
    if (len > 0xFFFF || asked.given_len + 2 + len > GIVEN) {
        fits = false;
        return;
    }
    asked.given[asked.given_len++] = (uint8_t)(len >> 8);
    asked.given[asked.given_len++] = (uint8_t)len;
    if (len > 0) {
        memcpy(asked.given + asked.given_len, data, len);
        asked.given_len += len;
    }
}

static void begin(uint8_t operation, int which)
{
    const uint8_t head[2] = {operation, (uint8_t)which};

    asked.given_len = 0;
    fits = true;
    give(head, sizeof head);
}

/* Where what was given is remembered, with `*known`, or will be. NULL: it is too long. */
static memory *recall(bool *known)
{
    static memory slots[SLOTS];
    uint32_t hash = 2166136261u;
    memory *m;

    *known = false;
    if (!fits) {
        return NULL;
    }
    for (size_t i = 0; i < asked.given_len; i++) {
        hash = (hash ^ asked.given[i]) * 16777619u;
    }
    m = &slots[(hash ^ hash >> 16) % SLOTS];
    *known = m->given_len == asked.given_len && memcmp(m->given, asked.given, asked.given_len) == 0;
    if (!*known) {
        memcpy(m->given, asked.given, asked.given_len);
        m->given_len = asked.given_len;
    }
    return m;
}

/* What it came to: a number, and bytes. */
static void keep(memory *m, size_t result, const void *data, size_t len)
{
    if (m == NULL) {
        return;
    }
    if (len > GIVES) {
        m->given_len = 0;
        return;
    }
    m->result = result;
    memcpy(m->gives, data, len);
    m->gives_len = len;
}

static size_t told(const memory *m, void *to)
{
    memcpy(to, m->gives, m->gives_len);
    return m->result;
}

static const unsigned char *generator(int curve, size_t *len)
{
    return __real_br_ec_all_m31.generator(curve, len);
}

static const unsigned char *order(int curve, size_t *len)
{
    return __real_br_ec_all_m31.order(curve, len);
}

static size_t xoff(int curve, size_t *len)
{
    return __real_br_ec_all_m31.xoff(curve, len);
}

static uint32_t mul(unsigned char *g, size_t g_len, const unsigned char *x, size_t x_len, int curve)
{
    bool known;
    memory *m;
    uint32_t result;

    begin(MUL, curve);
    give(g, g_len);
    give(x, x_len);
    m = recall(&known);
    if (known) {
        return (uint32_t)told(m, g);
    }
    result = __real_br_ec_all_m31.mul(g, g_len, x, x_len, curve);
    keep(m, result, g, g_len);
    return result;
}

static size_t mulgen(unsigned char *r, const unsigned char *x, size_t x_len, int curve)
{
    bool known;
    memory *m;
    size_t len;

    begin(MULGEN, curve);
    give(x, x_len);
    m = recall(&known);
    if (known) {
        return told(m, r);
    }
    len = __real_br_ec_all_m31.mulgen(r, x, x_len, curve);
    keep(m, len, r, len);
    return len;
}

static uint32_t muladd(unsigned char *a, const unsigned char *b, size_t len, const unsigned char *x,
                       size_t x_len, const unsigned char *y, size_t y_len, int curve)
{
    bool known;
    memory *m;
    uint32_t result;

    begin(MULADD, curve);
    give(a, len);
    give(b, b != NULL ? len : 0);
    give(x, x_len);
    give(y, y_len);
    m = recall(&known);
    if (known) {
        return (uint32_t)told(m, a);
    }
    result = __real_br_ec_all_m31.muladd(a, b, len, x, x_len, y, y_len, curve);
    keep(m, result, a, len);
    return result;
}

const br_ec_impl __wrap_br_ec_all_m31 = {(uint32_t)1 << BR_EC_secp256r1 |
                                             (uint32_t)1 << BR_EC_secp384r1 |
                                             (uint32_t)1 << BR_EC_secp521r1 |
                                             (uint32_t)1 << BR_EC_curve25519,
                                         generator,
                                         order,
                                         xoff,
                                         mul,
                                         mulgen,
                                         muladd};

size_t __wrap_br_ecdsa_i31_sign_asn1(const br_ec_impl *ec, const br_hash_class *hash,
                                     const void *value, const br_ec_private_key *key, void *to)
{
    bool known;
    memory *m;
    size_t len;

    begin(EC_SIGN, key->curve);
    give(&hash, sizeof hash);
    give(value, (hash->desc >> BR_HASHDESC_OUT_OFF) & BR_HASHDESC_OUT_MASK);
    give(key->x, key->xlen);
    m = recall(&known);
    if (known) {
        return told(m, to);
    }
    /* The multiplication in it is remembered with the rest. */
    ec = ec == &__wrap_br_ec_all_m31 ? &__real_br_ec_all_m31 : ec;
    len = __real_br_ecdsa_i31_sign_asn1(ec, hash, value, key, to);
    keep(m, len, to, len);
    return len;
}

uint32_t __wrap_br_ecdsa_i31_vrfy_asn1(const br_ec_impl *ec, const void *hash, size_t hash_len,
                                       const br_ec_public_key *key, const void *signature,
                                       size_t signature_len)
{
    bool known;
    memory *m;
    uint32_t result;

    begin(EC_VERIFY, key->curve);
    give(hash, hash_len);
    give(key->q, key->qlen);
    give(signature, signature_len);
    m = recall(&known);
    if (known) {
        return (uint32_t)m->result;
    }
    ec = ec == &__wrap_br_ec_all_m31 ? &__real_br_ec_all_m31 : ec;
    result = __real_br_ecdsa_i31_vrfy_asn1(ec, hash, hash_len, key, signature, signature_len);
    keep(m, result, "", 0);
    return result;
}

static uint32_t rsa_sign(const unsigned char *oid, const unsigned char *hash, size_t hash_len,
                         const br_rsa_private_key *key, unsigned char *to)
{
    bool known;
    memory *m;
    uint32_t result;

    begin(RSA_SIGN, 0);
    give(oid, oid != NULL ? oid[0] + 1u : 0);
    give(hash, hash_len);
    give(&key->n_bitlen, sizeof key->n_bitlen);
    give(key->p, key->plen);
    give(key->q, key->qlen);
    give(key->dp, key->dplen);
    give(key->dq, key->dqlen);
    m = recall(&known);
    if (known) {
        return (uint32_t)told(m, to);
    }
    result = __real_br_rsa_pkcs1_sign_get_default()(oid, hash, hash_len, key, to);
    keep(m, result, to, (key->n_bitlen + 7) / 8);
    return result;
}

static uint32_t rsa_verify(const unsigned char *signature, size_t signature_len,
                           const unsigned char *oid, size_t hash_len, const br_rsa_public_key *key,
                           unsigned char *hash)
{
    bool known;
    memory *m;
    uint32_t result;

    begin(RSA_VERIFY, 0);
    give(signature, signature_len);
    give(oid, oid != NULL ? oid[0] + 1u : 0);
    give(&hash_len, sizeof hash_len);
    give(key->n, key->nlen);
    give(key->e, key->elen);
    m = recall(&known);
    if (known) {
        return (uint32_t)told(m, hash);
    }
    result = __real_br_rsa_pkcs1_vrfy_get_default()(signature, signature_len, oid, hash_len, key,
                                                    hash);
    keep(m, result, hash, result != 0 ? hash_len : 0);
    return result;
}

br_rsa_pkcs1_sign __wrap_br_rsa_pkcs1_sign_get_default(void)
{
    return rsa_sign;
}

br_rsa_pkcs1_vrfy __wrap_br_rsa_pkcs1_vrfy_get_default(void)
{
    return rsa_verify;
}
