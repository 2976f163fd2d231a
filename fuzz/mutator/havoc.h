#ifndef PARLEY_FUZZ_HAVOC_H
#define PARLEY_FUZZ_HAVOC_H

#include "mutator/mutator.h"

void fuzz_havoc_seed(uint32_t seed);
fuzz_bytes_mutator fuzz_havoc;

#endif
