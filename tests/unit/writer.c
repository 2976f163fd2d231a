/* The writer by itself: exact bytes, refusals, every size of the output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/rows.h"
#include "names.h"
#include "parley/writer.h"

#define S(literal) ((parley_string){literal, sizeof literal - 1})

static const parley_string absent = {NULL, 0};

static char buffer[4096];
static parley_writer w;

static void begin(void)
{
    parley_writer_init(&w, buffer, sizeof buffer, S(PARLEY_NS_CLIENT));
}

static void assert_written(const char *expected)
{
    size_t len = 0;

    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    buffer[len] = '\0';
    assert_string_equal(buffer, expected);
}

static void assert_result(parley_result expected)
{
    size_t len = 1;

    assert_int_equal(parley_writer_finish(&w, &len), expected);
    assert_int_equal(len, 0);
}

static void escapes(void **state)
{
    (void)state;
    begin();
    parley_writer_start(&w, "message", NULL);
    parley_writer_attribute(&w, "to", S("a'b\"c<d>e&f\tg\nh\ri"));
    parley_writer_attribute(&w, "xml:lang", S("en"));
    parley_writer_attribute(&w, "lang", absent);
    parley_writer_attribute(&w, "lang", S("x"));
    parley_writer_start(&w, "body", NULL);
    parley_writer_text(&w, S("a'b\"c<d>e&f\tg\nh\ri ]]> \x7f\xc2\x80\xf4\x8f\xbf\xbf"));
    parley_writer_text(&w, S(""));
    parley_writer_text(&w, absent);
    parley_writer_end(&w);
    parley_writer_start(&w, "empty", NULL);
    parley_writer_text(&w, S(""));
    parley_writer_end(&w);
    parley_writer_start(&w, "a.b-c_\xc3\xbc", NULL);
    parley_writer_end(&w);
    parley_writer_end(&w);
    assert_written("<message to='a&apos;b\"c&lt;d>e&amp;f&#9;g&#10;h&#13;i' xml:lang='en' lang='x'>"
                   "<body>a'b\"c&lt;d&gt;e&amp;f\tg\nh&#13;i ]]&gt; \x7f\xc2\x80\xf4\x8f\xbf\xbf"
                   "</body><empty/><a.b-c_\xc3\xbc/></message>");
}

static void namespaces(void **state)
{
    (void)state;
    begin();
    parley_writer_start(&w, "iq", PARLEY_NS_CLIENT); /* in force already */
    parley_writer_attribute(&w, "xmlnsx", S("'"));
    parley_writer_start(&w, "query", "urn:a'&<>\t\"");
    parley_writer_attribute(&w, "a", S("b"));
    parley_writer_start(&w, "same", "urn:a'&<>\t\"");
    parley_writer_start(&w, "inherited", NULL);
    parley_writer_end(&w);
    parley_writer_start(&w, "none", "");
    parley_writer_start(&w, "none", "");
    parley_writer_end(&w);
    parley_writer_start(&w, "outer", "urn:a'&<>\t\"");
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_writer_start(&w, "longer", "urn:a'&<>\t\"x");
    parley_writer_end(&w);
    parley_writer_start(&w, "shorter", "urn:a'&<>\t");
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_writer_start(&w, "client", PARLEY_NS_CLIENT);
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_writer_start(&w, "after", NULL);
    parley_writer_end(&w);
    parley_writer_end(&w);
    assert_written("<iq xmlnsx='&apos;'>"
                   "<query xmlns='urn:a&apos;&amp;&lt;>&#9;\"' a='b'><same><inherited/>"
                   "<none xmlns=''><none/><outer xmlns='urn:a&apos;&amp;&lt;>&#9;\"'/></none>"
                   "<longer xmlns='urn:a&apos;&amp;&lt;>&#9;\"x'/>"
                   "<shorter xmlns='urn:a&apos;&amp;&lt;>&#9;'/></same>"
                   "<client xmlns='jabber:client'/></query><after/></iq>");

    parley_writer_init(&w, buffer, sizeof buffer, absent);
    parley_writer_start(&w, "a", "");
    parley_writer_end(&w);
    assert_written("<a/>");
}

