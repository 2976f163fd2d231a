/* PBKDF2 remembered: of the last derivations each place that they came to, so that a fuzzing
   engine does not pay for the same 4096 iterations in every session of every run. The targets
   for engines have this in front of the library's function (the linker's --wrap); the replay
   program derives each time. */
#include <string.h>

#include "common/fuzz.h"
#include "derivation.h"

#define CHAINS 8
#define PLACES 4096

typedef struct place {
    unsigned char bytes[2 * PARLEY_HASH_SIZE]; /* the last U, and the sum */
} place;

typedef struct chain {
    parley_hmac_key key;
    uint32_t left; /* at the first place */
    uint32_t known;
    place places[PLACES];
} chain;

static chain chains[CHAINS];

uint32_t __real_parley_derivation_run(parley_derivation *derivation, uint32_t left, uint32_t most);
uint32_t __wrap_parley_derivation_run(parley_derivation *derivation, uint32_t left, uint32_t most);

/* The one that has come through this place, or a new one that begins here. */
static chain *chain_through(const parley_hmac_key *key, const place *here, uint32_t left)
{
    static unsigned next;
    chain *c;

    for (unsigned i = 0; i < CHAINS; i++) {
        c = &chains[i];
        if (c->known > 0 && left <= c->left && c->left - left < c->known &&
            memcmp(&c->places[c->left - left], here, sizeof *here) == 0 &&
            memcmp(&c->key, key, sizeof *key) == 0) {
            return c;
        }
    }
    c = &chains[next++ % CHAINS];
    c->key = *key;
    c->left = left;
    c->known = 1;
    c->places[0] = *here;
    return c;
}

uint32_t __wrap_parley_derivation_run(parley_derivation *derivation, uint32_t left, uint32_t most)
{
    parley_hmac_key *key = &derivation->key;
    place *here = (place *)(void *)(key + 1);
    uint32_t due = left < most ? left : most;
    uint32_t to;
    chain *c;

    FUZZ_CHECK(most <= fuzz_slice);
    fuzz_slice -= due;
    if (left >= PLACES) {
        return __real_parley_derivation_run(derivation, left, most);
    }
    c = chain_through(key, here, left);
    to = c->left - left + due;
    if (to >= c->known) {
        *here = c->places[c->known - 1];
    }
    while (to >= c->known) {
        (void)__real_parley_derivation_run(derivation, 1, 1);
        c->places[c->known++] = *here;
    }
    *here = c->places[to];
    return left - due;
}
