/* Namespaces in XML 1.0: scope, resolution, the reserved names, uniqueness by expanded name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/attributes_alike.h"
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

static void scope(void **state)
{
    (void)state;
    xml_bench_expect(&bench, "<a xmlns='u'><b xmlns=''><c/></b><d/></a>",
                     "\n<{u}a \n<{}b \n<{}c \n/{}c\n/{}b\n<{u}d \n/{u}d\n/{u}a");
    xml_bench_expect(&bench, "<p:a xmlns:p='u'><p:b xmlns:p='v'><p:c/></p:b><p:d/></p:a>",
                     "\n<{u}a p\n<{v}b p\n<{v}c p\n/{v}c\n/{v}b\n<{u}d p\n/{u}d\n/{u}a");
    /* Attributes without a prefix have no namespace, whatever the default one is. */
    xml_bench_expect(&bench, "<a xmlns='u' b='1' xmlns:p='u' p:b='2'/>",
                     "\n<{u}a  {}b=1 {u}b=2\n/{u}a");
    /* Before its declaration in the same tag. */
    xml_bench_expect(&bench, "<p:a p:b='1' xmlns:p='u'/>", "\n<{u}a p {u}b=1\n/{u}a");
    /* The xml prefix is bound without and with a declaration. */
    xml_bench_expect(&bench, "<xml:a xml:lang='en'/>",
                     "\n<{http://www.w3.org/XML/1998/namespace}a xml "
                     "{http://www.w3.org/XML/1998/namespace}lang=en\n"
                     "/{http://www.w3.org/XML/1998/namespace}a");
    xml_bench_expect(&bench, "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:b='&#x31;'/>",
                     "\n<{}a  {http://www.w3.org/XML/1998/namespace}b=1\n/{}a");
    /* Names are compared as they are after normalisation, not as URIs. */
    xml_bench_expect(&bench, "<a xmlns:p='u' xmlns:q='U' xmlns:r='%75' p:b='' q:b='' r:b=''/>",
                     "\n<{}a  {u}b= {U}b= {%75}b=\n/{}a");
    xml_bench_expect(&bench, "<a xmlns='jabber:client&#10;message'/>",
                     "\n<{jabber:client\\0amessage}a \n/{jabber:client\\0amessage}a");
    /* Prefixes that begin like xml are only reserved. */
    xml_bench_expect(&bench, "<xmlx:a xmlns:xmlx='u' xmlns:XML='v' XML:b=''/>",
                     "\n<{u}a xmlx {v}b=\n/{u}a");
    xml_bench_expect(&bench, "<xmlns xmlnsx='1' x:xmlns='2' xmlns:x='u'/>",
                     "\n<{}xmlns  {}xmlnsx=1 {u}xmlns=2\n/{}xmlns");
}

static void refusals(void **state)
{
    static const struct {
        const char *document;
        uint64_t offset;
    } rows[] = {
        {"<p:a/>", 5},
        {"<a p:b=''/>", 10},
        {"<a><p:b xmlns:p='u'/><p:c/></a>", 26},
        {"<a><b xmlns:p='u'/><c p:d=''/></a>", 29},
        {"<a xmlns:p=''/>", 12},
        {"<a xmlns:p='u'><b xmlns:p=''/></a>", 27},
        {"<xmlns:a/>", 6},
        {"<a><xmlns:b", 9},
        {"<a xmlns:xmlns='u'/>", 14},
        {"<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", 14},
        {"<a xmlns='http://www.w3.org/2000/xmlns/'/>", 39},
        {"<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", 41},
        {"<a xmlns='http://www.w3.org/XML/1998/namespace'/>", 46},
        {"<r><a xmlns='http://www.w3.org/2000/xmlns/'/></r>", 42},
        {"<r><a xmlns='http://www.w3.org/XML/1998/namespace'/></r>", 49},
        {"<a xmlns:p='http://www.w3.org/XML/1998/namespac&#101;'/>", 53},
        {"<a xmlns:xml='u'/>", 15},
        {"<a xmlns:xml=''/>", 14},
        {"<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", 43},
        {"<a xmlns:p='u'><b xmlns:q='&#117;' q:c='' p:c=''/></a>", 49},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        xml_bench_expect_error(&bench, rows[i].document, PARLEY_ERROR_XML_NAMESPACE,
                               rows[i].offset);
        /* RFC 6120 11.3, rule 4. */
        assert_int_equal(bench.trace.condition, PARLEY_NOT_WELL_FORMED);
    }
    /* By QName it is XML's own rule, and certain at the end of the name. */
    xml_bench_expect_error(&bench, "<a xmlns:p='u' p:b='1' p:b='2'/>",
                           PARLEY_ERROR_XML_NOT_WELL_FORMED, 26);
    xml_bench_expect_error(&bench, "<a xmlns='u' xmlns='v'/>", PARLEY_ERROR_XML_NOT_WELL_FORMED,
                           18);
}

