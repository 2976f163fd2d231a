/* The mutator for libFuzzer and what has its interface. Linked with each target that it knows,
   whose name is FUZZ_NAME. */
#include "mutator/havoc.h"

#define WRITTEN(data, len) ((void)0)
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#undef WRITTEN
#define WRITTEN(data, len) __msan_unpoison(data, len)
#endif
#endif

/* Other engines have it not. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *out, size_t max, unsigned seed);

/* The engine is not instrumented: what it writes MemorySanitizer takes for uninitialised. */
static size_t mutate(uint8_t *data, size_t size, size_t max)
{
    size_t now = LLVMFuzzerMutate(data, size, max);

    WRITTEN(data, now);
    return now;
}

static void begin(fuzz_mutator *m, unsigned seed)
{
    fuzz_havoc_seed(seed);
    (void)fuzz_mutator_init(m, FUZZ_NAME, seed, LLVMFuzzerMutate != NULL ? mutate : fuzz_havoc);
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
