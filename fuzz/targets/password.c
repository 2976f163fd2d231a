/* Passwords as they are prepared: twice is as once, a refusal has a reason, small buffers get
   "no room" or the same, and what SASLprep stores it also asks for. Input: a room with the
   kind of preparation, the password. */
#include <string.h>

#include "common/fuzz.h"

/* Whether the text is ASCII, and so stays where it is. */
static bool is_ascii(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static void again(parley_password_preparation how, bool stored, parley_string prepared)
{
    char *buffer = fuzz_block(1, PARLEY_PASSWORD_SIZE, 0x5A);
    parley_string twice;

    FUZZ_CHECK(parley_password_prepare(how, stored, prepared, buffer, PARLEY_PASSWORD_SIZE,
                                       &twice) == PARLEY_OK);
    FUZZ_CHECK(parley_string_equal(twice, prepared));
}

static void derive(parley_string text, bool stored)
{
    unsigned char keys[2][PARLEY_HASH_SIZE];
    size_t len = 0;
    parley_result result = parley_scram_derive(&parley_scram_sha_256, text,
                                               parley_string_of("salt"), 2, keys[0], keys[1], &len);

    FUZZ_CHECK(result == (stored ? PARLEY_OK : PARLEY_REFUSED));
    FUZZ_CHECK(result != PARLEY_OK || len == 32);
    FUZZ_CHECK(parley_scram_derive(&parley_plain, text, parley_string_of("salt"), 2, keys[0],
                                   keys[1], &len) == PARLEY_MISUSE);
    FUZZ_CHECK(parley_scram_derive(NULL, text, parley_string_of("salt"), 2, keys[0], keys[1],
                                   &len) == PARLEY_MISUSE);
    FUZZ_CHECK(parley_scram_derive(&parley_scram_sha_256, text, parley_string_of(""), 2, keys[0],
                                   keys[1], &len) == PARLEY_MISUSE);
    FUZZ_CHECK(parley_scram_derive(&parley_scram_sha_256, text, parley_string_of("salt"), 0,
                                   keys[0], keys[1], &len) == PARLEY_MISUSE);
}

static bool prepare(parley_password_preparation how, bool stored, parley_string text, size_t room)
{
    char *buffer = fuzz_block(0, PARLEY_PASSWORD_SIZE, 0xA5);
    char *cramped = fuzz_block(2, room, 0xA5);
    parley_string prepared, small;
    parley_result result = parley_password_prepare(how, stored, text, buffer, PARLEY_PASSWORD_SIZE,
                                                   &prepared);

    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_ILLEGAL);
    FUZZ_CHECK((parley_password_reason(how, stored, text) == NULL) == (result == PARLEY_OK));
    if (result != PARLEY_OK) {
        return false;
    }
    FUZZ_CHECK(prepared.len > 0 && prepared.len <= PARLEY_PASSWORD_SIZE);
    FUZZ_CHECK((prepared.data == text.data) == is_ascii(text));
    result = parley_password_prepare(how, stored, text, cramped, room, &small);
    FUZZ_CHECK(result == PARLEY_NO_ROOM ? room < prepared.len
                                        : parley_string_equal(small, prepared));
    again(how, stored, prepared);
    return true;
}

FUZZ_TARGET(password)
{
    uint8_t choice = fuzz_byte(&data, &size);
    parley_password_preparation how = (choice & 1u) != 0 ? PARLEY_OPAQUE_STRING : PARLEY_SASLPREP;
    parley_string text = {size > 0 ? (const char *)fuzz_flush(data, size) : NULL, size};
    bool asked, stored;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    asked = prepare(how, false, text, choice);
    stored = prepare(how, true, text, choice);
    FUZZ_CHECK(asked || !stored);
    FUZZ_CHECK(how == PARLEY_SASLPREP || asked == stored);
    if (how == PARLEY_SASLPREP) {
        derive(text, stored);
    }
    fuzz_blocks_check();
    return 0;
}
