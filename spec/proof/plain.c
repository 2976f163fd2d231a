/* Eva: the message of PLAIN. */
#include "plain_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    plain_fields fields;

    (void)parley_plain_parse(&fields, message);
}
