/* The hash of what a server offered (XEP-0474), as a client reads it: one that does not fit is a
   downgrade where the build has more than one mechanism, or binds; where it could have chosen
   nothing else, it is not looked at. In the build with SCRAM-SHA-256 alone, the rest of the
   attempt is shown by recordings (transcripts/replay.c). */
#include "scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct attempt {
    parley_sasl sasl;
    parley_policy policy;
    unsigned char scratch[PARLEY_SASL_SIZE];
    char message[256];
} attempt;

/* The client's first message, then server-first with `more` behind what it has to have. */
static sasl_step server_first(attempt *a, parley_string offers, const char *more)
{
    static const char random[SCRAM_RANDOM];
    sasl_context context;

    memset(a, 0, sizeof *a);
    memset(&context, 0, sizeof context);
    a->policy.iterations_minimum = 4096;
    a->policy.iterations_maximum = 4096;
    a->sasl.mechanism = &parley_scram_sha_256;
    a->sasl.scratch = a->scratch;
    a->sasl.scratch_len = sizeof a->scratch;
    context.user = parley_string_of("user");
    context.host = parley_string_of("lab.example");
    context.random = (parley_string){random, sizeof random};
    context.policy = &a->policy;
    context.offers = offers;
    assert_int_equal(parley_scram_client_start(&a->sasl, &context), SASL_SEND);
    (void)snprintf(a->message, sizeof a->message, "r=%.*sXYZ,s=c2FsdA==,i=4096%s",
                   (int)SCRAM_NONCE_TEXT, a->sasl.out.data + a->sasl.out.len - SCRAM_NONCE_TEXT,
                   more);
    return parley_scram_client_step(&a->sasl, parley_string_of(a->message));
}

static void no_hash(void **state)
{
    attempt a;

    (void)state;
    assert_int_equal(server_first(&a, (parley_string){NULL, 0}, ""), SASL_CREDENTIAL);
    assert_int_equal(server_first(&a, parley_string_of("abc"), ""), SASL_CREDENTIAL);
}

static void hash_that_fits(void **state)
{
    attempt a;

    (void)state;
    assert_int_equal(server_first(&a, parley_string_of("abc"), ",h=YWJj"), SASL_CREDENTIAL);
}

static void hash_of_another_offer(void **state)
{
    static const char *const others[] = {",h=YWJk", ",h=AAAA", ",h=YWJjZA=="};
    attempt a;

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        sasl_step step = server_first(&a, parley_string_of("abc"), others[i]);

#ifdef SCRAM_ALONE
        assert_int_equal(step, SASL_CREDENTIAL);
#else
        assert_int_equal(step, SASL_REFUSED);
        assert_int_equal(a.sasl.code, PARLEY_ERROR_SASL_DOWNGRADE);
#endif
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_hash), cmocka_unit_test(hash_that_fits),
                                       cmocka_unit_test(hash_of_another_offer)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
