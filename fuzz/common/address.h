/* What a JID that was prepared keeps to, and escapes. */
#ifndef PARLEY_FUZZ_ADDRESS_H
#define PARLEY_FUZZ_ADDRESS_H

#include "common/fuzz.h"

/* Prepared again, as a whole and in parts, written, and compared with others, it is the same. */
void fuzz_address_again(const parley_jid *jid, parley_string whole);

/* Whether a text is the prepared `jid`, however it is written (RFC 7622 3.1). */
bool fuzz_address_is(parley_string text, parley_string jid);

/* What is escaped is undone, and rooms that are too small are said to be. */
void fuzz_address_escapes(parley_string text);

#endif
