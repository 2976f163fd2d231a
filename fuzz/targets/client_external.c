/* The client authenticates by EXTERNAL, by its certificate, or by ANONYMOUS.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_external, &parley_anonymous};

FUZZ_TARGET(client_external)
{
    static const fuzz_step step = {false,
                                   {"secure_features", "secure_header"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
