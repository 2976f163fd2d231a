/* WP: parley_utf8_decode reads the character only, and gives its length; parley_is_utf8 reads the
   text only. */
#include "utf8.h"

/*@ requires 1 <= len;
    requires \valid_read(data + (0 .. len - 1));
    requires \valid(character);
    requires \separated(character, data + (0 .. len - 1));
    assigns *character;
    ensures 0 <= \result <= 4 && \result <= len; */
size_t parley_utf8_decode(const char *data, size_t len, uint32_t *character);

#include "../../core/characters.c"
