/* Names as they stand in their text. */
#include "name_list.h"

#include <string.h>

#include "text_of.h"

size_t parley_name_copy(unsigned number, char *room)
{
    const parley_string name = parley_text(parley_name_at(number));

    memcpy(room, name.data, name.len + 1);
    return name.len;
}

unsigned parley_name_find(unsigned list, unsigned count, parley_string name)
{
    const char *at = parley_name_at(list + 1);

    for (unsigned i = 1; i < count; i++) {
        const parley_string one = parley_text(at);

        if (parley_string_equal(name, one)) {
            return i;
        }
        at += one.len + 1;
    }
    return 0;
}
