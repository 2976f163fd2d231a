/* Eva: passwords. */
#include "password_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    (void)parley_password_legal(message);
}
