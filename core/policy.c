/* The policy on SASL: no state, nothing but its arguments. */
#include "sasl.h"

parley_strength parley_mechanism_strength(const parley_mechanism *mechanism)
{
    return (parley_strength)mechanism->strength;
}

bool parley_policy_allows(const parley_policy *policy, const parley_mechanism *mechanism, bool tls,
                          bool binding)
{
    return mechanism->strength >= (uint8_t)policy->minimum &&
           (tls || !parley_mechanism_is(mechanism, SASL_NEEDS_TLS)) &&
           (binding || !parley_mechanism_is(mechanism, SASL_BINDS));
}

bool parley_policy_allows_iterations(const parley_policy *policy, uint64_t iterations)
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
        return verdict_of(
            parley_policy_allows(policy, question->mechanism, question->tls, question->binding));
    case PARLEY_POLICY_ITERATIONS:
        return verdict_of(parley_policy_allows_iterations(policy, question->iterations));
    case PARLEY_POLICY_ATTEMPT:
        return verdict_of(question->failures < policy->attempts);
    default:
        return question->own || policy->own_only ? verdict_of(question->own) : PARLEY_POLICY_ASK;
    }
}
