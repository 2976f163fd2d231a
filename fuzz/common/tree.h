/* Elements of a tree: the ways to look at one, and copies. */
#ifndef PARLEY_FUZZ_TREE_H
#define PARLEY_FUZZ_TREE_H

#include "common/fuzz.h"

/* Its attributes and its content, asked for in every way, are the same. */
void fuzz_tree_check(parley_element e);

/* Copies it into a stream whose content namespace is `space`, and reads it there: it is the same,
   but for whom it is from. */
void fuzz_tree_copy(parley_element e, const char *space, parley_string from);

/* Into rooms that it may have no place in, from this size on: then that is said. */
void fuzz_tree_copy_short(parley_element e, uint8_t room);

#endif
