/* The server is asked for the session of RFC 3921, and bound again.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_session)
{
    static const fuzz_step step = {true, {"ready", "authenticated_features"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
