/* The wire of the programs that are linked to be measured; none of them runs. */
#ifndef PARLEY_TESTS_EMBEDDED_WIRE_H
#define PARLEY_TESTS_EMBEDDED_WIRE_H

#include <stddef.h>

size_t wire_read(void *data, size_t len);
size_t wire_write(const void *data, size_t len);
void wire_random(void *data, size_t len);
long long wire_time(void);

#endif
