/* In what an address, as it was sent, is a JID that is known (RFC 7622 3.1). */
#ifndef PARLEY_CORE_LIKENESS_H
#define PARLEY_CORE_LIKENESS_H

#include "parley/jid.h"

typedef struct parley_likeness {
    bool domain;
    bool local;
    bool resource;
    bool has_local; /* the address has one */
    bool has_resource;
} parley_likeness;

/* In what `text` is the prepared `jid`. False: it is not a JID, or one of the two is empty. */
bool parley_likeness_of(parley_string text, parley_string jid, parley_likeness *same);

#endif
