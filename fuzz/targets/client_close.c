/* The client closes, or the server does, in any order.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_close)
{
    static const fuzz_step step = {false, {"close_sent", "ready", "session"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
