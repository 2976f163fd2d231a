/* The memory that the fuzzing targets lend (fuzz/common/fuzz.c): one byte behind a block cannot be
   read, whatever its length, and a byte in front of it cannot be changed unseen. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/wire.h"

typedef enum deed { READS_LAST, READS_BEHIND, WRITES_BEFORE } deed;

static const parley_mechanism *const mechanisms[] = {&parley_plain};

static void commit(unsigned char *block, size_t len, deed what)
{
    volatile unsigned char *at = block;

    if (what == WRITES_BEFORE) {
        *(volatile unsigned char *)(block - 16) = 0;
        fuzz_blocks_check();
    } else {
        (void)at[what == READS_LAST ? len - 1 : len];
    }
}

/* The signal that ends it; 0: none does. */
static int ends_by(void *block, size_t len, deed what)
{
    pid_t child;
    int status;

    (void)fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        (void)signal(SIGBUS, SIG_DFL);
        (void)signal(SIGABRT, SIG_DFL);
        (void)freopen("/dev/null", "w", stderr);
        commit(block, len, what);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void check(void *block, size_t len)
{
    int behind = ends_by(block, len, READS_BEHIND);

    assert_int_equal(ends_by(block, len, READS_LAST), 0);
    assert_true(behind == SIGSEGV || behind == SIGBUS);
    assert_true(ends_by(block, len, WRITES_BEFORE) != 0);
}

static void test_lengths(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 33; len++) {
        check(fuzz_block(0, len, 0xA5), len);
    }
}

static void check_core(const fuzz_party *p)
{
    for (unsigned which = 0; which < 2; which++) {
        size_t len;
        void *block = fuzz_core_block(p, which, &len);

        check(block, len);
    }
}

static void test_cores(void **state)
{
    static fuzz_party party;
    fuzz_settings settings = {.mechanisms = mechanisms, .mechanism_count = 1};

    (void)state;
    for (unsigned small = 0; small < 2; small++) {
        settings.small = small > 0;
        fuzz_open_client(&party, &settings, 0xA5);
        check_core(&party);
        fuzz_open_server(&party, &settings, 0xA5);
        check_core(&party);
    }
}

/* The struct, its work block, its records. */
static void test_tls(void **state)
{
    static fuzz_wire wire;
    static fuzz_log log, said;
    fuzz_settings settings = {.mechanisms = mechanisms, .mechanism_count = 1};
    unsigned places = 0;

    (void)state;
    for (unsigned server = 0; server < 2; server++) {
        fuzz_wire_open(&wire, server > 0, &settings, &log, &said, FUZZ_WHOLE, 1);
        places = 0;
        for (unsigned i = 0; i < FUZZ_BLOCKS; i++) {
            size_t len;
            void *block = fuzz_block_now(i, &len);

            if (block != NULL) {
                check(block, len);
                places++;
            }
        }
    }
    assert_true(places >= 3);
}

static void test_input(void **state)
{
    int behind;

    (void)state;
    for (size_t len = 1; len < 20; len++) {
        unsigned char *at = (unsigned char *)(uintptr_t)fuzz_flush("twenty characters ..", len);

        assert_int_equal(ends_by(at, len, READS_LAST), 0);
        behind = ends_by(at, len, READS_BEHIND);
        assert_true(behind == SIGSEGV || behind == SIGBUS);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_cores),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
