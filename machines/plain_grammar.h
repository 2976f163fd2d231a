/* The message of PLAIN, taken apart (RFC 4616 section 2). The grammar is
   spec/plain.rl. */
#ifndef PARLEY_MACHINES_PLAIN_GRAMMAR_H
#define PARLEY_MACHINES_PLAIN_GRAMMAR_H

#include "parley/result.h"

/* They point into the message; authzid.data NULL: there is none. */
typedef struct plain_fields {
    const char *mark;
    parley_string authzid;
    parley_string authcid;
    parley_string passwd;
} plain_fields;

/* Whether the message, whole, is one of PLAIN. */
bool parley_plain_parse(plain_fields *fields, parley_string message);

#endif
