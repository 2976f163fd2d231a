/* The cost is linear in the bytes, whatever the chunking: counted, not timed. The linker puts
   the functions below in front of the library's; they count the bytes that the machine and its
   runs are given and take, the places in memory that are looked at, the bytes moved, and the start
   tags that the machine takes, as they do not come whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "xml_internal.h"

uint64_t xml_places; /* of the stack */

static struct {
    uint64_t bytes;    /* taken by the machine, or in its place by the run that goes on */
    uint64_t runs;     /* entries into either */
    uint64_t appended; /* bytes */
    uint64_t tags;     /* that the machine took */
} cost;

const unsigned char *__real_parley_xml_machine(parley_xml *x, const unsigned char *p,
                                               const unsigned char *pe);
const unsigned char *__wrap_parley_xml_machine(parley_xml *x, const unsigned char *p,
                                               const unsigned char *pe);
bool __real_parley_xml_take_byte(parley_xml *x, const void *data, size_t len,
                                 parley_xml_token *token);
bool __wrap_parley_xml_take_byte(parley_xml *x, const void *data, size_t len,
                                 parley_xml_token *token);
void __real_parley_xml_append(parley_xml *x, const void *data, size_t len);
void __wrap_parley_xml_append(parley_xml *x, const void *data, size_t len);
const unsigned char *__real_parley_xml_element_start(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe);
const unsigned char *__wrap_parley_xml_element_start(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe);

const unsigned char *__wrap_parley_xml_machine(parley_xml *x, const unsigned char *p,
                                               const unsigned char *pe)
{
    const unsigned char *stopped = __real_parley_xml_machine(x, p, pe);

    cost.runs++;
    cost.bytes += (uint64_t)(stopped - p);
    return stopped;
}

bool __wrap_parley_xml_take_byte(parley_xml *x, const void *data, size_t len,
                                 parley_xml_token *token)
{
    bool taken = __real_parley_xml_take_byte(x, data, len, token);

    cost.runs++;
    cost.bytes += taken ? len : 0;
    return taken;
}

void __wrap_parley_xml_append(parley_xml *x, const void *data, size_t len)
{
    cost.appended += len;
    __real_parley_xml_append(x, data, len);
}

const unsigned char *__wrap_parley_xml_element_start(parley_xml *x, const unsigned char *p,
                                                     const unsigned char *pe)
{
    cost.tags++;
    return __real_parley_xml_element_start(x, p, pe);
}

static char *document;
static size_t document_len;

static void repeat(const char *before, const char *text, size_t times, const char *after)
{
    size_t len = strlen(text);

    document = malloc(strlen(before) + times * len + strlen(after) + 1);
    assert_non_null(document);
    strcpy(document, before);
    document_len = strlen(before);
    for (size_t i = 0; i < times; i++) {
        memcpy(document + document_len, text, len);
        document_len += len;
    }
    strcpy(document + document_len, after);
    document_len += strlen(after);
}

#define MEMORY (8u << 20)

static void run(uint16_t tree, uint32_t element, size_t step)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t *memory = malloc(MEMORY);
    parley_xml_token token;
    parley_xml x;
    size_t at = 0;

    assert_non_null(memory);
    memset(&cost, 0, sizeof cost);
    xml_places = 0;
    limits.element = element;
    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, MEMORY), PARLEY_OK);
    parley_xml_set_tree(&x, tree);
    while (at < document_len) {
        size_t size = document_len - at < step ? document_len - at : step;
        do {
            size_t taken = parley_xml_push(&x, document + at, size, &token);
            at += taken;
            size -= taken;
            if (token == PARLEY_XML_LARGE) {
                assert_int_equal(parley_xml_skip(&x), PARLEY_OK);
            }
            assert_int_not_equal(token, PARLEY_XML_ERROR);
        } while (token != PARLEY_XML_MORE);
    }
    assert_int_equal(parley_xml_finish(&x), PARLEY_OK);
    free(memory);
    /* Every byte goes through either once. */
    assert_int_equal(cost.bytes, document_len);
}

static uint64_t sum(void)
{
    return cost.bytes + cost.runs + xml_places + cost.appended;
}

static const char *const texts[] = {
    "<a/>",
    "<a b='1' c='2'>text &lt; <![CDATA[]]]]></a>",
    "x",
    "]",
    "&#x10FFFF;",
    "<![CDATA[]]>",
    "<p:a xmlns:p='u' p:b='1'/>",
    "\xE2\x82\xAC",
    "\r",
    "<abcdefghijklmnop></abcdefghijklmnop>",
};

/* As many bytes more cost no more than those before, in pieces of any size, kept, streamed or
   skipped; but where pieces end inside tags, which cost more, is not the same in each. */
static void linear_in_the_length(void **state)
{
    static const struct {
        uint16_t tree;
        uint32_t element;
    } modes[] = {{PARLEY_XML_NO_TREE, 0}, {0, 0}, {1, 0}, {0, 1000}, {1, 1000}};
    static const size_t steps[] = {1, 2, 7, 1460, SIZE_MAX};
    double worst = 0;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t m = 0; m < sizeof modes / sizeof modes[0]; m++) {
            for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
                uint64_t costs[3];
                for (size_t n = 0; n < 3; n++) {
                    repeat("<r>", texts[i], 700u * (n + 1), "</r>");
                    run(modes[m].tree, modes[m].element, steps[s]);
                    costs[n] = sum();
                    free(document);
                }
                worst = (double)costs[2] / (double)document_len > worst
                            ? (double)costs[2] / (double)document_len
                            : worst;
                if (costs[2] - costs[1] > (costs[1] - costs[0]) * 101 / 100 + 64) {
                    fail_msg("%s, tree %u, limit %u, step %zu: %llu, %llu, %llu", texts[i],
                             modes[m].tree, modes[m].element, steps[s],
                             (unsigned long long)costs[0], (unsigned long long)costs[1],
                             (unsigned long long)costs[2]);
                }
            }
        }
    }
    printf("figures: at most %.1f steps a byte\n", worst);
    assert_true(worst < 16);
}

