/* Implementation notes: no state. The number is the header's at the time this was compiled. */
#include <parley/version.h>

unsigned long parley_version(void)
{
    return PARLEY_VERSION;
}
