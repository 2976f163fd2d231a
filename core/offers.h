/* What a server offers, as XEP-0474 hashes it. */
#ifndef PARLEY_CORE_OFFERS_H
#define PARLEY_CORE_OFFERS_H

#include "hash.h"

/* Most names of one kind (mechanisms, channel-binding types). */
#define OFFERS_MAXIMUM 48

/* Names in the order of their bytes. Strings are kept, not their bytes. */
typedef struct parley_offers {
    parley_string names[OFFERS_MAXIMUM];
    size_t count;
    bool full; /* there were more, or one that cannot be read: no hash can be made */
} parley_offers;

void parley_offers_add(parley_offers *offers, parley_string name);

/* The names, joined, into the hash. */
void parley_offers_hash(const parley_offers *offers, parley_hash_pieces *pieces);

#endif
