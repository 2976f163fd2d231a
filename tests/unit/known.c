/* Known elements and namespaces: each by its number, and nothing else by one; lists of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/parsed.h"
#include "known.h"
#include "name_list.h"
#include "names.h"

#define S(literal) ((parley_string){literal, sizeof literal - 1})

static const struct {
    known_space number;
    const char *name;
} spaces[] = {
    {SPACE_STREAM, PARLEY_NS_STREAM},   {SPACE_CLIENT, PARLEY_NS_CLIENT},
    {SPACE_TLS, PARLEY_NS_TLS},         {SPACE_SASL, PARLEY_NS_SASL},
    {SPACE_BIND, PARLEY_NS_BIND},       {SPACE_SESSION, PARLEY_NS_SESSION},
    {SPACE_STREAMS, PARLEY_NS_STREAMS}, {SPACE_STANZAS, PARLEY_NS_STANZAS},
};

static const struct {
    known_element number;
    const char *name;
    const char *space;
} elements[] = {
    {KNOWN_IQ, "iq", PARLEY_NS_CLIENT},
    {KNOWN_MESSAGE, "message", PARLEY_NS_CLIENT},
    {KNOWN_PRESENCE, "presence", PARLEY_NS_CLIENT},
    {KNOWN_STANZA_ERROR, "error", PARLEY_NS_CLIENT},
    {KNOWN_STREAM, "stream", PARLEY_NS_STREAM},
    {KNOWN_FEATURES, "features", PARLEY_NS_STREAM},
    {KNOWN_STREAM_ERROR, "error", PARLEY_NS_STREAM},
    {KNOWN_STARTTLS, "starttls", PARLEY_NS_TLS},
    {KNOWN_PROCEED, "proceed", PARLEY_NS_TLS},
    {KNOWN_TLS_FAILURE, "failure", PARLEY_NS_TLS},
    {KNOWN_MECHANISMS, "mechanisms", PARLEY_NS_SASL},
    {KNOWN_MECHANISM, "mechanism", PARLEY_NS_SASL},
    {KNOWN_CHALLENGE, "challenge", PARLEY_NS_SASL},
    {KNOWN_SUCCESS, "success", PARLEY_NS_SASL},
    {KNOWN_SASL_FAILURE, "failure", PARLEY_NS_SASL},
    {KNOWN_BIND, "bind", PARLEY_NS_BIND},
    {KNOWN_JID, "jid", PARLEY_NS_BIND},
    {KNOWN_SESSION, "session", PARLEY_NS_SESSION},
    {KNOWN_OPTIONAL, "optional", PARLEY_NS_SESSION},
    {KNOWN_AUTH, "auth", PARLEY_NS_SASL},
    {KNOWN_RESPONSE, "response", PARLEY_NS_SASL},
    {KNOWN_ABORT, "abort", PARLEY_NS_SASL},
    {KNOWN_RESOURCE, "resource", PARLEY_NS_BIND},
};

#define SPACES   (sizeof spaces / sizeof *spaces)
#define ELEMENTS (sizeof elements / sizeof *elements)

static parley_element named(const char *name, const char *space)
{
    char document[256];

    snprintf(document, sizeof document, "<%s xmlns='%s'/>", name, space);
    return parsed(document);
}

static bool is_listed(unsigned number)
{
    size_t i = 0;

    while (i < ELEMENTS && elements[i].number != number) {
        i++;
    }
    return i < ELEMENTS;
}

static void every_element(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS; i++) {
        assert_int_equal(parley_known(named(elements[i].name, elements[i].space)),
                         elements[i].number);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(elements[i].number, elements[j].number);
        }
    }
}

/* In any namespace that the list does not have with it a name is of no known element: neither in
   another one that is known, nor in one that is not, nor in none. */