/* RFC 6120 section 4.9.1. */
static void stream_prefix(void **state)
{
    (void)state;
    begin();
    parley_writer_start(&w, "stream:error", NULL);
    parley_writer_start(&w, "not-well-formed", PARLEY_NS_STREAMS);
    parley_writer_end(&w);
    parley_writer_end(&w);
    assert_written("<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                   "</stream:error>");
}

static void base64(void **state)
{
    (void)state;
    begin();
    parley_writer_start(&w, "auth", PARLEY_NS_SASL);
    parley_writer_attribute(&w, "mechanism", S("PLAIN"));
    parley_writer_base64(&w, "\0mbed\0mirror", 12);
    parley_writer_end(&w);
    assert_written("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                   "AG1iZWQAbWlycm9y</auth>");
    begin();
    parley_writer_start(&w, "auth", NULL);
    parley_writer_base64(&w, NULL, 0);
    parley_writer_end(&w);
    assert_written("<auth/>");
    begin();
    parley_writer_start(&w, "auth", NULL);
    parley_writer_base64(&w, buffer, SIZE_MAX / 2);
    assert_result(PARLEY_NO_ROOM);
}

static void misuse(void **state)
{
    /* Prefixes that no stream declares (RFC 6120 11.3). */
    static const char *const undeclared[] = {"p:a",          "xmlns:a",   "xml:a",
                                             "Stream:error", "streams:a", "strea:a"};

    (void)state;
    begin();
    assert_result(PARLEY_MISUSE); /* nothing written */

    parley_writer_start(&w, "a", NULL);
    assert_result(PARLEY_MISUSE); /* left open */
    parley_writer_end(&w);
    assert_written("<a/>"); /* asking did no harm */
    parley_writer_start(&w, "a", NULL);
    assert_result(PARLEY_MISUSE); /* a second element */

    begin();
    parley_writer_end(&w);
    assert_result(PARLEY_MISUSE);
    begin();
    parley_writer_text(&w, S("x"));
    assert_result(PARLEY_MISUSE);
    begin();
    parley_writer_base64(&w, "x", 1);
    assert_result(PARLEY_MISUSE);
    begin();
    parley_writer_attribute(&w, "a", S("b"));
    assert_result(PARLEY_MISUSE);

    begin();
    parley_writer_start(&w, "a", NULL);
    parley_writer_text(&w, S("x"));
    parley_writer_attribute(&w, "a", S("b"));
    assert_result(PARLEY_MISUSE);
    begin();
    parley_writer_start(&w, "a", NULL);
    parley_writer_start(&w, "b", NULL);
    parley_writer_end(&w);
    parley_writer_attribute(&w, "a", S("b"));
    assert_result(PARLEY_MISUSE);

    begin();
    parley_writer_start(&w, "stream:error", PARLEY_NS_STREAM);
    assert_result(PARLEY_MISUSE);
    for (size_t i = 0; i < sizeof undeclared / sizeof undeclared[0]; i++) {
        begin();
        parley_writer_start(&w, undeclared[i], NULL);
        assert_result(PARLEY_ILLEGAL);
    }
    begin();
    parley_writer_element(&w, (parley_element){NULL, 0}, absent);
    assert_result(PARLEY_MISUSE);
    parley_writer_init(&w, NULL, 10, absent);
    parley_writer_start(&w, "a", NULL);
    assert_result(PARLEY_MISUSE);
    parley_writer_init(&w, NULL, 0, absent);
    parley_writer_start(&w, "a", NULL);
    assert_result(PARLEY_NO_ROOM);
}

static void attributes_that_are_misuse(void **state)
{
    static const char *const names[] = {"a", "xml:lang", "xmlns", "xmlns:p", "p:a"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        begin();
        parley_writer_start(&w, "e", "urn:x");
        parley_writer_attribute(&w, "b", S("a='1' a='"));
        parley_writer_attribute(&w, "a", S(""));
        parley_writer_attribute(&w, "xml:lang", S("en"));
        parley_writer_attribute(&w, names[i], S("x"));
        parley_writer_end(&w);
        assert_result(PARLEY_MISUSE);
    }
    begin();
    parley_writer_start(&w, "e", "urn:x");
    parley_writer_attribute(&w, "b", S("a='1' c='"));
    parley_writer_attribute(&w, "lang", S(""));
    parley_writer_attribute(&w, "xml:lang", S("en"));
    parley_writer_attribute(&w, "c", S(""));
    parley_writer_end(&w);
    assert_written("<e xmlns='urn:x' b='a=&apos;1&apos; c=&apos;' lang='' xml:lang='en' c=''/>");
}

static void names(void **state)
{
    static const char *const refused[] = {
        "",         "1a",       "-a",  ".a",
        "a b",      "a>",       "a/",  "a'",
        "a=",       "\xc2\xb7", ":a",  "a:",
        "a:b:c",    "a:1",      "1:a", "a\xef\xbf\xbe",
        "\xc3",     "a\n",      "<a",  "a\xed\xa0\x80",
        "\xcd\xbe", "xmlns:a",
    };

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        begin();
        parley_writer_start(&w, refused[i], NULL);
        parley_writer_end(&w);
        assert_result(PARLEY_ILLEGAL);
        begin();
        parley_writer_start(&w, "e", NULL);
        parley_writer_attribute(&w, refused[i], S(""));
        parley_writer_end(&w);
        /* Of another prefix, if it is a name. */
        assert_result(strcmp(refused[i], "xmlns:a") == 0 ? PARLEY_MISUSE : PARLEY_ILLEGAL);
    }
    begin();
    parley_writer_start_string(&w, (parley_string){"a\0b", 3}, absent);
    assert_result(PARLEY_ILLEGAL);
    begin();
    parley_writer_start(&w, NULL, NULL);
    assert_result(PARLEY_ILLEGAL);
    begin();
    parley_writer_start(&w, "a", PARLEY_NS_XML);
    assert_result(PARLEY_ILLEGAL);
    begin();
    parley_writer_start(&w, "a", PARLEY_NS_XMLNS);
    assert_result(PARLEY_ILLEGAL);
    begin();
    parley_writer_start(&w, "a", "urn:\x01");
    assert_result(PARLEY_ILLEGAL);
    begin();
    parley_writer_start(&w, "\xf0\x90\x80\x80\xc2\xb7", NULL);
    parley_writer_end(&w);
    assert_written("<\xf0\x90\x80\x80\xc2\xb7/>");
}

/* Every code point, in text and in a value; surrogates in the form of CESU-8. */
static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char bytes[4];
        parley_string text = {bytes, rows_utf8(c, bytes)};
        bool legal = c >= 0x20 ? (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF
                               : c == 9 || c == 10 || c == 13;
        size_t len;

        begin();
        parley_writer_start(&w, "a", NULL);
        parley_writer_text(&w, text);
        parley_writer_end(&w);
        assert_int_equal(parley_writer_finish(&w, &len), legal ? PARLEY_OK : PARLEY_ILLEGAL);
        begin();
        parley_writer_start(&w, "a", NULL);
        parley_writer_attribute(&w, "b", text);
        parley_writer_end(&w);
        assert_int_equal(parley_writer_finish(&w, &len), legal ? PARLEY_OK : PARLEY_ILLEGAL);
    }
}

