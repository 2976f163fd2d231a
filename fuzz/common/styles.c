/* The tokenizer's machine in all its styles, in place of the library's one. fuzz_style says which
   one runs. */
#include "common/fuzz.h"

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

void parley_xml_machine_begin(parley_xml *x);
void parley_xml_machine_epilog(parley_xml *x);
const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe);

void parley_xml_machine_begin(parley_xml *x)
{
    fuzz_style == 0   ? table_begin(x)
    : fuzz_style == 1 ? small_begin(x)
    : fuzz_style == 2 ? fast_begin(x)
                      : avx2_begin(x);
}

void parley_xml_machine_epilog(parley_xml *x)
{
    fuzz_style == 0   ? table_epilog(x)
    : fuzz_style == 1 ? small_epilog(x)
    : fuzz_style == 2 ? fast_epilog(x)
                      : avx2_epilog(x);
}

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    return fuzz_style == 0   ? table_machine(x, p, pe)
           : fuzz_style == 1 ? small_machine(x, p, pe)
           : fuzz_style == 2 ? fast_machine(x, p, pe)
                             : avx2_machine(x, p, pe);
}
