/* Whether a text is UTF-8, as a contract: Eva takes it for the function (message.h), and WP proves
   the function against it (wp_utf8.c). */
#ifndef PARLEY_PROOF_UTF8_H
#define PARLEY_PROOF_UTF8_H

#include "characters.h"

/*@ requires text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    assigns \result \from text.len, text.data[0 .. text.len - 1];
    ensures \result == 0 || \result == 1; */
bool parley_is_utf8(parley_string text);

#endif
