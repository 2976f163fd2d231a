/* Memory: the formula's worst cases, parking the root, exchanging the block, starting over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/seeded.h"
#include "common/xml_trace.h"

static xml_bench bench;
static char document[1 << 15];
static size_t document_len;

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

static void put(const char *text)
{
    size_t len = strlen(text);

    assert_true(document_len + len < sizeof document);
    memcpy(document + document_len, text, len + 1);
    document_len += len;
}

static void repeat(const char *before, const char *text, unsigned times, const char *after)
{
    document_len = 0;
    put(before);
    while (times-- > 0) {
        put(text);
    }
    put(after);
}

/* The document as a tree of the root fits by the formula; gives bytes used a byte. */
static double fits(unsigned depth, unsigned attributes)
{
    xml_setup setup = xml_setup_default();
    xml_cuts one = {0, 0, 0};

    setup.tree = 0;
    setup.limits.depth = (uint16_t)depth;
    setup.limits.attributes = (uint16_t)attributes;
    /* In whole words, as it is to end at a guard page. */
    setup.memory = (PARLEY_XML_MEMORY(document_len) + 3) / 4 * 4;
    xml_bench_run(&bench, &setup, one, document, document_len);
    if (bench.trace.verdict != PARLEY_OK || strstr(bench.trace.log, "\nlarge") != NULL) {
        fail_msg("%.60s...: does not fit", document);
    }
    return bench.trace.high / (double)document_len;
}

static void worst_cases(void **state)
{
    static const struct {
        const char *before, *text, *after;
        unsigned times;
    } rows[] = {
        {"<a>", "<a/>", "</a>", 1000},
        {"<a>", "<a/>x", "</a>", 1000},
        {"<a>x", "<a/>x", "</a>", 1000},
        {"<a>", "<a>x</a>", "</a>", 1000},
        {"<a>", "<a>x</a>x", "</a>", 1000},
        {"<a>", "<a b=''/>", "</a>", 1000},
        {"<a>", "<a xmlns=''/>", "</a>", 1000},
        {"<a>", "<a xmlns:a='a'/>", "</a>", 1000},
        {"<a>", "&lt;", "</a>", 1000},
        {"<a>", "<![CDATA[]]]]>", "</a>", 1000},
        {"<a>", "<abcde/>", "</a>", 1000},
        {"<a>", "<a/>12345", "</a>", 1000},
        {"<a/>", "", "", 0},
        {"<a>x</a>", "", "", 0},
        {"<a b=''>x<a/></a>", "", "", 0},
        {"<a>", "\xC3\xA9", "</a>", 1000},
    };
    double worst = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double used;
        repeat(rows[i].before, rows[i].text, rows[i].times, rows[i].after);
        used = fits(64, 64);
        worst = used > worst && rows[i].times > 0 ? used : worst;
    }
    printf("figures: at most %.2f bytes of memory a byte of XML\n", worst);
    assert_true(worst > 5.5 && worst <= 6.0);
}

/* Elements nested and with text before and after, attributes and declarations by hundreds. */
static void deep_and_wide(void **state)
{
    char name[32];

    (void)state;
    document_len = 0;
    for (int i = 0; i < 500; i++) {
        put(i % 2 ? "<a>x" : "<a>");
    }
    for (int i = 0; i < 500; i++) {
        put(i % 3 ? "</a>x" : "</a>");
    }
    document_len -= document[document_len - 1] == 'x';
    (void)fits(500, 64);
    document_len = 0;
    put("<a");
    for (int i = 0; i < 260; i++) {
        snprintf(name, sizeof name, " %c%c=''", 'a' + i / 26, 'a' + i % 26);
        put(name);
    }
    put("/>");
    (void)fits(64, 260);
    document_len = 0;
    put("<a");
    for (int i = 0; i < 260; i++) {
        snprintf(name, sizeof name, " xmlns:%c%c='u'", 'a' + i / 26, 'a' + i % 26);
        put(name);
    }
    put("/>");
    (void)fits(64, 260);
}

/* Random small pieces of every kind, many times. */
static void random_documents(void **state)
{
    static const char *const pieces[] = {"<a/>",
                                         "x",
                                         "<a>",
                                         "<a b='' c='d'>",
                                         "<a xmlns='u'/>",
                                         "<p:a xmlns:p='u'>",
                                         "&amp;",
                                         "<![CDATA[]]]>",
                                         "long text"};
    uint32_t seed = 7;

    (void)state;
    for (int n = 0; n < 3000; n++) {
        const char *ends[64];
        size_t depth = 1;
        uint32_t times = 1 + seeded_below(&seed, 60);

        document_len = 0;
        put("<a>");
        ends[0] = "</a>";
        while (times-- > 0) {
            uint32_t which = seeded_below(&seed, 12);
            if (which < 9 && depth < 60) {
                put(pieces[which]);
                if (which == 2 || which == 3 || which == 5) {
                    ends[depth++] = which == 5 ? "</p:a>" : "</a>";
                }
            } else if (depth > 1) {
                put(ends[--depth]);
            }
        }
        while (depth > 0) {
            put(ends[--depth]);
        }
        (void)fits(64, 64);
    }
}

