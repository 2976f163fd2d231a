/* Eva: the messages of DIGEST-MD5. */
#include "digest_md5_grammar.h"

#include "message.h"

static void parse(parley_string message)
{
    static digest_fields fields;

    (void)parley_digest_parse(&fields, message);
}
