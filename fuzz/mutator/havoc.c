/* Bytes without a plan, for engines that lend no mutator of theirs. */
#include <string.h>

#include "mutator/havoc.h"

static uint32_t state = 1;

void fuzz_havoc_seed(uint32_t seed)
{
    state = seed | 1u;
}

static size_t below(size_t limit)
{
    state = state * 1664525u + 1013904223u; /* Numerical Recipes */
    return (size_t)(state >> 8) % limit;
}

size_t fuzz_havoc(uint8_t *data, size_t size, size_t max)
{
    static const uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFF, '<', '>', '&', '\'', '=', ' ', 0x20};
    uint8_t byte = edges[below(sizeof edges)];
    size_t at = size > 0 ? below(size) : 0;

    switch (size > 0 ? below(5) : 2) {
    case 0:
        data[at] ^= (uint8_t)(1u << below(8));
        return size;
    case 1:
        data[at] = byte;
        return size;
    case 2:
        return fuzz_replace(data, size, max, at, at, &byte, 1);
    case 3:
        return fuzz_replace(data, size, max, at, at + 1, "", 0);
    default:
        data[at] = (uint8_t)below(256);
        return size;
    }
}