static void parking(void **state)
{
    static const char stream[] =
        "<s:s xmlns='jabber:client' xmlns:s='urn:s' to='x' xml:lang='en' xmlns:p='urn:p'> "
        "<a p:b='1'><s:c xmlns:p='urn:q' p:d=''/></a>\n<s:e><![CDATA[]]></s:e>\r\n</s:s>";
    xml_setup setup = xml_setup_default();
    xml_trace unparked = {0};

    (void)state;
    for (uint16_t tree = 1; tree < 4; tree++) {
        setup.tree = tree;
        setup.park = false;
        xml_bench_every_cut(&bench, &setup, stream, strlen(stream), "not parked");
        assert_int_equal(bench.trace.verdict, PARLEY_OK);
        xml_trace_copy(&unparked, &bench.trace);
        setup.park = true;
        xml_bench_every_cut(&bench, &setup, stream, strlen(stream), "parked");
        assert_int_equal(bench.trace.verdict, PARLEY_OK);
        xml_trace_same(&bench.trace, &unparked, "parked");
    }
    xml_trace_free(&unparked);
}

static parley_xml_token push(parley_xml *x, const char *text)
{
    parley_xml_token token;

    assert_int_equal(parley_xml_push(x, text, strlen(text), &token), strlen(text));
    return token;
}

/* A root of which exactly so many bytes are kept fits; one more word does not. */
static void parking_bounds(void **state)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[1024];

    (void)state;
    for (int more = 0; more < 2; more++) {
        /* Records: 16 + 1 and 12 + 5 + value, in words; the attribute does not count. */
        int value = PARLEY_ROOT_SIZE - 20 - 17 + more * 4;
        parley_xml_token token;
        parley_xml x;

        document_len = 0;
        put("<a b='0123456789' xmlns='");
        memset(document + document_len, 'u', (size_t)value);
        document_len += (size_t)value;
        put("'>");
        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
        assert_int_equal(parley_xml_push(&x, document, document_len, &token), document_len);
        assert_int_equal(token, PARLEY_XML_START);
        assert_int_equal(parley_xml_park(&x), more ? PARLEY_NO_ROOM : PARLEY_OK);
        assert_int_equal(parley_element_attribute(parley_xml_element(&x), "b").len, more ? 10 : 0);
        assert_int_equal(parley_element_namespace(parley_xml_element(&x)).len, value);
        assert_int_equal(parley_xml_park(&x), more ? PARLEY_NO_ROOM : PARLEY_MISUSE);
        assert_int_equal(push(&x, "<b/>"), PARLEY_XML_START);
        assert_int_equal(parley_element_namespace(parley_xml_element(&x)).len, value);
    }
}

static bool is_zero(const void *memory, size_t len)
{
    const unsigned char *bytes = memory;

    while (len > 0 && bytes[len - 1] == 0) {
        len--;
    }
    return len == 0;
}

static void exchanging(void **state)
{
    static const char *const busy[] = {"<", "<a",   "&",   "&#", "]",    "]]",
                                       "x", "\xC3", "<a>", "</", "<a/>", "<a b=''"};
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t first[64] = {0}, second[64] = {0};
    parley_xml_token token;
    parley_xml x;

    (void)state;
    for (size_t i = 0; i < sizeof busy / sizeof busy[0]; i++) {
        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, first, sizeof first), PARLEY_OK);
        /* Before the root. */
        assert_true(parley_xml_idle(&x));
        assert_int_equal(parley_xml_memory(&x, second, sizeof second), PARLEY_OK);
        assert_int_equal(push(&x, "<r xmlns='u'>"), PARLEY_XML_START);
        assert_false(parley_xml_idle(&x));
        assert_int_equal(parley_xml_memory(&x, first, sizeof first), PARLEY_MISUSE);
        assert_int_equal(parley_xml_park(&x), PARLEY_OK);
        assert_true(parley_xml_idle(&x));
        assert_int_equal(parley_xml_memory(&x, (char *)first + 1, 100), PARLEY_MISUSE);
        assert_int_equal(parley_xml_memory(&x, NULL, 0), PARLEY_OK);
        assert_true(is_zero(second, sizeof second));
        /* White space passes without memory, and nothing else. */
        assert_int_equal(push(&x, " "), PARLEY_XML_TEXT);
        assert_int_equal(push(&x, "\r"), PARLEY_XML_TEXT);
        assert_int_equal(parley_xml_push(&x, "\n<", 2, &token), 1);
        assert_int_equal(token, PARLEY_XML_MORE);
        assert_int_equal(parley_xml_memory(&x, first, sizeof first), PARLEY_OK);
        assert_true(parley_xml_idle(&x));
        (void)parley_xml_push(&x, busy[i], strlen(busy[i]), &token);
        assert_false(parley_xml_idle(&x));
        assert_int_equal(parley_xml_memory(&x, second, sizeof second), PARLEY_MISUSE);
    }
    assert_false(is_zero(first, sizeof first));
    parley_xml_restart(&x);
    assert_true(is_zero(first, sizeof first));
    assert_true(is_zero(x.root, sizeof x.root));
    assert_int_equal(push(&x, "<r>"), PARLEY_XML_START);
    assert_int_equal(parley_xml_offset(&x), 3);
}

