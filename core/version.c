/* The version compiled into the library, for comparison with the headers'. */
#include "parley/version.h"

unsigned long parley_version(void)
{
    return PARLEY_VERSION;
}
