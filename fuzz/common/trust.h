/* Whether a peer's chain is to be trusted, computed apart from who judges it: not from its
   bytes, but from how tests/data/certificates/make.py made it, and what was done to it. */
#ifndef PARLEY_FUZZ_TRUST_H
#define PARLEY_FUZZ_TRUST_H

#include "common/wire.h"

typedef enum fuzz_judgement { FUZZ_MUST_NOT, FUZZ_MAY, FUZZ_MUST } fuzz_judgement;

/* The chain of the peer on these terms: a server's, or a client's. FUZZ_MAY: it was edited
   where its signature does not tell. */
fuzz_judgement fuzz_trust(const fuzz_terms *terms, bool of_client);

/* Unedited, and wrong in itself, whoever vouches for it: its time, or what it is for. */
bool fuzz_trust_is_faulty(const fuzz_terms *terms, bool of_client);

#endif
