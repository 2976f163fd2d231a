/* The letters of machines that read bytes: the tokenizer and the negotiation have their own. */
#include "packed.h"

unsigned parley_packed_letter(const unsigned char *classes, unsigned char byte)
{
    while (*classes < byte) {
        classes += 2;
    }
    return classes[1];
}

unsigned parley_packed_byte(const unsigned char *rows, unsigned state, unsigned byte)
{
    const unsigned char *run = rows - 1;

    while (byte > (unsigned)*run >> 4 && *run >> 4 < PACKED_REST) {
        byte -= ((unsigned)*run >> 4) + 1;
        run--;
    }
    return parley_packed_step(rows, state, *run & 15u);
}
