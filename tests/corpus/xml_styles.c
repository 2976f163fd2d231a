/* The three output styles of the XML machine agree: tokens, error and offset, over the cases
   and over mutants of them, in one piece and cut at random. This program holds all three in
   place of the library's one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "common/xml_mutants.h"
#include "common/xml_trace.h"
#include "xml_internal.h"

#define MUTANTS 200000

#define DECLARE(style)                                                          \
    void style##_begin(parley_xml *x);                                          \
    void style##_epilog(parley_xml *x);                                         \
    const unsigned char *style##_machine(parley_xml *x, const unsigned char *p, \
                                         const unsigned char *pe)

DECLARE(small);
DECLARE(table);
DECLARE(fast);

enum { SMALL, TABLE, FAST, STYLES };
static unsigned style;
static unsigned runs[STYLES];

void parley_xml_machine_begin(parley_xml *x)
{
    void (*const begin[])(parley_xml *) = {small_begin, table_begin, fast_begin};

    begin[style](x);
}

void parley_xml_machine_epilog(parley_xml *x)
{
    void (*const epilog[])(parley_xml *) = {small_epilog, table_epilog, fast_epilog};

    epilog[style](x);
}

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    runs[style]++;
    switch (style) {
    case SMALL:
        return small_machine(x, p, pe);
    case TABLE:
        return table_machine(x, p, pe);
    default:
        return fast_machine(x, p, pe);
    }
}

static void compare(xml_bench *bench, xml_trace *first, const xml_setup *setup,
                    const unsigned char *data, size_t len, uint32_t seed)
{
    xml_cuts one = {0, 0, 0};
    xml_cuts seeded = {0, 0, seed};

    for (unsigned i = 0; i < STYLES; i++) {
        style = i;
        xml_bench_run(bench, setup, one, data, len);
        if (i == 0) {
            xml_trace_copy(first, &bench->trace);
        }
        xml_trace_same(&bench->trace, first, "another style");
        xml_bench_run(bench, setup, seeded, data, len);
        xml_trace_same(&bench->trace, first, "another style, cut");
    }
}

static void styles_agree(void **state)
{
    static xml_mutants m;
    xml_trace first = {0};
    xml_bench bench;

    (void)state;
    xml_bench_open(&bench);
    xml_mutants_open(&m, 6120);
    for (unsigned n = 0; n < MUTANTS + m.documents; n++) {
        xml_setup setup = xml_setup_default();
        const unsigned char *data = n < m.documents ? m.document[n] : m.mutant;

        setup.tree = (uint16_t)(n % 3 == 0 ? PARLEY_XML_NO_TREE : n % 3 - 1);
        /* Some with limits that are met now and then. */
        if (n % 5 == 0) {
            setup.limits.element = 40;
            setup.limits.depth = 3;
            setup.limits.attributes = 3;
            setup.limits.name = 9;
        }
        setup.memory = n % 7 == 0 ? 256 : 0;
        if (n >= m.documents) {
            xml_mutants_next(&m);
        }
        compare(&bench, &first, &setup, data, n < m.documents ? m.document_len[n] : m.len, n + 1);
    }
    printf("figures: three styles, %u documents, %u runs of each machine\n",
           (unsigned)(MUTANTS + m.documents), runs[SMALL]);
    assert_int_equal(runs[SMALL], runs[TABLE]);
    assert_int_equal(runs[SMALL], runs[FAST]);
    xml_mutants_close(&m);
    xml_trace_free(&first);
    xml_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
