/* The server hears what answers its features: before TLS, inside it, after SASL.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_features)
{
    static const fuzz_step step = {true,
                                   {"plain_features", "mechanisms", "authenticated_features"},
                                   NULL,
                                   0};

    return fuzz_step_run(&step, data, size);
}
