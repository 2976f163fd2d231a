/* A SASL mechanism alone, whose calls come in any order: out of step it refuses, and nothing of
   a credential stays in its memory once it is over. The session knows the order; this asks what
   is between a defect of the session and the secret.

   Input: settings (common/attempt.h), three bytes; then a byte for each call, the length of what it
   takes, and that. */
#include "common/attempt.h"

static bool inside(const parley_sasl *s, parley_string text)
{
    const char *scratch = (const char *)s->scratch;

    return text.len == 0 || (text.data >= scratch && text.len <= s->scratch_len &&
                             (size_t)(text.data - scratch) <= s->scratch_len - text.len);
}

/* What an application would be told of a count is what the mechanism goes by. */
static void check_iterations(const fuzz_attempt *a)
{
    for (uint32_t more = 0; more < 4; more++) {
        parley_policy_question question = {.topic = PARLEY_POLICY_ITERATIONS};

        question.iterations = PARLEY_ITERATIONS_MINIMUM - 1 + more;
        FUZZ_CHECK((parley_policy_judge(&a->policy, &question) == PARLEY_POLICY_ALLOWED) ==
                   (more > 0 && question.iterations >= a->policy.iterations_minimum &&
                    question.iterations <= a->policy.iterations_maximum));
    }
}

static void check(fuzz_attempt *a, sasl_step step)
{
    const parley_sasl *s = &a->sasl;

    FUZZ_CHECK(step >= SASL_SEND && step <= SASL_REFUSED);
    FUZZ_CHECK(step != SASL_REFUSED || s->code != PARLEY_NO_ERROR);
    FUZZ_CHECK(step == SASL_REFUSED || (inside(s, s->user) && inside(s, s->authzid)));
    if (step == SASL_SEND && s->out.len > 0 && s->out.data != NULL) {
        FUZZ_CHECK(inside(s, s->out));
    }
    if (step == SASL_REFUSED) {
        static const char marker[] = "mirror-4b1d-Marker";

        FUZZ_CHECK(!fuzz_has(s->scratch, s->scratch_len, marker, sizeof marker - 1));
        a->over = true;
    }
    fuzz_blocks_check();
}

/* What is over is over: no call but a new start makes anything of it. */
static void refuses_on(fuzz_attempt *a)
{
    for (uint8_t what = 1; what < 8; what++) {
        sasl_step step = fuzz_attempt_call(a, what, parley_string_of("biws"));

        FUZZ_CHECK(step == SASL_REFUSED);
        check(a, step);
    }
}

FUZZ_TARGET(mechanism)
{
    static fuzz_attempt a;
    uint8_t head[3];

    if (size < sizeof head || size > FUZZ_INPUT) {
        return 0;
    }
    for (size_t i = 0; i < sizeof head; i++) {
        head[i] = fuzz_byte(&data, &size);
    }
    fuzz_attempt_begin(&a, head);
    FUZZ_CHECK(parley_mechanism_strength(a.mechanism) > PARLEY_STRENGTH_ANY);
    check_iterations(&a);
    while (size > 0 && !a.over) {
        uint8_t what = fuzz_byte(&data, &size);
        size_t len = fuzz_byte(&data, &size);

        len = len < size ? len : size;
        /* A session begins with the start, and starts once. */
        what = a.calls == 0 ? 0 : (what & 7u) == 0 ? 1 : what;
        a.calls++;
        check(&a, fuzz_attempt_call(&a, what,
                                    (parley_string){(const char *)fuzz_flush(data, len), len}));
        data += len;
        size -= len;
    }
    if (a.over) {
        refuses_on(&a);
    }
    parley_sasl_wipe(&a.sasl);
    fuzz_blocks_check();
    return 0;
}
