/* Eva: the messages of a SCRAM client. */
#include "scram_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    scram_fields fields;

    (void)parley_scram_read_client(&fields, false, message);
    (void)parley_scram_read_client(&fields, true, message);
}
