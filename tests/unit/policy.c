/* The policy on SASL: its one function over all that it can be asked, and that the cores ask it. */
#include "common/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const parley_mechanism *const weakest_first[] = {
    &parley_anonymous,          &parley_plain,
    &parley_digest_md5,         &parley_scram_sha_1,
    &parley_scram_sha_256,      &parley_scram_sha_512,
    &parley_scram_sha_1_plus,   &parley_scram_sha_256_plus,
    &parley_scram_sha_512_plus, &parley_external,
};

enum { ALL = sizeof weakest_first / sizeof weakest_first[0] };

static void mechanisms(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const parley_mechanism *mechanism = weakest_first[i];
        bool plus = strstr(parley_mechanism_name(mechanism), "-PLUS") != NULL;
        bool secret = mechanism == &parley_plain || mechanism == &parley_external;

        assert_int_equal(parley_mechanism_strength(mechanism), i + 1);
        for (unsigned minimum = 0; minimum <= PARLEY_STRENGTH_EXTERNAL; minimum++) {
            for (unsigned facts = 0; facts < 16; facts++) {
                parley_policy one = {.minimum = (parley_strength)minimum,
                                     .as_listed = facts & 4,
                                     .own_only = facts & 8};
                parley_policy_question question = {.topic = PARLEY_POLICY_MECHANISM,
                                                   .mechanism = mechanism,
                                                   .tls = facts & 1,
                                                   .binding = facts & 2};

                assert_int_equal(parley_policy_judge(&one, &question),
                                 minimum <= i + 1 && (question.tls || !secret) &&
                                         (question.binding || !plus)
                                     ? PARLEY_POLICY_ALLOWED
                                     : PARLEY_POLICY_REFUSED);
            }
        }
    }
}

static void iterations(void **unused)
{
    static const struct {
        uint32_t minimum, maximum;
        uint64_t asked;
        bool allowed;
    } cases[] = {
        {0, 200000, 0, false},
        {0, 200000, 4095, false},
        {0, 200000, 4096, true},
        {1, 200000, 4095, false},
        {10000, 200000, 9999, false},
        {10000, 200000, 10000, true},
        {4096, 200000, 200000, true},
        {4096, 200000, 200001, false},
        {4096, 200000, 4294971392u, false},
        {4096, 4096, 4096, true},
        {4096, 4096, 4097, false},
        {4096, UINT32_MAX, UINT32_MAX, true},
        {4096, UINT32_MAX, 4294967296ull, false},
        {4096, UINT32_MAX, UINT64_MAX, false},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parley_policy one = {.iterations_minimum = cases[i].minimum,
                             .iterations_maximum = cases[i].maximum};
        parley_policy_question question = {.topic = PARLEY_POLICY_ITERATIONS,
                                           .iterations = cases[i].asked};

        assert_int_equal(parley_policy_judge(&one, &question),
                         cases[i].allowed ? PARLEY_POLICY_ALLOWED : PARLEY_POLICY_REFUSED);
    }
}

static void attempts(void **unused)
{
    (void)unused;
    for (unsigned most = 0; most < 256; most++) {
        for (unsigned failures = 0; failures < 300; failures++) {
            parley_policy one = {.attempts = (uint8_t)most};
            parley_policy_question question = {.topic = PARLEY_POLICY_ATTEMPT,
                                               .failures = failures};

            assert_int_equal(parley_policy_judge(&one, &question),
                             failures < most ? PARLEY_POLICY_ALLOWED : PARLEY_POLICY_REFUSED);
        }
    }
}

static void authzids(void **unused)
{
    static const parley_policy_verdict verdicts[2][2] = {{PARLEY_POLICY_ASK, PARLEY_POLICY_ALLOWED},
                                                         {PARLEY_POLICY_REFUSED,
                                                          PARLEY_POLICY_ALLOWED}};

    (void)unused;
    for (unsigned only = 0; only < 2; only++) {
        for (unsigned own = 0; own < 2; own++) {
            parley_policy one = {.own_only = only == 1};
            parley_policy_question question = {.topic = PARLEY_POLICY_AUTHZID, .own = own == 1};

            assert_int_equal(parley_policy_judge(&one, &question), verdicts[only][own]);
        }
    }
}

