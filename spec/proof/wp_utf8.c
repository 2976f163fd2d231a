/* WP: parley_utf8_decode reads the character only, and gives its length; parley_is_utf8 reads the
   text only. */
#include "decode.h"
#include "utf8.h"

#include "../../core/characters.c"
