/* Eva: the message of ANONYMOUS. */
#include "anonymous_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    (void)parley_anonymous_legal(message);
}
