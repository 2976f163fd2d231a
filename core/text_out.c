/* UTF-8 out (RFC 3629 section 3). Only `len` changes. */
#include "text_out.h"

#include <string.h>

const char parley_too_long[] = "a part is longer than 1023 bytes; shorten it";

bool parley_is_ascii(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool parley_text_out_put(text_out *out, uint32_t character)
{
    static const unsigned char leads[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    char bytes[4];

    if (count > out->size - out->len) {
        return false;
    }
    for (size_t i = count; i-- > 1;) {
        bytes[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    bytes[0] = (char)(leads[count] | character);
    if (out->bytes != NULL) {
        memcpy(out->bytes + out->len, bytes, count);
    }
    out->len += count;
    return true;
}
