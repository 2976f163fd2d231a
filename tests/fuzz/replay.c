/* Replays the seeds of fuzzing and the regression corpus without an engine, a target a test. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "common/step.h"
#include "inputs.h"

#define TARGETS_MAX 64

static const char *const corpora[] = {PARLEY_SOURCE "/fuzz/corpus",
                                      PARLEY_SOURCE "/tests/regression"};
static unsigned long replayed;

/* A target has seeds, and findings where there were any. */
static void replays(void **state)
{
    const fuzz_target *target = *state;
    struct stat what;
    char folder[1024];
    unsigned long ran = 0;

    fuzz_name_on_signals(); /* not cmocka, which would not know the input */
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(folder, sizeof folder, "%s/%s", corpora[i], target->name);
        if (i == 0 || stat(folder, &what) == 0) {
            ran += fuzz_run_path(target, folder);
        }
        assert_true(ran > 0);
    }
    replayed += ran;
}

/* What lies in a folder of another name would never be replayed. */
static void folders_are_targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct dirent **entries;
        int count = scandir(corpora[i], &entries, fuzz_is_input, alphasort);

        assert_true(count > 0);
        for (int j = 0; j < count; j++) {
            if (fuzz_target_named(entries[j]->d_name) == NULL) {
                fail_msg("%s/%s: no target has this name", corpora[i], entries[j]->d_name);
            }
            free(entries[j]);
        }
        free(entries);
    }
}

int main(void)
{
    struct CMUnitTest tests[TARGETS_MAX] = {cmocka_unit_test(folders_are_targets)};
    size_t count = 1;
    int failed;

    for (const fuzz_target *target = fuzz_targets; target->name != NULL; target++) {
        if (count == TARGETS_MAX) {
            return 1;
        }
        tests[count++] = (struct CMUnitTest){target->name, replays, NULL, NULL, (void *)target};
    }
    fuzz_walks_always = true;
    failed = _cmocka_run_group_tests("replay", tests, count, NULL, NULL);
    printf("figures: %lu inputs of fuzzing replayed\n", replayed);
    return failed;
}
