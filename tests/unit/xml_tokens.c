/* Tokens: normalisation, references, CDATA, the declaration; refusals, each with its byte;
   every document at every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/xml_trace.h"

static xml_bench bench;

static int open_bench(void **state)
{
    (void)state;
    xml_bench_open(&bench);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    xml_bench_close(&bench);
    return 0;
}

/* XML 2.11 and 3.3.3. */
static void normalisation(void **state)
{
    (void)state;
    xml_bench_expect(&bench, "<a>p\r\nq\rr\n\rs\r\r\nt\t</a>",
                     "\n<{}a \n\"p\\0aq\\0ar\\0a\\0as\\0a\\0at\\09\n/{}a");
    xml_bench_expect(&bench, "<a>&#13;\n&#xD;&#10;\r&#10;</a>",
                     "\n<{}a \n\"\\0d\\0a\\0d\\0a\\0a\\0a\n/{}a");
    xml_bench_expect(&bench, "<a><![CDATA[\r\n]\r]]\r\n\r]]></a>",
                     "\n<{}a \n\"\\0a]\\0a]]\\0a\\0a\n/{}a");
    xml_bench_expect(&bench, "<a b='p\r\nq\rr\n\rs\r\r\nt\tu v'/>",
                     "\n<{}a  {}b=p\\20q\\20r\\20\\20s\\20\\20t\\20u\\20v\n/{}a");
    xml_bench_expect(&bench, "<a b=\"&#13;\n&#10;&#9;\r&#10;\r\"/>",
                     "\n<{}a  {}b=\\0d\\20\\0a\\09\\20\\0a\\20\n/{}a");
    xml_bench_expect(&bench, "<a\r\nb\n=\r'c'\t>\r</a\n>\r\n\t ", "\n<{}a  {}b=c\n\"\\0a\n/{}a");
}

