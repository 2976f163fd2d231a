/* Division by bits gives what the processor's own gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "common/seeded.h"
#include "divide.h"

static void check(uint32_t number, uint32_t by)
{
    if (parley_divide_by_bits(number, by) != number / by) {
        fail_msg("%u by %u is %u", (unsigned)number, (unsigned)by,
                 (unsigned)parley_divide_by_bits(number, by));
    }
}

/* Beside powers of two, their multiples, and the ends. */
static void edges(void **state)
{
    static const uint32_t divisors[] = {1,   2,     3,     7,          10,         100,
                                        675, 65535, 65536, 0x7FFFFFFF, 0x80000000u};

    (void)state;
    for (size_t i = 0; i < sizeof divisors / sizeof divisors[0]; i++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            for (uint32_t beside = 0; beside < 3; beside++) {
                check((UINT32_C(1) << bit) + beside - 1, divisors[i]);
                check((divisors[i] << bit) + beside - 1, divisors[i]);
            }
        }
    }
}

static void any(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (unsigned i = 0; i < 100000; i++) {
        const uint32_t number = seeded_next(&seed);
        const uint32_t by = 1 + seeded_below(&seed, UINT32_C(1) << i % 31);

        check(number, by);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges), cmocka_unit_test(any)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