/* After an error too, and the limits and the depth of trees stay. */
static void starting_over(void **state)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[64];
    parley_xml_token token;
    parley_xml x;

    (void)state;
    limits.depth = 2;
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, 1);
    assert_int_equal(parley_xml_push(&x, "<a><b><c>", 9, &token), 3);
    assert_int_equal(parley_xml_push(&x, "<b><c>", 6, &token), 4);
    assert_int_equal(token, PARLEY_XML_ERROR);
    assert_int_equal(parley_xml_offset(&x), 7);
    parley_xml_restart(&x);
    assert_int_equal(parley_xml_error(&x), PARLEY_NO_ERROR);
    assert_int_equal(parley_xml_condition(&x), PARLEY_CONDITION_NONE);
    assert_int_equal(parley_xml_depth(&x), 0);
    assert_int_equal(push(&x, "<a>"), PARLEY_XML_START);
    assert_int_equal(push(&x, "<b/>"), PARLEY_XML_ELEMENT);
    assert_int_equal(parley_xml_push(&x, "<b><c>", 6, &token), 4);
    assert_int_equal(token, PARLEY_XML_ERROR);
    assert_int_equal(parley_xml_error(&x), PARLEY_ERROR_XML_DEPTH);
}

/* A parked root is no tree any more: nothing could be put behind it. */
static void parked_is_no_tree(void **state)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[64];
    parley_xml_token token;
    parley_xml x;

    (void)state;
    limits.element = 20;
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    assert_int_equal(push(&x, "<r xmlns='u'>"), PARLEY_XML_START);
    assert_int_equal(parley_xml_park(&x), PARLEY_OK);
    parley_xml_set_tree(&x, 0);
    assert_int_equal(push(&x, "<b>"), PARLEY_XML_START);
    (void)parley_xml_push(&x, "<c><d><e><f><g><h>", 18, &token);
    assert_int_equal(token, PARLEY_XML_START);
    assert_true(x.open >= PARLEY_ROOT_SIZE);
}

/* A root that limits count for stays where it is, though trees begin elsewhere by now: what is over
   the limit and skipped leaves it there. */
static void counted_is_not_parked(void **state)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[64];
    parley_xml_token token = PARLEY_XML_MORE;
    parley_xml x;

    (void)state;
    limits.element = 20;
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, 0);
    assert_int_equal(push(&x, "<r"), PARLEY_XML_MORE);
    parley_xml_set_tree(&x, PARLEY_XML_NO_TREE);
    assert_int_equal(push(&x, ">"), PARLEY_XML_START);
    assert_int_equal(parley_xml_park(&x), PARLEY_MISUSE);
    for (unsigned i = 0; i < limits.element && token != PARLEY_XML_LARGE; i++) {
        (void)parley_xml_push(&x, "x", 1, &token);
    }
    assert_int_equal(token, PARLEY_XML_LARGE);
    assert_int_equal(parley_xml_skip(&x), PARLEY_OK);
    assert_int_equal(push(&x, "</r>"), PARLEY_XML_END);
    assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
}

/* What is wiped ends with the block, wherever that is full: in a name, a value or text. */
static void wiping_ends(void **state)
{
    static const char text[] = "<a><b c='d' e=''>fghijklmnopqrstuvwxyz<h i='jklmnopq'/></b>";
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    unsigned char same[64];

    (void)state;
    memset(same, 0xA5, sizeof same);
    for (size_t size = PARLEY_XML_MEMORY(0); size < 4 * PARLEY_XML_MEMORY(0); size += 4) {
        for (size_t from = 3; from < sizeof text - 1; from++) {
            _Alignas(4) unsigned char memory[4 * PARLEY_XML_MEMORY(0) + sizeof same];
            parley_xml_token token = PARLEY_XML_MORE;
            parley_xml x;

            memset(memory, 0xA5, sizeof memory);
            assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, size), PARLEY_OK);
            parley_xml_set_tree(&x, 1);
            (void)push(&x, "<r>");
            for (size_t at = 0; at < sizeof text - 1 && token == PARLEY_XML_MORE;) {
                /* At once up to `from`, then byte by byte. */
                size_t len = at < from ? from - at : 1;
                at += parley_xml_push(&x, text + at, len, &token);
            }
            parley_xml_restart(&x);
            assert_memory_equal(memory + size, same, sizeof same);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worst_cases),       cmocka_unit_test(deep_and_wide),
        cmocka_unit_test(random_documents),  cmocka_unit_test(parking),
        cmocka_unit_test(parking_bounds),    cmocka_unit_test(exchanging),
        cmocka_unit_test(starting_over),     cmocka_unit_test(wiping_ends),
        cmocka_unit_test(parked_is_no_tree), cmocka_unit_test(counted_is_not_parked),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
