/* The search in packed tables, one for all machines that have them. It ends, and stays in their
   arrays, by what the tables are: tests/generated/forms.py goes every way in each of them. */
#include "packed.h"

unsigned parley_packed_step(const short *anchors, const unsigned char *rows, unsigned state,
                            unsigned letter)
{
    const unsigned char *entry = rows + anchors[state / PACKED_EVERY];
    unsigned before = state % PACKED_EVERY; /* rows of other states, which come first */

    for (;;) {
        const unsigned key = *entry++;
        const unsigned low = key & PACKED_ANY, kind = key >> 6;
        const unsigned high = kind == PACKED_RANGE ? *entry++ : low;
        const unsigned number = kind == PACKED_NEXT && key != PACKED_LIKE ? 0 : *entry++;

        if (before == 0 && key == PACKED_LIKE) {
            state = number;
            entry = rows + anchors[state / PACKED_EVERY];
            before = state % PACKED_EVERY;
        } else if (before == 0 && (low == PACKED_ANY || (low <= letter && letter <= high))) {
            if (kind == PACKED_NEXT) {
                return state + 1;
            }
            if (number >= *rows) {
                entry = rows + 1 + 2 * (number - *rows);
                return entry[0] | (unsigned)entry[1] << 8;
            }
            return number;
        } else if (kind >= PACKED_LAST && before-- == 0) {
            return 0;
        }
    }
}
