/* Secrets: forgetting them, comparing them. No branch and no address depends
   on a byte's value. */
#include "sasl.h"

#include <string.h>

void parley_wipe(void *memory, size_t len)
{
#if defined(__GNUC__)
    memset(memory, 0, len);
    /* The compiler must assume that this reads the memory, so the memset stays. */
    __asm__ __volatile__("" : : "r"(memory) : "memory");
#else
    volatile unsigned char *byte = memory;

    while (len > 0) {
        *byte++ = 0;
        len--;
    }
#endif
}

bool parley_equal_secret(const void *a, const void *b, size_t len)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    volatile unsigned char difference = 0;

    for (size_t i = 0; i < len; i++) {
        difference = (unsigned char)(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}
