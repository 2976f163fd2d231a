/* WP: what is forgotten is what was asked for. That the empty assembly statement changes nothing is
   assumed. */
#include "wipe.h"

#include "sasl.h"

#include <string.h>

/*@ requires len == 0 || \valid((unsigned char *)memory + (0 .. len - 1));
    assigns ((unsigned char *)memory)[0 .. len - 1]; */
static void set(void *memory, int byte, size_t len);

#define memset set
#define __asm__
#define __volatile__(...)

#include "../../core/wipe.c"
