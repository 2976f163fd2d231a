/* parley_xml_read: what its handler may do. That it gives what pushes give, however the input is
   cut, is looked at wherever there are traces (common/xml_trace.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "parley/xml.h"

#define MEMORY 4096

static uint32_t memory[MEMORY / 4], other[MEMORY / 4];

/* What is done at a token, and what has been seen. */
typedef struct told told;
struct told {
    bool (*at)(told *t, parley_xml *x, parley_xml_token token);
    char log[256]; /* a letter and the offset for each token */
};

static bool tell(void *context, parley_xml *x, parley_xml_token token)
{
    told *t = context;
    size_t len = strlen(t->log);

    snprintf(t->log + len, sizeof t->log - len, " %c%llu", "-STEWL!"[token],
             (unsigned long long)parley_xml_offset(x));
    return t->at == NULL || t->at(t, x, token);
}

static parley_xml begin(unsigned cpu)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    parley_xml x;

    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, PARLEY_XML_NO_TREE);
    parley_xml_set_cpu(&x, cpu);
    return x;
}

static size_t read_all(parley_xml *x, const char *text, told *t)
{
    return parley_xml_read(x, text, strlen(text), tell, t);
}

/* Each test as the processor is, and with all that it has. */
static unsigned processors(unsigned i)
{
    return i == 0 ? 0 : parley_cpu_features();
}

static bool no_more(told *t, parley_xml *x, parley_xml_token token)
{
    (void)t;
    (void)x;
    (void)token;
    return false;
}

/* One token a call, and each is good until the next; an end that is due needs no byte. */
static void refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {no_more, ""};
        const char *text = "<a b='c'>dd<e/></a>";
        static const size_t taken[] = {9, 2, 4, 0, 4};

        for (size_t n = 0; n < 5; n++) {
            assert_int_equal(read_all(&x, text, &t), taken[n]);
            text += taken[n];
            if (n != 1) {
                assert_non_null(parley_xml_element(&x).xml);
            } else {
                assert_int_equal(parley_xml_text(&x).len, 2);
            }
        }
        assert_string_equal(t.log, " S9 T11 S15 E15 E19");
        assert_int_equal(read_all(&x, text, &t), 0);
        assert_null(parley_xml_element(&x).xml);
        assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
    }
}

/* The child is kept as a tree. */
static bool keep_child(told *t, parley_xml *x, parley_xml_token token)
{
    (void)t;
    if (token == PARLEY_XML_START && parley_xml_depth(x) == 2) {
        parley_xml_set_tree(x, 1);
    }
    return true;
}

static void trees_from_there_on(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {keep_child, ""};

        assert_int_equal(read_all(&x, "<a><b>cc<d/></b><e/></a>", &t), 24);
        assert_string_equal(t.log, " S3 S6 W16 W20 E24");
        assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
    }
}

static bool short_names(told *t, parley_xml *x, parley_xml_token token)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;

    (void)t;
    (void)token;
    limits.name = 3;
    parley_xml_set_limits(x, &limits);
    return true;
}

/* And an error is given once a call, after which nothing is taken. */
static void limits_from_there_on(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {short_names, ""};

        assert_int_equal(read_all(&x, "<aaaa><bbb/><cccc/></aaaa>", &t), 16);
        assert_string_equal(t.log, " S6 S12 E12 !16");
        assert_int_equal(parley_xml_error(&x), PARLEY_ERROR_XML_NAME);
        assert_int_equal(read_all(&x, "<d/>", &t), 0);
        assert_string_equal(t.log, " S6 S12 E12 !16 !16");
    }
}

/* The memory goes with the end of a first-level element. */
static bool take_memory(told *t, parley_xml *x, parley_xml_token token)
{
    (void)t;
    if (token == PARLEY_XML_START && parley_xml_depth(x) == 1) {
        assert_int_equal(parley_xml_park(x), PARLEY_OK);
    } else if (token == PARLEY_XML_END && parley_xml_depth(x) == 1) {
        assert_int_equal(parley_xml_memory(x, NULL, 0), PARLEY_OK);
    }
    return true;
}

