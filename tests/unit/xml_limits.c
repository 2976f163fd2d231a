/* Limits, at the bound and one past it; elements that are too large, kept and skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void expect(const xml_setup *setup, const char *document, parley_code error, uint64_t offset)
{
    xml_bench_every_cut(&bench, setup, document, strlen(document), document);
    if (bench.trace.error != error || bench.trace.offset != offset) {
        fail_msg("%s: error %d at %llu, not %d at %llu", document, bench.trace.error,
                 (unsigned long long)bench.trace.offset, error, (unsigned long long)offset);
    }
    if (error >= PARLEY_ERROR_XML_DEPTH) {
        assert_int_equal(bench.trace.condition, PARLEY_POLICY_VIOLATION);
    }
}

static const uint16_t trees[] = {PARLEY_XML_NO_TREE, 0, 1, 2};

static void depth(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        setup.limits.depth = 3;
        expect(&setup, "<a><b><c/></b><b><c></c></b></a>", PARLEY_NO_ERROR, 32);
        expect(&setup, "<a><b><c><d/></c></b></a>", PARLEY_ERROR_XML_DEPTH, 10);
        setup.limits.depth = 1;
        expect(&setup, "<a></a>", PARLEY_NO_ERROR, 7);
        expect(&setup, "<a><b/></a>", PARLEY_ERROR_XML_DEPTH, 4);
    }
}

static void attributes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        setup.limits.attributes = 2;
        expect(&setup, "<a b='' c=''><b b='' xmlns='u'/></a>", PARLEY_NO_ERROR, 36);
        expect(&setup, "<a b='' c='' d=''/>", PARLEY_ERROR_XML_ATTRIBUTES, 13);
        expect(&setup, "<a><b xmlns='u' c='' d=''/></a>", PARLEY_ERROR_XML_ATTRIBUTES, 21);
    }
}

/* Of the tree, or of a first-level element where there are none; what stands around is one each
   time. The byte is the one behind the start tag. */
static void elements(void **state)
{
    static const char four[] = "<a><b><c/><d/><e/></b></a>";
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.keep = true;
    setup.limits.elements = 3;
    expect(&setup, "<a><b><c/><d></d></b><b><c><d/></c></b></a>", PARLEY_NO_ERROR, 43);
    setup.tree = 0;
    expect(&setup, "<a><b/><c/></a>", PARLEY_NO_ERROR, 15);
    expect(&setup, "<a><b/><c/><d/></a>", PARLEY_ERROR_XML_ELEMENTS, 15);
    setup.tree = 1;
    expect(&setup, "<a><b><c/><d></d></b><b><c><d/></c></b></a>", PARLEY_NO_ERROR, 43);
    expect(&setup, four, PARLEY_ERROR_XML_ELEMENTS, 18);
    expect(&setup, "<a><b><c><d><ee></ee></d></c></b></a>", PARLEY_ERROR_XML_ELEMENTS, 16);
    setup.tree = 2;
    expect(&setup, "<a><b><c/><c/><c/><c><d/><e/></c></b></a>", PARLEY_NO_ERROR, 41);
    expect(&setup, "<a><b><c><d/><e/><f/></c></b></a>", PARLEY_ERROR_XML_ELEMENTS, 21);
    setup.tree = PARLEY_XML_NO_TREE;
    expect(&setup, four, PARLEY_ERROR_XML_ELEMENTS, 18);
    setup.limits.elements = 0;
    expect(&setup, "<a><b><c/><d/><e/><f/></b></a>", PARLEY_NO_ERROR, 30);
}

/* Too many are left out as too many bytes are. */
static void elements_skipped(void **state)
{
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 1;
    setup.limits.elements = 3;
    expect(&setup,
           "<a><b n='1'><c/><d/><ee x='y'>z</ee><f/><g/></b><b><c/><d/></b><b><c/><d/><e/></b></a>",
           PARLEY_NO_ERROR, 86);
    assert_string_equal(
        bench.trace.log,
        "\n<{}a \nlarge\n<{}b  {}n=1\nskipped\n/{}b\n<{}b \n<{}c \n/{}c\n<{}d \n/{}d"
        "\n/{}b\nlarge\n<{}b \nskipped\n/{}b\n/{}a");
}

