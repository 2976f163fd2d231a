/* What the actions of a step and those of a wire have in common (common/step.h lists them). */
#ifndef PARLEY_FUZZ_ACTIONS_H
#define PARLEY_FUZZ_ACTIONS_H

#include "common/scram.h"
#include "common/step.h"

/* Actions that a reader has taken for none of those it knows. The mutator makes none of them, which
   the unit test fuzz_actions makes sure of. */
extern unsigned fuzz_strange_actions;

/* The next two bytes, the high one first; and as many bytes as they say. */
uint16_t fuzz_two_bytes(const uint8_t **data, size_t *size);
parley_string fuzz_text_of(const uint8_t **data, size_t *size);

/* The deadline passes, or one that there is no more. */
void fuzz_expire(fuzz_party *p, bool is_stale);

/* Calls that nobody asked for. */
void fuzz_misuse(fuzz_party *p);

/* SCRAM's message that is due, first or second; `changed` tells whether the challenge was. Into
   `out`; its length, 0: there is nothing to answer. */
size_t fuzz_scram_due(const fuzz_party *p, bool second, const fuzz_edit *edit, bool *changed,
                      char out[FUZZ_SCRAM_SIZE]);

#endif
