/* The mutator for AFL++: AFL_CUSTOM_MUTATOR_LIBRARY=.../libparley_afl_mutator.so, and in
   PARLEY_FUZZ_TARGET the target's name (without it: client_stanza). */
#include <stdlib.h>
#include <string.h>

#include "mutator/havoc.h"

#define SIZE_MAX_OUT ((size_t)1 << 20)

typedef struct afl_mutator {
    fuzz_mutator mutator;
    bool known;
    uint8_t out[SIZE_MAX_OUT];
} afl_mutator;

void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t max);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed)
{
    const char *target = getenv("PARLEY_FUZZ_TARGET");
    afl_mutator *a = calloc(1, sizeof *a);

    (void)afl;
    fuzz_havoc_seed(seed);
    if (a != NULL) {
        a->known = fuzz_mutator_init(&a->mutator, target != NULL ? target : "client_stanza", seed,
                                     fuzz_havoc);
    }
    return a;
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t max)
{
    afl_mutator *a = data;
    size_t room = max < sizeof a->out ? max : sizeof a->out;

    size = size < room ? size : room;
    *out = a->out;
    if (a->known && other != NULL && other_size > 0 && fuzz_mutator_random(&a->mutator, 8) == 0) {
        return fuzz_cross(&a->mutator, buf, size, other, other_size, a->out, room);
    }
    memcpy(a->out, buf, size);
    return a->known ? fuzz_mutate(&a->mutator, a->out, size, room) : fuzz_havoc(a->out, size, room);
}

void afl_custom_deinit(void *data)
{
    free(data);
}
