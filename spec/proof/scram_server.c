/* Eva: the messages of a SCRAM server. */
#include "scram_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    parley_string values[3];

    (void)parley_scram_read_server(message, true);
    if (parley_scram_read_server(message, false) == PARLEY_NO_ERROR) {
        (void)parley_scram_cut(message, values, 3);
        (void)parley_scram_number(message);
    }
}
