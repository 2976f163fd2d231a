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

/* Iterations of PBKDF2 that the library may still make in the call that it is in; none, unless that
   is one of work. Targets that remember derivations look (common/derive.c). */
extern uint32_t fuzz_slice;

/* How a run cuts its input into pieces. */
typedef struct fuzz_cuts {
    enum { FUZZ_WHOLE, FUZZ_BYTES, FUZZ_RANDOM, FUZZ_CUTS } kind;
    uint32_t seed;
} fuzz_cuts;

fuzz_cuts fuzz_cuts_of(unsigned kind, uint8_t seed);

/* Which of the tokenizer's machines runs: 0 table, 1 small, 2 fast, 3 that with AVX2. */
extern unsigned fuzz_style;

/* What is set up next takes another one with each kind of cuts, so that runs which are compared
   compare the machines too: whole table, single bytes small, random pieces fast. */
void fuzz_style_of(unsigned kind);

/* What a call of the tokenizer, or of a session that has one, costs is counted in the places of the
   stack that are looked at (core/xml_internal.h). fuzz_cost_begin before the call, and behind it
   fuzz_cost_check with the bytes that it was given and how many of them it took: no more than what
   they, what came before and the limits allow (common/cost.c says how much that is). */
typedef struct fuzz_cost {
    size_t attributes, prefixes, tags; /* taken so far, at most */
} fuzz_cost;
void fuzz_cost_begin(void);
void fuzz_cost_check(fuzz_cost *cost, const parley_limits *limits, const void *given, size_t len,
                     size_t taken);

/* The size of the next piece of `left` bytes: 1 to left. */
size_t fuzz_piece(fuzz_cuts *cuts, size_t left);

/* Memory: `len` bytes in place `which` that end where a page without access begins, so that they
   are aligned to what divides `len`, as a struct's size is; behind a canary, which with
   AddressSanitizer may not be read either, but for its last bytes where they share their eight
   with the block's first; and filled with `fill`. It is the same place at each call. */
#define FUZZ_BLOCKS 12
void *fuzz_block(unsigned which, size_t len, uint8_t fill);

/* The same for what has to be aligned to 4, whatever its length: up to 3 bytes behind it are
   canary. */
void *fuzz_block_of_words(unsigned which, size_t len, uint8_t fill);

/* Where it is now, and how long. */
void *fuzz_block_now(unsigned which, size_t *len);

/* Fails if a canary has changed. */
void fuzz_blocks_check(void);

/* The bytes, flush against a page without access; void at the next call. */
const uint8_t *fuzz_flush(const void *data, size_t len);

/* What a run did. What has no room is counted and summed up, so that runs which differ in it
   alone differ; what looks into the bytes asks first that they are all there. */
#define FUZZ_LOG ((size_t)1 << 22)
typedef struct fuzz_log {
    size_t len;
    uint64_t beyond; /* how many had no room */
    uint64_t sum;    /* of these */
    bool in_text;
    char bytes[FUZZ_LOG];
} fuzz_log;

void fuzz_log_reset(fuzz_log *log);
void fuzz_log_copy(fuzz_log *to, const fuzz_log *from);
void fuzz_log_bytes(fuzz_log *log, const void *data, size_t len);
void fuzz_log_text(fuzz_log *log, const char *text);
void fuzz_log_number(fuzz_log *log, const char *name, uint64_t number);
/* With line feeds and backslashes escaped. */
void fuzz_log_string(fuzz_log *log, const char *name, parley_string string);
void fuzz_log_show(const fuzz_log *log); /* on stdout, if fuzz_shows */
extern bool fuzz_shows;
void fuzz_log_append(fuzz_log *log, const fuzz_log *more);
bool fuzz_log_equal(const fuzz_log *a, const fuzz_log *b);
void fuzz_log_same(const fuzz_log *a, const fuzz_log *b);

/* XML: a line a token, adjacent text joined. */
void fuzz_log_start(fuzz_log *log, parley_element e);
void fuzz_log_characters(fuzz_log *log, parley_string text);
void fuzz_log_end(fuzz_log *log, parley_element e);
void fuzz_log_tree(fuzz_log *log, parley_element e);
void fuzz_log_named(fuzz_log *log, const char *before, parley_string space, parley_string name);

bool fuzz_has(const void *data, size_t len, const char *text, size_t text_len);

#endif
