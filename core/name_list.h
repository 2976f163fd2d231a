/* Lists of names: one text, every name behind the zero of the one before, the empty name of
   number 0 first. */
#ifndef PARLEY_CORE_NAME_LIST_H
#define PARLEY_CORE_NAME_LIST_H

#include "parley/result.h"

/* The name of a number below the list's count; number 0's is empty, and any other number's. */
const char *parley_name_at(const char *names, unsigned count, unsigned number);

/* The number of `name`, 0 if it is not there; the empty name never matches. */
unsigned parley_name_find(const char *names, unsigned count, parley_string name);

#endif
