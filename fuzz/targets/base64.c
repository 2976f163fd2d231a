/* Base64: what is decoded is encoded to the same text again, so there is one text for
   each data; what is encoded is decoded to the same data; rooms and places do not matter.
   Input: the text, and the data. */
#include <string.h>

#include "common/fuzz.h"

static void decode(const uint8_t *data, size_t size)
{
    const char *text = (const char *)fuzz_flush(data, size);
    size_t room = size / 4 * 3;
    char *out = fuzz_block(0, room, 0xA5);
    char *same = fuzz_block(1, size, 0xA5);
    char *again = fuzz_block(2, PARLEY_BASE64_SIZE(room), 0xA5);
    size_t len = 0;
    size_t other = 0;
    parley_result result = parley_base64_decode(text, size, out, room, &len);

    memcpy(same, data, size);
    FUZZ_CHECK(parley_base64_decode(same, size, same, size, &other) == result);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_ILLEGAL);
    if (result != PARLEY_OK) {
        return;
    }
    FUZZ_CHECK(len == other && len <= room && memcmp(out, same, len) == 0);
    FUZZ_CHECK(PARLEY_BASE64_SIZE(len) == size);
    parley_base64_encode(out, len, again);
    FUZZ_CHECK(memcmp(again, text, size) == 0);
    if (len > 0) {
        out = fuzz_block(0, len - 1, 0xA5);
        FUZZ_CHECK(parley_base64_decode(text, size, out, len - 1, &other) == PARLEY_NO_ROOM);
    }
}

static void encode(const uint8_t *data, size_t size)
{
    char *text = fuzz_block(0, PARLEY_BASE64_SIZE(size), 0xA5);
    char *back = fuzz_block(1, size, 0xA5);
    size_t len = 0;

    parley_base64_encode(fuzz_flush(data, size), size, text);
    FUZZ_CHECK(parley_base64_decode(text, PARLEY_BASE64_SIZE(size), back, size, &len) == PARLEY_OK);
    FUZZ_CHECK(len == size && memcmp(back, data, size) == 0);
}

FUZZ_TARGET(base64)
{
    if (size > 0 && size <= FUZZ_INPUT) {
        decode(data, size);
        encode(data, size);
        fuzz_blocks_check();
    }
    return 0;
}
