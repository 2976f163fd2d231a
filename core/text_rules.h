/* What may stand together in a text, judged one character at a time: the derived
   property, the contextual rules (RFC 5892 appendix A), the Bidi Rule (RFC 5893
   section 2). Of mapped and normalised text. */
#ifndef PARLEY_CORE_TEXT_RULES_H
#define PARLEY_CORE_TEXT_RULES_H

#include "problem.h"
#include "unicode.h"

typedef enum text_class { TEXT_IDENTIFIER, TEXT_FREEFORM, TEXT_LABEL } text_class;

/* One text. Set text_class; the rest 0. */
typedef struct text_rules {
    text_class text_class;
    bool started;
    uint32_t before; /* the last character */
    uint8_t before_combining;
    uint8_t before_script;
    uint8_t joining; /* the last Joining_Type but T */

    /* A rule that the next character (joiner: the next but T) must satisfy: */
    bool wants_l, wants_greek, wants_joiner;
    size_t wants_at;
    /* Rules about all of the text: */
    bool wants_east, east, arabic_digit, extended_digit;
    size_t east_at;

    /* The Bidi Rule: broken counts where there is right-to-left text. */
    bool right_to_left, bidi_broken, bidi_right, european, arabic;
    uint8_t bidi_last; /* but NSM */
    size_t bidi_at;
} text_rules;

/* False: refused; the Bidi Rule refuses nothing here. */
bool parley_text_take(text_rules *rules, uint32_t character, size_t at, problem *why);

/* The text's end, at `at`; afterwards the caller judges right_to_left and
   bidi_broken, for a text alone or for all labels of a domain together. */
bool parley_text_end(text_rules *rules, size_t at, problem *why);

/* False, always; after a normalizer refused: gives its reason, if it was not the
   sink's. */
bool parley_crowded(const unicode_normalizer *n, problem *why);

/* The reason to give for bidi_broken. */
extern const char parley_bidi_reason[];

#endif
