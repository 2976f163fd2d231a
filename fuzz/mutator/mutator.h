/* A mutator that knows what the inputs are made of: settings, XML, actions (common/step.h); or
   edits and records (duplex, tls_records, tls_chain).

   Most of what it makes is well-formed XML whose base64 can be decoded, so that mutations
   get behind the parser; the rest is mutated byte by byte. The same arguments give the same
   result. libFuzzer calls it through libfuzzer.c, AFL++ through afl.c. */
#ifndef PARLEY_FUZZ_MUTATOR_H
#define PARLEY_FUZZ_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is found in an input, as [from, to). */
typedef enum fuzz_kind {
    FUZZ_ELEMENT,   /* with all that it holds */
    FUZZ_TAG,       /* a declaration, a header, an end tag that nothing opened */
    FUZZ_TEXT,      /* character data */
    FUZZ_VALUE,     /* of an attribute, without its quotes */
    FUZZ_ATTRIBUTE, /* with the space before it */
    FUZZ_ACTION,
    FUZZ_KINDS
} fuzz_kind;

typedef struct fuzz_span {
    fuzz_kind kind;
    size_t from, to;
    size_t depth; /* elements around it, the stream's header not among them */
} fuzz_span;

#define FUZZ_SPANS 512

/* Finds what stands behind the first `head` bytes; how much, at most FUZZ_SPANS. Anything may
   stand there. In the order of their ends. */
size_t fuzz_scan(const uint8_t *data, size_t size, size_t head, bool actions,
                 fuzz_span spans[FUZZ_SPANS]);

/* Mutates some bytes in place; the new size, at most `max`. */
typedef size_t fuzz_bytes_mutator(uint8_t *data, size_t size, size_t max);

typedef struct fuzz_mutator {
    uint32_t random;  /* not 0 */
    size_t head;      /* settings before the text */
    bool actions;     /* 0xFF is one */
    bool wire;        /* the actions are those that a wire has */
    bool der;         /* a certificate */
    bool server;      /* the input is what a client says */
    size_t edit;      /* the size of one, where the input is edits; 0: it is not */
    size_t most;      /* the longest input; 0: as the engine has it */
    size_t counts_at; /* the setting that counts the edits of the first of two kinds; 0: none */
    bool records;     /* or TLS records, as the settings say */
    fuzz_bytes_mutator *bytes;
} fuzz_mutator;

/* The layout of a target's inputs; false: of a target that this does not know. */
bool fuzz_mutator_init(fuzz_mutator *m, const char *target, uint32_t seed,
                       fuzz_bytes_mutator *bytes);

/* A number below `limit`, which is over 0. */
uint32_t fuzz_mutator_random(fuzz_mutator *m, size_t limit);

/* Mutates in place; the new size, at most `max`. */
size_t fuzz_mutate(fuzz_mutator *m, uint8_t *data, size_t size, size_t max);

/* Elements of the one among elements of the other. */
size_t fuzz_cross(fuzz_mutator *m, const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                  uint8_t *out, size_t max);

/* The two for inputs that are edits. edits.c */
size_t fuzz_mutate_edits(fuzz_mutator *m, uint8_t *data, size_t size, size_t max);
size_t fuzz_cross_edits(fuzz_mutator *m, const uint8_t *a, size_t a_size, const uint8_t *b,
                        size_t b_size, uint8_t *out, size_t max);

/* An account, by a name or an address: the fuzzer's own, others, of other hosts. text.c */
const char *fuzz_account(fuzz_mutator *m);

/* Where a server may send its client, and where it may not; 60 bytes at most. text.c */
const char *fuzz_address(fuzz_mutator *m);

/* The text [from, to) is made new, and fits where it stands: base64 if it was base64, without
   what would be markup. text.c */
size_t fuzz_mutate_text(fuzz_mutator *m, uint8_t *data, size_t size, size_t max,
                        const fuzz_span *span);

/* Puts `len` bytes in place of [from, to); the new size, or the old one where `max` is too
   small. */
size_t fuzz_replace(uint8_t *data, size_t size, size_t max, size_t from, size_t to,
                    const void *bytes, size_t len);

#endif
