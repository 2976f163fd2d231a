/* What of a machine's table is worth a line: in every state most events are
   rejected alike, and most states end alike. */
#ifndef PARLEY_CLI_MACHINE_VIEW_H
#define PARLEY_CLI_MACHINE_VIEW_H

#include <parley/machine.h>
#include <stdbool.h>

/* What the state does with most events: mostly, rejecting them. */
const parley_machine_transition *view_default(const parley_machine *machine, uint8_t state);

/* Whether the transition does as the state's default one. */
bool view_is_default(const parley_machine *machine, const parley_machine_transition *t);

/* Whether most states have this transition: same event, target and actions. */
bool view_is_usual(const parley_machine *machine, const parley_machine_transition *t);

/* Whether the state stays for good, whatever most events are. */
bool view_is_last(const parley_machine *machine, uint8_t state);

/* Whether `t` is the first of its state with this target and these actions. */
bool view_is_first(const parley_machine *machine, const parley_machine_transition *t);

/* Same state, target and actions. */
bool view_is_alike(const parley_machine_transition *a, const parley_machine_transition *b);

/* The first transition of that event which is usual; NULL: the event has none. */
const parley_machine_transition *view_usual(const parley_machine *machine, uint8_t event);

#endif
