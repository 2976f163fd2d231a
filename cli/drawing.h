/* The committed drawings of the machines, made by spec/derive. */
#ifndef PARLEY_CLI_DRAWING_H
#define PARLEY_CLI_DRAWING_H

#include <parley/machine.h>

/* The drawing of this machine, on stdout: as SVG, dot text, or Mermaid text. */
void drawing_print_svg(const parley_machine *machine);
void drawing_print_dot(const parley_machine *machine);
void drawing_print_mermaid(const parley_machine *machine);

#endif
