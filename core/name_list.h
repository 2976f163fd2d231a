/* Lists of names, one behind the other: a name is found by walking over them, which are few. Their
   text is in name_list_text.c; in `small` its letters take five bits (name_list_packed.c). */
#ifndef PARLEY_CORE_NAME_LIST_H
#define PARLEY_CORE_NAME_LIST_H

#include "known.h"

/* What is added to the number that a name has in its list. */
enum {
    NAMES_OF_SPACES = 0,
    NAMES_OF_ELEMENTS = NAMES_OF_SPACES + (int)SPACE_COUNT - 1,
    NAMES_OF_SASL = NAMES_OF_ELEMENTS + (int)NAME_COUNT - 1,
    NAMES_OF_STREAMS = NAMES_OF_SASL + (int)PARLEY_SASL_CONDITION_COUNT - 1,
    NAMES_END = NAMES_OF_STREAMS + (int)PARLEY_CONDITION_COUNT
};

/* Bytes that any of them takes, with a zero. */
#define NAME_SIZE 33u

/* The text of a number below NAMES_END; of 0 it is empty. */
const char *parley_name_at(unsigned number);

/* The same of a number from 1 on, into `room` of NAME_SIZE bytes, with a zero; its length. */
size_t parley_name_copy(unsigned number, char *room);

/* The number of `name` among those of the list, of which there are fewer than `count`. 0: it is not
   there, as no empty one is. */
unsigned parley_name_find(unsigned list, unsigned count, parley_string name);

#endif
