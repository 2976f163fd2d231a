/* XEP-0474 section 6.1 (of version 0.5.0; so since 0.4): names sorted by their bytes and
   joined by 0x1E; 0x1F stands between mechanisms and channel-binding types. A
   list is a bounded array, filled by insertion. */
#include "offers.h"

#include <string.h>

static bool before(parley_string a, parley_string b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

    return order != 0 ? order < 0 : a.len < b.len;
}

void parley_offers_add(parley_offers *offers, parley_string name)
{
    size_t at = offers->count;

    if (at == OFFERS_MAXIMUM || name.data == NULL) {
        offers->full = true;
        return;
    }
    while (at > 0 && before(name, offers->names[at - 1])) {
        offers->names[at] = offers->names[at - 1];
        at--;
    }
    offers->names[at] = name;
    offers->count++;
}

void parley_offers_hash(const parley_offers *offers, parley_hash_pieces *pieces)
{
    for (size_t i = 0; i < offers->count; i++) {
        if (i > 0) {
            parley_hash_add(pieces, (parley_string){"\x1E", 1});
        }
        parley_hash_add(pieces, offers->names[i]);
    }
}
