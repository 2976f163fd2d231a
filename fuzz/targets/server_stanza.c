/* The server is ready: stanzas, whole or child by child, too large ones, its own.

   Input: common/step.h. */
#include "common/step.h"

FUZZ_TARGET(server_stanza)
{
    static const fuzz_step step = {true, {"ready"}, NULL, 0};

    return fuzz_step_run(&step, data, size);
}
