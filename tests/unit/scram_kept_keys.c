/* Keys that a client keeps of a login in place of the password; and that neither
   end's memory holds a secret once the session is up. */
#include "common/pair.h"
#include "derivation.h"
#include "scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const parley_mechanism *const *one(pair *p, size_t i)
{
    p->client_config.mechanisms = p->server_config.mechanisms = parley_mechanisms_strong + i;
    p->client_config.mechanism_count = p->server_config.mechanism_count = 1;
    return parley_mechanisms_strong + i;
}

/* One login that keeps the keys; they are those of the password. */
static void learn(pair *p, size_t mechanism, parley_scram_client_keys *keys)
{
    const parley_mechanism *row;
    unsigned char derivation[PARLEY_DERIVATION_SIZE];
    unsigned char expected[3][PARLEY_HASH_SIZE];

    memset(keys, 0, sizeof *keys);
    pair_init(p);
    row = *one(p, mechanism);
    p->keep = keys;
    pair_run(p);
    assert_true(p->ready);
    assert_int_equal(keys->key_len, parley_hash_size(row->hash));
    assert_int_equal(keys->iterations, 4096);
    assert_int_equal(keys->salt_len, SCRAM_SALT);
    parley_derivation_key(parley_derivation_in(derivation), row->hash,
                          parley_string_of("r0m30myr0m30"));
    parley_derivation_salt(parley_derivation_in(derivation),
                           parley_bytes(keys->salt, keys->salt_len));
    assert_int_equal(parley_derivation_run(parley_derivation_in(derivation), 4095, 4095), 0);
    parley_derivation_keys(parley_derivation_in(derivation), expected[0], expected[1], expected[2]);
    assert_memory_equal(keys->client_key, expected[0], keys->key_len);
    assert_memory_equal(keys->server_key, expected[2], keys->key_len);
}

/* The next login needs no password, and does not derive. */
static void in_place_of_the_password(void **unused)
{
    static pair p;
    parley_scram_client_keys keys;
    parley_scram_client_keys again;

    (void)unused;
    for (size_t i = 0; i < PARLEY_MECHANISMS_STRONG; i++) {
        learn(&p, i, &keys);
        for (size_t piece = 0; piece < 2; piece++) {
            memset(&again, 0xFF, sizeof again);
            pair_init(&p);
            (void)one(&p, i);
            p.password = "not the password";
            p.client_keys = &keys;
            p.keep = &again;
            p.piece = piece;
            pair_run(&p);
            assert_true(p.ready);
            assert_true(p.server_proved);
            assert_int_equal(p.misfits, 0);
            assert_memory_equal(&again, &keys, sizeof keys);
        }
    }
}

typedef enum misfit { SALT, SALT_LENGTH, ITERATIONS, HASH, NOTHING, UNASKED, MISFITS } misfit;

/* Keys of another salt, count or hash are not taken, nor any where the session was not told of
   keys before; the password still is. */
static void misfits(void **unused)
{
    static pair p;

    (void)unused;
    for (misfit m = SALT; m < MISFITS; m++) {
        parley_scram_client_keys keys;

        learn(&p, 4, &keys);
        switch (m) {
        case SALT:
            keys.salt[0] ^= 1;
            break;
        case SALT_LENGTH:
            keys.salt_len = 255;
            break;
        case ITERATIONS:
            keys.iterations++;
            break;
        case HASH:
            keys.key_len = 20;
            break;
        case UNASKED:
            break;
        default:
            memset(&keys, 0, sizeof keys);
            break;
        }
        pair_init(&p);
        p.without_keys = m == UNASKED;
        (void)one(&p, 4);
        p.client_keys = &keys;
        pair_run(&p);
        assert_int_equal(p.misfits, 1);
        assert_true(p.ready);
    }
}

/* Wrong keys prove nothing, and a server that cannot prove itself gets none kept. */
static void wrong_keys(void **unused)
{
    static pair p;
    parley_scram_client_keys keys;
    parley_scram_client_keys kept = {.key_len = 0};

    (void)unused;
    learn(&p, 4, &keys);
    keys.client_key[5] ^= 1;
    pair_init(&p);
    (void)one(&p, 4);
    p.client_keys = &keys;
    p.keep = &kept;
    pair_run(&p);
    assert_false(p.ready);
    assert_int_equal(parley_client_outcome(&p.client)->sasl, PARLEY_SASL_NOT_AUTHORIZED);
    assert_int_equal(kept.key_len, 0);

    learn(&p, 4, &keys);
    keys.server_key[5] ^= 1;
    pair_init(&p);
    (void)one(&p, 4);
    p.client_keys = &keys;
    p.keep = &kept;
    pair_run(&p);
    assert_false(p.ready);
    assert_int_equal(parley_client_outcome(&p.client)->code, PARLEY_ERROR_SASL_SIGNATURE);
    assert_int_equal(kept.key_len, 0);
}

/* Structs and work blocks of both ends, when the session is up. */
static void nothing_is_left(void **unused)
{
    static pair p;
    parley_scram_client_keys keys;

    (void)unused;
    learn(&p, 3, &keys);
    for (unsigned i = 0; i < 4; i++) {
        static const char password[] = "r0m30myr0m30";

        pair_init(&p);
        (void)one(&p, 3);
        p.client_keys = i >= 2 ? &keys : NULL;
        p.keep = i % 2 == 1 ? &keys : NULL;
        for (unsigned what = 0; what < 3; what++) {
            pair q = p;

            q.sought = what == 0   ? (const void *)password
                       : what == 1 ? keys.client_key
                                   : keys.server_key;
            q.sought_len = 12;
            pair_run(&q);
            assert_true(q.ready);
            assert_false(q.found_in_client);
            assert_false(q.found_in_server);
        }
        p.sought = "romeo"; /* the search does find what is there */
        p.sought_len = 5;
        pair_run(&p);
        assert_true(p.found_in_client);
        assert_true(p.found_in_server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_place_of_the_password),
        cmocka_unit_test(misfits),
        cmocka_unit_test(wrong_keys),
        cmocka_unit_test(nothing_is_left),
    };

    return cmocka_run_group_tests_name("scram_kept_keys", tests, NULL, NULL);
}
