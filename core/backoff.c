/* Reconnection delay (RFC 6120 section 3.3): anywhere between nothing and a
   ceiling, so that clients which lost one server at once do not return at
   once. The ceiling starts at 60 s and doubles with each failure. Pure. */
#include "parley/result.h"

#define FIRST_CEILING 60000u
#define LAST_CEILING  3600000u

uint32_t parley_backoff(unsigned attempt, uint32_t random)
{
    uint32_t ceiling = FIRST_CEILING;

    if (attempt == 0) {
        return 0;
    }
    for (unsigned i = 1; i < attempt && ceiling < LAST_CEILING; i++) {
        ceiling *= 2;
    }
    if (ceiling > LAST_CEILING) {
        ceiling = LAST_CEILING;
    }
    /* random / 2^32 of the ceiling: every bit of it counts, without bias by a remainder. */
    return (uint32_t)(((uint64_t)random * (ceiling + 1u)) >> 32);
}
