/* Runs inputs through targets without a fuzzing engine: any compiler builds it.

     fuzz_replay TARGET FILE...     each file, or each file of each folder
     fuzz_replay --all FOLDER...    each folder has a sub-folder for each target
     fuzz_replay --show TARGET FILE...     and tells what sessions said and reported
     fuzz_replay --list

   The last line says how many passed; an invariant that does not hold aborts, and the
   input under way is named on stderr. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/step.h"
#include "inputs.h"

static unsigned long passed;

static void run(const fuzz_target *target, const char *path)
{
    passed += fuzz_run_path(target, path);
}

/* The folders of a name that no target has are a mistake. */
static void run_all(const char *folder)
{
    struct dirent **entries;
    char inner[1024];
    int count = scandir(folder, &entries, fuzz_is_input, alphasort);

    for (int i = 0; i < count; i++) {
        const fuzz_target *target = fuzz_target_named(entries[i]->d_name);

        if (target == NULL) {
            fprintf(stderr, "%s/%s: no target has this name\n", folder, entries[i]->d_name);
            exit(2);
        }
        (void)snprintf(inner, sizeof inner, "%s/%s", folder, entries[i]->d_name);
        run(target, inner);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

int main(int argc, char **argv)
{
    const char *program = argv[0];

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (const fuzz_target *target = fuzz_targets; target->name != NULL; target++) {
            puts(target->name);
        }
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--show") == 0) {
        fuzz_shows = true;
        argv++;
        argc--;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: %s [--show] TARGET FILE... | --all FOLDER... | --list\n", program);
        return 2;
    }
    fuzz_walks_always = true;
    fuzz_name_on_signals();
    for (int i = 2; i < argc; i++) {
        const fuzz_target *target = fuzz_target_named(argv[1]);

        if (strcmp(argv[1], "--all") == 0) {
            run_all(argv[i]);
        } else if (target != NULL) {
            run(target, argv[i]);
        } else {
            fprintf(stderr, "%s: no such target; --list names them\n", argv[1]);
            return 2;
        }
    }
    printf("%lu passed, 0 failed\n", passed);
    return 0;
}
