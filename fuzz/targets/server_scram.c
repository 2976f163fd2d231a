/* The server authenticates by SCRAM: first messages, responses, attempts.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256, &parley_scram_sha_1,
                                                     &parley_scram_sha_512,
                                                     &parley_scram_sha_256_plus,
                                                     &parley_scram_sha_1_plus};

FUZZ_TARGET(server_scram)
{
    static const fuzz_step step = {true,
                                   {"mechanisms", "challenged"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
