/* A session's outcome as a failure: one line that says where, what, and why. */
#ifndef PARLEY_CLI_OUTCOME_H
#define PARLEY_CLI_OUTCOME_H

#include "report.h"

#include <parley/result.h>

/* `o` is not PARLEY_NO_ERROR. `where`: the server; `peer_text`: of its stream error,
   or the stanza error of its refusal, or the mechanisms that it offered;
   `network_error`: errno of the wire, or 0. */
bool outcome_set(failure *f, const parley_outcome *o, const char *where, const char *peer_text,
                 int network_error);

#endif