static void qnames(void **state)
{
    static const struct {
        const char *document;
        uint64_t offset;
    } rows[] = {
        {"<:a/>", 1},         {"<a:/>", 3},          {"<a::b/>", 3},         {"<a:b:c/>", 4},
        {"<a:1/>", 3},        {"<a:-/>", 3},         {"<a b:=''/>", 5},      {"<a :b=''/>", 3},
        {"<a b:c:d=''/>", 6}, {"<a xmlns:=''/>", 9}, {"<a xmlns:1=''/>", 9}, {"<a: b=''/>", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        xml_bench_expect_error(&bench, rows[i].document, PARLEY_ERROR_XML_NOT_WELL_FORMED,
                               rows[i].offset);
    }
}

/* Every pair of 8 attributes, by every one of 8 prefixes of 4 namespaces. */
static void uniqueness(void **state)
{
    char document[512];

    (void)state;
    for (unsigned a = 0; a < 8; a++) {
        for (unsigned b = 0; b < 8; b++) {
            bool is_repeated = a % 4 == b % 4;
            int len = snprintf(document, sizeof document,
                               "<r xmlns:p0='0' xmlns:p1='1' xmlns:p2='2' xmlns:p3='3'>"
                               "<e xmlns:p4='0' xmlns:p5='1' xmlns:p6='2' xmlns:p7='3' "
                               "x='' p%u:x='' y='' p%u:x=''/></r>",
                               a, b);
            if (a == b) {
                xml_bench_expect_error(&bench, document, PARLEY_ERROR_XML_NOT_WELL_FORMED,
                                       (uint64_t)len - 9);
            } else if (is_repeated) {
                xml_bench_expect_error(&bench, document, PARLEY_ERROR_XML_NAMESPACE,
                                       (uint64_t)len - 5);
            } else {
                xml_bench_expect(&bench, document, NULL);
            }
        }
    }
}

/* A name among many that stands there again, wherever; and where all are mixed to the same. */
static void one_of_many(void **state)
{
    char document[2048], name[16];

    (void)state;
    for (size_t a = 0; a < 64; a += 7) {
        for (unsigned alike = 0; alike < 2; alike++) {
            for (unsigned in_root = 0; in_root < 2; in_root++) {
                strcpy(document, in_root ? "<e" : "<r><e");
                for (size_t i = 0; i < 64; i++) {
                    size_t which = i == 63 ? a : i;
                    snprintf(name, sizeof name, "xml:a%zu", which);
                    strcat(document, " ");
                    strcat(document, alike           ? attributes_alike[which]
                                     : which % 9 > 0 ? name + 4
                                                     : name);
                    strcat(document, "=''");
                }
                strcat(document, in_root ? "/>" : "/></r>");
                if (a == 63) {
                    xml_bench_expect(&bench, document, NULL);
                } else {
                    size_t behind = in_root ? 5 : 9;
                    xml_bench_expect_error(&bench, document, PARLEY_ERROR_XML_NOT_WELL_FORMED,
                                           strlen(document) - behind);
                }
            }
        }
    }
}

/* Names behind a value so long that they are too far to be in the tree of them. */
static void far_from_the_first(void **state)
{
    static const char *const ends[] = {"' c='' d='' e=''/>", "' c='' d='' c=''/>",
                                       "' c='' d='' b=''/>"};
    enum { LONG = 300000, MEMORY = 8 * LONG };
    char *document = malloc(LONG + 32);
    uint32_t *memory = malloc(MEMORY);

    (void)state;
    assert_true(document != NULL && memory != NULL);
    for (size_t i = 0; i < 6; i++) {
        parley_limits limits = PARLEY_LIMITS_DEFAULT;
        parley_xml_token token = PARLEY_XML_MORE;
        size_t begin = i % 2 > 0 ? 3 : 0;
        parley_xml x;

        limits.element = 0;
        memset(document, 'v', LONG);
        memcpy(document, "<r><a b='", 9);
        strcpy(document + LONG, ends[i / 2]);
        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, MEMORY), PARLEY_OK);
        for (size_t at = begin; at < strlen(document) && token != PARLEY_XML_ERROR;) {
            at += parley_xml_push(&x, document + at, strlen(document) - at, &token);
        }
        assert_int_equal(parley_xml_error(&x),
                         i < 2 ? PARLEY_NO_ERROR : PARLEY_ERROR_XML_NOT_WELL_FORMED);
        assert_int_equal(parley_xml_offset(&x) + begin, strlen(document) - (i < 2 ? 0 : 5));
    }
    free(document);
    free(memory);
}

static void default_namespace(void **state)
{
    static const char *const documents[] = {"<a xmlns='u'>", "<p:a xmlns:p='u'>",
                                            "<a xmlns='u'><b xmlns=''>", "<a xmlns='u'><b>"};
    static const char *const expected[] = {"u", "", "", "u"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint32_t memory[64];
        parley_limits limits = PARLEY_LIMITS_DEFAULT;
        parley_xml_token token;
        parley_xml x;
        size_t at = 0;

        assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
        assert_int_equal(parley_xml_default_namespace(&x).len, 0);
        do {
            at += parley_xml_push(&x, documents[i] + at, strlen(documents[i]) - at, &token);
        } while (token != PARLEY_XML_MORE);
        assert_true(
            parley_string_equal(parley_xml_default_namespace(&x), parley_string_of(expected[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scope),
        cmocka_unit_test(refusals),
        cmocka_unit_test(qnames),
        cmocka_unit_test(uniqueness),
        cmocka_unit_test(one_of_many),
        cmocka_unit_test(far_from_the_first),
        cmocka_unit_test(default_namespace),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
