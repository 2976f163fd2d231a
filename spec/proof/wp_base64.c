/* WP: base64 of any length reads the text only, and writes within the room that it was told of; the
   text may be where the bytes go. */
#include "parley/base64.h"

/*@ requires from <= 1;
    assigns \nothing; */
static uint32_t other_of(uint32_t c, unsigned from);

/*@ assigns \nothing; */
static uint32_t value_of(char character);

/*@ requires len <= SIZE_MAX / 4 * 3 - 2;
    requires \valid_read((unsigned char *)data + (0 .. len - 1));
    requires \valid(out + (0 .. (len + 2) / 3 * 4 - 1));
    requires \separated((unsigned char *)data + (0 .. len - 1), out + (0 .. (len + 2) / 3 * 4 - 1));
    assigns out[0 .. (len + 2) / 3 * 4 - 1]; */
void parley_base64_encode(const void *data, size_t len, char *out);

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
