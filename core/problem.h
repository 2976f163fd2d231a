/* Why and where a text is refused. */
#ifndef PARLEY_CORE_PROBLEM_H
#define PARLEY_CORE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct problem {
    size_t at;
#ifndef PARLEY_WITHOUT_REASONS
    const char *reason; /* what it is and what to do about it; static */
#endif
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
#ifndef PARLEY_WITHOUT_REASONS
        why->reason = reason;
#else
        (void)reason;
#endif
    }
    return false;
}

static inline const char *parley_problem_reason(const problem *why)
{
#ifndef PARLEY_WITHOUT_REASONS
    return why->reason;
#else
    (void)why;
    return "";
#endif
}

/* For who asks for the place, or with NULL for nothing: a problem that parley_problem_place tells
   him, or what he gave, where there are no reasons. */
static inline problem *parley_problem_asked(size_t *place, problem *why)
{
#ifndef PARLEY_WITHOUT_REASONS
    return place != NULL ? why : NULL;
#else
    (void)why;
    return (problem *)(void *)place;
#endif
}

static inline void parley_problem_place(size_t *place, const problem *why)
{
#ifndef PARLEY_WITHOUT_REASONS
    if (place != NULL) {
        *place = why->at;
    }
#else
    (void)place;
    (void)why;
#endif
}

/* The text that was refused begins at `at` of another. */
static inline void parley_problem_behind(problem *why, size_t at)
{
    if (why != NULL) {
        why->at += at;
    }
}

#endif
