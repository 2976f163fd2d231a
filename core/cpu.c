/* Asks the processor what it has. On x86-64 with gcc or clang by CPUID and XGETBV, without the
   compilers' own helpers, which keep what they found in a variable; elsewhere there is nothing
   to ask for: NEON is part of AArch64. */
#include <parley/cpu.h>

#if defined(__x86_64__) && defined(__GNUC__)

#define OSXSAVE   (1u << 27) /* leaf 1, ecx */
#define AVX2      (1u << 5)  /* leaf 7, ebx */
#define BMI1      (1u << 3)
#define BMI2      (1u << 8)
#define SAVES_YMM 6u /* XCR0: the system keeps xmm and ymm */

typedef struct registers {
    unsigned a, b, c, d;
} registers;

static registers cpuid(unsigned leaf)
{
    registers r;

    __asm__ volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "0"(leaf), "2"(0));
    return r;
}

static unsigned xcr0(void)
{
    unsigned low, high;

    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

unsigned parley_cpu_features(void)
{
    const unsigned needed = AVX2 | BMI1 | BMI2;

    if (cpuid(0).a < 7 || (cpuid(1).c & OSXSAVE) == 0 || (xcr0() & SAVES_YMM) != SAVES_YMM) {
        return 0;
    }
    return (cpuid(7).b & needed) == needed ? PARLEY_CPU_AVX2 : 0;
}

#else

unsigned parley_cpu_features(void)
{
    return 0;
}

#endif
