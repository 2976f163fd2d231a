#include "common/scram_keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/party.h"

#define KEPT 24

typedef struct question {
    const br_hash_class *hash;
    size_t salt_len;
    unsigned char salt[64];
    unsigned long iterations;
} question;

static void hmac(const br_hash_class *hash, unsigned char *out, const void *key, size_t key_len,
                 parley_string data, parley_string more)
{
    br_hmac_key_context context;
    br_hmac_context h;

    br_hmac_key_init(&context, hash, key, key_len);
    br_hmac_init(&h, &context, 0);
    br_hmac_update(&h, data.data, data.len);
    br_hmac_update(&h, more.data, more.len);
    (void)br_hmac_out(&h, out);
}

static const br_hash_class *hash_of(parley_string mechanism)
{
    static const char one[] = "SCRAM-SHA-1", long_one[] = "SCRAM-SHA-512";

    if (mechanism.len >= sizeof long_one - 1 &&
        memcmp(mechanism.data, long_one, sizeof long_one - 1) == 0) {
        return &br_sha512_vtable;
    }
    return mechanism.len >= sizeof one - 1 && memcmp(mechanism.data, one, sizeof one - 1) == 0
               ? &br_sha1_vtable
               : &br_sha256_vtable;
}

/* PBKDF2 of one block (RFC 8018 section 5.2). */
static void salted_password(const question *q, unsigned char *salted, size_t len)
{
    static const parley_string number = {"\0\0\0\1", 4}, none = {"", 0};
    unsigned char u[PARLEY_HASH_SIZE];

    hmac(q->hash, u, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1,
         (parley_string){(const char *)q->salt, q->salt_len}, number);
    memcpy(salted, u, len);
    for (unsigned long i = 1; i < q->iterations; i++) {
        hmac(q->hash, u, FUZZ_PASSWORD, sizeof FUZZ_PASSWORD - 1,
             (parley_string){(const char *)u, len}, none);
        for (size_t j = 0; j < len; j++) {
            salted[j] ^= u[j];
        }
    }
}

static void answer(const question *q, fuzz_scram_derived *out)
{
    static const parley_string client = {"Client Key", 10}, server = {"Server Key", 10},
                               none = {"", 0};
    unsigned char salted[PARLEY_HASH_SIZE];
    br_hash_compat_context context;

    memset(out, 0, sizeof *out);
    out->hash = q->hash;
    out->len = q->hash->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
    salted_password(q, salted, out->len);
    hmac(q->hash, out->client_key, salted, out->len, client, none);
    hmac(q->hash, out->server_key, salted, out->len, server, none);
    q->hash->init(&context.vtable);
    q->hash->update(&context.vtable, out->client_key, out->len);
    q->hash->out(&context.vtable, out->stored_key);
}

static const fuzz_scram_derived *keys_of(const question *q)
{
    static question questions[KEPT];
    static fuzz_scram_derived answers[KEPT];
    static unsigned next;
    unsigned i;

    for (i = 0; i < KEPT; i++) {
        if (memcmp(&questions[i], q, sizeof *q) == 0) {
            return &answers[i];
        }
    }
    i = next++ % KEPT;
    questions[i] = *q;
    answer(q, &answers[i]);
    return &answers[i];
}

const fuzz_scram_derived *fuzz_scram_derive(parley_string mechanism, const char *first)
{
    const char *salt = strstr(first, ",s=");
    const char *count = strstr(first, ",i=");
    char decoded[sizeof((question *)0)->salt + 3];
    question q;
    size_t len;

    memset(&q, 0, sizeof q);
    if (salt == NULL || count == NULL) {
        return NULL;
    }
    salt += 3;
    len = strcspn(salt, ",");
    if (len > PARLEY_BASE64_SIZE(sizeof q.salt) ||
        parley_base64_decode(salt, len, decoded, sizeof decoded, &q.salt_len) != PARLEY_OK ||
        q.salt_len > sizeof q.salt) {
        return NULL;
    }
    memcpy(q.salt, decoded, q.salt_len);
    q.hash = hash_of(mechanism);
    q.iterations = strtoul(count + 3, NULL, 10);
    return q.iterations == 0 || q.iterations > PARLEY_ITERATIONS_MINIMUM ? NULL : keys_of(&q);
}

const fuzz_scram_derived *fuzz_scram_usual(parley_string mechanism)
{
    question q;

    memset(&q, 0, sizeof q);
    q.hash = hash_of(mechanism);
    q.salt_len = sizeof FUZZ_SCRAM_SALT - 1;
    memcpy(q.salt, FUZZ_SCRAM_SALT, q.salt_len);
    q.iterations = PARLEY_ITERATIONS_MINIMUM;
    return keys_of(&q);
}

/* AuthMessage is the three, parted by commas. */
static void sign(const fuzz_scram_derived *keys, const unsigned char *key, const char *bare,
                 const char *first, const char *final, unsigned char out[PARLEY_HASH_SIZE])
{
    br_hmac_key_context context;
    br_hmac_context h;

    br_hmac_key_init(&context, keys->hash, key, keys->len);
    br_hmac_init(&h, &context, 0);
    br_hmac_update(&h, bare, strlen(bare));
    br_hmac_update(&h, ",", 1);
    br_hmac_update(&h, first, strlen(first));
    br_hmac_update(&h, ",", 1);
    br_hmac_update(&h, final, strlen(final));
    (void)br_hmac_out(&h, out);
}

static size_t encode(const fuzz_scram_derived *keys, const unsigned char *signature, char *out)
{
    parley_base64_encode(signature, keys->len, out);
    out[PARLEY_BASE64_SIZE(keys->len)] = '\0';
    return PARLEY_BASE64_SIZE(keys->len);
}

size_t fuzz_scram_proof(const fuzz_scram_derived *keys, const char *bare, const char *first,
                        const char *final, char out[FUZZ_SCRAM_PROOF])
{
    unsigned char signature[PARLEY_HASH_SIZE];

    sign(keys, keys->stored_key, bare, first, final, signature);
    for (size_t i = 0; i < keys->len; i++) {
        signature[i] ^= keys->client_key[i];
    }
    return encode(keys, signature, out);
}

size_t fuzz_scram_signature(const fuzz_scram_derived *keys, const char *bare, const char *first,
                            const char *final, char out[FUZZ_SCRAM_PROOF])
{
    unsigned char signature[PARLEY_HASH_SIZE];

    sign(keys, keys->server_key, bare, first, final, signature);
    return encode(keys, signature, out);
}