/* Twice as many declarations in scope as attributes in a tag. */
static void declarations(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        setup.limits.attributes = 2;
        expect(&setup,
               "<a xmlns='u' xmlns:p='u'><b xmlns:p='u'><c xmlns='u'/><c xmlns='v'/></b>"
               "<b xmlns='u' xmlns:p='u'/></a>",
               PARLEY_NO_ERROR, 102);
        expect(&setup, "<a xmlns='u' xmlns:p='u'><b xmlns:p='u'><c xmlns='u' xmlns:p='v'/></b></a>",
               PARLEY_ERROR_XML_ATTRIBUTES, 65);
        setup.park = i > 1;
        expect(&setup, "<a xmlns='u' xmlns:p='u'><b xmlns='u' xmlns:p='v'><p:c xmlns=''/></b></a>",
               PARLEY_ERROR_XML_ATTRIBUTES, 64);
    }
}

/* While an element is skipped, too. */
static void declarations_skipped(void **state)
{
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 1;
    setup.limits.attributes = 2;
    setup.limits.element = 30;
    expect(&setup, "<a xmlns='u'><b xmlns='u' xmlns:p='v'><c xmlns='' a='1'/><c xmlns=''/></b></a>",
           PARLEY_NO_ERROR, 78);
    expect(&setup,
           "<a xmlns='u'><b xmlns='u' xmlns:p='v'><c xmlns='' a='1'/><c xmlns=''><d xmlns=''/>",
           PARLEY_ERROR_XML_ATTRIBUTES, 81);
    assert_non_null(strstr(bench.trace.log, "skipped"));
}

static void names(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        setup.limits.name = 4;
        expect(&setup, "<abcd xml='1' abcd='2'></abcd>", PARLEY_NO_ERROR, 30);
        expect(&setup, "<abcde/>", PARLEY_ERROR_XML_NAME, 5);
        expect(&setup, "<a abcde=''/>", PARLEY_ERROR_XML_NAME, 7);
        /* The colon counts, and the bytes do, not the characters. */
        expect(&setup, "<abc:d/>", PARLEY_ERROR_XML_NAME, 5);
        expect(&setup, "<abcd:e/>", PARLEY_ERROR_XML_NAME, 5);
        expect(&setup, "<\xC3\xA9\xC3\xA9/>", PARLEY_NO_ERROR, 7);
        expect(&setup, "<a\xC3\xA9\xC3\xA9/>", PARLEY_ERROR_XML_NAME, 5);
        /* What is wrong before the limit comes first. */
        expect(&setup, "<abc\xC3>", PARLEY_ERROR_XML_NOT_WELL_FORMED, 5);
        expect(&setup, "<abcd\xC3>", PARLEY_ERROR_XML_NAME, 5);
    }
}

/* A first-level element of 20 bytes from its '<' to its last '>'. */
static void element_bytes(void **state)
{
    static const char *const elements[] = {
        "<b c='1'>234567</b >",
        "<b c='1' xmlns='u'/>",
        "<b><c><d/></c>x</b  >",
        "<b>&lt;<![CDATA[]]></b>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        for (size_t k = 0; k < 3; k += 2) {
            uint32_t len = (uint32_t)strlen(elements[i]);
            xml_setup setup = xml_setup_default();
            char document[128];

            /* White space and text between first-level elements do not count. */
            int total = snprintf(document, sizeof document,
                                 "<r> \n %s      xxxxxxxxxxxxxxxxxxx%s"
                                 "</r        >",
                                 elements[i], elements[i]);
            setup.tree = trees[k];
            setup.keep = true;
            setup.limits.element = len;
            expect(&setup, document, PARLEY_NO_ERROR, (uint64_t)total);
            setup.limits.element = len - 1;
            expect(&setup, document, PARLEY_ERROR_XML_ELEMENT, 6 + len - 1);
            assert_non_null(strstr(bench.trace.log, "\nlarge"));
            setup.limits.element = 0;
            expect(&setup, document, PARLEY_NO_ERROR, (uint64_t)total);
        }
    }
}

/* The start tags of elements that contain trees are bounded too, each by itself. */
static void header_bytes(void **state)
{
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 2;
    setup.limits.element = 12;
    expect(&setup, "<?xml version='1.0'?>       <abcdefghijk><a/></abcdefghijk>",
           PARLEY_ERROR_XML_ELEMENT, 40);
    assert_null(strstr(bench.trace.log, "large"));
    expect(&setup, "<?xml version='1.0'?>       <abcdefghij ></abcdefghij >",
           PARLEY_ERROR_XML_ELEMENT, 40);
    expect(&setup, "<abcdefghij><abcdefghij>xxxxxxxxxxxxxxxxxxxxxxxx<a>3456789</></abcdefghij></a>",
           PARLEY_ERROR_XML_NOT_WELL_FORMED, 60);
    expect(&setup, "<a><abcdefghij></abcdefghij></a>", PARLEY_NO_ERROR, 32);
    assert_null(strstr(bench.trace.log, "large"));
    /* Inside the root it is left out, as what it contains would be. */
    expect(&setup, "<a><abcdefghijk><b/>x</abcdefghijk><c/></a>", PARLEY_NO_ERROR, 43);
    assert_string_equal(bench.trace.log,
                        "\n<{}a \nlarge\nskipped\n/{}abcdefghijk\n<{}c \n/{}c\n/{}a");
}