/* The vectors of UTF-8: refused if not UTF-8, whole, in text, value and namespace. */
static void ill_formed(void **state)
{
    rows r;
    char bytes[64];

    (void)state;
    rows_open(&r, "vectors/utf8.tsv");
    while (rows_next(&r)) {
        parley_string text = rows_unhex(r.field[0], bytes, sizeof bytes);
        guard g;
        const char *copy = guard_copy(&g, text.data, text.len);

        text.data = copy;
        if (strcmp(r.field[1], "invalid") == 0) {
            begin();
            parley_writer_start(&w, "a", NULL);
            parley_writer_text(&w, text);
            parley_writer_end(&w);
            assert_result(PARLEY_ILLEGAL);
            begin();
            parley_writer_start(&w, "a", NULL);
            parley_writer_attribute(&w, "b", text);
            parley_writer_end(&w);
            assert_result(PARLEY_ILLEGAL);
            begin();
            parley_writer_start_string(&w, S("a"), text);
            parley_writer_end(&w);
            assert_result(PARLEY_ILLEGAL);
        }
        guard_close(&g);
    }
    assert_int_equal(r.number, 99);
}

/* The first error stays, and nothing is written after it. */
static void errors_stick(void **state)
{
    size_t used;

    (void)state;
    begin();
    parley_writer_start(&w, "a", NULL);
    parley_writer_text(&w, S("\x01"));
    used = w.used;
    parley_writer_attribute(&w, "a", S("b"));
    parley_writer_start(&w, "b", "urn:b");
    parley_writer_text(&w, S("text"));
    parley_writer_base64(&w, "x", 1);
    parley_writer_end(&w);
    parley_writer_end(&w);
    parley_writer_end(&w);
    assert_int_equal(w.used, used);
    assert_result(PARLEY_ILLEGAL);
}