static void of_no_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS; i++) {
        const char *name = elements[i].name;
        char other[64];

        for (size_t j = 0; j < SPACES; j++) {
            const unsigned number = parley_known(named(name, spaces[j].name));
            bool listed = false;

            for (size_t k = 0; k < ELEMENTS; k++) {
                listed = listed || (strcmp(elements[k].name, name) == 0 &&
                                    strcmp(elements[k].space, spaces[j].name) == 0);
            }
            assert_int_equal(is_listed(number), listed);
        }
        assert_false(is_listed(parley_known(named(name, ""))));
        assert_false(is_listed(parley_known(named(name, "jabber:server"))));
        assert_false(is_listed(parley_known(named(name, PARLEY_NS_ROSTER))));
        snprintf(other, sizeof other, "%s_", name);
        assert_false(is_listed(parley_known(named(other, elements[i].space))));
        snprintf(other, sizeof other, "_%s", name);
        assert_false(is_listed(parley_known(named(other, elements[i].space))));
        if (elements[i].number != KNOWN_MECHANISMS) { /* one less is an element too */
            snprintf(other, sizeof other, "%.*s", (int)strlen(name) - 1, name);
            assert_false(is_listed(parley_known(named(other, elements[i].space))));
        }
    }
    assert_false(is_listed(parley_known(parsed("<other/>"))));
}

static known_space space_of(parley_string name)
{
    guard g;
    const char *exact = guard_copy(&g, name.data, name.len);
    known_space found = parley_known_space((parley_string){exact, name.len});

    guard_close(&g);
    return found;
}

static void every_space(void **state)
{
    (void)state;
    assert_int_equal(SPACES, SPACE_COUNT - 1);
    for (size_t i = 0; i < SPACES; i++) {
        parley_string name = parley_string_of(spaces[i].name);

        assert_int_equal(space_of(name), spaces[i].number);
        assert_int_equal(parley_space_of(named("x", spaces[i].name)), spaces[i].number);
        for (name.len--; name.len > 0; name.len--) { /* "...xmpp-stream" is none either */
            assert_int_equal(space_of(name), SPACE_NONE);
        }
        name.len = strlen(spaces[i].name) - 1;
        name.data++;
        for (; name.len > 0; name.len--, name.data++) {
            assert_int_equal(space_of(name), SPACE_NONE);
        }
    }
}

static void spaces_alike(void **state)
{
    static const char urn[] = "urn:ietf:params:xml:ns:xmpp-";

    (void)state;
    assert_int_equal(parley_known_space((parley_string){NULL, 0}), SPACE_NONE);
    for (size_t i = 0; i < SPACES; i++) {
        char other[128];

        snprintf(other, sizeof other, "%sx", spaces[i].name);
        assert_int_equal(space_of(parley_string_of(other)), SPACE_NONE);
        snprintf(other, sizeof other, "x%s", spaces[i].name);
        assert_int_equal(space_of(parley_string_of(other)), SPACE_NONE);
        /* What the known ones begin with before a name that is whole, or before itself. */
        snprintf(other, sizeof other, "%s%s", urn, spaces[i].name);
        assert_int_equal(space_of(parley_string_of(other)), SPACE_NONE);
        memcpy(other, spaces[i].name, strlen(spaces[i].name) + 1);
        for (size_t at = 0; other[at] != '\0'; at++) {
            other[at] ^= 0x20;
            assert_int_equal(space_of(parley_string_of(other)), SPACE_NONE);
            other[at] ^= 0x20;
        }
    }
    assert_int_equal(space_of(S("tls")), SPACE_NONE);
    assert_int_equal(space_of(S("xmpp-tls")), SPACE_NONE);
    assert_int_equal(space_of(S("urn:ietf:params:xml:ns:xmpp-jabber:client")), SPACE_NONE);
    assert_int_equal(space_of(S("tls\0sasl")), SPACE_NONE);
    assert_int_equal(space_of(S("urn:ietf:params:xml:ns:xmpp-tls\0sasl")), SPACE_NONE);
}

