/* SIGINT and SIGTERM as something to poll for. What writing may raise (SIGPIPE, SIGXFSZ) is
   ignored: the write itself says so. */
#ifndef PARLEY_CLI_SIGNALS_H
#define PARLEY_CLI_SIGNALS_H

#include "report.h"

/* Takes the two signals over. A second one while the first is being handled
   ends the process at once, with 128 plus the signal. */
bool signals_open(failure *f);

/* Readable once a signal has come; -1 before signals_open. */
int signals_fd(void);

/* The signal that came; 0: none. */
int signals_taken(void);

#endif
