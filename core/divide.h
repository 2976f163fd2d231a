/* Division where it is rare. A Cortex-M0+ has no instruction for it, and its compiler's helper is
   270 bytes; there it is a loop. */
#ifndef PARLEY_CORE_DIVIDE_H
#define PARLEY_CORE_DIVIDE_H

#include <stdint.h>

/* One bit of the quotient after another; `by` is from 1 to 2^31. */
uint32_t parley_divide_by_bits(uint32_t number, uint32_t by);

static inline uint32_t parley_divide(uint32_t number, uint32_t by)
{
#if defined(__ARM_ARCH_6M__)
    return parley_divide_by_bits(number, by);
#else
    return number / by;
#endif
}

#endif
