#include "common/address.h"

#include <string.h>

static bool same(parley_string a, parley_string b)
{
    return (a.data == NULL) == (b.data == NULL) && parley_string_equal(a, b);
}

bool fuzz_address_is(parley_string text, parley_string jid)
{
    char room[2][PARLEY_JID_SIZE];
    parley_jid its, own;

    return parley_jid_parse(&its, text, room[0], sizeof room[0], NULL) == PARLEY_OK &&
           parley_jid_parse(&own, jid, room[1], sizeof room[1], NULL) == PARLEY_OK &&
           parley_jid_equal(&its, &own, false);
}

void fuzz_address_again(const parley_jid *jid, parley_string whole)
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

void fuzz_address_escapes(parley_string text)
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
