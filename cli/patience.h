/* Writing to standard output and standard error, which blocks while nobody reads them. A command
   that holds a session has deadlines all the same: between begin and end what blocks longer than
   it may, or when a signal comes, is broken off, and what is stuck then goes to /dev/null. */
#ifndef PARLEY_CLI_PATIENCE_H
#define PARLEY_CLI_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* `milliseconds`: from now on. */
void patience_begin(int64_t milliseconds);
void patience_end(void);

/* Whether something that was printed since the start could not be written, or was not read. */
bool patience_lost(void);

/* For a signal's handler: what is being written is broken off. */
void patience_break(void);

#endif
