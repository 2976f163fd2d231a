/* In what an address is one that is known: taken apart at its first '/', then at the first '@'
   before it (RFC 7622 3.1), each part prepared and compared alone, in one part's room. Pure
   functions, no state. */
#include "likeness.h"

#include <string.h>

/* Where `c` stands in the first `len` bytes; `len`: nowhere. */
static size_t find(const char *text, size_t len, char c)
{
    size_t at = 0;

    while (at < len && text[at] != c) {
        at++;
    }
    return at;
}

/* The parts as they stand; data NULL: absent. */
static parley_jid split(parley_string text)
{
    parley_jid jid;
    size_t bare = find(text.data, text.len, '/');
    size_t at = find(text.data, bare, '@');
    size_t domain = at < bare ? at + 1 : 0;

    memset(&jid, 0, sizeof jid);
    if (at < bare) {
        jid.local.data = text.data;
        jid.local.len = at;
    }
    jid.domain.data = text.data + domain;
    jid.domain.len = bare - domain;
    if (bare < text.len) {
        jid.resource.data = text.data + bare + 1;
        jid.resource.len = text.len - bare - 1;
    }
    return jid;
}

/* Whether `part` is one; `*same`: whether it is the prepared `expected`. */
static bool part_is(parley_jid_part kind, parley_string part, parley_string expected, bool *same)
{
    char room[PARLEY_PART_SIZE];
    parley_string prepared;

    *same = part.data == NULL && expected.data == NULL;
    if (part.data == NULL) {
        return true;
    }
    if (parley_jid_prepare(kind, part, room, sizeof room, &prepared, NULL) != PARLEY_OK) {
        return false;
    }
    *same = expected.data != NULL && parley_string_equal(prepared, expected);
    return true;
}

bool parley_likeness_of(parley_string text, parley_string jid, parley_likeness *same)
{
    parley_jid its;
    parley_jid expected;

    memset(same, 0, sizeof *same);
    if (text.len == 0 || jid.len == 0) {
        return false;
    }
    its = split(text);
    expected = split(jid);
    same->has_local = its.local.data != NULL;
    same->has_resource = its.resource.data != NULL;
    return part_is(PARLEY_JID_DOMAIN, its.domain, expected.domain, &same->domain) &&
           part_is(PARLEY_JID_LOCAL, its.local, expected.local, &same->local) &&
           part_is(PARLEY_JID_RESOURCE, its.resource, expected.resource, &same->resource);
}
