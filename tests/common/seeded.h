/* Seeded numbers, the same on every machine: xorshift (Marsaglia). */
#ifndef PARLEY_TESTS_SEEDED_H
#define PARLEY_TESTS_SEEDED_H

#include <stdint.h>

static inline uint32_t seeded_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* 0 to below - 1. */
static inline uint32_t seeded_below(uint32_t *state, uint32_t below)
{
    return (uint32_t)(((uint64_t)seeded_next(state) * below) >> 32);
}

#endif
