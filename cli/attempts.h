/* Trying again: how often, after how long (RFC 6120 section 3.3), and what is said about it. */
#ifndef PARLEY_CLI_ATTEMPTS_H
#define PARLEY_CLI_ATTEMPTS_H

#include "output.h"
#include "report.h"

#include <stdint.h>

typedef struct attempts {
    unsigned most; /* in all, beside the first; 0: none */
    unsigned made;
    unsigned failed;   /* in a row: the back-off goes by it */
    int64_t wait_most; /* milliseconds; CLOCK_NEVER: as the back-off says */
} attempts;

/* A session became ready: the next failure is the first of its row. */
void attempts_succeeded(attempts *a);

/* After a failure: whether there is another attempt, and the milliseconds to wait before it, by
   fresh randomness. `left`: those that are there for it at all, or CLOCK_NEVER. */
bool attempts_next(attempts *a, uint32_t random, int64_t left, int64_t *wait);

/* The same after the failure `f` in `state`, said and waited for; `until` is a time of clock_now.
   False: there is none, for lack of randomness perhaps, and nothing has been said. A signal ends
   the wait: then the attempt is not to be made. */
bool attempts_wait(attempts *a, int64_t until, output *o, const char *state, const failure *f);

#endif
