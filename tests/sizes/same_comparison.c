/* Secrets compared with a difference in each byte, and with none. callgrind counts the
   instructions of each call (same_work.sh). */
#include "sasl.h"

#include <string.h>

enum { LENGTH = 32 };

int main(void)
{
    static const unsigned char secret[LENGTH] = "a secret of thirty-two bytes...";
    unsigned char given[LENGTH];

    for (size_t at = 0; at <= LENGTH; at++) {
        memcpy(given, secret, LENGTH);
        if (at < LENGTH) {
            given[at] ^= 0x10;
        }
        if (parley_equal_secret(secret, given, LENGTH) != (at == LENGTH)) {
            return 1;
        }
    }
    return 0;
}
