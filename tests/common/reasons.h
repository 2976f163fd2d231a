/* The reasons of refusals, which a build may leave out. */
#ifndef PARLEY_TESTS_REASONS_H
#define PARLEY_TESTS_REASONS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether the reason has the word; where there are no texts, whether it is the empty one. */
static inline bool reason_has(const char *reason, const char *word)
{
#ifdef PARLEY_WITHOUT_REASONS
    (void)word;
    return reason != NULL && reason[0] == '\0';
#else
    return reason != NULL && strstr(reason, word) != NULL;
#endif
}

#endif
