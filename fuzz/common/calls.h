/* Calls of parts in any order, with what they refuse. */
#ifndef PARLEY_FUZZ_CALLS_H
#define PARLEY_FUZZ_CALLS_H

#include "common/fuzz.h"

/* The tokenizer's: its limits and memory, which change where it is idle and nowhere else. Input:
   which of them, the memory's length, then limits. */
void fuzz_call_tokenizer(const uint8_t *data, size_t size);

/* Names of what there is and of what there is not, the room of a writer, a cache's sizes. */
void fuzz_call_rest(const uint8_t *data, size_t size);

/* A start tag of as many attributes as `count`, whose first value is `len` times 64 bytes, and one
   more: the places of names are told apart however far away they are. */
void fuzz_call_long_tag(uint8_t count, uint16_t len, uint8_t last);

#endif
