/* Trees and skipping check all that reading does: mutants as first-level elements, with a byte
   limit, or little memory, that makes the tokenizer skip, get the error and the offset that
   they get without; so do mutants as a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/seeded.h"
#include "common/xml_mutants.h"
#include "common/xml_trace.h"

#define MUTANTS 150000

static xml_bench bench;
static unsigned char document[XML_MUTANT_SIZE + 64];

static size_t wrap(const xml_mutants *m)
{
    static const char before[] = "<r xmlns:q='u'>";
    static const char after[] = "</r>";
    size_t len = sizeof before - 1;

    memcpy(document, before, len);
    memcpy(document + len, m->mutant, m->len);
    len += m->len;
    memcpy(document + len, after, sizeof after - 1);
    return len + sizeof after - 1;
}

typedef struct figures {
    unsigned skipped;
    unsigned refused;
    unsigned memory;
} figures;

static void compare(const xml_setup *setup, const xml_trace *plain, size_t len, uint32_t seed,
                    figures *f)
{
    xml_cuts cuts = {0, 0, seed};
    const xml_trace *t = &bench.trace;

    xml_bench_run(&bench, setup, cuts, document, len);
    if (strstr(t->log, "skipped") == NULL) {
        return;
    }
    f->skipped++;
    if (setup->memory != 0 && t->error == PARLEY_ERROR_XML_MEMORY) {
        /* Not even the open start tags fitted. */
        assert_true(plain->verdict != PARLEY_ILLEGAL || plain->offset >= t->offset);
        f->memory++;
        return;
    }
    f->refused += t->verdict == PARLEY_ILLEGAL;
    if (t->verdict != plain->verdict || t->error != plain->error || t->offset != plain->offset) {
        for (size_t i = 0; i < len; i++) {
            fprintf(stderr, document[i] > 0x20 && document[i] < 0x7F ? "%c" : "\\x%02X",
                    document[i]);
        }
        fprintf(stderr, "\nlimit %u, memory %zu, tree %u%s\n", setup->limits.element, setup->memory,
                setup->tree, t->log);
        fail_msg("result %d error %d at %llu, without skipping %d error %d at %llu", t->verdict,
                 t->error, (unsigned long long)t->offset, plain->verdict, plain->error,
                 (unsigned long long)plain->offset);
    }
}

/* As one tree: the same error and offset; the same tokens if there is none. */
static void compare_tree(const xml_trace *plain, size_t len, uint32_t seed)
{
    xml_setup setup = xml_setup_default();
    xml_cuts cuts = {0, 0, seed};
    const xml_trace *t = &bench.trace;

    setup.tree = 0;
    xml_bench_run(&bench, &setup, cuts, document, len);
    assert_int_equal(t->verdict, plain->verdict);
    assert_int_equal(t->error, plain->error);
    assert_int_equal(t->offset, plain->offset);
    if (plain->verdict == PARLEY_OK) {
        assert_string_equal(t->log, plain->log);
    }
}

static void skipping_checks_all(void **state)
{
    static xml_mutants m;
    xml_trace plain = {0};
    figures f = {0, 0, 0};

    (void)state;
    xml_bench_open(&bench);
    xml_mutants_open(&m, 11);
    for (unsigned n = 0; n < MUTANTS; n++) {
        xml_setup setup = xml_setup_default();
        xml_cuts one = {0, 0, 0};
        size_t len;

        xml_mutants_next(&m);
        len = wrap(&m);
        xml_bench_run(&bench, &setup, one, document, len);
        xml_trace_copy(&plain, &bench.trace);
        compare_tree(&plain, len, n + 1);
        setup.tree = n % 2 == 0 ? 1 : PARLEY_XML_NO_TREE;
        setup.limits.element = 15 + seeded_below(&m.seed, 60);
        compare(&setup, &plain, len, n + 1, &f);
        setup.limits.element = 0;
        setup.tree = 1;
        setup.memory = 128 + 4 * seeded_below(&m.seed, 60);
        compare(&setup, &plain, len, n + 1, &f);
    }
    printf("figures: %u documents skipped in part, %u refused as without, %u out of memory\n",
           f.skipped, f.refused, f.memory);
    assert_true(f.skipped > MUTANTS / 10 && f.refused > 1000 && f.memory > 0);
    xml_trace_free(&plain);
    xml_mutants_close(&m);
    xml_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skipping_checks_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
