/* The committed drawings of the machines, made by spec/draw. */
#ifndef PARLEY_CLI_DRAWING_H
#define PARLEY_CLI_DRAWING_H

#include <parley/machine.h>

/* The SVG of this machine, on stdout. */
void drawing_print(const parley_machine *machine);

#endif
