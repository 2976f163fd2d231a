#include "drawing.h"

#include "drawings.h"

#include <stdio.h>

void drawing_print(const parley_machine *machine)
{
    const char *const *line = machine == &parley_client_machine ? drawings_client
                                                                : drawings_server;

    for (; *line != NULL; line++) {
        puts(*line);
    }
}
