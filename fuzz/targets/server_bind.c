/* The server binds a resource (RFC 6120 section 7).

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_bind)
{
    static const fuzz_step step = {true,
                                   {"authenticated_features", "authenticated_header"},
                                   NULL,
                                   0};

    return fuzz_step_run(&step, data, size);
}
