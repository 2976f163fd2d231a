/* WP: parley_utf8_decode reads the character only, and gives its length; parley_is_utf8 reads the
   text only. */
#include "characters.h"

/*@ requires 1 <= len;
    requires \valid_read(data + (0 .. len - 1));
    requires \valid(character);
    requires \separated(character, data + (0 .. len - 1));
    assigns *character;
    ensures 0 <= \result <= 4 && \result <= len; */
size_t parley_utf8_decode(const char *data, size_t len, uint32_t *character);

/*@ requires text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    assigns \nothing; */
bool parley_is_utf8(parley_string text);

#include "../../core/characters.c"
