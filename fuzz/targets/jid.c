/* JIDs: preparing is idempotent; a refusal has a place and a reason; small buffers get
   "no room" or the same; parts alone are prepared as in the whole; DNS's form of a domain
   is prepared to the domain again; escapes are undone. Input: a room, the texts, byte 0xFF
   between them. */
#include <string.h>

#include "common/address.h"

/* The text as a part alone: where it is wrong lies in it. */
static void judge_part(parley_string text, parley_result whole)
{
    char *part = fuzz_block(2, PARLEY_PART_SIZE, 0x5A);
    parley_string prepared;

    for (unsigned i = PARLEY_JID_LOCAL; i <= PARLEY_JID_RESOURCE; i++) {
        size_t error_at = SIZE_MAX;
        parley_result result = parley_jid_prepare((parley_jid_part)i, text, part, PARLEY_PART_SIZE,
                                                  &prepared, &error_at);

        FUZZ_CHECK(result == PARLEY_OK || (result == PARLEY_ILLEGAL && error_at <= text.len));
        FUZZ_CHECK(i != PARLEY_JID_DOMAIN || result != PARLEY_OK || whole == PARLEY_OK);
    }
}

static void judge(parley_string text, size_t room)
{
    char *buffer = fuzz_block(0, PARLEY_JID_SIZE, 0xA5);
    parley_jid jid, small;
    size_t error_at = SIZE_MAX;
    parley_result result;

    fuzz_address_escapes(text);
    result = parley_jid_parse(&jid, text, buffer, PARLEY_JID_SIZE, &error_at);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_ILLEGAL);
    FUZZ_CHECK((parley_jid_reason(text) == NULL) == (result == PARLEY_OK));
    FUZZ_CHECK(result == PARLEY_OK || error_at <= text.len);
    judge_part(text, result);
    if (result == PARLEY_OK) {
        const parley_string *last = jid.resource.data != NULL ? &jid.resource : &jid.domain;
        parley_string whole = {buffer, (size_t)(last->data + last->len - buffer)};
        char *cramped = fuzz_block(5, room, 0x5A);

        FUZZ_CHECK(whole.len <= PARLEY_JID_SIZE && jid.domain.len > 0);
        fuzz_address_again(&jid, whole);
        result = parley_jid_parse(&small, text, cramped, room, NULL);
        FUZZ_CHECK(result == PARLEY_NO_ROOM || (result == PARLEY_OK && room >= whole.len &&
                                                parley_jid_equal(&small, &jid, false)));
    }
    fuzz_blocks_check();
}

FUZZ_TARGET(jid)
{
    size_t room = (size_t)fuzz_byte(&data, &size) * 8;
    const uint8_t *end = data + size;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    for (bool last = false; !last;) {
        const uint8_t *next = size > 0 ? memchr(data, 0xFF, size) : NULL;
        size_t len = next != NULL ? (size_t)(next - data) : size;

        last = next == NULL;
        judge((parley_string){(const char *)fuzz_flush(data, len), len}, room);
        data += len + !last;
        size = (size_t)(end - data);
    }
    return 0;
}
