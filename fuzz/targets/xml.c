/* The tokenizer: the same tokens, error and offset however the input is cut and whichever
   output of Ragel runs, with AVX2 or without. Its program holds all in place of the library's one.

   Input: a byte of settings, a seed for the cuts, the document. */
#include "common/xml.h"

#define DECLARE(style)                                                          \
    void style##_begin(parley_xml *x);                                          \
    void style##_epilog(parley_xml *x);                                         \
    const unsigned char *style##_machine(parley_xml *x, const unsigned char *p, \
                                         const unsigned char *pe)

DECLARE(small);
DECLARE(table);
DECLARE(fast);
#if FUZZ_AVX2
DECLARE(avx2);
#else
#define avx2_begin   fast_begin
#define avx2_epilog  fast_epilog
#define avx2_machine fast_machine
#endif

static unsigned style; /* 0 table, 1 small, 2 fast, 3 with AVX2 */

void parley_xml_machine_begin(parley_xml *x);
void parley_xml_machine_epilog(parley_xml *x);
const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe);

void parley_xml_machine_begin(parley_xml *x)
{
    style == 0   ? table_begin(x)
    : style == 1 ? small_begin(x)
    : style == 2 ? fast_begin(x)
                 : avx2_begin(x);
}

void parley_xml_machine_epilog(parley_xml *x)
{
    style == 0   ? table_epilog(x)
    : style == 1 ? small_epilog(x)
    : style == 2 ? fast_epilog(x)
                 : avx2_epilog(x);
}

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    return style == 0   ? table_machine(x, p, pe)
           : style == 1 ? small_machine(x, p, pe)
           : style == 2 ? fast_machine(x, p, pe)
                        : avx2_machine(x, p, pe);
}

FUZZ_TARGET(xml)
{
    static fuzz_log whole, other;
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t seed = fuzz_byte(&data, &size);
    fuzz_xml setup = fuzz_xml_of(choice, size);
    unsigned styles = FUZZ_AVX2 && (parley_cpu_features() & PARLEY_CPU_AVX2) != 0 ? 4 : 3;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    fuzz_xml_run(&whole, &setup, fuzz_cuts_of(FUZZ_WHOLE, 0), data, size);
    for (unsigned i = 1; i < styles * FUZZ_CUTS; i++) {
        style = i / FUZZ_CUTS;
        fuzz_xml_run(&other, &setup, fuzz_cuts_of(i % FUZZ_CUTS, seed), data, size);
        fuzz_log_same(&whole, &other);
    }
    style = 0;
    return 0;
}
