/* The client has asked for TLS: <proceed/>, <failure/>, what comes behind them, and TLS itself.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_starttls)
{
    static const fuzz_step step = {false, {"proceed", "handshake", "plain_features"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
