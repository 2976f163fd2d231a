/* The mutator for libFuzzer and what has its interface. Linked with each target that it knows,
   whose name is FUZZ_NAME. */
#include "mutator/havoc.h"

/* Other engines have it not. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t max, unsigned seed);

static void begin(fuzz_mutator *m, unsigned seed)
{
    fuzz_havoc_seed(seed);
    (void)fuzz_mutator_init(m, FUZZ_NAME, seed,
                            LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate : fuzz_havoc);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    fuzz_mutator m;

    begin(&m, seed);
    return fuzz_mutate(&m, data, size, max);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t max, unsigned seed)
{
    fuzz_mutator m;

    begin(&m, seed);
    return fuzz_cross(&m, a, a_size, b, b_size, out, max);
}
