/* Shift and subtract. */
#include "divide.h"

uint32_t parley_divide_by_bits(uint32_t number, uint32_t by)
{
    uint32_t rest = 0;

    /* `number` gives its bits at the top, and takes those of the quotient at the bottom. */
    for (unsigned i = 0; i < 32; i++) {
        rest = rest << 1 | number >> 31;
        number <<= 1;
        if (rest >= by) {
            rest -= by;
            number |= 1;
        }
    }
    return number;
}
