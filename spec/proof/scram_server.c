/* Eva: the messages of a SCRAM server. */
#include "scram_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    scram_values values;

    (void)parley_scram_read_server(&values, false, message);
    (void)parley_scram_read_server(&values, true, message);
}
