/* The search in packed tables, one for all machines that have them. It ends, and stays in their
   arrays, by what the tables are: tests/generated/forms.py goes every way in each of them. */
#include "packed.h"

unsigned parley_packed_step(const short *anchors, const unsigned char *rows, unsigned state,
                            unsigned letter)
{
    unsigned away = 0; /* from the state whose row it is */

    for (;;) {
        const unsigned char *entry = rows + anchors[state / PACKED_EVERY];
        unsigned before = state % PACKED_EVERY; /* rows of other states, which come first */
        unsigned key;

        for (;;) {
            unsigned low, high, kind;

            key = *entry;
            low = high = key & PACKED_ANY;
            kind = key >> 6;
            if (kind == PACKED_RANGE) {
                high = *++entry;
            }
            if (before > 0) {
                before -= kind >= PACKED_LAST;
            } else if (key >= PACKED_MOVED) {
                break;
            } else if (low == PACKED_ANY || (low <= letter && letter <= high)) {
                unsigned to = kind == PACKED_NEXT ? state + 1 : entry[1];
                if (to >= *rows) {
                    entry = rows + 1 + 2 * (to - *rows);
                    to = entry[0] | (unsigned)entry[1] << 8;
                }
                return (to & 0xFF) != 0 ? to + away : to;
            } else if (kind >= PACKED_LAST) {
                return 0;
            }
            entry += kind == PACKED_NEXT && key < PACKED_MOVED ? 1 : 2;
        }
        if (key == PACKED_MOVED) {
            away += state - entry[1];
        }
        state = entry[1];
    }
}