/* The strongest that is offered, however it is listed; as listed if that is said (F07). */
static void order(void **unused)
{
    static const parley_mechanism *const weak_first[] = {&parley_scram_sha_1, &parley_digest_md5,
                                                         &parley_scram_sha_256_plus,
                                                         &parley_scram_sha_256};
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 3; i++) {
        pair_init(&p);
        p.client_config.mechanisms = p.server_config.mechanisms = weak_first;
        p.client_config.mechanism_count = 4;
        p.server_config.mechanism_count = i == 2 ? 2 : 4;
        p.client_config.policy.as_listed = i == 1;
        pair_run(&p);
        assert_true(p.ready);
        assert_string_equal(p.mechanism, i == 0 ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-1");
    }
}

/* A minimum on the server: weaker ones are not offered, and not taken if they are asked for. */
static void offered(void **unused)
{
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 2; i++) {
        pair_init(&p);
        p.server_config.policy.minimum = PARLEY_STRENGTH_SCRAM_SHA_256_PLUS;
        if (i == 1) {
            p.client_config.mechanisms = parley_mechanisms_strong + 3;
            p.client_config.mechanism_count = 3;
        }
        pair_run(&p);
        assert_int_equal(p.ready, i == 0);
        assert_null(strstr(p.server_said, "<mechanism>SCRAM-SHA-512<"));
        assert_null(strstr(p.server_said, "SCRAM-SHA-1"));
        assert_non_null(strstr(p.server_said, "<mechanism>SCRAM-SHA-256-PLUS<"));
    }
}

/* The bounds of the iteration count, at the client; before the password is asked for. */
static void bounds(void **unused)
{
    static const struct {
        uint32_t minimum, maximum, server;
        bool ready;
    } cases[] = {{4096, 200000, 4096, true},   {4097, 200000, 4096, false},
                 {10000, 10000, 10000, true},  {10000, 10000, 9999, false},
                 {10000, 10000, 10001, false}, {0, 4096, 4096, true}};
    static pair p;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pair_init(&p);
        p.client_config.policy.iterations_minimum = cases[i].minimum;
        p.client_config.policy.iterations_maximum = cases[i].maximum;
        p.server_config.iterations = cases[i].server;
        pair_run(&p);
        assert_int_equal(p.ready, cases[i].ready);
        assert_int_equal(p.credentials, cases[i].ready ? 1 : 0);
        assert_int_equal(parley_client_outcome(&p.client)->code,
                         cases[i].ready ? PARLEY_NO_ERROR : PARLEY_ERROR_SASL_ITERATIONS);
    }
}

/* Another's account: the application's to allow, or nobody's. */
static void acting_as(void **unused)
{
    static const char *const authzids[] = {NULL, "romeo@example.com", "juliet@example.com"};
    static pair p;

    (void)unused;
    for (unsigned i = 0; i < 12; i++) {
        const char *authzid = authzids[i % 3];
        bool allowed = i % 3 != 2 || (i / 3 & 3) == 1;

        pair_init(&p);
        p.authorize = (i / 3 & 1) != 0;
        p.server_config.policy.own_only = (i / 3 & 2) != 0;
        if (authzid != NULL) {
            p.client_config.authzid = parley_string_of(authzid);
        }
        pair_run(&p);
        assert_int_equal(p.ready, allowed);
        assert_string_equal(p.user, !allowed ? "" : i % 3 == 2 ? "juliet" : "romeo");
        if (!allowed) {
            assert_int_equal(parley_client_outcome(&p.client)->sasl, PARLEY_SASL_INVALID_AUTHZID);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mechanisms), cmocka_unit_test(iterations), cmocka_unit_test(attempts),
        cmocka_unit_test(authzids),   cmocka_unit_test(order),      cmocka_unit_test(offered),
        cmocka_unit_test(bounds),     cmocka_unit_test(acting_as),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
