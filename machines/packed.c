/* The search in packed tables, one for all machines that have them. It ends, and stays in their
   arrays, by what the tables are: tests/generated/forms.py goes every way in each of them. */
#include "packed.h"

unsigned parley_packed_step(const unsigned char *rows, unsigned state, unsigned letter)
{
    unsigned away = 0; /* from the state whose row it is */

    for (;;) {
        const unsigned char *entry = rows + rows[1]; /* the byte before one */
        unsigned before = state % PACKED_EVERY;      /* rows of other states, which come first */
        unsigned low, to;

        for (unsigned steps = state / PACKED_EVERY; steps > 0; steps--) {
            entry += *entry;
        }
        for (;;) {
            unsigned kind = *++entry >> 6;
            unsigned high = low = *entry & PACKED_ANY;

            if (kind == PACKED_RANGE) {
                high = *++entry;
            }
            to = kind == PACKED_NEXT ? state + 1 : *++entry;
            if (before > 0) {
                before -= kind >> 1;
            } else if (low >= PACKED_MOVED || letter - low <= high - low) {
                break;
            } else if (kind >= PACKED_LAST) {
                return 0;
            }
        }
        if (low < PACKED_MOVED || low == PACKED_ANY) {
            if (to >= *rows) {
                entry = rows + 2 + 2 * (to - *rows);
                to = entry[0] | (unsigned)entry[1] << 8;
            }
            return (to & 0xFF) != 0 ? to + away : to;
        }
        if (low == PACKED_MOVED) {
            away += state - to;
        }
        state = to;
    }
}