static void depth(void **state)
{
    static char large[PARLEY_WRITER_DEPTH * 8 + 16];
    size_t len;

    (void)state;
    for (int over = 0; over < 2; over++) {
        int count = PARLEY_WRITER_DEPTH + over;

        parley_writer_init(&w, large, sizeof large, absent);
        for (int i = 0; i < count; i++) {
            parley_writer_start(&w, "a", NULL);
        }
        for (int i = 0; i < count; i++) {
            parley_writer_end(&w);
        }
        assert_int_equal(parley_writer_finish(&w, &len), over ? PARLEY_REFUSED : PARLEY_OK);
        assert_int_equal(len, over ? 0 : PARLEY_WRITER_DEPTH * 7 - 3);
    }
}

static void write_sample(parley_writer *writer)
{
    parley_writer_start(writer, "iq", NULL);
    parley_writer_attribute(writer, "type", S("set"));
    parley_writer_attribute(writer, "id", S("'&\t"));
    parley_writer_start(writer, "bind", PARLEY_NS_BIND);
    parley_writer_start(writer, "resource", NULL);
    parley_writer_text(writer, S("a<b>\r\xe2\x82\xac"));
    parley_writer_end(writer);
    parley_writer_start(writer, "data", "");
    parley_writer_base64(writer, "1234", 4);
    parley_writer_end(writer);
    parley_writer_end(writer);
    parley_writer_start(writer, "e", NULL);
    parley_writer_end(writer);
    parley_writer_end(writer);
}

static void every_size(void **state)
{
    static const char expected[] =
        "<iq type='set' id='&apos;&amp;&#9;'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<resource>a&lt;b&gt;&#13;\xe2\x82\xac</resource><data xmlns=''>MTIzNA==</data></bind>"
        "<e/></iq>";
    const size_t needed = sizeof expected - 1;

    (void)state;
    for (size_t size = 0; size <= needed; size++) {
        size_t len = 1;
        guard g;
        char *exact = guard_open(&g, size);

        parley_writer_init(&w, exact, size, S(PARLEY_NS_CLIENT));
        write_sample(&w);
        assert_int_equal(parley_writer_finish(&w, &len),
                         size < needed ? PARLEY_NO_ROOM : PARLEY_OK);
        assert_int_equal(len, size < needed ? 0 : needed);
        guard_close(&g);
    }
    begin();
    write_sample(&w);
    assert_written(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),       cmocka_unit_test(namespaces),
        cmocka_unit_test(stream_prefix), cmocka_unit_test(base64),
        cmocka_unit_test(misuse),        cmocka_unit_test(attributes_that_are_misuse),
        cmocka_unit_test(names),         cmocka_unit_test(every_code_point),
        cmocka_unit_test(ill_formed),    cmocka_unit_test(errors_stick),
        cmocka_unit_test(depth),         cmocka_unit_test(every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
