/* The server hears a header: the first one, the one inside TLS, the one after SASL.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_header)
{
    static const fuzz_step step = {true,
                                   {"plain_header", "secure_header", "authenticated_header"},
                                   NULL,
                                   0};

    return fuzz_step_run(&step, data, size);
}
