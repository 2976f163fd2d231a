/* Runs inputs through targets without a fuzzing engine: any compiler builds it.

     fuzz_replay TARGET FILE...     each file, or each file of each folder
     fuzz_replay --all FOLDER...    each folder has a sub-folder for each target
     fuzz_replay --show TARGET FILE...     and tells what sessions said and reported
     fuzz_replay --list

   The last line says how many passed; an invariant that does not hold aborts, and the
   input under way is named on stderr. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/step.h"

#define TARGET(name) int fuzz_target_##name(const uint8_t *data, size_t size);
#include "targets.h"
#undef TARGET

static const struct target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} targets[] = {
#define TARGET(name) {#name, fuzz_target_##name},
#include "targets.h"
#undef TARGET
};

#define TARGETS  (sizeof targets / sizeof targets[0])
#define FILE_MAX ((long)1 << 20)

static char under_way[1024];
static unsigned long passed;

/* Into a block of exactly its size, so that a sanitizer sees each byte beyond. */
static void run_file(const struct target *target, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    uint8_t *data;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        size > FILE_MAX || fseek(file, 0, SEEK_SET) != 0) {
        fprintf(stderr, "%s: cannot be read, or is over 1 MB\n", path);
        exit(2);
    }
    data = malloc(size > 0 ? (size_t)size : 1);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    (void)fclose(file);
    (void)snprintf(under_way, sizeof under_way, "%s: %s\n", target->name, path);
    (void)target->run(data, (size_t)size);
    free(data);
    passed++;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "README.md") != 0;
}

static void run_path(const struct target *target, const char *path)
{
    struct stat what;
    struct dirent **entries;
    char inner[1024];
    int count;

    if (stat(path, &what) != 0) {
        fprintf(stderr, "%s: is not there\n", path);
        exit(2);
    }
    if (!S_ISDIR(what.st_mode)) {
        run_file(target, path);
        return;
    }
    count = scandir(path, &entries, is_shown, alphasort);
    for (int i = 0; i < count; i++) {
        if (snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name) < (int)sizeof inner) {
            run_file(target, inner);
        }
        free(entries[i]);
    }
    free(entries);
}

/* The folders of a name that no target has are a mistake. */
static void run_all(const char *folder)
{
    struct dirent **entries;
    char inner[1024];
    int count = scandir(folder, &entries, is_shown, alphasort);

    for (int i = 0; i < count; i++) {
        size_t t = 0;

        while (t < TARGETS && strcmp(targets[t].name, entries[i]->d_name) != 0) {
            t++;
        }
        if (t == TARGETS) {
            fprintf(stderr, "%s/%s: no target has this name\n", folder, entries[i]->d_name);
            exit(2);
        }
        (void)snprintf(inner, sizeof inner, "%s/%s", folder, entries[i]->d_name);
        run_path(&targets[t], inner);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

static void on_signal(int number)
{
    ssize_t written = write(STDERR_FILENO, under_way, strlen(under_way));

    (void)written;
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

int main(int argc, char **argv)
{
    const char *program = argv[0];

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < TARGETS; i++) {
            puts(targets[i].name);
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
    (void)signal(SIGABRT, on_signal);
    (void)signal(SIGSEGV, on_signal);
    for (int i = 2; i < argc; i++) {
        size_t t = 0;

        while (t < TARGETS && strcmp(targets[t].name, argv[1]) != 0) {
            t++;
        }
        if (strcmp(argv[1], "--all") == 0) {
            run_all(argv[i]);
        } else if (t < TARGETS) {
            run_path(&targets[t], argv[i]);
        } else {
            fprintf(stderr, "%s: no such target; --list names them\n", argv[1]);
            return 2;
        }
    }
    printf("%lu passed, 0 failed\n", passed);
    return 0;
}
