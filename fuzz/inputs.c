#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"

#define TARGET(name) int fuzz_target_##name(const uint8_t *data, size_t size);
#include "targets.h"
#undef TARGET

const fuzz_target fuzz_targets[] = {
#define TARGET(name) {#name, fuzz_target_##name},
#include "targets.h"
#undef TARGET
    {NULL, NULL}};

#define FILE_MAX ((long)1 << 20)

static char under_way[1024];

const fuzz_target *fuzz_target_named(const char *name)
{
    const fuzz_target *target = fuzz_targets;

    while (target->name != NULL && strcmp(target->name, name) != 0) {
        target++;
    }
    return target->name != NULL ? target : NULL;
}

int fuzz_is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "README.md") != 0;
}

/* Into a block of exactly its size, so that a sanitizer sees each byte beyond. */
static void run_file(const fuzz_target *target, const char *path)
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
}

unsigned long fuzz_run_path(const fuzz_target *target, const char *path)
{
    struct stat what;
    struct dirent **entries;
    char inner[1024];
    unsigned long ran = 0;
    int count;

    if (stat(path, &what) != 0) {
        fprintf(stderr, "%s: is not there\n", path);
        exit(2);
    }
    if (!S_ISDIR(what.st_mode)) {
        run_file(target, path);
        return 1;
    }
    count = scandir(path, &entries, fuzz_is_input, alphasort);
    for (int i = 0; i < count; i++) {
        if (snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name) < (int)sizeof inner) {
            run_file(target, inner);
            ran++;
        }
        free(entries[i]);
    }
    free(entries);
    return ran;
}

static void on_signal(int number)
{
    ssize_t written = write(STDERR_FILENO, under_way, strlen(under_way));

    (void)written;
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

void fuzz_name_on_signals(void)
{
    (void)signal(SIGABRT, on_signal);
    (void)signal(SIGSEGV, on_signal);
}