static void references(void **state)
{
    (void)state;
    xml_bench_expect(&bench,
                     "<a b='&lt;&gt;&amp;&apos;&quot;&#38;lt;'>&lt;&gt;&amp;&apos;&quot;</a>",
                     "\n<{}a  {}b=<>&'\\22&lt;\n\"<>&'\\22\n/{}a");
    xml_bench_expect(&bench,
                     "<a>&#65;&#x42;&#x0000000000000000000000043;&#00000000000000000068;</a>",
                     "\n<{}a \n\"ABCD\n/{}a");
    xml_bench_expect(&bench, "<a>&#x7f;&#x80;&#x7FF;&#x800;&#xFFFD;&#x10000;&#x10fFfF;</a>",
                     "\n<{}a \n\"\\7f\\c2\\80\\df\\bf\\e0\\a0\\80\\ef\\bf\\bd\\f0\\90\\80\\80"
                     "\\f4\\8f\\bf\\bf\n/{}a");
    xml_bench_expect_error(&bench, "<a>&#x110000;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 11);
    xml_bench_expect_error(&bench, "<a>&#1114112;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 11);
    xml_bench_expect_error(&bench, "<a>&#4294967361;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 11);
    xml_bench_expect_error(&bench, "<a b='&#xD800;'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 13);
    xml_bench_expect_error(&bench, "<a>&#0;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a>&;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "<a>&l;</a>", PARLEY_ERROR_XML_RESTRICTED, 5);
    xml_bench_expect_error(&bench, "<a>&ltx;</a>", PARLEY_ERROR_XML_RESTRICTED, 6);
    xml_bench_expect_error(&bench, "<a>&lt </a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a>&nbsp;</a>", PARLEY_ERROR_XML_RESTRICTED, 4);
    xml_bench_expect_error(&bench, "<a>&a.b;</a>", PARLEY_ERROR_XML_RESTRICTED, 5);
    xml_bench_expect_error(&bench, "<a>&1;</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "<a b='&lt'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 9);
    xml_bench_expect_error(&bench, "<a>&\xC3\xA9;</a>", PARLEY_ERROR_XML_RESTRICTED, 4);
}

/* XML 14, 18 to 21. */
static void text_and_cdata(void **state)
{
    (void)state;
    xml_bench_expect(&bench, "<a>x<![CDATA[]]]]><![CDATA[>]]>y]]<![CDATA[<&]>]]]]>></a>",
                     "\n<{}a \n\"x]]>y]]<&]>]]>\n/{}a");
    xml_bench_expect(&bench, "<a>]]&gt;]]<b/>>]] >]</a>",
                     "\n<{}a \n\"]]>]]\n<{}b \n/{}b\n\">]]\\20>]\n/{}a");
    xml_bench_expect(&bench, "<a><![CDATA[]\xC3\xA9]]\xE2\x82\xAC]]]></a>",
                     "\n<{}a \n\"]\\c3\\a9]]\\e2\\82\\ac]\n/{}a");
    xml_bench_expect(&bench, "<a><![CDATA[]]></a>", "\n<{}a \n/{}a");
    xml_bench_expect_error(&bench, "<a>]]></a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
    xml_bench_expect_error(&bench, "<a>]]]]></a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 7);
    xml_bench_expect_error(&bench, "<a>\x0B</a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 3);
    xml_bench_expect_error(&bench, "<a><![CDATA[]\x01", PARLEY_ERROR_XML_NOT_WELL_FORMED, 13);
    xml_bench_expect_error(&bench, "<a><![CDATA]", PARLEY_ERROR_XML_NOT_WELL_FORMED, 11);
    xml_bench_expect_error(&bench, "<![CDATA[x]]><a/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 2);
    xml_bench_expect_error(&bench, "<a/><![CDATA[]]>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a/>x", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "<a/><b/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
    xml_bench_expect_error(&bench, "<a></a></a>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 8);
    xml_bench_expect_error(&bench, "<a/>&lt;", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
}

static void tags(void **state)
{
    (void)state;
    xml_bench_expect(&bench, "<abc><abcd></abcd><ab/></abc>",
                     "\n<{}abc \n<{}abcd \n/{}abcd\n<{}ab \n/{}ab\n/{}abc");
    xml_bench_expect_error(&bench, "<abc></ab>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 9);
    xml_bench_expect_error(&bench, "<abc></ab >", PARLEY_ERROR_XML_NOT_WELL_FORMED, 9);
    xml_bench_expect_error(&bench, "<abc></abcd>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 10);
    xml_bench_expect_error(&bench, "<abc></aBc>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 8);
    xml_bench_expect_error(&bench, "<a></a x>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 7);
    xml_bench_expect_error(&bench, "<a></a/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a></>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
    xml_bench_expect_error(&bench, "<a b='1' c='2' b='3'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 16);
    xml_bench_expect_error(&bench, "<a b='1'b='2'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 8);
    xml_bench_expect_error(&bench, "<a b/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "<a b=c/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
    xml_bench_expect_error(&bench, "<a b='<'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a / >", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "<1/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 1);
    xml_bench_expect_error(&bench, "<a -b=''/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 3);
    xml_bench_expect_error(&bench, "<a\xC3\x97/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 3);
    xml_bench_expect_error(&bench, "<\xCC\x80/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 2);
    xml_bench_expect_error(&bench, "<a:\xCC\x80/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 4);
    xml_bench_expect_error(&bench, "x", PARLEY_ERROR_XML_NOT_WELL_FORMED, 0);
}

/* RFC 6120 11.1: at the byte that makes it certain. */
static void restricted(void **state)
{
    static const struct {
        const char *document;
        uint64_t offset;
    } rows[] = {
        {"<!--x--><a/>", 3},
        {"<a><!--", 6},
        {"<a/><!--", 7},
        {"<!DOCTYPE a><a/>", 2},
        {"<a><!DOCTYPE", 5},
        {"<a><!ELEMENT", 5},
        {"<a><!ATTLIST", 5},
        {"<a><!NOTATION", 5},
        {"<a><!ENTITY", 5},
        {"<?php?><a/>", 2},
        {"<?xmlx?><a/>", 5},
        {"<?xm ?><a/>", 4},
        {"<?XML version='1.0'?>", 2},
        {"<?xml-stylesheet", 5},
        {" <?xml version='1.0'?>", 2},
        {"<a><?b?>", 4},
        {"<a/><?b?>", 5},
        {"<a/> <?b?>", 6},
        {"<?xml version='1.0'?><?b?>", 22},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        xml_bench_expect_error(&bench, rows[i].document, PARLEY_ERROR_XML_RESTRICTED,
                               rows[i].offset);
        assert_int_equal(bench.trace.condition, PARLEY_RESTRICTED_XML);
    }
    xml_bench_expect_error(&bench, "<a><!-x", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<a><!x", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
    xml_bench_expect_error(&bench, "<a><![I", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6);
    xml_bench_expect_error(&bench, "<?1?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 2);
}

/* XML 23 to 26, 32, 80; RFC 6120 11.5, 11.6. */
static void declaration(void **state)
{
    static const char *const accepted[] = {
        "<?xml version='1.0'?><a/>",
        "<?xml\t\r\nversion = \"1.0\" \n?>\r\n<a/>",
        "<?xml version='1.123456789' encoding='utf-8' standalone='yes'?><a/>",
        "<?xml version='1.0' standalone=\"no\" ?><a/>",
        "<?xml version=\"1.0\" encoding=\"uTf-8\"?><a/>",
    };
    static const struct {
        const char *document;
        parley_code error;
        uint64_t offset;
    } refused[] = {
        {"<?xml version='2.0'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 15},
        {"<?xml version='1.'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 17},
        {"<?xml version='1.0\"?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 18},
        {"<?xml?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5},
        {"<?xml ?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 6},
        {"<?xml version='1.0'encoding='UTF-8'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 19},
        {"<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
         PARLEY_ERROR_XML_NOT_WELL_FORMED, 37},
        {"<?xml version='1.0' standalone='maybe'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 32},
        {"<?xml version='1.0' ? >", PARLEY_ERROR_XML_NOT_WELL_FORMED, 21},
        {"<?xml version='1.0' encoding='UTF-16'?>", PARLEY_ERROR_XML_ENCODING, 34},
        {"<?xml version='1.0' encoding='UTF-8x'?>", PARLEY_ERROR_XML_ENCODING, 35},
        {"<?xml version='1.0' encoding='UTF'?>", PARLEY_ERROR_XML_ENCODING, 33},
        {"<?xml version='1.0' encoding='ISO-8859-1'?>", PARLEY_ERROR_XML_ENCODING, 30},
        {"<?xml version='1.0' encoding=''?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 30},
        {"<?xml version='1.0' encoding='8'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 30},
        {"<?xml version='1.0' encoding='UTF 8'?>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 33},
        {"\xFF\xFE<", PARLEY_ERROR_XML_ENCODING, 0},
        {"\xFE\xFF", PARLEY_ERROR_XML_ENCODING, 0},
        {"\xEF\xBB\xBF<a/>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 0},
        {" \xFF", PARLEY_ERROR_XML_NOT_WELL_FORMED, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        xml_bench_expect(&bench, accepted[i], "\n<{}a \n/{}a");
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        xml_bench_expect_error(&bench, refused[i].document, refused[i].error, refused[i].offset);
    }
}

/* Zero bytes: UTF-16 or UTF-32 among the first two, else not a Char. */
static void zero_bytes(void **state)
{
    static const struct {
        const char *document;
        size_t len;
        parley_code error;
        uint64_t offset;
    } rows[] = {
        {"\0<\0a", 4, PARLEY_ERROR_XML_ENCODING, 0},
        {"<\0a\0", 4, PARLEY_ERROR_XML_ENCODING, 1},
        {"\0\0\0<", 4, PARLEY_ERROR_XML_ENCODING, 0},
        {" \0", 2, PARLEY_ERROR_XML_ENCODING, 1},
        {"<a\0", 3, PARLEY_ERROR_XML_NOT_WELL_FORMED, 2},
        {"<a>\0", 4, PARLEY_ERROR_XML_NOT_WELL_FORMED, 3},
        {"<a/>\0", 5, PARLEY_ERROR_XML_NOT_WELL_FORMED, 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        xml_setup setup = xml_setup_default();

        xml_bench_every_cut(&bench, &setup, rows[i].document, rows[i].len, "zero");
        assert_int_equal(bench.trace.error, rows[i].error);
        assert_int_equal(bench.trace.offset, rows[i].offset);
    }
}

/* A document is whole only after its root; the end can come at any byte before. */
static void every_end(void **state)
{
    static const char document[] =
        "<?xml version='1.0'?> <a b='\xC3\xA9&lt;'>x&#65;<b/><![CDATA[]]y]]></a > ";
    xml_setup setup = xml_setup_default();
    xml_cuts one = {0, 0, 0};
    size_t root_ends = strlen(document) - 1;

    (void)state;
    for (size_t len = 0; len <= strlen(document); len++) {
        xml_bench_run(&bench, &setup, one, document, len);
        assert_int_equal(bench.trace.verdict, len < root_ends ? PARLEY_MORE : PARLEY_OK);
    }
    xml_bench_run(&bench, &setup, one, "<a/><", 5);
    assert_int_equal(bench.trace.verdict, PARLEY_MORE);
    xml_bench_run(&bench, &setup, one, "<a/>x", 5);
    assert_int_equal(bench.trace.verdict, PARLEY_ILLEGAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalisation),  cmocka_unit_test(references),
        cmocka_unit_test(text_and_cdata), cmocka_unit_test(tags),
        cmocka_unit_test(restricted),     cmocka_unit_test(declaration),
        cmocka_unit_test(zero_bytes),     cmocka_unit_test(every_end),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
