/* Where secrets are not: scratch and state searched after each step, for the
   password, SaltedPassword and the keys that follow from it. */
#include "derivation.h"
#include "sasl_attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct secrets {
    unsigned char salted_password[PARLEY_HASH_SIZE];
    unsigned char client_key[PARLEY_HASH_SIZE];
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
    unsigned char key_state[16]; /* of the password's HMAC key */
} secrets;

/* All of them, from the recording's password and salt. */
static void derive(secrets *all, const recording *r)
{
    const parley_string label = text_of("Client Key");
    const void *hash = r->mechanism->hash;
    _Alignas(parley_hmac_key) unsigned char derivation[PARLEY_DERIVATION_SIZE];
    parley_hmac_key key;

    parley_derivation_key(parley_derivation_in(derivation), hash, text_of(PASSWORD));
    memcpy(&key, derivation, sizeof key);
    memcpy(all->key_state, key.context.ksi, sizeof all->key_state);
    parley_derivation_salt(parley_derivation_in(derivation), text_of("salt"));
    assert_int_equal(parley_derivation_run(parley_derivation_in(derivation), 4095, 4095), 0);
    memcpy(all->salted_password, derivation + sizeof key + PARLEY_HASH_SIZE, PARLEY_HASH_SIZE);
    parley_derivation_keys(parley_derivation_in(derivation), all->client_key, all->stored_key,
                           all->server_key);
    /* The right place was read: ClientKey follows from it. */
    parley_hmac_key_init(&key, hash, parley_bytes(all->salted_password, parley_hash_size(hash)));
    parley_hmac(&key, &label, 1, derivation);
    assert_memory_equal(derivation, all->client_key, parley_hash_size(hash));
}

static void expect_none(const attempt *a, const secrets *all)
{
    assert_false(attempt_holds(a, PASSWORD, strlen(PASSWORD)));
    assert_false(attempt_holds(a, all->salted_password, 16));
    assert_false(attempt_holds(a, all->client_key, 16));
    assert_false(attempt_holds(a, all->stored_key, 16));
    assert_false(attempt_holds(a, all->server_key, 16));
    assert_false(attempt_holds(a, all->key_state, sizeof all->key_state));
}

static void client(const parley_mechanism *mechanism)
{
    static recording r;
    secrets all;
    attempt a;

    record(&r, mechanism);
    derive(&all, &r);
    attempt_copy(&a, &r.client_at_server_first);
    assert_int_equal(mechanism->client_step(&a.sasl, text_of(r.server_first)), SASL_CREDENTIAL);
    assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_WORK);
    assert_false(attempt_holds(&a, PASSWORD, strlen(PASSWORD)));
    /* This search can find something: the key is there while it is worked with. */
    assert_true(attempt_holds(&a, all.key_state, sizeof all.key_state));
    assert_int_equal(mechanism->work(&a.sasl, 4094), SASL_WORK);
    assert_int_equal(mechanism->work(&a.sasl, 1), SASL_SEND);
    expect_none(&a, &all);
    assert_int_equal(mechanism->client_step(&a.sasl, text_of("v=AAAA")), SASL_REFUSED);
    assert_true(attempt_is_blank(&a));
    attempt_copy(&a, &r.client_at_server_final);
    assert_int_equal(mechanism->client_step(&a.sasl, text_of(r.server_final)), SASL_PROVED);
    assert_true(attempt_is_blank(&a));

    /* Given up in the middle. */
    attempt_copy(&a, &r.client_at_server_first);
    assert_int_equal(mechanism->client_step(&a.sasl, text_of(r.server_first)), SASL_CREDENTIAL);
    assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_WORK);
    assert_int_equal(mechanism->work(&a.sasl, 10), SASL_WORK);
    assert_int_equal(mechanism->client_step(&a.sasl, text_of(r.server_final)), SASL_REFUSED);
    assert_true(attempt_is_blank(&a));
}

static void server(const parley_mechanism *mechanism)
{
    static recording r;
    sasl_context context = server_context();
    sasl_context of_client = client_context("romeo");
    secrets all;
    attempt a;
    attempt peer;

    record(&r, mechanism);
    derive(&all, &r);
    /* Keys: there until the verdict, then gone. */
    attempt_copy(&a, &r.server_at_client_final);
    assert_true(attempt_holds(&a, all.stored_key, 16));
    assert_int_equal(mechanism->server_step(&a.sasl, text_of(r.client_final)), SASL_PROVED);
    expect_none(&a, &all);
    attempt_copy(&a, &r.server_at_client_final);
    assert_int_equal(mechanism->server_step(&a.sasl, text_of("c=biws")), SASL_REFUSED);
    assert_true(attempt_is_blank(&a));

    /* A password: gone at once, what follows from it at the verdict. */
    attempt_init(&peer, mechanism);
    assert_int_equal(mechanism->client_start(&peer.sasl, &of_client), SASL_SEND);
    attempt_init(&a, mechanism);
    assert_int_equal(mechanism->server_start(&a.sasl, &context, peer.sasl.out), SASL_CREDENTIAL);
    assert_false(attempt_holds(&a, context.secret, 32));
    assert_int_equal(give_password(&a, false, text_of(PASSWORD)), SASL_SEND);
    assert_false(attempt_holds(&a, PASSWORD, strlen(PASSWORD)));
    assert_true(attempt_holds(&a, all.key_state, sizeof all.key_state));
    assert_int_equal(mechanism->client_step(&peer.sasl, a.sasl.out), SASL_CREDENTIAL);
    assert_int_equal(give_password(&peer, true, text_of(PASSWORD)), SASL_WORK);
    assert_int_equal(work_through(&peer, 4096, NULL), SASL_SEND);
    assert_int_equal(mechanism->server_step(&a.sasl, peer.sasl.out), SASL_WORK);
    assert_int_equal(work_through(&a, 4096, NULL), SASL_PROVED);
    expect_none(&a, &all);
}

static void sha_256(void **unused)
{
    (void)unused;
    client(&parley_scram_sha_256);
    server(&parley_scram_sha_256);
}

static void sha_512(void **unused)
{
    (void)unused;
    client(&parley_scram_sha_512);
    server(&parley_scram_sha_512);
}

static void sha_1(void **unused)
{
    (void)unused;
    client(&parley_scram_sha_1);
    server(&parley_scram_sha_1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sha_512), cmocka_unit_test(sha_256),
                                       cmocka_unit_test(sha_1)};

    return cmocka_run_group_tests_name("scram_secrets", tests, NULL, NULL);
}
