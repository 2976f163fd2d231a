/* The client hears features: before TLS, inside it, after SASL.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_features)
{
    static const fuzz_step step = {false,
                                   {"plain_features", "secure_features", "authenticated_features"},
                                   NULL,
                                   0};

    return fuzz_step_run(&step, data, size);
}
