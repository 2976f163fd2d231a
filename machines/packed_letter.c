/* The letters of machines that read bytes: the tokenizer and the negotiation have their own. */
#include "packed.h"

unsigned parley_packed_letter(const unsigned char *classes, unsigned char byte)
{
    while (*classes < byte) {
        classes += 2;
    }
    return classes[1];
}
