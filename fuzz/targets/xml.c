/* The tokenizer: the same tokens, error and offset however the input is cut and whichever
   output of Ragel runs, with AVX2 or without (common/styles.c), by pushes or by parley_xml_read.

   Input: a byte of settings, a seed for the cuts, the document. */
#include "common/xml.h"

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
        fuzz_style = i / FUZZ_CUTS;
        setup.reads = (i % 2 != 0) == (choice < 128);
        fuzz_xml_run(&other, &setup, fuzz_cuts_of(i % FUZZ_CUTS, seed), data, size);
        fuzz_log_same(&whole, &other);
    }
    fuzz_style = 0;
    return 0;
}
