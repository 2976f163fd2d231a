/* Eva: the messages of DIGEST-MD5, with any realm to take. */
#include "digest_md5_grammar.h"

#define PROOF_REALM 16u

#include "message.h"

static void parse(parley_string message)
{
    static char realm[PROOF_REALM];
    digest_fields fields;

    Frama_C_make_unknown(realm, sizeof realm);
    fields.preferred_realm = (parley_string){realm, (size_t)Frama_C_interval(0, sizeof realm)};
    (void)parley_digest_parse(&fields, message);
}
