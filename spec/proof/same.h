/* WP: how far a name of a tag under way and one that is kept are the same. */
#ifndef PARLEY_PROOF_SAME_H
#define PARLEY_PROOF_SAME_H

#include <stddef.h>

/*@ requires \valid_read(p + (0 .. most - 1)) && \valid_read(name + (0 .. most - 1));
    assigns \nothing;
    ensures 0 <= \result <= most; */
static inline size_t xml_same(const unsigned char *p, const unsigned char *name, size_t most);

#endif
