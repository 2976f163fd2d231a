/* Ids of stanzas: no two alike, short, terminated, and such as need no escape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "parley/parley.h"

#define COUNT 5000
#define SIZE  24 /* parley/client.h */

static parley_client c;
static char ids[COUNT][SIZE];

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, SIZE);
}

/* From each of these numbers on: the first ones, where there is a digit more, the last of ten
   digits and the first behind them. */
static void no_two_alike(void **state)
{
    static const uint32_t counts[] = {0, 07777777000, 07777777777 - COUNT,
                                      010000000000 - COUNT / 2};

    (void)state;
    for (size_t at = 0; at < sizeof counts / sizeof counts[0]; at++) {
        memset(&c, 0, sizeof c);
        memcpy(c.id, "AAECAwQF+/8H", 12);
        c.id_count = counts[at];
        for (size_t i = 0; i < COUNT; i++) {
            size_t len = 0;

            memset(ids[i], 0x7f, SIZE);
            parley_client_id(&c, ids[i]);
            while (len < SIZE && ids[i][len] != '\0') {
                len++;
            }
            assert_in_range(len, 13, SIZE - 1);
            assert_memory_equal(ids[i], "AAECAwQF+/8H-", 13);
            assert_int_equal(strspn(ids[i] + 13, "0123456789"), len - 13);
            memset(ids[i] + len, 0, SIZE - len);
        }
        qsort(ids, COUNT, SIZE, compare);
        for (size_t i = 1; i < COUNT; i++) {
            assert_memory_not_equal(ids[i - 1], ids[i], SIZE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_two_alike)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
