/* Unicode 15.0: properties of characters, case, width, normalisation. */
#ifndef PARLEY_CORE_UNICODE_H
#define PARLEY_CORE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bidi_Class, as far as RFC 5893 tells them apart. */
typedef enum unicode_bidi {
    BIDI_OTHER,
    BIDI_L,
    BIDI_R,
    BIDI_AL,
    BIDI_AN,
    BIDI_EN,
    BIDI_ES,
    BIDI_CS,
    BIDI_ET,
    BIDI_ON,
    BIDI_BN,
    BIDI_NSM
} unicode_bidi;

/* The property that RFC 8264 section 8 or RFC 5892 section 3 derives. FREE is
   allowed in FreeformClass alone; CONTEXT by the rules of RFC 5892 appendix A. */
typedef enum unicode_allowed {
    DERIVED_DISALLOWED,
    DERIVED_PVALID,
    DERIVED_FREE,
    DERIVED_CONTEXT
} unicode_allowed;

/* Joining_Type; others are as U. */
typedef enum unicode_joining {
    JOINING_U,
    JOINING_L,
    JOINING_R,
    JOINING_D,
    JOINING_T
} unicode_joining;

/* EAST: Hiragana, Katakana, Han. */
typedef enum unicode_script {
    SCRIPT_OTHER,
    SCRIPT_GREEK,
    SCRIPT_HEBREW,
    SCRIPT_EAST
} unicode_script;

typedef struct unicode_properties {
    uint8_t combining; /* Canonical_Combining_Class */
    uint8_t bidi;
    uint8_t precis;
    uint8_t idna;
    uint8_t joining;
    uint8_t script;
    bool mark; /* General_Category M */
    bool cased;
    bool case_ignorable;
    bool space; /* General_Category Zs, but for U+0020 */
    bool lower; /* has another in lower case */
    bool canonical;
    bool compatible;
    bool second; /* of a pair that composes */
} unicode_properties;

unicode_properties parley_unicode_properties(uint32_t character);

/* What SASLprep (RFC 4013) does with a character of Unicode 3.2. */
typedef enum unicode_old_kind {
    OLD_ALLOWED,
    OLD_NOTHING, /* mapped to nothing */
    OLD_SPACE,   /* mapped to U+0020 */
    OLD_PROHIBITED,
    OLD_UNASSIGNED
} unicode_old_kind;

/* RFC 3454 tables D.1 (right) and D.2 (left). */
typedef enum unicode_old_side { OLD_NEITHER, OLD_LEFT, OLD_RIGHT } unicode_old_side;

unicode_old_kind parley_unicode_old_kind(uint32_t character);
unicode_old_side parley_unicode_old_side(uint32_t character);

/* The lower case (Lowercase_Mapping, without conditions) of all characters but
   U+0130, whose second character is U+0307. */
uint32_t parley_unicode_lower(uint32_t character);

/* A fullwidth or halfwidth character's ordinary form, others as they are. */
uint32_t parley_unicode_width(uint32_t character);

/* Characters in a row that are not starters, after decomposition: 30, as in the
   Stream-Safe Text Format (UAX #15 section 13); text with more is refused. */
#define UNICODE_MARKS 30

typedef enum unicode_form { UNICODE_NFC, UNICODE_NFKC, UNICODE_NFKC_3_2 } unicode_form;

/* Takes one character; `at` is the offset that it, or what it is composed of,
   came with. False: refused, and nothing more is given. */
typedef bool (*unicode_sink)(void *context, uint32_t character, size_t at);

/* A normalisation under way. Set form, sink, context; the rest 0. */
typedef struct unicode_normalizer {
    unicode_form form;
    unicode_sink sink;
    void *context;
    bool crowded; /* refused for UNICODE_MARKS, at crowded_at */
    size_t crowded_at;
    uint8_t count;
    uint8_t combining[UNICODE_MARKS + 1];
    uint32_t characters[UNICODE_MARKS + 1];
    size_t at[UNICODE_MARKS + 1];
} unicode_normalizer;

/* False: the sink refused, or crowded. */
bool parley_normalizer_put(unicode_normalizer *n, uint32_t character, size_t at);
bool parley_normalizer_end(unicode_normalizer *n);

#endif
