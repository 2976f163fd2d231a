/* The output styles of the XML machine agree, `fast` with and without AVX2 where there is one:
   tokens, error and offset, over the cases and over mutants of them, in one piece and cut at
   random. This program holds all of them in place of the library's one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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
#if XML_STYLES_AVX2
DECLARE(avx2);
#else
#define avx2_begin   fast_begin
#define avx2_epilog  fast_epilog
#define avx2_machine fast_machine
#endif

enum { SMALL, TABLE, FAST, AVX2, STYLES };
uint64_t xml_places; /* counted by the machines; of no meaning here */

static unsigned style;
static unsigned styles;        /* of this processor */
static uint64_t taken[STYLES]; /* bytes */

void parley_xml_machine_begin(parley_xml *x)
{
    void (*const begin[])(parley_xml *) = {small_begin, table_begin, fast_begin, avx2_begin};

    begin[style](x);
}

void parley_xml_machine_epilog(parley_xml *x)
{
    void (*const epilog[])(parley_xml *) = {small_epilog, table_epilog, fast_epilog, avx2_epilog};

    epilog[style](x);
}

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    const unsigned char *(*const machine[])(parley_xml *, const unsigned char *,
                                            const unsigned char *) = {small_machine, table_machine,
                                                                      fast_machine, avx2_machine};
    const unsigned char *stopped = machine[style](x, p, pe);

    taken[style] += (uint64_t)(stopped - p);
    return stopped;
}

/* Pushed and read in turn, each style both ways: `n` tells which begins. */
static void compare(xml_bench *bench, xml_trace *first, const xml_setup *as, unsigned n,
                    const unsigned char *data, size_t len, uint32_t seed)
{
    xml_setup setup = *as;
    xml_cuts one = {0, 0, 0};
    xml_cuts seeded = {0, 0, seed};

    for (unsigned i = 0; i < styles; i++) {
        style = i;
        setup.reads = (n + i) % 2 != 0;
        xml_bench_run(bench, &setup, one, data, len);
        if (i == 0) {
            xml_trace_copy(first, &bench->trace);
        }
        xml_trace_same(&bench->trace, first, "another style");
        setup.reads = !setup.reads;
        xml_bench_run(bench, &setup, seeded, data, len);
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
        compare(&bench, &first, &setup, n, data, n < m.documents ? m.document_len[n] : m.len,
                n + 1);
    }
    printf("figures: %u styles, %u documents, %llu bytes through each machine\n", styles,
           (unsigned)(MUTANTS + m.documents), (unsigned long long)taken[SMALL]);
    for (unsigned i = 0; i < styles; i++) {
        /* The others go round the machine for bytes that go on with a run. */
        assert_in_range(taken[i], taken[SMALL] / 2, taken[SMALL]);
    }
    xml_mutants_close(&m);
    xml_trace_free(&first);
    xml_bench_close(&bench);
}

/* Puts `n` bytes of the sequence at offset `at` of a long run: of ASCII, of characters of three
   bytes, or of two. */
static size_t frame(unsigned char *document, unsigned kind, const unsigned char sequence[4],
                    size_t n, size_t at)
{
    static const char *const frames[][3] = {
        {"<a>", "</a>", "x"},
        {"<a b='", "'/>", "\xE4\xB8\xAD"},
        {"<a>", "</a>", "\xE4\xB8\xAD"},
        {"<a><![CDATA[", "]]></a>", "\xC3\xA9"},
    };
    const char *const *parts = frames[kind % 4];
    size_t unit = strlen(parts[2]);
    size_t len = strlen(parts[0]);

    memcpy(document, parts[0], len);
    for (size_t i = 0; i < 200 / unit; i++) {
        if (i == at) {
            memcpy(document + len, sequence, n);
            len += n;
        }
        memcpy(document + len, parts[2], unit);
        len += unit;
    }
    memcpy(document + len, parts[1], strlen(parts[1]));
    return len + strlen(parts[1]);
}

/* Sequences of UTF-8, good and bad, wherever they fall in what is looked at at once. */
static void utf8_agrees(void **state)
{
    static const unsigned char later[] = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBD, 0xBE,
                                          0xBF, 0xC0, 0xE4, '<',  '&',  ']',  0x0A, 0x01};
    unsigned char document[512];
    xml_trace first = {0};
    xml_bench bench;
    uint32_t seed = 3629;
    unsigned count = 0;

    (void)state;
    xml_bench_open(&bench);
    for (unsigned lead = 0x80; lead < 0x100; lead++) {
        for (unsigned i = 0; i < sizeof later * sizeof later * sizeof later; i += 3) {
            xml_setup setup = xml_setup_default();
            unsigned char sequence[4] = {(unsigned char)lead, later[i % 16], later[i / 16 % 16],
                                         later[i / 256]};
            size_t len;
            seed = seed * 1664525 + 1013904223;
            /* Well-formed ones too: a lead byte with as many tails as it asks for. */
            len = frame(document, seed >> 24, sequence,
                        lead >= 0xF0   ? 4
                        : lead >= 0xE0 ? 3
                                       : 2 + (seed >> 20 & 1),
                        (seed >> 8) % 70);
            setup.tree = count % 2 == 0 ? PARLEY_XML_NO_TREE : 0;
            compare(&bench, &first, &setup, count / 2, document, len, seed);
            count++;
        }
    }
    printf("figures: %u documents with a sequence of UTF-8 in a long run\n", count);
    xml_trace_free(&first);
    xml_bench_close(&bench);
}

/* Writes <r><N></N>, N of `len` bytes, with bytes behind it; `at` is where the second N differs,
   `len`: nowhere. Returns its length. */
static size_t two_names(unsigned char *document, size_t len, size_t at, size_t behind)
{
    size_t place = 4 + len;

    memcpy(document, "<r><", 4);
    for (size_t i = 0; i < len; i++) {
        document[4 + i] = (unsigned char)('a' + i % 26);
    }
    memcpy(document + place, "></", 3);
    memcpy(document + place + 3, document + 4, len);
    place += 3;
    if (at < len) {
        document[place + at] ^= 1;
    }
    document[place + len] = '>';
    memset(document + place + len + 1, ' ', behind);
    return place + len + 1 + behind;
}

/* The name of an end tag, other than the start tag's in each of its bytes, where more bytes follow
   than are compared at once and where none do. */
static void end_tags_agree(void **state)
{
    unsigned char document[256];
    xml_trace first = {0};
    xml_bench bench;

    (void)state;
    xml_bench_open(&bench);
    for (unsigned n = 0; n < 2 * 40 * 41; n++) {
        xml_setup setup = xml_setup_default();
        size_t len = 1 + n / 2 % 40;
        size_t at = n / 80;
        size_t whole = two_names(document, len, at, n % 2 * 24);
        parley_code error = at < len ? PARLEY_ERROR_XML_NOT_WELL_FORMED : PARLEY_NO_ERROR;

        setup.tree = (uint16_t)(n % 3 == 0 ? PARLEY_XML_NO_TREE : n % 3 - 1);
        compare(&bench, &first, &setup, n, document, whole, n + 1);
        assert_int_equal(first.error, error);
        assert_int_equal(first.offset, at < len ? 7 + len + at : whole);
    }
    xml_trace_free(&first);
    xml_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_agree),
        cmocka_unit_test(utf8_agrees),
        cmocka_unit_test(end_tags_agree),
    };

    styles = XML_STYLES_AVX2 && (parley_cpu_features() & PARLEY_CPU_AVX2) != 0 ? STYLES : AVX2;

    return cmocka_run_group_tests(tests, NULL, NULL);
}
