/* The server is asked for TLS: what comes behind it, and TLS itself.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_starttls)
{
    static const fuzz_step step = {true, {"plain_features", "handshake", "plain_header"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