static void children(void **state)
{
    static const char document[] = "<features xmlns='" PARLEY_NS_STREAM "'>"
                                   "<bind/><c/><bind xmlns='" PARLEY_NS_BIND "' n='1'/>"
                                   "text<session xmlns='" PARLEY_NS_BIND "'/>"
                                   "<bind xmlns='" PARLEY_NS_BIND "' n='2'/><d/></features>";
    parley_element e = parsed(document);
    parley_element child;

    (void)state;
    assert_true(parley_known_child(e, KNOWN_BIND, &child));
    assert_true(parley_string_is(parley_element_attribute(child, "n"), "1"));
    assert_true(parley_known_next(&child, KNOWN_BIND));
    assert_true(parley_string_is(parley_element_attribute(child, "n"), "2"));
    assert_false(parley_known_next(&child, KNOWN_BIND));
    assert_false(parley_known_child(e, KNOWN_SESSION, &child));
    e = parsed("<bind xmlns='" PARLEY_NS_BIND "'><jid n='1'/><jid n='2'/></bind>");
    assert_true(parley_known_child(e, KNOWN_JID, &child)); /* the very first */
    assert_true(parley_string_is(parley_element_attribute(child, "n"), "1"));
    assert_false(parley_known_child(parsed("<features/>"), KNOWN_BIND, &child));
}

static unsigned found(unsigned list, unsigned count, parley_string name)
{
    guard g;
    const char *exact = guard_copy(&g, name.data, name.len);
    const unsigned number = parley_name_find(list, count, (parley_string){exact, name.len});

    guard_close(&g);
    return number;
}

/* Each by its number, copied into room for it, and by its name in its own list alone; what is one
   byte longer or shorter is none of it, but for <mechanism/>. */
static void one_list(unsigned list, unsigned count)
{
    for (unsigned number = 1; number < NAMES_END; number++) {
        const char *name = parley_name_at(number);
        char room[NAME_SIZE + 1];
        parley_string text;
        unsigned expected = number > list && number < list + count ? number - list : 0;

        memset(room, '!', sizeof room);
        text = (parley_string){room, parley_name_copy(number, room)};
        assert_string_equal(room, name);
        assert_int_equal(text.len, strlen(name));
        assert_int_equal(room[NAME_SIZE], '!');
        for (unsigned i = 1; i < count && expected == 0; i++) {
            expected = strcmp(parley_name_at(list + i), name) == 0 ? i : 0;
        }
        assert_int_equal(found(list, count, text), expected);
        room[text.len] = 'x';
        text.len++;
        assert_int_equal(found(list, count, text), 0);
        room[text.len - 1] = '\0';
        assert_int_equal(found(list, count, text), 0);
        if (expected != 0 && strcmp(name, "mechanisms") != 0) {
            text.len -= 2;
            assert_int_equal(found(list, count, text), 0);
        }
    }
    assert_int_equal(found(list, count, S("")), 0);
    assert_int_equal(parley_name_find(list, count, (parley_string){NULL, 0}), 0);
}

static void lists(void **state)
{
    (void)state;
    assert_string_equal(parley_name_at(0), "");
    assert_string_equal(parley_name_at(NAMES_END - 1), "unsupported-version");
    one_list(NAMES_OF_SPACES, SPACE_COUNT);
    one_list(NAMES_OF_ELEMENTS, NAME_COUNT);
    one_list(NAMES_OF_SASL, PARLEY_SASL_CONDITION_COUNT);
    one_list(NAMES_OF_STREAMS, PARLEY_CONDITION_COUNT);
    assert_int_equal(found(NAMES_OF_ELEMENTS, NAME_COUNT, S("resource")), NAME_RESOURCE);
    assert_int_equal(found(NAMES_OF_ELEMENTS, NAME_RESOURCE, S("resource")), 0);
    assert_int_equal(found(NAMES_OF_ELEMENTS, NAME_COUNT, S("auth\0response")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element), cmocka_unit_test(of_no_number),
        cmocka_unit_test(every_space),   cmocka_unit_test(spaces_alike),
        cmocka_unit_test(children),      cmocka_unit_test(lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
