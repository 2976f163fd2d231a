/* Numbers to names and names to numbers, by walking over the list: it is short. */
#include "name_list.h"

#include "apart.h"
#include "text_of.h"

PARLEY_APART const char *parley_name_at(const char *names, unsigned count, unsigned number)
{
    unsigned left = number < count ? number : 0;

    while (left > 0) {
        left -= *names++ == '\0' ? 1 : 0;
    }
    return names;
}

unsigned parley_name_find(const char *names, unsigned count, parley_string name)
{
    for (unsigned i = 1; i < count; i++) {
        if (parley_string_is(name, ++names)) {
            return i;
        }
        names += parley_text_len(names);
    }
    return 0;
}
