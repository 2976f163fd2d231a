/* Nobody takes the way of everybody (RFC 5802 section 9): what is shown, how many turns and
   how much work, whatever the application keeps. Instructions are counted in
   sizes/same_work.c. */
#include "common/pair.h"
#include "sasl_attempt.h"
#include "scram.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const parley_mechanism *const hashes[] = {&parley_scram_sha_1, &parley_scram_sha_256,
                                                 &parley_scram_sha_512};

typedef struct shown {
    char first[512];
    unsigned char salt[PARLEY_SALT_SIZE];
    size_t salt_len;
    unsigned iterations;
    sasl_step last;
    uint32_t works;
} shown;

/* An attempt of romeo with a wrong proof. */
static void try(const parley_mechanism *mechanism, sasl_context context,
                const parley_answer *answer, shown *seen)
{
    char final[512];
    char proof[PARLEY_BASE64_SIZE(PARLEY_HASH_SIZE) + 1] = {0};
    static const unsigned char zeros[PARLEY_HASH_SIZE];
    const char *salt;
    attempt a;

    memset(seen, 0, sizeof *seen);
    attempt_init(&a, mechanism);
    assert_int_equal(mechanism->server_start(&a.sasl, &context, text_of("n,,n=romeo,r=x")),
                     SASL_CREDENTIAL);
    assert_int_equal(mechanism->server_credential(&a.sasl, answer), SASL_SEND);
    assert_true(a.sasl.out.len < sizeof seen->first);
    memcpy(seen->first, a.sasl.out.data, a.sasl.out.len);
    salt = strstr(seen->first, ",s=") + 3;
    assert_int_equal(parley_base64_decode(salt, strcspn(salt, ","), seen->salt, sizeof seen->salt,
                                          &seen->salt_len),
                     PARLEY_OK);
    assert_int_equal(sscanf(strstr(salt, ",i="), ",i=%u", &seen->iterations), 1);
    parley_base64_encode(zeros, parley_hash_size(mechanism->hash), proof);
    (void)snprintf(final, sizeof final, "c=biws,r=%.*s,p=%s", (int)strcspn(seen->first + 2, ","),
                   seen->first + 2, proof);
    seen->last = mechanism->server_step(&a.sasl, text_of(final));
    if (seen->last == SASL_WORK) {
        seen->last = work_through(&a, 1, &seen->works);
    }
    assert_int_equal(seen->last, SASL_REFUSED);
    assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_SIGNATURE);
    assert_true(attempt_is_blank(&a));
}

/* Salts of every length and count, for nobody, for a password and for keys. */
static void shown_alike(void **unused)
{
    static recording r;
    parley_answer password = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    parley_answer keys = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r.keys};
    char salt[PARLEY_SALT_SIZE];

    (void)unused;
    memset(salt, 's', sizeof salt);
    for (size_t i = 0; i < 3; i++) {
        unsigned char longest[PARLEY_SALT_SIZE] = {0};

        record(&r, hashes[i]);
        for (uint8_t len = PARLEY_SALT_SIZE; len > 0; len--) {
            sasl_context context = server_context();
            shown nobody;
            shown other;

            context.salt_len = len;
            context.iterations = 4096u + len;
            r.keys.salt = (parley_string){salt, len};
            r.keys.iterations = context.iterations;
            for (unsigned rule = 0; rule < 2; rule++) {
                context.keeps_keys = rule == 1;
                try(hashes[i], context, NULL, &nobody);
                assert_int_equal(nobody.salt_len, len);
                assert_int_equal(nobody.iterations, context.iterations);
                assert_int_equal(nobody.works, rule == 0 ? context.iterations - 1 : 0);
                /* A salt is the beginning of any longer one, and no part of it comes twice. */
                if (len == PARLEY_SALT_SIZE) {
                    memcpy(longest, nobody.salt, sizeof longest);
                    assert_memory_not_equal(longest, longest + 20, 20);
                    assert_memory_not_equal(longest, longest + 32, 32);
                }
                assert_memory_equal(nobody.salt, longest, len);
                try(hashes[i], context, &keys, &other);
                assert_int_equal(strlen(other.first), strlen(nobody.first));
                assert_int_equal(other.works, nobody.works);
            }
            context.keeps_keys = false;
            try(hashes[i], context, &password, &other);
            context.keeps_keys = true;
            try(hashes[i], context, NULL, &nobody);
            assert_string_equal(other.first, nobody.first);
        }
    }
}

