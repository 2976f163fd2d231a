/* Every case of tests/data/xmlcases gets its verdict, and the same tokens, error and offset
   however it is cut and whichever depth trees are built from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/rows.h"
#include "common/xml_trace.h"

static unsigned char document[8192], expected_hex[8192];

static size_t load(const char *name)
{
    char path[1024];
    FILE *file;
    size_t len;

    snprintf(path, sizeof path, "%s/xmlcases/%s", PARLEY_TEST_DATA, name);
    file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    len = fread(document, 1, sizeof document, file);
    assert_true(len < sizeof document);
    fclose(file);
    return len;
}

/* Whether the name stands in the list, which has a bar between names. */
static bool in_list(const char *list, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = list; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, name, len) == 0 && (at[len] == '|' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static void judge(const rows *r, const xml_trace *t)
{
    const char *verdict = t->verdict == PARLEY_OK     ? "accept"
                          : t->verdict == PARLEY_MORE ? "incomplete"
                                                      : "reject";

    if (strcmp(verdict, r->field[1]) != 0) {
        fail_msg("%s: %s, not %s", r->field[0], verdict, r->field[1]);
    }
    if (t->verdict == PARLEY_ILLEGAL &&
        !in_list(r->field[2], parley_condition_name(t->condition))) {
        fail_msg("%s: %s, not %s", r->field[0], parley_condition_name(t->condition), r->field[2]);
    }
}

static void cases(void **state)
{
    static rows r;
    unsigned counts[3] = {0, 0, 0};
    xml_bench bench;

    (void)state;
    xml_bench_open(&bench);
    rows_open(&r, "xmlcases/CASES.tsv");
    while (rows_next(&r)) {
        size_t len = load(r.field[0]);
        const char *hex = r.count > 6 ? r.field[6] : "";

        if (hex[0] != '(') {
            parley_string text = rows_unhex(hex, (char *)expected_hex, sizeof expected_hex);
            assert_int_equal(text.len, len);
            assert_memory_equal(text.data, document, len);
        }
        for (unsigned mode = 0; mode < 4; mode++) {
            static const uint16_t trees[4] = {PARLEY_XML_NO_TREE, 0, 1, 1};
            xml_setup setup = xml_setup_default();
            setup.tree = trees[mode];
            setup.park = mode == 3 && strcmp(r.field[0], "accept/ns-long.xml") != 0;
            xml_bench_every_cut(&bench, &setup, document, len, r.field[0]);
            judge(&r, &bench.trace);
        }
        counts[bench.trace.verdict == PARLEY_OK ? 0 : bench.trace.verdict == PARLEY_MORE ? 1 : 2]++;
    }
    printf("figures: %u cases: %u accepted, %u incomplete, %u refused\n", r.number, counts[0],
           counts[1], counts[2]);
    assert_int_equal(r.number, 192);
    xml_bench_close(&bench);
}

/* An accepted case gives the same tokens whether trees are built or not. */
static void trees_and_tokens_agree(void **state)
{
    static rows r;
    xml_cuts one = {0, 0, 0};
    xml_trace tokens = {0};
    xml_bench bench;

    (void)state;
    xml_bench_open(&bench);
    rows_open(&r, "xmlcases/CASES.tsv");
    while (rows_next(&r)) {
        size_t len = load(r.field[0]);
        if (strcmp(r.field[1], "accept") == 0) {
            xml_setup setup = xml_setup_default();
            xml_bench_run(&bench, &setup, one, document, len);
            xml_trace_copy(&tokens, &bench.trace);
            tokens.places = 0; /* a tree is one token */
            for (uint16_t tree = 0; tree < 4; tree++) {
                setup.tree = tree;
                xml_bench_run(&bench, &setup, one, document, len);
                xml_trace_same(&bench.trace, &tokens, r.field[0]);
            }
        }
    }
    xml_trace_free(&tokens);
    xml_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases),
        cmocka_unit_test(trees_and_tokens_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
