/* Cursors: names, attributes, children, text, nodes, walks; keeping an element as a tree after
   its start was told, and taking one child by child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "parley/xml.h"

static uint32_t memory[4096];
static parley_xml x;

#define XML_NS "http://www.w3.org/XML/1998/namespace"

static void begin(uint16_t tree)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;

    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, tree);
}

/* Pushes up to the token, which must be next, and gives its element. */
static parley_element push(const char **text, parley_xml_token expected)
{
    parley_xml_token token;

    *text += parley_xml_push(&x, *text, strlen(*text), &token);
    assert_int_equal(token, expected);
    return parley_xml_element(&x);
}

static parley_element parse(const char *document)
{
    begin(0);
    return push(&document, PARLEY_XML_ELEMENT);
}

static void assert_string(parley_string string, const char *expected)
{
    assert_non_null(string.data);
    assert_int_equal(string.len, strlen(expected));
    assert_memory_equal(string.data, expected, string.len);
}

static void names(void **state)
{
    parley_element e = parse("<p:abc xmlns:p='urn:p'/>");

    (void)state;
    assert_string(parley_element_name(e), "abc");
    assert_string(parley_element_prefix(e), "p");
    assert_string(parley_element_namespace(e), "urn:p");
    assert_true(parley_element_is(e, "abc", "urn:p"));
    assert_true(parley_element_is(e, "abc", NULL));
    assert_true(parley_element_is(e, NULL, "urn:p"));
    assert_false(parley_element_is(e, "abc", ""));
    assert_false(parley_element_is(e, "ab", "urn:p"));
    assert_false(parley_element_is(e, "abcd", "urn:p"));
    assert_false(parley_element_is(e, "abc", "urn:"));
    e = parse("<a/>");
    assert_string(parley_element_namespace(e), "");
    assert_string(parley_element_prefix(e), "");
    assert_true(parley_element_is(e, "a", ""));
}

static void attributes(void **state)
{
    parley_element e = parse("<a to='x' xmlns='u' p:to='y' e='' xmlns:p='v' xml:lang='en'/>");
    parley_attribute attribute;
    uint32_t next = 0;

    (void)state;
    assert_string(parley_element_attribute(e, "to"), "x");
    assert_string(parley_element_attribute(e, "e"), "");
    assert_null(parley_element_attribute(e, "from").data);
    assert_null(parley_element_attribute(e, "lang").data);
    assert_null(parley_element_attribute(e, "xmlns").data);
    assert_string(parley_element_attribute_in(e, "to", "v"), "y");
    assert_null(parley_element_attribute_in(e, "to", "u").data);
    assert_string(parley_element_attribute_in(e, "lang", XML_NS), "en");

    assert_true(parley_element_attributes(e, &next, &attribute));
    assert_string(attribute.name, "to");
    assert_string(attribute.space, "");
    assert_true(parley_element_attributes(e, &next, &attribute));
    assert_string(attribute.name, "to");
    assert_string(attribute.space, "v");
    assert_string(attribute.prefix, "p");
    assert_string(attribute.value, "y");
    assert_true(parley_element_attributes(e, &next, &attribute));
    assert_string(attribute.name, "e");
    assert_true(parley_element_attributes(e, &next, &attribute));
    assert_string(attribute.prefix, "xml");
    assert_false(parley_element_attributes(e, &next, &attribute));
    assert_false(parley_element_attributes(e, &next, &attribute));
}

