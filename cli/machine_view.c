#include "machine_view.h"

#include <stddef.h>
#include <string.h>

bool view_is_alike(const parley_machine_transition *a, const parley_machine_transition *b)
{
    return a->state == b->state && a->next == b->next && strcmp(a->actions, b->actions) == 0;
}

const parley_machine_transition *view_default(const parley_machine *machine, uint8_t state)
{
    const parley_machine_transition *best = NULL;
    unsigned most = 0;

    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];
        unsigned count = 0;

        for (unsigned k = 0; t->state == state && k < machine->transition_count; k++) {
            count += view_is_alike(t, &machine->transitions[k]);
        }
        if (count > most) {
            most = count;
            best = t;
        }
    }
    return best;
}

bool view_is_default(const parley_machine *machine, const parley_machine_transition *t)
{
    return view_is_alike(t, view_default(machine, t->state));
}
