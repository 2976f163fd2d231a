/* The client asks for the session of RFC 3921.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_session)
{
    static const fuzz_step step = {false, {"session", "binding"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
