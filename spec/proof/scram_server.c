/* Eva: the messages of a SCRAM server. */
#include "scram_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    scram_fields fields;

    (void)parley_scram_read_server(&fields, false, message);
    (void)parley_scram_read_server(&fields, true, message);
}