static void children(void **state)
{
    parley_element e = parse("<a>x<b/>y<c n='1'><b/></c>z<c n='2'/><d xmlns='u'/>w</a>");
    parley_element child, other;

    (void)state;
    assert_int_equal(parley_element_children(e), 4);
    assert_true(parley_element_child(e, &child));
    assert_string(parley_element_name(child), "b");
    assert_false(parley_element_child(child, &other));
    assert_int_equal(parley_element_children(child), 0);
    assert_true(parley_element_next(&child));
    assert_string(parley_element_attribute(child, "n"), "1");
    assert_true(parley_element_child(child, &other));
    assert_false(parley_element_next(&other));
    assert_true(parley_element_next(&child));
    assert_string(parley_element_attribute(child, "n"), "2");
    assert_true(parley_element_next(&child));
    assert_true(parley_element_is(child, "d", "u"));
    assert_false(parley_element_next(&child));
    assert_true(parley_element_is(child, "d", "u"));
    /* Of the tree's element there are none. */
    assert_false(parley_element_next(&e));

    assert_true(parley_element_find(e, "c", "", &child));
    assert_string(parley_element_attribute(child, "n"), "1");
    assert_true(parley_element_find(e, "d", NULL, &child));
    assert_false(parley_element_find(e, "d", "", &child));
    assert_false(parley_element_find(e, "e", NULL, &child));
    assert_false(parley_element_find(parse("<a>x</a>"), "e", NULL, &child));
}

static void text(void **state)
{
    parley_string string;
    parley_element e, child;

    (void)state;
    assert_int_equal(parley_element_text(parse("<a/>"), &string), PARLEY_OK);
    assert_string(string, "");
    assert_int_equal(parley_element_text(parse("<a><![CDATA[]]></a>"), &string), PARLEY_OK);
    assert_string(string, "");
    assert_int_equal(parley_element_text(parse("<a>x&lt;<![CDATA[y]]>\r\nz</a>"), &string),
                     PARLEY_OK);
    assert_string(string, "x<y\nz");
    assert_int_equal(parley_element_text(parse("<a>x<b/></a>"), &string), PARLEY_ILLEGAL);
    e = parse("<a><b>12</b><c>345</c></a>");
    assert_true(parley_element_child(e, &child));
    assert_int_equal(parley_element_text(child, &string), PARLEY_OK);
    assert_string(string, "12");
    assert_true(parley_element_next(&child));
    assert_int_equal(parley_element_text(child, &string), PARLEY_OK);
    assert_string(string, "345");
}

static void nodes(void **state)
{
    parley_element e = parse("<a>x<b/><c/>&gt;</a>");
    parley_node node;
    uint32_t next = 0;

    (void)state;
    assert_true(parley_element_nodes(e, &next, &node) && node.is_text);
    assert_string(node.text, "x");
    assert_true(parley_element_nodes(e, &next, &node) && !node.is_text);
    assert_string(parley_element_name(node.element), "b");
    assert_true(parley_element_nodes(e, &next, &node) && !node.is_text);
    assert_string(parley_element_name(node.element), "c");
    assert_true(parley_element_nodes(e, &next, &node) && node.is_text);
    assert_string(node.text, ">");
    assert_false(parley_element_nodes(e, &next, &node));
    assert_false(parley_element_nodes(e, &next, &node));
    next = 0;
    assert_false(parley_element_nodes(parse("<a/>"), &next, &node));
    assert_false(parley_element_nodes(parse("<a/>"), &next, &node));
}

/* A walk as a string: names for START, '/' and names for END, text as it is. */
static void assert_walk(parley_element e, const char *expected)
{
    char log[256];
    size_t len = 0;
    parley_walk walk;
    parley_step step;

    parley_walk_init(&walk, e);
    while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        parley_string s = step == PARLEY_STEP_TEXT ? walk.text : parley_element_name(walk.element);

        assert_true(len + s.len + 2 < sizeof log);
        log[len] = step == PARLEY_STEP_END ? '/' : step == PARLEY_STEP_START ? '<' : '"';
        memcpy(log + len + 1, s.data, s.len);
        len += s.len + 1;
    }
    log[len] = '\0';
    assert_string_equal(log, expected);
    assert_int_equal(parley_walk_next(&walk), PARLEY_STEP_DONE);
}

