/* Why and where a text is refused. */
#ifndef PARLEY_CORE_PROBLEM_H
#define PARLEY_CORE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct problem {
    size_t at;
    const char *reason; /* what it is and what to do about it; static */
} problem;

/* False, always. */
static inline bool parley_problem(problem *why, size_t at, const char *reason)
{
    why->at = at;
    why->reason = reason;
    return false;
}

#endif
