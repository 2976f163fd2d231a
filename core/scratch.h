/* The scratch area of an attempt: messages grow from its start, secrets lie at
   its end, never one over the other. Both are bytes, so nothing in it needs
   alignment. */
#ifndef PARLEY_CORE_SCRATCH_H
#define PARLEY_CORE_SCRATCH_H

#include "sasl.h"

typedef struct parley_scratch {
    char *bytes;
    uint32_t used; /* from the start */
    uint32_t size; /* what messages may use */
    bool full;     /* something did not fit; stays so, and nothing more is written */
} parley_scratch;

/* The area with `used` bytes taken at its start and `secrets` bytes kept at its
   end. `full` if it is too small for that. */
parley_scratch parley_scratch_of(const parley_sasl *s, uint32_t used, size_t secrets);

void parley_scratch_put_bytes(parley_scratch *scratch, const void *bytes, size_t len);
void parley_scratch_put_text(parley_scratch *scratch, const char *text);
void parley_scratch_encode(parley_scratch *scratch, const void *bytes, size_t len); /* base64 */
void parley_scratch_put_number(parley_scratch *scratch, uint32_t number);

static inline void parley_scratch_put(parley_scratch *scratch, parley_string bytes)
{
    parley_scratch_put_bytes(scratch, bytes.data, bytes.len);
}

static inline void parley_scratch_put_base64(parley_scratch *scratch, parley_string bytes)
{
    parley_scratch_encode(scratch, bytes.data, bytes.len);
}

/* The password as s->preparation says, in the free room (which stays free) or where
   it was; to be forgotten when it has been used. False: it cannot be used. */
bool parley_scratch_password(const parley_scratch *scratch, const parley_sasl *s, bool stored,
                             parley_string password, parley_string *prepared);
void parley_scratch_forget(const parley_scratch *scratch, parley_string prepared);

/* From `begin` to what is used; data is never NULL. */
parley_string parley_scratch_from(const parley_scratch *scratch, uint32_t begin);

#endif