static void walks(void **state)
{
    parley_element e, child;

    (void)state;
    assert_walk(parse("<a/>"), "<a/a");
    assert_walk(parse("<a>t</a>"), "<a\"t/a");
    assert_walk(parse("<a><b><c>1</c></b>2<d>3<e/>4</d></a>"), "<a<b<c\"1/c/b\"2<d\"3<e/e\"4/d/a");
    assert_walk(parse("<a>1<b>2<c>3<d/></c></b></a>"), "<a\"1<b\"2<c\"3<d/d/c/b/a");
    /* Of an element inside: only it. */
    e = parse("<a><b>1<c/>2</b><d/></a>");
    assert_true(parley_element_child(e, &child));
    assert_walk(child, "<b\"1<c/c\"2/b");
    assert_true(parley_element_next(&child));
    assert_walk(child, "<d/d");
}

/* What START and END give has no content, and no siblings. */
static void bare_elements(void **state)
{
    const char *document = "<a b='1'><c/>x</a>";
    parley_element e, child;
    parley_string string;

    (void)state;
    begin(PARLEY_XML_NO_TREE);
    e = push(&document, PARLEY_XML_START);
    assert_string(parley_element_attribute(e, "b"), "1");
    assert_false(parley_element_child(e, &child));
    assert_false(parley_element_next(&e));
    assert_int_equal(parley_element_text(e, &string), PARLEY_OK);
    assert_walk(e, "<a/a");
    (void)push(&document, PARLEY_XML_START);
    e = push(&document, PARLEY_XML_END);
    assert_string(parley_element_name(e), "c");
    assert_false(parley_element_next(&e));
    (void)push(&document, PARLEY_XML_TEXT);
    e = push(&document, PARLEY_XML_END);
    assert_string(parley_element_attribute(e, "b"), "1");
    assert_false(parley_element_child(e, &child));
    assert_null(push(&document, PARLEY_XML_MORE).xml);
}

static void kept_after_start(void **state)
{
    const char *document = "<s><m><b>1</b></m><n/><iq><q><i j='1'/><i j='2'><g/></i></q></iq></s>";

    (void)state;
    begin(2);
    (void)push(&document, PARLEY_XML_START);
    assert_int_equal(parley_xml_depth(&x), 1);
    (void)push(&document, PARLEY_XML_START);
    assert_int_equal(parley_xml_depth(&x), 2);
    parley_xml_set_tree(&x, 1);
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<m<b\"1/b/m");
    parley_xml_set_tree(&x, 2);
    /* An empty element too. */
    assert_string(parley_element_name(push(&document, PARLEY_XML_START)), "n");
    parley_xml_set_tree(&x, 1);
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<n/n");
    /* Child by child, ever deeper. */
    parley_xml_set_tree(&x, 2);
    assert_string(parley_element_name(push(&document, PARLEY_XML_START)), "iq");
    parley_xml_set_tree(&x, 3);
    assert_string(parley_element_name(push(&document, PARLEY_XML_START)), "q");
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<i/i");
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<i<g/g/i");
    assert_int_equal(parley_xml_depth(&x), 3);
    assert_string(parley_element_name(push(&document, PARLEY_XML_END)), "q");
    assert_string(parley_element_name(push(&document, PARLEY_XML_END)), "iq");
    assert_string(parley_element_name(push(&document, PARLEY_XML_END)), "s");
    assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
}

/* An element kept after its start counts from its '<'. */
static void limit_bytes(uint32_t bytes)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;

    limits.element = bytes;
    parley_xml_set_limits(&x, &limits);
}

