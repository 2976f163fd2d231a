/* The shape of a JID, whole or one part. The grammar is spec/jid.rl. */
#ifndef PARLEY_MACHINES_JID_GRAMMAR_H
#define PARLEY_MACHINES_JID_GRAMMAR_H

#include "parley/jid.h"

typedef enum jid_grammar {
    JID_LOCALPART = PARLEY_JID_LOCAL,
    JID_DOMAINPART = PARLEY_JID_DOMAIN,
    JID_RESOURCEPART = PARLEY_JID_RESOURCE,
    JID_ADDRESS
} jid_grammar;

/* Where the parts of an address meet; NULL: there is no such mark. */
typedef struct jid_marks {
    const char *at_sign;
    const char *slash;
} jid_marks;

/* Of a text that is not empty: the offset of the first byte that cannot stand, its length if it
   ends too early, and one more if it has the shape. JID_ADDRESS sets the `marks` that there are;
   the others leave them alone. */
size_t parley_jid_match(jid_grammar grammar, parley_string text, jid_marks *marks);

#endif
