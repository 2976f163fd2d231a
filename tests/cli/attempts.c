/* When connect tries again: how often, after how long, and not beyond the time there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "attempts.h"
#include "clock.h"

/* The longest waits of a row (RFC 6120 3.3): the back-off's ceilings. */
static const int64_t ceilings[] = {60000,  120000,  240000,  480000,
                                   960000, 1920000, 3600000, 3600000};

#define CEILINGS (sizeof ceilings / sizeof ceilings[0])

static void as_many_as_there_are(void **state)
{
    attempts a = {.most = 3, .wait_most = CLOCK_NEVER};
    int64_t wait = -1;

    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        assert_true(attempts_next(&a, 0, CLOCK_NEVER, &wait));
        assert_int_equal(wait, 0);
        assert_int_equal(a.made, i);
        attempts_succeeded(&a);
    }
    assert_false(attempts_next(&a, 0, CLOCK_NEVER, &wait));
    assert_int_equal(a.made, 3);
    a = (attempts){.most = 0, .wait_most = 0};
    assert_false(attempts_next(&a, 0, CLOCK_NEVER, &wait));
}

static void longer_after_each_failure(void **state)
{
    attempts a = {.most = 100, .wait_most = CLOCK_NEVER};
    int64_t wait;

    (void)state;
    for (size_t row = 0; row < 2; row++) {
        for (size_t i = 0; i < CEILINGS; i++) {
            assert_true(attempts_next(&a, UINT32_MAX, CLOCK_NEVER, &wait));
            assert_int_equal(wait, ceilings[i]);
        }
        attempts_succeeded(&a);
    }
    assert_true(attempts_next(&a, UINT32_MAX / 2, CLOCK_NEVER, &wait));
    assert_in_range(wait, 29999, 30001);
}

/* --retry-wait: never longer, and spread all the same. */
static void not_longer_than_asked(void **state)
{
    enum { MOST = 5000, DRAWS = 1000 };
    unsigned upper = 0;
    int64_t wait;

    (void)state;
    for (uint32_t i = 0; i < DRAWS; i++) {
        attempts a = {.most = 1, .wait_most = MOST};

        assert_true(attempts_next(&a, i * 2654435761u, CLOCK_NEVER, &wait));
        assert_in_range(wait, 0, MOST);
        upper += wait > MOST / 2;
    }
    assert_in_range(upper, DRAWS * 4 / 10, DRAWS * 6 / 10);
    for (uint32_t i = 0; i < DRAWS; i++) {
        attempts a = {.most = 1, .wait_most = 0};

        assert_true(attempts_next(&a, i * 2654435761u, 0, &wait));
        assert_int_equal(wait, 0);
    }
}

/* --listen: an attempt that would come after its end is not made, nor counted. */
static void not_beyond_the_end(void **state)
{
    attempts a = {.most = 5, .wait_most = CLOCK_NEVER};
    int64_t wait = -1;

    (void)state;
    assert_false(attempts_next(&a, UINT32_MAX, 59999, &wait));
    assert_false(attempts_next(&a, 0, -1, &wait));
    assert_int_equal(wait, -1);
    assert_int_equal(a.made, 0);
    assert_true(attempts_next(&a, UINT32_MAX, 60000, &wait));
    assert_int_equal(wait, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_there_are),
        cmocka_unit_test(longer_after_each_failure),
        cmocka_unit_test(not_longer_than_asked),
        cmocka_unit_test(not_beyond_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
