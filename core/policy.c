/* The policy on SASL: no state, nothing but its arguments. */
#include "sasl.h"

parley_strength parley_mechanism_strength(const parley_mechanism *mechanism)
{
    return (parley_strength)mechanism->strength;
}

static bool allows_mechanism(const parley_policy *policy, const parley_policy_question *question)
{
    const parley_mechanism *mechanism = question->mechanism;

    return mechanism->strength >= (uint8_t)policy->minimum &&
           (question->tls || !parley_mechanism_is(mechanism, SASL_NEEDS_TLS)) &&
           (question->binding || !parley_mechanism_is(mechanism, SASL_BINDS));
}

static bool allows_iterations(const parley_policy *policy, uint64_t iterations)
{
    return iterations >= PARLEY_ITERATIONS_MINIMUM && iterations >= policy->iterations_minimum &&
           iterations <= policy->iterations_maximum;
}

static parley_policy_verdict verdict_of(bool allowed)
{
    return allowed ? PARLEY_POLICY_ALLOWED : PARLEY_POLICY_REFUSED;
}

/* RFC 6120 13.8.3. */
parley_policy_verdict parley_policy_judge(const parley_policy *policy,
                                          const parley_policy_question *question)
{
    switch (question->topic) {
    case PARLEY_POLICY_MECHANISM:
        return verdict_of(allows_mechanism(policy, question));
    case PARLEY_POLICY_ITERATIONS:
        return verdict_of(allows_iterations(policy, question->iterations));
    case PARLEY_POLICY_ATTEMPT:
        return verdict_of(question->failures < policy->attempts);
    default:
        return question->own || policy->own_only ? verdict_of(question->own) : PARLEY_POLICY_ASK;
    }
}
