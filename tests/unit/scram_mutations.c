/* All four messages of SCRAM cut at every length and changed at random, with a
   fixed seed: never a crash, never proved, and refused means wiped. */
#include "sasl_attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 4000 };

typedef struct outcome {
    unsigned refused;
    unsigned taken;
} outcome;

static void note(outcome *o, const attempt *a, sasl_step step)
{
    assert_int_not_equal(step, SASL_PROVED);
    if (step == SASL_REFUSED) {
        assert_true(attempt_is_blank(a));
        assert_int_equal(parley_code_layer(a->sasl.code), PARLEY_LAYER_SASL);
        o->refused++;
    } else {
        o->taken++;
    }
}

/* Round i's message: cut first, then mutated; never the message itself. */
static parley_string nth(const char *message, unsigned i, char *buffer, uint32_t *seed)
{
    parley_string whole = text_of(message);
    parley_string changed;

    if (i < whole.len) {
        return guarded((parley_string){message, i});
    }
    do {
        changed = mutated(whole, buffer, seed);
    } while (parley_string_equal(changed, whole));
    return guarded(changed);
}

static void server_first(void **state)
{
    const recording *r = *state;
    uint32_t seed = 0x53435231;
    outcome o = {0, 0};
    char buffer[1024];

    for (unsigned i = 0; i < ROUNDS; i++) {
        attempt a;
        sasl_step step;

        attempt_copy(&a, &r->client_at_server_first);
        step = r->mechanism->client_step(&a.sasl, nth(r->server_first, i, buffer, &seed));
        note(&o, &a, step);
        /* What is taken ends where the real server's signature does not fit. */
        if (step == SASL_CREDENTIAL && o.taken % 16 == 0) {
            assert_int_equal(give_password(&a, true, text_of(PASSWORD)), SASL_WORK);
            assert_int_equal(work_through(&a, 4096, NULL), SASL_SEND);
            note(&o, &a, r->mechanism->client_step(&a.sasl, text_of(r->server_final)));
        }
    }
    assert_true(o.refused > ROUNDS / 4 && o.taken > 16);
}

static void server_final(void **state)
{
    const recording *r = *state;
    uint32_t seed = 0x53435232;
    size_t len = strlen(r->server_final);
    char buffer[1024];

    for (unsigned i = 0; i < ROUNDS; i++) {
        parley_string message = nth(r->server_final, i, buffer, &seed);
        attempt a;
        sasl_step step;

        attempt_copy(&a, &r->client_at_server_final);
        step = r->mechanism->client_step(&a.sasl, message);
        assert_true(attempt_is_blank(&a));
        /* Extensions may follow the right signature; nothing else proves. */
        if (step == SASL_PROVED) {
            assert_true(message.len > len && message.data[len] == ',' &&
                        memcmp(message.data, r->server_final, len) == 0);
        } else {
            assert_int_equal(step, SASL_REFUSED);
        }
    }
}

static void client_first(void **state)
{
    const recording *r = *state;
    sasl_context context = server_context();
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r->keys};
    uint32_t seed = 0x53435233;
    outcome o = {0, 0};
    char buffer[1024];

    for (unsigned i = 0; i < ROUNDS; i++) {
        attempt a;
        sasl_step step;

        attempt_init(&a, r->mechanism);
        step = r->mechanism->server_start(&a.sasl, &context,
                                          nth(r->client_first, i, buffer, &seed));
        note(&o, &a, step);
        if (step == SASL_CREDENTIAL) {
            assert_int_equal(r->mechanism->server_credential(&a.sasl, &answer), SASL_SEND);
            note(&o, &a, r->mechanism->server_step(&a.sasl, text_of(r->client_final)));
        }
    }
    assert_true(o.refused > ROUNDS / 4 && o.taken > 16);
}

static void client_final(void **state)
{
    const recording *r = *state;
    uint32_t seed = 0x53435234;
    outcome o = {0, 0};
    char buffer[1024];

    for (unsigned i = 0; i < ROUNDS; i++) {
        attempt a;

        attempt_copy(&a, &r->server_at_client_final);
        note(&o, &a, r->mechanism->server_step(&a.sasl, nth(r->client_final, i, buffer, &seed)));
    }
    assert_int_equal(o.refused, ROUNDS);
}

static int set_up(void **state)
{
    static recording r;

    record(&r, &parley_scram_sha_256);
    *state = &r;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_first),
        cmocka_unit_test(server_final),
        cmocka_unit_test(client_first),
        cmocka_unit_test(client_final),
    };

    return cmocka_run_group_tests_name("scram_mutations", tests, set_up, NULL);
}
