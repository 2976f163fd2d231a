/* Eva: the messages of SCRAM. */
#include "scram_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    scram_fields fields;

    (void)parley_scram_parse(&fields, SCRAM_CLIENT_FIRST, message);
    (void)parley_scram_parse(&fields, SCRAM_SERVER_FIRST, message);
    (void)parley_scram_parse(&fields, SCRAM_CLIENT_FINAL, message);
    (void)parley_scram_parse(&fields, SCRAM_SERVER_FINAL, message);
}