static void kept_and_bounded(void **state)
{
    const char *document = "<s><m><b>1</b></m><m><b>12</b></m></s>";

    (void)state;
    begin(2);
    limit_bytes(15);
    (void)push(&document, PARLEY_XML_START);
    (void)push(&document, PARLEY_XML_START);
    parley_xml_set_tree(&x, 1);
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<m<b\"1/b/m");
    parley_xml_set_tree(&x, 2);
    (void)push(&document, PARLEY_XML_START);
    parley_xml_set_tree(&x, 1);
    (void)push(&document, PARLEY_XML_LARGE);
    assert_int_equal(parley_xml_offset(&x), 18 + 15);
    assert_int_equal(parley_xml_skip(&x), PARLEY_OK);
    assert_string(parley_element_name(push(&document, PARLEY_XML_END)), "m");
    assert_string(parley_element_name(push(&document, PARLEY_XML_END)), "s");
}

/* So does one inside a first-level element that is being told, which is counted itself. */
static void kept_inside(void **state)
{
    const char *document = "<s><m>0123456789<b>1</b>0123456789<b>12</b></m></s>";
    parley_xml_token token;

    (void)state;
    begin(PARLEY_XML_NO_TREE);
    limit_bytes(20);
    (void)push(&document, PARLEY_XML_START);
    (void)push(&document, PARLEY_XML_START);
    (void)push(&document, PARLEY_XML_TEXT);
    (void)push(&document, PARLEY_XML_START);
    limit_bytes(8);
    parley_xml_set_tree(&x, 2);
    assert_walk(push(&document, PARLEY_XML_ELEMENT), "<b\"1/b");
    /* Text, in pieces of any length. */
    do {
        document += parley_xml_push(&x, document, strlen(document), &token);
    } while (token == PARLEY_XML_TEXT);
    assert_int_equal(token, PARLEY_XML_LARGE);
    assert_int_equal(parley_xml_offset(&x), 42);
}

/* What is skipped from within its own start tag has its name, its namespaces and the
   values before the limit at its end; the values from there on are empty. */
static void skipped_start_tag(void **state)
{
    const char *document = "<s><m d='1234' a='12345678901234567890' p:b='2' xmlns:p='urn:p' c='3'>"
                           "<n a='1' p:d='2'>x</n></m></s>";
    parley_element e;

    (void)state;
    begin(1);
    limit_bytes(20);
    (void)push(&document, PARLEY_XML_START);
    assert_null(push(&document, PARLEY_XML_LARGE).xml);
    assert_int_equal(parley_xml_skip(&x), PARLEY_OK);
    e = push(&document, PARLEY_XML_END);
    assert_string(parley_element_name(e), "m");
    assert_string(parley_element_attribute(e, "d"), "1234");
    assert_string(parley_element_attribute(e, "a"), "");
    assert_string(parley_element_attribute_in(e, "b", "urn:p"), "");
    assert_string(parley_element_attribute(e, "c"), "");
}

/* Not skipped, it is the error that it would be. */
static void not_skipped(void **state)
{
    const char *document = "<s><m>12345678901234567890</m></s>";
    parley_xml_token token;

    (void)state;
    begin(1);
    limit_bytes(20);
    (void)push(&document, PARLEY_XML_START);
    assert_string(parley_element_name(push(&document, PARLEY_XML_LARGE)), "m");
    assert_int_equal(parley_xml_push(&x, document, strlen(document), &token), 0);
    assert_int_equal(token, PARLEY_XML_ERROR);
    assert_int_equal(parley_xml_error(&x), PARLEY_ERROR_XML_ELEMENT);
    assert_int_equal(parley_xml_condition(&x), PARLEY_POLICY_VIOLATION);
    assert_int_equal(parley_xml_skip(&x), PARLEY_MISUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(attributes),
        cmocka_unit_test(children),
        cmocka_unit_test(text),
        cmocka_unit_test(nodes),
        cmocka_unit_test(walks),
        cmocka_unit_test(bare_elements),
        cmocka_unit_test(kept_after_start),
        cmocka_unit_test(kept_and_bounded),
        cmocka_unit_test(kept_inside),
        cmocka_unit_test(skipped_start_tag),
        cmocka_unit_test(not_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
