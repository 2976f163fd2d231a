/* Unicode's tables, which spec/unicode/derive makes. Everything is sorted, for
   binary search; runs say where each value begins. */
#ifndef PARLEY_CORE_UNICODE_TABLES_H
#define PARLEY_CORE_UNICODE_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* Where a run of code points that decompose begins, and its first of `mapped`. */
typedef struct unicode_run {
    uint32_t first;
    uint32_t index;
} unicode_run;

typedef struct unicode_pair {
    uint16_t first;
    uint16_t second;
    uint16_t composite;
} unicode_pair;

typedef struct unicode_large_pair {
    uint32_t first;
    uint32_t second;
    uint32_t composite;
} unicode_large_pair;

/* Every step-th code point from first to first + span has its counterpart at
   that distance. */
typedef struct unicode_delta {
    uint32_t first;
    uint16_t span;
    uint16_t step;
    int32_t delta;
} unicode_delta;

/* What Unicode 3.2 decomposed a code point to by mistake. */
typedef struct unicode_correction {
    uint32_t character;
    uint32_t old;
} unicode_correction;

/* Code point << 11 | number of its class; the class's properties (unicode.h). */
extern const uint32_t parley_unicode_class_runs[];
extern const size_t parley_unicode_class_runs_count;
extern const uint32_t parley_unicode_class_bits[];
extern const size_t parley_unicode_class_bits_count;
extern const uint8_t parley_unicode_class_combining[];
extern const size_t parley_unicode_class_combining_count;

/* RFC 3454: code point << 4 | number of its class; kind | side << 3 (unicode.h). */
extern const uint32_t parley_unicode_old_runs[];
extern const size_t parley_unicode_old_runs_count;
extern const uint8_t parley_unicode_old_classes[];
extern const size_t parley_unicode_old_classes_count;

/* Full decompositions, canonical where there is one. `mapped` holds a place in
   `pool` << 2 | UTF-16 units; 0 units: the pool has their number there. */
extern const unicode_run parley_unicode_mapped_runs[];
extern const size_t parley_unicode_mapped_runs_count;
extern const uint16_t parley_unicode_mapped[];
extern const size_t parley_unicode_mapped_count;
extern const uint16_t parley_unicode_pool[];
extern const size_t parley_unicode_pool_count;

extern const unicode_pair parley_unicode_pairs[];
extern const size_t parley_unicode_pairs_count;
extern const unicode_large_pair parley_unicode_large_pairs[];
extern const size_t parley_unicode_large_pairs_count;

/* All but U+0130, which alone has two code points in lower case. */
extern const unicode_delta parley_unicode_lowercase[];
extern const size_t parley_unicode_lowercase_count;

/* U+FF01 and on; 0: not a width variant of one code point. */
extern const uint16_t parley_unicode_wide[];
extern const size_t parley_unicode_wide_count;

extern const unicode_correction parley_unicode_corrections[];
extern const size_t parley_unicode_corrections_count;

#endif
