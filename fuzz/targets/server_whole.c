/* A server from the first byte, through TLS records: the input is what the peer says, in the
   clear and then inside TLS (common/wire.h).

   Input: settings, the seed of the cuts, the application's manners; then as common/step.h. */
#include "common/wire.h"

FUZZ_TARGET(server_whole)
{
    return fuzz_wire_run(true, data, size);
}
