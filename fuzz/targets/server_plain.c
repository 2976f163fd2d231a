/* The server authenticates by PLAIN, with keys or passwords.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_plain};

FUZZ_TARGET(server_plain)
{
    static const fuzz_step step = {true,
                                   {"mechanisms"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
