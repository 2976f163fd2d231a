/* Why and where a text is refused. */
#ifndef PARLEY_CORE_PROBLEM_H
#define PARLEY_CORE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct problem {
    size_t at;
    const char *reason; /* what it is and what to do about it; static */
} problem;

/* A build may leave the texts out; then what is refused has the empty one. */
#ifdef PARLEY_WITHOUT_REASONS
#define PARLEY_REASON(text) (false ? (text) : "")
#else
#define PARLEY_REASON(text) (text)
#endif

#define parley_problem(why, at, text) parley_problem_is(why, at, PARLEY_REASON(text))

/* False, always. `why` is NULL where nobody asks. */
static inline bool parley_problem_is(problem *why, size_t at, const char *reason)
{
    if (why != NULL) {
        why->at = at;
        why->reason = reason;
    }
    return false;
}

/* The text that was refused begins at `at` of another. */
static inline void parley_problem_behind(problem *why, size_t at)
{
    if (why != NULL) {
        why->at += at;
    }
}

#endif