/* One value, one text, one name of growing length, byte by byte. */
static void linear_in_one_piece(void **state)
{
    static const char *const frames[][2] = {
        {"<a b='", "'/>"}, {"<a>", "</a>"},  {"<a><![CDATA[", "]]></a>"},
        {"<a ", "/>"},     {"<a></a ", ">"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        uint64_t costs[2];
        for (size_t twice = 0; twice < 2; twice++) {
            repeat(frames[i][0], i < 3 ? "x" : " ", 20000u << twice, frames[i][1]);
            run(0, 0, 1);
            costs[twice] = sum();
            free(document);
        }
        assert_true(costs[1] <= costs[0] * 2 + 64);
    }
}

/* As many attributes more cost little more than those before, in the root's tag too and however it
   is cut: each name is compared with a few. */
static void linear_in_attributes(void **state)
{
    static const size_t steps[] = {1, 7, SIZE_MAX};

    (void)state;
    for (size_t s = 0; s < 2 * sizeof steps / sizeof steps[0]; s++) {
        uint64_t costs[3];
        for (unsigned n = 0; n < 3; n++) {
            char tag[1024] = "", name[16];
            for (unsigned i = 0; i < 16u << n; i++) {
                snprintf(name, sizeof name, " b%u=''", i);
                strcat(tag, name);
            }
            repeat(s % 2 > 0 ? "<r" : "<r><a", tag, 1, s % 2 > 0 ? "/>" : "/></r>");
            run(0, 0, steps[s / 2]);
            costs[n] = sum();
            free(document);
        }
        assert_true(costs[2] - costs[1] < (costs[1] - costs[0]) * 5 / 2);
    }
}

/* The quadratic checks, of attributes against each other and of prefixes against what is
   declared, are bounded by the limits: the worst tag a byte. */
static void bounded_by_the_limits(void **state)
{
    char tag[8192], name[64];
    size_t len;

    (void)state;
    strcpy(tag, "<a");
    for (int i = 0; i < 64; i++) {
        snprintf(name, sizeof name, i < 32 ? " xmlns:%c%c='u%d'" : " %c%c:b=''", 'a' + i % 32 / 16,
                 'a' + i % 16, i);
        strcat(tag, name);
    }
    strcat(tag, "/>");
    len = strlen(tag);
    repeat("<r>", tag, 100, "</r>");
    run(0, 0, SIZE_MAX);
    free(document);
    printf("figures: %.1f steps a byte with 32 declarations and 32 prefixes in each tag of %zu\n",
           (double)sum() / (100.0 * (double)len), len);
    assert_true(sum() < 100 * len * 100);
}

/* The same with as many declarations around as can be, in elements that are skipped. */
static void bounded_in_scope(void **state)
{
    char before[8192] = "<r", name[64];

    (void)state;
    for (int i = 0; i < 126; i++) {
        snprintf(name, sizeof name, "%s xmlns:%c%c='u'", i == 63 ? "><r" : "", 'a' + i / 16,
                 'a' + i % 16);
        strcat(before, name);
    }
    strcat(before, ">");
    repeat(before, "<aa:b/>", 5000, "</r></r>");
    run(0, 4000, SIZE_MAX);
    free(document);
    printf("figures: %.1f steps a byte with 126 declarations in scope\n",
           (double)sum() / (double)document_len);
    assert_true(sum() < document_len * 100);
}

/* Start tags that end in another piece than they begin in. */
static uint64_t cut_start_tags(size_t step)
{
    uint64_t cut = 0;
    bool inside = false;

    for (size_t i = 0; i < document_len; i++) {
        cut += inside && i % step == 0;
        if (document[i] == '<') {
            inside = document[i + 1] != '/';
        } else if (document[i] == '>') {
            inside = false;
        }
    }
    return cut;
}

/* What comes whole behind a tag that a piece cuts is taken whole, in a tree too: the machine takes
   the root's tag and those that are cut, and no other. */
static void whole_again_behind_a_cut(void **state)
{
    static const uint16_t trees[] = {PARLEY_XML_NO_TREE, 0, 1, 2};
    static const size_t steps[] = {50, 101, 1460, SIZE_MAX};

    (void)state;
    for (size_t t = 0; t < sizeof trees / sizeof trees[0]; t++) {
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            repeat("<r><tree>", "<a bc='d'>text</a><empty/><ff><g ></g>\n</ff>", 700,
                   "</tree></r>");
            run(trees[t], 0, steps[s]);
            assert_int_equal(cost.tags, 1 + cut_start_tags(steps[s]));
            free(document);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_in_the_length), cmocka_unit_test(linear_in_one_piece),
        cmocka_unit_test(linear_in_attributes), cmocka_unit_test(bounded_by_the_limits),
        cmocka_unit_test(bounded_in_scope),     cmocka_unit_test(whole_again_behind_a_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
