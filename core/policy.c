/* The policy on mechanisms: no state, nothing but its arguments. */
#include "sasl.h"

parley_strength parley_mechanism_strength(const parley_mechanism *mechanism)
{
    return (parley_strength)mechanism->strength;
}

bool parley_policy_allows(const parley_policy *policy, const parley_mechanism *mechanism,
                          parley_policy_facts facts)
{
    if (mechanism->strength < (uint8_t)policy->minimum) {
        return false;
    }
    return (facts.tls || (mechanism->flags & SASL_NEEDS_TLS) == 0) &&
           (facts.binding || (mechanism->flags & SASL_BINDS) == 0);
}
