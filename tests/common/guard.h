/* Memory that ends flush against a page which may not be touched. */
#ifndef PARLEY_TESTS_GUARD_H
#define PARLEY_TESTS_GUARD_H

#include <stddef.h>

typedef struct guard {
    void *pages;
    size_t len;
} guard;

/* `len` bytes, zeroed, whose end is the end of the readable pages. Fails the
   test if there is no memory. */
void *guard_open(guard *g, size_t len);

/* The same with a copy of `data` in it. */
void *guard_copy(guard *g, const void *data, size_t len);

void guard_close(guard *g);

#endif
