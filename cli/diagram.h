/* The client's diagram with the path of one session: the committed drawing, its ids
   coloured, and how the session ended. */
#ifndef PARLEY_CLI_DIAGRAM_H
#define PARLEY_CLI_DIAGRAM_H

#include "report.h"

#include <stddef.h>
#include <stdint.h>

/* Longer paths are cut; the states of a session come once each, but for a few. */
#define DIAGRAM_LONGEST 64

typedef struct diagram {
    uint8_t path[DIAGRAM_LONGEST];
    size_t count;
} diagram;

/* At the machine's first state. */
void diagram_init(diagram *d);

/* The session went to this state. */
void diagram_enter(diagram *d, const char *state);

/* Writes it to the file. `ended`: the state in which the session ended; `good`: in order;
   `reason`: why, for people. */
bool diagram_write(const diagram *d, const char *path, const char *ended, bool good,
                   const char *reason, failure *f);

#endif
