/* What a JID that was prepared keeps to, and escapes. */
#ifndef PARLEY_FUZZ_ADDRESS_H
#define PARLEY_FUZZ_ADDRESS_H

#include "common/fuzz.h"

/* Prepared again, as a whole and in parts, written, and compared with others, it is the same. */
void fuzz_address_again(const parley_jid *jid, parley_string whole);

/* What is escaped is undone, and rooms that are too small are said to be. */
void fuzz_address_escapes(parley_string text);

#endif
