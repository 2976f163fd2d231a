/* parley_string: bytes with a length. Pure functions, no state. */
#include <string.h>

#include "text_of.h"

size_t parley_text_len(const char *terminated)
{
    size_t len = 0;

    while (terminated != NULL && terminated[len] != '\0') {
        len++;
    }
    return len;
}

parley_string parley_string_of(const char *terminated)
{
    return parley_text(terminated);
}

bool parley_string_equal(parley_string a, parley_string b)
{
    /* memcmp takes no NULL, not even for no bytes. */
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool parley_string_is(parley_string string, const char *terminated)
{
    return parley_string_equal(string, parley_text(terminated));
}
