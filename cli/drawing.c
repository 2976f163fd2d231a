#include "drawing.h"

#include "drawings.h"

#include <stdbool.h>
#include <stdio.h>

static void print_lines(const char *const *line)
{
    for (; *line != NULL; line++) {
        puts(*line);
    }
}

static bool is_client(const parley_machine *machine)
{
    return machine == &parley_client_machine;
}

void drawing_print_svg(const parley_machine *machine)
{
    print_lines(is_client(machine) ? drawings_client_svg : drawings_server_svg);
}

void drawing_print_dot(const parley_machine *machine)
{
    print_lines(is_client(machine) ? drawings_client_dot : drawings_server_dot);
}

void drawing_print_mermaid(const parley_machine *machine)
{
    print_lines(is_client(machine) ? drawings_client_mermaid : drawings_server_mermaid);
}
