/* WP: base64 of any length reads the text only, and writes within the room that it was told of; the
   text may be where the bytes go. */
#include "encode.h"

/*@ requires from <= 1;
    assigns \nothing; */
static uint32_t other_of(uint32_t c, unsigned from);

/*@ assigns \nothing; */
static uint32_t value_of(char character);

/*@ requires \valid_read(text + (0 .. count - 1));
    requires padding <= 2;
    assigns \nothing; */
static bool is_canonical(const char *text, size_t count, unsigned padding);

/*@ requires \valid_read(text + (0 .. text_len - 1));
    requires \valid((unsigned char *)out + (0 .. size - 1));
    requires \valid(len);
    requires \separated(len, (unsigned char *)out + (0 .. size - 1), text + (0 .. text_len - 1));
    assigns ((unsigned char *)out)[0 .. size - 1], *len;
    ensures \result == PARLEY_OK ==> *len <= size; */
parley_result parley_base64_decode(const char *text, size_t text_len, void *out, size_t size,
                                   size_t *len);

#include "../../core/base64.c"
