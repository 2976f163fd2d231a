/* The server authenticates by DIGEST-MD5 (RFC 2831).

   Input: common/step.h. */
#include "common/step.h"

static const parley_mechanism *const mechanisms[] = {&parley_digest_md5};

FUZZ_TARGET(server_digest_md5)
{
    static const fuzz_step step = {true,
                                   {"mechanisms"},
                                   mechanisms,
                                   sizeof mechanisms / sizeof *mechanisms};

    return fuzz_step_run(&step, data, size);
}
