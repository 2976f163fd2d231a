/* What both roles take for granted, and check, of a configuration. */
#include "apart.h"
#include "roles.h"

/* Those that the build has; NULL alone where it has none of them, which init refuses. */
const parley_mechanism *const parley_mechanisms_default[] = {
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256
    &parley_scram_sha_256,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1
    &parley_scram_sha_1,
#endif
#if defined(PARLEY_WITHOUT_SCRAM_SHA_256) && defined(PARLEY_WITHOUT_SCRAM_SHA_1)
    NULL,
#endif
};

const size_t parley_mechanisms_default_count = sizeof parley_mechanisms_default /
                                               sizeof parley_mechanisms_default[0];

bool parley_mechanisms_valid(const parley_mechanism *const *mechanisms, size_t count)
{
#ifdef SASL_CHOOSES
    size_t i;
    size_t j;

    if (mechanisms == NULL || count == 0) {
        return false;
    }
    for (i = 0; i < count; i++) {
        for (j = 0; j < i; j++) {
            if (mechanisms[i] == mechanisms[j]) {
                return false;
            }
        }
        if (mechanisms[i] == NULL) {
            return false;
        }
    }
    return true;
#else
    return mechanisms != NULL && count == 1 && mechanisms[0] == &SASL_ONLY;
#endif
}

PARLEY_APART bool parley_limits_valid(const parley_limits *limits)
{
    return limits->element != 0 && limits->element_early != 0 && limits->total_early != 0 &&
           limits->depth > 1 && limits->depth < 64 + 1 && limits->attributes != 0 &&
           limits->name != 0 && limits->elements != 0 && limits->depth_early > 1 &&
           limits->depth_early < 64 + 1 && limits->attributes_early != 0 &&
           limits->name_early != 0 && limits->elements_early != 0;
}
