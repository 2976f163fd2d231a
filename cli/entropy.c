#include "entropy.h"

#include <string.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

bool entropy_fill(void *out, size_t len)
{
    unsigned char *bytes = out;

    while (len > 0) {
        size_t piece = len < 256 ? len : 256; /* what one call may ask for */

        if (getentropy(bytes, piece) != 0) {
            return false;
        }
        bytes += piece;
        len -= piece;
    }
    return true;
}

void entropy_wipe(void *secret, size_t len)
{
    /* Through a volatile pointer the call cannot be shown to be without effect. */
    static void *(*const volatile set)(void *, int, size_t) = memset;

    if (len > 0) {
        set(secret, 0, len);
    }
}
