/* The trace: a line for each first-level element, and no secret in any of them, however the
   bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "trace.h"

#define STREAM \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
#define SASL " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

typedef struct piece {
    bool sent;
    const char *bytes;
} piece;

/* A whole negotiation as the client sees it; what must not be shown says so. */
static const piece negotiation[] = {
    {true, "<?xml version='1.0'?>" STREAM},
    {false, STREAM "<features/>"},
    {true, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
    {false, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
    {true, "<?xml version='1.0'?>" STREAM},
    {false, STREAM},
    {true, "<auth" SASL " mechanism='A>B'>U0VDUkVU</auth>"},
    {false, "<s:challenge xmlns:s='urn:ietf:params:xml:ns:xmpp-sasl'>U0VDUkVU</s:challenge>"},
    {true, "<response" SASL "><![CDATA[U0VDUkVU]]></response>"},
    {false, "<success" SASL ">U0VDUkVU</success>"},
    {true, "<?xml version='1.0'?>" STREAM},
    {false, STREAM},
    {false, "<message><body>auth &lt;&#10;</body></message>"},
    {true, "<auth xmlns='other'>shown</auth>"},
    {false, " "},
    {true, "</stream:stream>"},
};

#define PIECES (sizeof negotiation / sizeof negotiation[0])

static const char expected[] = "C: [s] <?xml version='1.0'?>" STREAM "\n"
                               "S: [s] " STREAM "\n"
                               "S: [s] <features/>\n"
                               "C: [s] <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"
                               "S: [s] <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"
                               "C: [s] <?xml version='1.0'?>" STREAM "\n"
                               "S: [s] " STREAM "\n"
                               "C: [s] <auth" SASL " mechanism='A>B'>(8 bytes hidden)</auth>\n"
                               "S: [s] <s:challenge xmlns:s='urn:ietf:params:xml:ns:xmpp-sasl'>(8 "
                               "bytes hidden)</s:challenge>\n"
                               "C: [s] <response" SASL ">(20 bytes hidden)</response>\n"
                               "S: [s] <success" SASL ">(8 bytes hidden)</success>\n"
                               "C: [s] <?xml version='1.0'?>" STREAM "\n"
                               "S: [s] " STREAM "\n"
                               "S: [s] <message><body>auth &lt;&#10;</body></message>\n"
                               "C: [s] <auth xmlns='other'>shown</auth>\n"
                               "S: [s] (white space)\n"
                               "C: [s] </stream:stream>\n";

/* Feeds the negotiation `step` bytes at a time; the caller frees the text. */
static char *traced(trace_role role, size_t step)
{
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    trace *t = trace_new(file, role, false);

    assert_non_null(t);
    for (size_t i = 0; i < PIECES; i++) {
        size_t len = strlen(negotiation[i].bytes);
        bool sent = negotiation[i].sent == (role == TRACE_CLIENT);

        for (size_t at = 0; at < len; at += step) {
            trace_bytes(t, sent, "s", negotiation[i].bytes + at, len - at < step ? len - at : step);
        }
    }
    trace_free(t);
    fclose(file);
    return out;
}

static void secrets_are_hidden(void **state)
{
    (void)state;
    for (size_t step = 1; step < 300; step++) {
        for (int role = TRACE_CLIENT; role <= TRACE_SERVER; role++) {
            char *out = traced((trace_role)role, step);

            assert_string_equal(out, expected);
            free(out);
        }
    }
}

/* Whatever the peer does to the XML around it, a secret stays hidden. */
static void broken_xml_hides_too(void **state)
{
    static const char *const endings[] = {"",     "<",   "</wrong>", "&bad;",     "<!-- -->",
                                          "\x01", "]]>", "<x><y>",   "<x></auth>"};

    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *out = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&out, &size);
        trace *t = trace_new(file, TRACE_SERVER, false);
        char bytes[256];

        snprintf(bytes, sizeof bytes, STREAM "<auth" SASL ">U0VDUkVU%s", endings[i]);
        for (size_t at = 0; at < strlen(bytes); at++) {
            trace_bytes(t, false, "s", bytes + at, 1);
        }
        trace_bytes(t, false, "s", "U0VDUkVU", 8);
        trace_free(t);
        fclose(file);
        assert_non_null(strstr(out, "<auth"));
        assert_null(strstr(out, "U0VDUkVU"));
        free(out);
    }
}

/* Nothing of it was held when it is refused. */
static void what_is_no_xml_is_counted(void **state)
{
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    trace *t = trace_new(file, TRACE_CLIENT, false);

    (void)state;
    trace_bytes(t, false, "s", "HTTP/1.1 400", 12);
    trace_free(t);
    fclose(file);
    assert_string_equal(out, "S: [s] (12 more bytes)\n");
    free(out);
}

static void control_characters_are_escaped(void **state)
{
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    trace *t = trace_new(file, TRACE_CLIENT, false);

    (void)state;
    trace_prefix(t, "1 ");
    trace_bytes(t, false, "s", "<a>\n\xC2\x9B</a>", 10);
    trace_note(t, "note \x1b[0m");
    trace_free(t);
    fclose(file);
    assert_null(strchr(out, '\x1b'));
    assert_null(strstr(out, "\xC2\x9B"));
    assert_non_null(strstr(out, "1 -- note \\u{1b}[0m\n"));
    free(out);
}

static void colour_is_for_terminals(void **state)
{
    FILE *file = tmpfile();

    (void)state;
    assert_false(trace_wants_colour(file));
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_hidden),
        cmocka_unit_test(broken_xml_hides_too),
        cmocka_unit_test(what_is_no_xml_is_counted),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(colour_is_for_terminals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
