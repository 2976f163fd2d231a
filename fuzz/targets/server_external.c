/* The server lets clients in by EXTERNAL, by their certificate's address, or by ANONYMOUS.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_external, &parley_anonymous};

FUZZ_TARGET(server_external)
{
    static const fuzz_step step = {true,
                                   {"mechanisms"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
