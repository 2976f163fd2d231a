/* One of two ends that talk: what it hears is what the other said, with edits. */
#ifndef PARLEY_FUZZ_SIDE_H
#define PARLEY_FUZZ_SIDE_H

#include "common/step.h"

#define FUZZ_SIDE_EDITS 32

typedef struct fuzz_side_edit {
    enum {
        FUZZ_SIDE_CHANGE,
        FUZZ_SIDE_DROP,
        FUZZ_SIDE_INSERT,
        FUZZ_SIDE_CUT_OFF,
        FUZZ_SIDE_REPEAT,
        FUZZ_SIDE_LATE,
        FUZZ_SIDE_SHUT,
        FUZZ_SIDE_SEND
    } kind;
    size_t at; /* of what the other said */
    uint8_t argument;
} fuzz_side_edit;

typedef struct fuzz_side {
    fuzz_party party;
    fuzz_log log;
    fuzz_log said;
    fuzz_heard whole; /* what it heard, edits and all */
    size_t heard;     /* of what the other said */
    bool deaf;        /* its input has ended */
    fuzz_side_edit edits[FUZZ_SIDE_EDITS];
    size_t edit_count;
    size_t edit_next;
} fuzz_side;

/* Nothing heard, no edits; the core is set up by the party's open. */
void fuzz_side_reset(fuzz_side *s);

/* Edits of both, 4 bytes each: direction and kind, position (2 bytes), argument. */
void fuzz_side_edits(fuzz_side *client, fuzz_side *server, const uint8_t *data, size_t size);

/* Hears all that `from` has said; whether there was anything. */
bool fuzz_side_listen(fuzz_side *s, const fuzz_side *from);

#endif