/* What is skipped leaves its start tag, and what follows goes on. */
static void skipping(void **state)
{
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 1;
    setup.limits.element = 30;
    expect(&setup,
           "<r xmlns:p='u'><m a='1' p:b='2'><p:c xmlns:p='v' d=''><e p:f=''>x</e></p:c>y</m>"
           "<n p:g=''/></r>",
           PARLEY_NO_ERROR, 95);
    /* The limit lies in the start tag of the element inside. */
    assert_string_equal(
        bench.trace.log,
        "\n<{}r \nlarge\n<{}m  {}a=1 {u}b=2\nskipped\n/{}m\n<{}n  {u}g=\n/{}n\n/{}r");
    /* In its own start tag: there is nothing to show before its end. */
    setup.limits.element = 15;
    expect(&setup,
           "<r xmlns:p='u'><m a='1' p:b='2'><p:c xmlns:p='v' d=''><e p:f=''>x</e></p:c>y</m>"
           "<n p:g=''/></r>",
           PARLEY_NO_ERROR, 95);
    assert_string_equal(bench.trace.log, "\n<{}r \nlarge\nskipped\n/{}m\n"
                                         "<{}n  {u}g=\n/{}n\n/{}r");
    /* Well-formedness is checked all the same. */
    expect(&setup, "<r><m>0123456789012345678901234567890123456789<a b='1' b='2'/></m></r>",
           PARLEY_ERROR_XML_NOT_WELL_FORMED, 56);
    expect(&setup, "<r><m>0123456789012345678901234567890123456789<p:a/></m></r>",
           PARLEY_ERROR_XML_NAMESPACE, 51);
    expect(&setup, "<r><m>0123456789012345678901234567890123456789<a></b></m></r>",
           PARLEY_ERROR_XML_NOT_WELL_FORMED, 51);
    expect(&setup, "<r><m>0123456789012345678901234567890123456789\xC3</m></r>",
           PARLEY_ERROR_XML_NOT_WELL_FORMED, 47);
    expect(&setup, "<r><m>0123456789012345678901234567890123456789]]></m></r>",
           PARLEY_ERROR_XML_NOT_WELL_FORMED, 48);
    setup.limits.depth = 3;
    expect(&setup, "<r><m>0123456789012345678901234567890123456789<a><b/></a></m></r>",
           PARLEY_ERROR_XML_DEPTH, 50);
    /* Without trees it is the first-level element. */
    setup.limits.element = 30;
    setup.tree = PARLEY_XML_NO_TREE;
    expect(&setup, "<r><m n='1'><a>b</a>012345678901234567890123456789<c/></m><n/></r>",
           PARLEY_NO_ERROR, 66);
    assert_string_equal(bench.trace.log,
                        "\n<{}r \n<{}m  {}n=1\n<{}a \n\"b\n/{}a\n\"0123456789012\nlarge"
                        "\n<{}m  {}n=1\nskipped\n/{}m\n<{}n \n/{}n\n/{}r");
}

/* Values that are not kept are looked at whole, however little room there is. */
static void values_beyond_the_room(void **state)
{
    static const char before[] = "<r><m>0123456789012345678901234567890123456789<a b='";
    static const char after[] = "'/></m></r>";
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 1;
    setup.limits.element = 20;
    setup.memory = 160;
    for (size_t len = 1; len < 120; len++) {
        char document[512];
        size_t end = sizeof before - 1 + len;

        memcpy(document, before, sizeof before - 1);
        memset(document + sizeof before - 1, 'x', len);
        memcpy(document + end, after, sizeof after);
        expect(&setup, document, PARLEY_NO_ERROR, end + sizeof after - 1);
        document[end - 1] = '\xC3';
        expect(&setup, document, PARLEY_ERROR_XML_NOT_WELL_FORMED, end);
    }
}