/* PLAIN derives whatever is kept. */
static void plain(void **unused)
{
    static recording r;
    parley_answer password = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    parley_answer keys = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r.keys};
    const parley_answer *answers[] = {NULL, &keys, &password};

    (void)unused;
    record(&r, &parley_scram_sha_256);
    for (unsigned rule = 0; rule < 2; rule++) {
        for (size_t i = 0; i < 3 - rule; i++) {
            for (unsigned right = 0; right < 2; right++) {
                sasl_context context = server_context();
                uint32_t works = 0;
                attempt a;

                context.keeps_keys = rule == 1;
                context.salt_len = 16;
                attempt_init(&a, &parley_plain);
                assert_int_equal(
                    parley_plain.server_start(&a.sasl, &context,
                                              right ? (parley_string){"\0romeo\0" PASSWORD, 19}
                                                    : (parley_string){"\0romeo\0nobody's", 15}),
                    SASL_CREDENTIAL);
                assert_int_equal(parley_plain.server_credential(&a.sasl, answers[i]), SASL_WORK);
                assert_int_equal(work_through(&a, 1, &works),
                                 right && answers[i] != NULL ? SASL_PROVED : SASL_REFUSED);
                assert_int_equal(works, 4095);
            }
        }
    }
}

/* Through the core: keys log in under both rules, and nobody under none. */
static void log_in(void **unused)
{
    static recording r;
    static pair p;

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        for (unsigned rule = 0; rule < 2; rule++) {
            for (unsigned wrong = 0; wrong < 3; wrong++) {
                record(&r, hashes[i]);
                pair_init(&p);
                p.server_config.mechanisms = p.client_config.mechanisms = &hashes[i];
                p.server_config.mechanism_count = p.client_config.mechanism_count = 1;
                p.server_config.kept = rule == 1 ? PARLEY_KEEPS_KEYS : PARLEY_KEEPS_PASSWORDS;
                p.keys = wrong == 2 ? NULL : &r.keys;
                p.known = NULL;
                p.password = wrong == 1 ? "another" : PASSWORD;
                pair_run(&p);
                assert_int_equal(p.ready, wrong == 0);
                assert_string_equal(p.user, wrong == 0 ? "romeo" : "");
                assert_true(wrong == 0 ||
                            parley_client_outcome(&p.client)->sasl == PARLEY_SASL_NOT_AUTHORIZED);
            }
        }
    }
}

/* A password where keys alone are kept would show in the time: it is not taken. */
static void no_passwords(void **unused)
{
    parley_answer password = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = text_of(PASSWORD)};
    sasl_context context = server_context();
    attempt a;

    (void)unused;
    context.keeps_keys = true;
    attempt_init(&a, &parley_scram_sha_256);
    assert_int_equal(a.sasl.mechanism->server_start(&a.sasl, &context, text_of("n,,n=u,r=x")),
                     SASL_CREDENTIAL);
    assert_int_equal(parley_scram_sha_256.server_credential(&a.sasl, &password), SASL_REFUSED);
    assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_CREDENTIAL);
    assert_true(attempt_is_blank(&a));
}

static void settings(void **unused)
{
    static const unsigned char secret[32] = "a secret of thirty-two bytes...";
    static const struct {
        unsigned len;
        parley_result result;
    } cases[] = {{0, PARLEY_MISUSE},
                 {1, PARLEY_OK},
                 {PARLEY_SALT_SIZE, PARLEY_OK},
                 {PARLEY_SALT_SIZE + 1, PARLEY_MISUSE},
                 {255, PARLEY_MISUSE}};
    static _Alignas(8) unsigned char work[1u << 19];
    parley_server_config config;
    parley_server server;

    (void)unused;
    parley_server_config_init(&config);
    config.secret = secret;
    assert_int_equal(config.kept, PARLEY_KEEPS_PASSWORDS);
    assert_int_equal(config.salt_len, 16);
    assert_in_range(parley_server_work_size(&config), 1, sizeof work);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parley_code why = PARLEY_NO_ERROR;

        config.salt_len = (uint8_t)cases[i].len;
        assert_int_equal(parley_server_init(&server, sizeof server, &config, work, sizeof work,
                                            &why),
                         cases[i].result);
        assert_int_equal(why, cases[i].result == PARLEY_OK ? PARLEY_NO_ERROR
                                                           : PARLEY_ERROR_CONFIG_MECHANISMS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shown_alike),  cmocka_unit_test(plain),    cmocka_unit_test(log_in),
        cmocka_unit_test(no_passwords), cmocka_unit_test(settings),
    };

    return cmocka_run_group_tests_name("sasl_nobody", tests, NULL, NULL);
}
