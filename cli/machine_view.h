/* What of a machine's table is worth a line: in every state most events are
   rejected alike. */
#ifndef PARLEY_CLI_MACHINE_VIEW_H
#define PARLEY_CLI_MACHINE_VIEW_H

#include <parley/machine.h>
#include <stdbool.h>

/* What the state does with most events: mostly, rejecting them. */
const parley_machine_transition *view_default(const parley_machine *machine, uint8_t state);

/* Whether the transition does as the state's default one. */
bool view_is_default(const parley_machine *machine, const parley_machine_transition *t);

/* Same state, target and actions. */
bool view_is_alike(const parley_machine_transition *a, const parley_machine_transition *b);

#endif