/* Memory that is too small for the tree, for its start tag, for anything. */
static void short_memory(void **state)
{
    static const char document[] =
        "<r xmlns:p='u'><m a='123456789' p:b='2'><p:c xmlns:p='v'><e p:f='0123456789012345678901234"
        "567890123456789'>x</e></p:c>0123456789012345678901234567890123456789</m><n p:g=''/></r>";
    unsigned large = 0, no_room = 0, errors = 0, whole = 0;
    xml_setup setup = xml_setup_default();

    (void)state;
    setup.tree = 1;
    for (size_t memory = PARLEY_XML_MEMORY(0); memory < 600; memory += 4) {
        setup.memory = memory;
        xml_bench_every_cut(&bench, &setup, document, strlen(document), "short memory");
        assert_true(bench.trace.error == PARLEY_NO_ERROR ||
                    bench.trace.error == PARLEY_ERROR_XML_MEMORY);
        if (bench.trace.error == PARLEY_NO_ERROR) {
            assert_int_equal(bench.trace.verdict, PARLEY_OK);
            assert_non_null(strstr(bench.trace.log, "/{}m\n<{}n  {u}g=\n/{}n\n/{}r"));
        }
        errors += bench.trace.error != PARLEY_NO_ERROR;
        no_room += strstr(bench.trace.log, "no room to skip") != NULL;
        large += strstr(bench.trace.log, "skipped") != NULL;
        whole += bench.trace.error == PARLEY_NO_ERROR && strstr(bench.trace.log, "large") == NULL;
    }
    /* Each happens, in this order. */
    assert_true(errors > 0 && no_room > 0 && large > 0 && whole > 0);
}

/* A limit that comes in the middle of a name which is longer already: it ends there, by whichever
   way it would go on. Its length would not fit its record. */
static void lower_within_a_name(void **state)
{
    static const char begun[] = "<nameofanelement";
    static uint32_t memory[1 << 15];
    static char rest[1 << 16];

    (void)state;
    memset(rest, 'n', sizeof rest);
    for (size_t len = 1; len <= sizeof rest; len *= 16) {
        parley_limits limits = PARLEY_LIMITS_DEFAULT;
        parley_xml_token token;
        parley_xml x;

        limits.element = 0;
        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
        (void)parley_xml_push(&x, begun, sizeof begun - 1, &token);
        limits.name = 4;
        parley_xml_set_limits(&x, &limits);
        assert_int_equal(parley_xml_push(&x, rest, len, &token), 0);
        assert_int_equal(token, PARLEY_XML_ERROR);
        assert_int_equal(parley_xml_error(&x), PARLEY_ERROR_XML_NAME);
    }
}

static void misuse(void **state)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    parley_limits none = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[64];
    parley_xml x;

    (void)state;
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    assert_int_equal(parley_xml_skip(&x), PARLEY_MISUSE);
    assert_int_equal(parley_xml_park(&x), PARLEY_MISUSE);
    assert_null(parley_xml_element(&x).xml);
    assert_int_equal(parley_xml_init(NULL, sizeof x, &limits, memory, sizeof memory),
                     PARLEY_MISUSE);
    assert_int_equal(parley_xml_init(&x, sizeof x - 1, &limits, memory, sizeof memory),
                     PARLEY_MISUSE);
    assert_int_equal(parley_xml_init(&x, sizeof x, NULL, memory, sizeof memory), PARLEY_MISUSE);
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, NULL, sizeof memory), PARLEY_MISUSE);
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, (char *)memory + 2, 200),
                     PARLEY_MISUSE);
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, PARLEY_XML_MEMORY(0) - 1),
                     PARLEY_MISUSE);
    none.depth = 0;
    assert_int_equal(parley_xml_init(&x, sizeof x, &none, memory, sizeof memory), PARLEY_MISUSE);
    none = limits;
    none.attributes = 0;
    assert_int_equal(parley_xml_init(&x, sizeof x, &none, memory, sizeof memory), PARLEY_MISUSE);
    none = limits;
    none.name = 0;
    assert_int_equal(parley_xml_init(&x, sizeof x, &none, memory, sizeof memory), PARLEY_MISUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth),
        cmocka_unit_test(attributes),
        cmocka_unit_test(elements),
        cmocka_unit_test(elements_skipped),
        cmocka_unit_test(names),
        cmocka_unit_test(declarations),
        cmocka_unit_test(declarations_skipped),
        cmocka_unit_test(element_bytes),
        cmocka_unit_test(header_bytes),
        cmocka_unit_test(skipping),
        cmocka_unit_test(values_beyond_the_room),
        cmocka_unit_test(short_memory),
        cmocka_unit_test(lower_within_a_name),
        cmocka_unit_test(misuse),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
