/* Fresh unpredictable bytes from the operating system. */
#ifndef PARLEY_CLI_ENTROPY_H
#define PARLEY_CLI_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

/* False: the system has none to give; nothing may go on without it. */
bool entropy_fill(void *out, size_t len);

/* Overwrites a secret in a way that the compiler may not leave out. */
void entropy_wipe(void *secret, size_t len);

#endif
