/* What a writer is to write, kept beside it, and read back. */
#ifndef PARLEY_FUZZ_PLAN_H
#define PARLEY_FUZZ_PLAN_H

#include "common/fuzz.h"

#define FUZZ_PLAN_DEPTH 80

typedef struct fuzz_plan {
    fuzz_log want;
    parley_string space[FUZZ_PLAN_DEPTH];
    parley_string name[FUZZ_PLAN_DEPTH];
    unsigned depth;
    bool tag_open;
    bool known; /* what the reader must find */
} fuzz_plan;

/* Nothing yet, in a stream of this content namespace. */
void fuzz_plan_begin(fuzz_plan *p, parley_string space);

/* The operation of this byte: the start of an element, of this name or of one of the list, in a
   namespace or in none; an attribute; text, as it is or in base64; an end. */
void fuzz_plan_operate(fuzz_plan *p, parley_writer *w, uint8_t operation, parley_string text);

/* What was written is one element, and the one that was asked for. */
void fuzz_plan_read_back(const fuzz_plan *p, const char *data, size_t len, const char *space);

#endif
