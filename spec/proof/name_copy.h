/* A name by its number, as a contract: Eva asserts it of each (known.c). */
#ifndef PARLEY_PROOF_NAME_COPY_H
#define PARLEY_PROOF_NAME_COPY_H

#include "name_list.h"

/*@ requires 0 < number < NAMES_END;
    requires \valid(room + (0 .. NAME_SIZE - 1));
    assigns room[0 .. NAME_SIZE - 1];
    ensures \result < NAME_SIZE; */
size_t parley_name_copy(unsigned number, char *room);

#endif
