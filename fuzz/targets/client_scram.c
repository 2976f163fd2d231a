/* The client authenticates by SCRAM: the offer, challenges, success.

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256, &parley_scram_sha_1,
                                                     &parley_scram_sha_512,
                                                     &parley_scram_sha_256_plus,
                                                     &parley_scram_sha_1_plus};

FUZZ_TARGET(client_scram)
{
    static const fuzz_step step = {false,
                                   {"secure_features", "secure_header"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
