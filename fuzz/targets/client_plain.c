/* The client authenticates by PLAIN: the offer, success, failure.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_plain};

FUZZ_TARGET(client_plain)
{
    static const fuzz_step step = {false,
                                   {"secure_features", "authenticating"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
