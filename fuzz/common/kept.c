/* Sessions as they were at the end of their way: the party, the struct and the work block of its
   core at the addresses that they had, what was said, heard and logged. */
#include <stdlib.h>
#include <string.h>

#include "common/step.h"

#define KEPT 32 /* of each kind of cuts */

typedef struct kept {
    fuzz_place place;
    fuzz_party party;
    unsigned char *blocks[2];
    size_t lens[2];
    fuzz_log log, said;
    fuzz_heard heard;
} kept;

bool fuzz_walks_always;

static kept **slot_of(const fuzz_place *place)
{
    static kept *slots[FUZZ_CUTS][KEPT];

    return &slots[place->kind][(place->settings[0] * 7u + place->settings[1] * 37u) % KEPT];
}

static bool is_same(const fuzz_place *a, const fuzz_place *b)
{
    return a->step == b->step && a->kind == b->kind && a->settings[0] == b->settings[0] &&
           a->settings[1] == b->settings[1];
}

/* The elements only where they are read. */
static void copy_heard(fuzz_heard *to, const fuzz_heard *from)
{
    fuzz_log_copy(&to->log, &from->log);
    to->reads = from->reads;
    to->is_illegal = from->is_illegal;
    to->is_whole = from->is_whole;
    to->from = from->from;
    to->at = from->at;
    to->behind = from->behind;
    to->size = from->size;
    to->sasl = from->sasl;
    to->sasl_before = from->sasl_before;
    if (from->reads) {
        to->xml = from->xml;
        memcpy(to->memory, from->memory, sizeof to->memory);
    }
}

void fuzz_keep(const fuzz_place *place, const fuzz_party *p)
{
    kept **slot = slot_of(place);
    kept *k = *slot != NULL ? *slot : calloc(1, sizeof *k);

    FUZZ_CHECK(k != NULL);
    *slot = k;
    k->place = *place;
    k->party = *p;
    for (unsigned i = 0; i < 2; i++) {
        const void *block = fuzz_core_block(p, i, &k->lens[i]);

        k->blocks[i] = realloc(k->blocks[i], k->lens[i]);
        FUZZ_CHECK(k->blocks[i] != NULL);
        memcpy(k->blocks[i], block, k->lens[i]);
    }
    fuzz_log_copy(&k->log, p->log);
    fuzz_log_copy(&k->said, p->said);
    copy_heard(&k->heard, p->heard);
}

bool fuzz_restore(const fuzz_place *place, fuzz_party *p)
{
    const kept *k = *slot_of(place);
    fuzz_party now = *p;

    if (k == NULL || !is_same(&k->place, place) ||
        (fuzz_walks_always && place->kind == FUZZ_WHOLE)) {
        return false;
    }
    for (unsigned i = 0; i < 2; i++) {
        size_t len;
        void *block = fuzz_core_block(p, i, &len);

        FUZZ_CHECK(len == k->lens[i]);
        memcpy(block, k->blocks[i], len);
    }
    *p = k->party;
    p->log = now.log;
    p->said = now.said;
    fuzz_log_copy(p->log, &k->log);
    fuzz_log_copy(p->said, &k->said);
    copy_heard(p->heard, &k->heard);
    return true;
}
