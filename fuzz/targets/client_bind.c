/* The client binds a resource (RFC 6120 section 7).

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_bind)
{
    static const fuzz_step step = {false, {"binding", "authenticated_features"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
