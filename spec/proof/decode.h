/* WP: UTF-8, a character at a time. */
#ifndef PARLEY_PROOF_DECODE_H
#define PARLEY_PROOF_DECODE_H

#include "characters.h"

/*@ requires 1 <= len;
    requires \valid_read(data + (0 .. len - 1));
    requires \valid(character);
    requires \separated(character, data + (0 .. len - 1));
    assigns *character;
    ensures 0 <= \result <= 4 && \result <= len; */
size_t parley_utf8_decode(const char *data, size_t len, uint32_t *character);

#endif
