/* Names whose letters take five bits each. */
#include "name_list.h"

#include "apart.h"
#include "name_list_packed.h"
#include "text_of.h"

/* Unpacks one name after the other into `room`, up to number `last`, or to `name` if that comes
   behind number `list`: how far behind. 0: it does not come. */
PARLEY_APART static unsigned walk(unsigned list, unsigned last, parley_string name, char *room)
{
    unsigned bit = 0;

    for (unsigned i = 1; i <= last; i++) {
        size_t len = 0;
        unsigned letter;

        do {
            const unsigned char *two = packed_names + bit / 8;

            letter = (two[0] | (unsigned)two[1] << 8) >> bit % 8 & 31;
            room[len++] = (char)(letter < 5 ? (unsigned char)"\0-./:"[letter] : letter - 5 + 'a');
            bit += 5;
        } while (letter != 0);
        if (i > list && parley_string_equal(name, (parley_string){room, len - 1})) {
            return i - list;
        }
    }
    return 0;
}

size_t parley_name_copy(unsigned number, char *room)
{
    (void)walk(number, number, (parley_string){NULL, 0}, room);
    return parley_text_len(room);
}

PARLEY_APART unsigned parley_name_find(unsigned list, unsigned count, parley_string name)
{
    char room[NAME_SIZE];

    return walk(list, list + count - 1, name, room);
}
