/* Credentials are wiped after use: both ends through their cores, by every mechanism that has a
   secret, let in and refused, and then struct and work block of both searched for the password,
   what is derived from it, and the messages that carry it. scram_secrets.c looks after each
   step. */
#include "common/pair.h"
#include "derivation.h"
#include "sasl_attempt.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WRONG "wr0ngwr0ngwr"

enum { MOST = 12 };

typedef struct secret {
    const char *what;
    unsigned char bytes[64];
    size_t len;
} secret;

typedef struct secrets {
    secret list[MOST];
    size_t count;
} secrets;

static void add(secrets *all, const char *what, const void *bytes, size_t len)
{
    secret *s = &all->list[all->count++];

    assert_true(all->count <= MOST && len <= sizeof s->bytes);
    s->what = what;
    s->len = len;
    memcpy(s->bytes, bytes, len);
}

/* Hi() and the keys that follow from it (RFC 5802 section 3). */
static void add_scram(secrets *all, const void *hash, const char *password, parley_string salt)
{
    unsigned char derivation[PARLEY_DERIVATION_SIZE];
    unsigned char keys[3][PARLEY_HASH_SIZE];
    size_t len = parley_hash_size(hash);

    parley_derivation_key(parley_derivation_in(derivation), hash, text_of(password));
    parley_derivation_salt(parley_derivation_in(derivation), salt);
    assert_int_equal(parley_derivation_run(parley_derivation_in(derivation), 4095, 4095), 0);
    add(all, "SaltedPassword", parley_derivation_in(derivation)->sum, len);
    parley_derivation_keys(parley_derivation_in(derivation), keys[0], keys[1], keys[2]);
    add(all, "ClientKey", keys[0], len);
    add(all, "StoredKey", keys[1], len);
    add(all, "ServerKey", keys[2], len);
}

/* RFC 4616's message in base64, and RFC 2831's inner hash. */
static void add_messages(secrets *all, const char *password)
{
    char message[64];
    char base64[PARLEY_BASE64_SIZE(64) + 1] = {0};
    unsigned char hash[PARLEY_HASH_SIZE];
    int len = snprintf(message, sizeof message, "%cromeo%c%s", 0, 0, password);

    parley_base64_encode(message, (size_t)len, base64);
    add(all, "PLAIN's message", base64 + 8, 16);
    len = snprintf(message, sizeof message, "romeo:example.com:%s", password);
    parley_hash(PARLEY_MD5, parley_bytes(message, (size_t)len), hash);
    add(all, "DIGEST-MD5's hash", hash, 16);
}

typedef struct plan {
    const parley_mechanism *mechanism;
    const char *password;          /* the client's */
    const parley_scram_keys *keys; /* the server's; NULL: PASSWORD */
    const parley_scram_client_keys *client_keys;
    bool stranger; /* to the server */
    size_t piece;
} plan;

static void run(const plan *how, const secret *sought, pair *p)
{
    pair_init(p);
    p->client_config.mechanisms = p->server_config.mechanisms = &how->mechanism;
    p->client_config.mechanism_count = p->server_config.mechanism_count = 1;
    p->password = how->password;
    p->known = how->stranger ? NULL : PASSWORD;
    p->keys = how->keys;
    p->client_keys = how->client_keys;
    p->piece = how->piece;
    if (sought != NULL) {
        p->sought = sought->bytes;
        p->sought_len = sought->len;
    }
    pair_run(p);
    assert_int_equal(p->ready, strcmp(how->password, PASSWORD) == 0 && !how->stranger);
}

/* The salt that the server showed. */
static parley_string salt_of(const pair *p, char *salt, size_t size)
{
    char message[256];
    const char *at = strstr(p->server_said, "<challenge");
    size_t len = 0;

    if (at == NULL) {
        return (parley_string){"none", 4};
    }
    at = strchr(at, '>') + 1;
    assert_int_equal(parley_base64_decode(at, strcspn(at, "<"), message, sizeof message - 1, &len),
                     PARLEY_OK);
    message[len] = '\0';
    at = strstr(message, ",s=");
    if (at == NULL) {
        return (parley_string){"none", 4};
    }
    at += 3;
    assert_int_equal(parley_base64_decode(at, strcspn(at, ","), salt, size, &len), PARLEY_OK);
    return (parley_string){salt, len};
}

static void search(const plan *how)
{
    static pair p;
    secrets all = {.count = 0};
    char salt[PARLEY_SALT_SIZE];
    const parley_mechanism *mechanism = how->mechanism;
    const void *hash = mechanism == &parley_digest_md5 ? PARLEY_SHA_256 : mechanism->hash;
    const secret control = {"romeo", "romeo", 5};

    run(how, &control, &p);
    if (p.ready) { /* the search does find what is there */
        assert_true(p.found_in_client && p.found_in_server);
    }
    add(&all, "password", PASSWORD, strlen(PASSWORD));
    add(&all, "wrong password", WRONG, strlen(WRONG));
    add_messages(&all, PASSWORD);
    add_messages(&all, WRONG);
    add_scram(&all, hash, how->password, salt_of(&p, salt, sizeof salt));
    for (size_t i = 0; i < all.count; i++) {
        run(how, &all.list[i], &p);
        if (p.found_in_client || p.found_in_server) {
            fail_msg("%s, password %s: %s is left in the %s", parley_mechanism_name(mechanism),
                     how->password, all.list[i].what, p.found_in_client ? "client" : "server");
        }
    }
}

static const parley_mechanism *const scram[] = {
    &parley_scram_sha_1,      &parley_scram_sha_256,      &parley_scram_sha_512,
    &parley_scram_sha_1_plus, &parley_scram_sha_256_plus, &parley_scram_sha_512_plus};

static void passwords(void **unused)
{
    static const parley_mechanism *const others[] = {&parley_plain, &parley_digest_md5};

    (void)unused;
    for (size_t i = 0; i < 8; i++) {
        plan how = {.mechanism = i < 6 ? scram[i] : others[i - 6], .password = PASSWORD};

        search(&how);
        how.password = WRONG;
        search(&how);
        how.stranger = true;
        search(&how);
        how = (plan){.mechanism = how.mechanism, .password = PASSWORD, .piece = 1};
        search(&how);
    }
}

/* Kept keys on both sides. */
static void keys(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < 6; i++) {
        static pair p;
        unsigned char stored[PARLEY_HASH_SIZE];
        unsigned char server[PARLEY_HASH_SIZE];
        parley_scram_client_keys kept = {.key_len = 0};
        parley_scram_keys mine = {.salt = text_of("salt and pepper"), .iterations = 4096};
        plan how = {.mechanism = scram[i], .password = PASSWORD, .keys = &mine};
        size_t len;

        assert_int_equal(parley_scram_derive(scram[i], text_of(PASSWORD), mine.salt, 4096, stored,
                                             server, &len),
                         PARLEY_OK);
        mine.stored_key = parley_bytes(stored, len);
        mine.server_key = parley_bytes(server, len);
        search(&how);
        how.password = WRONG;
        search(&how);
        how.password = PASSWORD;
        pair_init(&p);
        p.client_config.mechanisms = p.server_config.mechanisms = &scram[i];
        p.client_config.mechanism_count = p.server_config.mechanism_count = 1;
        p.keys = &mine;
        p.keep = &kept;
        pair_run(&p);
        assert_true(p.ready && kept.key_len == len);
        how.client_keys = &kept;
        search(&how);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(passwords), cmocka_unit_test(keys)};

    return cmocka_run_group_tests_name("sasl_secrets", tests, NULL, NULL);
}
