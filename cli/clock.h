/* Time that only goes forward, in milliseconds. */
#ifndef PARLEY_CLI_CLOCK_H
#define PARLEY_CLI_CLOCK_H

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

int64_t clock_now(void);

/* Milliseconds until `deadline` for poll(): 0 when it has passed, -1 for
   CLOCK_NEVER. */
int clock_left(int64_t deadline);

#endif
