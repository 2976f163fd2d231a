/* Eva: memcmp by bytes, where what it returns is to be followed. All of both must be there. */
#ifndef PARLEY_PROOF_EXACT_MEMCMP_H
#define PARLEY_PROOF_EXACT_MEMCMP_H

#include <string.h>

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *one = a;
    const unsigned char *other = b;

    //@ assert \initialized(one + (0 .. len - 1)) && \initialized(other + (0 .. len - 1));
    for (size_t i = 0; i < len; i++) {
        if (one[i] != other[i]) {
            return one[i] < other[i] ? -1 : 1;
        }
    }
    return 0;
}

#endif
