/* The server closes, or the client does, in any order.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_close)
{
    static const fuzz_step step = {true,
                                   {"close_sent", "ready", "authenticated_features"},
                                   NULL,
                                   0};

    return fuzz_step_run(&step, data, size);
}
