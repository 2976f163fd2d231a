/* What every target stands on: checks, input, pieces of input, memory with guards, and
   logs that runs are compared by.

   A target is one FUZZ_TARGET(name) body. Built alone it is LLVMFuzzerTestOneInput; with
   FUZZ_TOGETHER defined, as for the replay program, it is fuzz_target_NAME. */
#ifndef PARLEY_FUZZ_H
#define PARLEY_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parley/parley.h"

#ifdef FUZZ_TOGETHER
#define FUZZ_TARGET(name)                                     \
    int fuzz_target_##name(const uint8_t *data, size_t size); \
    int fuzz_target_##name(const uint8_t *data, size_t size)
#else
#define FUZZ_TARGET(name)                                         \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
#endif

/* Longer inputs are left alone: they find nothing that shorter ones do not. */
#define FUZZ_INPUT 8192

/* An invariant; where it does not hold the process aborts. */
#define FUZZ_CHECK(condition) \
    ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__, NULL))
void fuzz_broken(const char *condition, const char *file, int line, const char *more);

/* The next byte of the input; 0 at its end. */
uint8_t fuzz_byte(const uint8_t **data, size_t *size);

/* How a run cuts its input into pieces. */
typedef struct fuzz_cuts {
    enum { FUZZ_WHOLE, FUZZ_BYTES, FUZZ_RANDOM, FUZZ_CUTS } kind;
    uint32_t seed;
} fuzz_cuts;

fuzz_cuts fuzz_cuts_of(unsigned kind, uint8_t seed);

/* The size of the next piece of `left` bytes: 1 to left. */
size_t fuzz_piece(fuzz_cuts *cuts, size_t left);

/* Memory: `len` bytes in place `which`, aligned to 16, that end (but for the alignment)
   where a page without access begins, between canaries, and filled with `fill`. It is
   the same at each call. */
#define FUZZ_BLOCKS 12
void *fuzz_block(unsigned which, size_t len, uint8_t fill);

/* Where it is now, and how long. */
void *fuzz_block_now(unsigned which, size_t *len);

/* Fails if a canary has changed. */
void fuzz_blocks_check(void);

/* The bytes, flush against a page without access; void at the next call. */
const uint8_t *fuzz_flush(const void *data, size_t len);

/* What a run did. `full`: there was more. */
typedef struct fuzz_log {
    size_t len;
    bool full;
    bool in_text;
    char bytes[1 << 17];
} fuzz_log;

void fuzz_log_reset(fuzz_log *log);
void fuzz_log_bytes(fuzz_log *log, const void *data, size_t len);
void fuzz_log_text(fuzz_log *log, const char *text);
void fuzz_log_number(fuzz_log *log, const char *name, uint64_t number);
/* With line feeds and backslashes escaped. */
void fuzz_log_string(fuzz_log *log, const char *name, parley_string string);
void fuzz_log_show(const fuzz_log *log); /* on stdout, if fuzz_shows */
extern bool fuzz_shows;
void fuzz_log_same(const fuzz_log *a, const fuzz_log *b);

/* XML: a line a token, adjacent text joined. */
void fuzz_log_start(fuzz_log *log, parley_element e);
void fuzz_log_characters(fuzz_log *log, parley_string text);
void fuzz_log_end(fuzz_log *log, parley_element e);
void fuzz_log_tree(fuzz_log *log, parley_element e);
void fuzz_log_named(fuzz_log *log, const char *before, parley_string space, parley_string name);

bool fuzz_has(const void *data, size_t len, const char *text, size_t text_len);

#endif
