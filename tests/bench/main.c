/* bench PARSER FILE STEP PASSES [check]: parses the file once more than PASSES times and prints
   nanoseconds of its own, bytes, elements, bytes of text, hash. STEP 0: in one piece. The first
   pass is not timed: it touches memory and code for the first time. With check there is none. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

static uint64_t mix(uint64_t hash, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)data[i]) * 0x100000001B3u;
    }
    return hash;
}

void bench_start(bench_seen *seen, const char *name, size_t len)
{
    seen->elements++;
    if (seen->checking) {
        seen->hash = mix(mix(seen->hash, "<", 1), name, len);
    }
}

void bench_text(bench_seen *seen, const char *data, size_t len)
{
    seen->text += len;
    if (seen->checking) {
        seen->hash = mix(seen->hash, data, len);
    }
}

void bench_end(bench_seen *seen)
{
    if (seen->checking) {
        seen->hash = mix(seen->hash, ">", 1);
    }
}

static char *load(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    long size;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(file);
    *len = (size_t)size;
    data = malloc(*len + 1);
    if (data == NULL || fread(data, 1, *len, file) != *len) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return data;
}

static bool parse(const bench_parser *parser, const char *path, const char *data, size_t len,
                  size_t step, bench_seen *seen)
{
    bool taken = parser->parse(data, len, step == 0 ? len : step, seen);

    if (!taken) {
        fprintf(stderr, "%s refuses %s\n", parser->name, path);
    }
    return taken;
}

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
    const bench_parser *parser = bench_parsers;
    bench_seen seen = {0};
    size_t len, step;
    uint64_t began;
    char *data;

    if (argc < 5) {
        fprintf(stderr, "usage: %s PARSER FILE STEP PASSES [check]\n", argv[0]);
        return 2;
    }
    while (parser->name != NULL && strcmp(parser->name, argv[1]) != 0) {
        parser++;
    }
    if (parser->name == NULL) {
        fprintf(stderr, "%s: no parser %s\n", argv[0], argv[1]);
        return 2;
    }
    data = load(argv[2], &len);
    step = (size_t)strtoul(argv[3], NULL, 10);
    seen.checking = argc > 5;
    seen.hash = 0xCBF29CE484222325u;
    if (!seen.checking && !parse(parser, argv[2], data, len, step, &(bench_seen){0})) {
        return 1;
    }
    began = now();
    for (unsigned long n = strtoul(argv[4], NULL, 10); n > 0; n--) {
        if (!parse(parser, argv[2], data, len, step, &seen)) {
            return 1;
        }
    }
    printf("%" PRIu64 " %zu %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", now() - began, len,
           seen.elements, seen.text, seen.hash);
    free(data);
    return 0;
}
