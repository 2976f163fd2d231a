/* JIDs: preparing is idempotent; a refusal has a place and a reason; small buffers get
   "no room" or the same; parts alone are prepared as in the whole; DNS's form of a domain
   is prepared to the domain again; escapes are undone. Input: a room, the texts, byte 0xFF
   between them. */
#include <string.h>

#include "common/fuzz.h"

static bool same(parley_string a, parley_string b)
{
    return (a.data == NULL) == (b.data == NULL) && parley_string_equal(a, b);
}

static void again(const parley_jid *jid, parley_string whole)
{
    char *buffer = fuzz_block(1, PARLEY_JID_SIZE, 0x5A);
    char *part = fuzz_block(2, PARLEY_PART_SIZE, 0x5A);
    parley_string prepared;
    parley_string ascii;
    parley_jid other;
    size_t len = 0;

    FUZZ_CHECK(parley_jid_parse(&other, whole, buffer, PARLEY_JID_SIZE, NULL) == PARLEY_OK);
    FUZZ_CHECK(same(other.local, jid->local) && same(other.domain, jid->domain) &&
               same(other.resource, jid->resource) && parley_jid_equal(&other, jid, false));
    FUZZ_CHECK(parley_jid_write(jid, false, part, PARLEY_PART_SIZE, &len) == PARLEY_NO_ROOM ||
               (len == whole.len && memcmp(part, whole.data, len) == 0));
    FUZZ_CHECK(parley_jid_prepare(PARLEY_JID_DOMAIN, jid->domain, part, PARLEY_PART_SIZE, &prepared,
                                  NULL) == PARLEY_OK &&
               same(prepared, jid->domain));
    FUZZ_CHECK(parley_jid_write(jid, true, buffer, PARLEY_JID_SIZE, &len) == PARLEY_OK &&
               parley_jid_parse(&other, (parley_string){buffer, len}, buffer, PARLEY_JID_SIZE,
                                NULL) == PARLEY_OK &&
               parley_jid_equal(&other, jid, true));
    FUZZ_CHECK(parley_jid_equal(&other, jid, false) == (jid->resource.data == NULL));
    other.domain.len--;
    FUZZ_CHECK(!parley_jid_equal(&other, jid, true));
    other.domain.len++;
    if (jid->local.data != NULL) {
        other.local.data++;
        FUZZ_CHECK(!parley_jid_equal(&other, jid, true) || jid->local.len > 1);
        other.local = (parley_string){NULL, 0};
        FUZZ_CHECK(!parley_jid_equal(&other, jid, true));
        FUZZ_CHECK(parley_jid_prepare(PARLEY_JID_LOCAL, jid->local, part, PARLEY_PART_SIZE,
                                      &prepared, NULL) == PARLEY_OK &&
                   same(prepared, jid->local));
    }
    if (parley_jid_domain_ascii(jid->domain, part, 255, &ascii) == PARLEY_OK) {
        FUZZ_CHECK(parley_jid_prepare(PARLEY_JID_DOMAIN, ascii, buffer, PARLEY_JID_SIZE, &prepared,
                                      NULL) == PARLEY_OK &&
                   same(prepared, jid->domain));
    }
}

static void escapes(parley_string text)
{
    char *buffer = fuzz_block(3, 3 * text.len, 0xA5);
    char *back = fuzz_block(4, 3 * text.len, 0xA5);
    parley_string escaped, unescaped;
    parley_result result = parley_jid_escape(text, buffer, 3 * text.len, &escaped);

    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_ILLEGAL);
    if (result == PARLEY_OK) {
        FUZZ_CHECK(parley_jid_unescape(escaped, back, escaped.len, &unescaped) == PARLEY_OK);
        FUZZ_CHECK(parley_string_equal(unescaped, text));
    }
    FUZZ_CHECK(parley_jid_unescape(text, back, text.len, &unescaped) == PARLEY_OK);
    if (result == PARLEY_OK && text.len > 0) {
        FUZZ_CHECK(parley_jid_escape(text, buffer, text.len - 1, &escaped) == PARLEY_NO_ROOM);
        FUZZ_CHECK(parley_jid_unescape(text, back, unescaped.len - 1, &unescaped) ==
                   PARLEY_NO_ROOM);
    }
}

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

    escapes(text);
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
        again(&jid, whole);
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