static void without_memory(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {take_memory, ""};

        assert_int_equal(read_all(&x, "<a><b/> \n<c/></a>", &t), 9);
        assert_string_equal(t.log, " S3 S7 E7 T9");
        assert_int_equal(read_all(&x, "<c/></a>", &t), 0);
        assert_string_equal(t.log, " S3 S7 E7 T9");
        assert_int_equal(parley_xml_memory(&x, other, sizeof other), PARLEY_OK);
        t.at = NULL;
        assert_int_equal(read_all(&x, "<c/></a>", &t), 8);
        assert_string_equal(t.log, " S3 S7 E7 T9 S13 E13 E17");
        assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
    }
}

static bool skip_large(told *t, parley_xml *x, parley_xml_token token)
{
    (void)t;
    if (token == PARLEY_XML_LARGE) {
        assert_int_equal(parley_xml_skip(x), PARLEY_OK);
    }
    return true;
}

/* Bytes and elements are counted as they are by pushes; what is not skipped is an error. */
static void large(void **state)
{
    static const struct {
        bool skips;
        uint32_t element;
        uint16_t elements;
        const char *log;
    } cases[] = {
        {true, 7, 0, " S3 S6 T7 L10 E15 S19 E19 E23"},
        {false, 7, 0, " S3 S6 T7 L10 !10"},
        {true, 8, 0, " S3 S6 T7 S11 E11 L11 E15 S19 E19 E23"},
        {false, 8, 0, " S3 S6 T7 S11 E11 L11 !11"},
        {true, 0, 1, " S3 S6 T7 S11 E11 L11 E15 S19 E19 E23"},
        {false, 0, 1, " S3 S6 T7 S11 E11 L11 !11"},
    };

    (void)state;
    for (unsigned i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        parley_xml x = begin(processors(i % 2));
        parley_limits limits = PARLEY_LIMITS_DEFAULT;
        told t = {cases[i / 2].skips ? skip_large : NULL, ""};

        limits.element = cases[i / 2].element;
        limits.elements = cases[i / 2].elements;
        parley_xml_set_limits(&x, &limits);
        read_all(&x, "<a><b>t<c/></b><d/></a>", &t);
        assert_string_equal(t.log, cases[i / 2].log);
    }
}

/* Behind the root's end comes white space alone. */
static void behind_the_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {NULL, ""};

        assert_int_equal(read_all(&x, "<a>t</a> <b/>", &t), 10);
        assert_string_equal(t.log, " S3 T4 E8 !10");
        assert_int_equal(parley_xml_error(&x), PARLEY_ERROR_XML_NOT_WELL_FORMED);
    }
}

/* Half a character, then a byte that none begins or goes on with. */
static void half_a_character(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        told t = {NULL, ""};

        read_all(&x, "<a>t\xC3", &t);
        assert_string_equal(t.log, " S3 T5");
        assert_int_equal(read_all(&x, "</a>", &t), 0);
        assert_string_equal(t.log, " S3 T5 !5");
    }
}

/* Read and pushed in turn. Nothing is read without a byte, unless it is due. */
static void and_pushed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        parley_xml x = begin(processors(i));
        parley_xml_token token;
        told t = {NULL, ""};

        assert_int_equal(parley_xml_read(&x, NULL, 0, tell, &t), 0);
        assert_string_equal(t.log, "");
        assert_int_equal(parley_xml_push(&x, "<a><b/>", 7, &token), 3);
        assert_int_equal(parley_xml_push(&x, "<b/>", 4, &token), 4);
        assert_int_equal(token, PARLEY_XML_START);
        assert_int_equal(parley_xml_read(&x, NULL, 0, tell, &t), 0);
        assert_string_equal(t.log, " E7");
        assert_int_equal(parley_xml_push(&x, "<c></c></a>", 11, &token), 3);
        assert_int_equal(token, PARLEY_XML_START);
        assert_int_equal(parley_xml_push(&x, "</c></a>", 8, &token), 4);
        assert_int_equal(token, PARLEY_XML_END);
        assert_int_equal(read_all(&x, "</a>", &t), 4);
        assert_string_equal(t.log, " E7 E18");
        assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(trees_from_there_on),
        cmocka_unit_test(limits_from_there_on),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(large),
        cmocka_unit_test(behind_the_end),
        cmocka_unit_test(half_a_character),
        cmocka_unit_test(and_pushed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
