/* The client is ready: stanzas, whole or child by child, too large ones, its own.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(client_stanza)
{
    static const fuzz_step step = {false, {"ready"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
