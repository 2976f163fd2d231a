/* Hashes, HMAC, derivation in slices, wiping and comparing. */
#include "derivation.h"
#include "sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_hex(const unsigned char *bytes, size_t len, const char *expected)
{
    char text[2 * PARLEY_HASH_SIZE + 1] = "";

    for (size_t i = 0; i < len; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    assert_string_equal(text, expected);
}

static parley_string text_of(const char *terminated)
{
    return (parley_string){terminated, strlen(terminated)};
}

/* FIPS 180-4's "abc"; RFC 2202 and RFC 4231 case 2, in one piece and in three. */
static void hashes(void **unused)
{
    const parley_string whole = text_of("what do ya want for nothing?");
    const parley_string pieces[3] = {{"what do ya ", 11}, {NULL, 0}, {"want for nothing?", 17}};
    unsigned char out[PARLEY_HASH_SIZE];
    parley_hmac_key key;

    (void)unused;
    assert_int_equal(parley_hash_size(PARLEY_SHA_1), 20);
    assert_int_equal(parley_hash_size(PARLEY_SHA_256), 32);
    parley_hash(PARLEY_SHA_1, text_of("abc"), out);
    expect_hex(out, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
    parley_hash(PARLEY_SHA_256, text_of("abc"), out);
    expect_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    parley_hmac_key_init(&key, PARLEY_SHA_1, text_of("Jefe"));
    parley_hmac(&key, &whole, 1, out);
    expect_hex(out, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    parley_hmac_key_init(&key, PARLEY_SHA_256, text_of("Jefe"));
    parley_hmac(&key, pieces, 3, out);
    expect_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/* Where a derivation has its result: it begins at an aligned place. */
static const unsigned char *sum_of(const unsigned char *derivation)
{
    const size_t most = _Alignof(parley_hmac_key);

    return derivation + (most - (uintptr_t)derivation % most) % most + sizeof(parley_hmac_key) +
           PARLEY_HASH_SIZE;
}

/* PBKDF2 (RFC 6070 for SHA-1): the same whatever the slices are. */
static void slices(void **unused)
{
    unsigned char whole[PARLEY_DERIVATION_SIZE + 1];
    unsigned char *odd = whole + 1; /* needs no alignment */

    (void)unused;
    for (uint32_t slice = 1; slice < 6000; slice += 613) {
        uint32_t left = 4095;

        parley_derivation_key(parley_derivation_in(odd), PARLEY_SHA_1, text_of("password"));
        parley_derivation_salt(parley_derivation_in(odd), text_of("salt"));
        assert_int_equal(parley_derivation_run(parley_derivation_in(odd), left, 0), left);
        while (left > 0) {
            uint32_t before = left;

            left = parley_derivation_run(parley_derivation_in(odd), left, slice);
            assert_int_equal(before - left, before < slice ? before : slice);
        }
        expect_hex(sum_of(odd), 20, "4b007901b765489abead49d926f721d065a429c1");
    }
}

static void wiping(void **unused)
{
    unsigned char bytes[19];

    (void)unused;
    memset(bytes, 0xAA, sizeof bytes);
    parley_wipe(bytes + 1, 17);
    assert_int_equal(bytes[0], 0xAA);
    assert_int_equal(bytes[18], 0xAA);
    for (size_t i = 1; i < 18; i++) {
        assert_int_equal(bytes[i], 0);
    }
    parley_wipe(bytes, 0);
    assert_int_equal(bytes[0], 0xAA);
}

static void comparing(void **unused)
{
    unsigned char a[32];
    unsigned char b[32];

    (void)unused;
    memset(a, 0x5A, sizeof a);
    memcpy(b, a, sizeof b);
    assert_true(parley_equal_secret(a, b, sizeof a));
    assert_true(parley_equal_secret(a, b, 0));
    for (size_t i = 0; i < sizeof a; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            b[i] ^= (unsigned char)(1u << bit);
            assert_false(parley_equal_secret(a, b, sizeof a));
            assert_true(parley_equal_secret(a, b, i));
            b[i] ^= (unsigned char)(1u << bit);
        }
    }
}

static void deriving(void **unused)
{
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
    size_t len = 0;
    parley_string salt = text_of("salt");
    parley_string password = text_of("pencil");

    (void)unused;
    assert_int_equal(parley_scram_derive(&parley_plain, password, salt, 1, stored_key, server_key,
                                         &len),
                     PARLEY_MISUSE);
    assert_int_equal(parley_scram_derive(NULL, password, salt, 1, stored_key, server_key, &len),
                     PARLEY_MISUSE);
    assert_int_equal(parley_scram_derive(&parley_scram_sha_1, password, (parley_string){NULL, 0}, 1,
                                         stored_key, server_key, &len),
                     PARLEY_MISUSE);
    assert_int_equal(parley_scram_derive(&parley_scram_sha_1, password, salt, 0, stored_key,
                                         server_key, &len),
                     PARLEY_MISUSE);
    assert_int_equal(parley_scram_derive(&parley_scram_sha_1, text_of("a\x07"), salt, 1, stored_key,
                                         server_key, &len),
                     PARLEY_REFUSED);
    assert_int_equal(parley_scram_derive(&parley_scram_sha_1, text_of(""), salt, 1, stored_key,
                                         server_key, &len),
                     PARLEY_REFUSED);
    assert_int_equal(len, 0);
    assert_string_equal(parley_mechanism_name(&parley_plain), "PLAIN");
    assert_string_equal(parley_mechanism_name(&parley_scram_sha_1), "SCRAM-SHA-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),    cmocka_unit_test(slices),   cmocka_unit_test(wiping),
        cmocka_unit_test(comparing), cmocka_unit_test(deriving),
    };

    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
