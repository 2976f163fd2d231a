/* One parser under measurement: what main.c drives, and what each parser tells it. */
#ifndef PARLEY_BENCH_H
#define PARLEY_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a parser saw. Hashes are made when `checking` alone, so that they are not measured. */
typedef struct bench_seen {
    uint64_t elements;
    uint64_t text; /* bytes */
    uint64_t hash; /* of local names and text in document order */
    bool checking;
} bench_seen;

void bench_start(bench_seen *seen, const char *name, size_t len);
void bench_text(bench_seen *seen, const char *data, size_t len);
void bench_end(bench_seen *seen);

typedef struct bench_parser {
    const char *name;
    /* Parses one document in pieces of `step` bytes. False: it was refused. */
    bool (*parse)(const char *data, size_t len, size_t step, bench_seen *seen);
} bench_parser;

/* Ends with a NULL name; each program has one. */
extern const bench_parser bench_parsers[];

#endif
