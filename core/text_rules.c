/* The rules look back one character, and at the last one that is not transparent
   to joining; what they say of characters to come is kept as something wanted, and
   judged when those come or the text ends. `before` and what belongs to it are
   written by parley_text_take alone, the Bidi fields by take_bidi. */
#include "text_rules.h"

const char parley_bidi_reason[] =
    "it mixes right-to-left and left-to-right characters in a way that would show them in "
    "another order; use one direction";

static const char not_allowed[] =
    "it holds a symbol, a compatibility form or an unassigned character, which may not stand "
    "there; replace it";
static const char misplaced[] =
    "it holds a character that may stand only beside certain others (RFC 5892 appendix A); "
    "leave it out";

bool parley_crowded(const unicode_normalizer *n, problem *why)
{
    return n->crowded &&
           parley_problem(why, n->crowded_at,
                          "it holds more than 30 combining marks in a row; leave some out");
}

/* RFC 5892 appendix A, for a character that has such a rule. */
static bool judge_context(text_rules *rules, uint32_t character, size_t at, problem *why)
{
    bool virama = rules->started && rules->before_combining == 9;
    bool met = true;

    rules->wants_at = at;
    switch (character) {
    case 0x200C: /* A.1 */
        if (!virama) {
            met = rules->joining == JOINING_L || rules->joining == JOINING_D;
            rules->wants_joiner = true;
        }
        break;
    case 0x200D: /* A.2 */
        met = virama;
        break;
    case 0xB7: /* A.3 */
        met = rules->started && rules->before == 'l';
        rules->wants_l = true;
        break;
    case 0x375: /* A.4 */
        rules->wants_greek = true;
        break;
    case 0x5F3: /* A.5 */
    case 0x5F4: /* A.6 */
        met = rules->started && rules->before_script == SCRIPT_HEBREW;
        break;
    case 0x30FB: /* A.7 */
        if (!rules->wants_east) {
            rules->wants_east = true;
            rules->east_at = at;
        }
        break;
    default: /* A.8, A.9 */
        rules->arabic_digit |= character <= 0x669;
        rules->extended_digit |= character >= 0x6F0;
        met = !(rules->arabic_digit && rules->extended_digit);
    }
    return met || parley_problem(why, at, misplaced);
}

/* What was wanted of this character. */
static bool judge_wanted(text_rules *rules, uint32_t character, const unicode_properties *p,
                         problem *why)
{
    bool met = (!rules->wants_l || character == 'l') &&
               (!rules->wants_greek || p->script == SCRIPT_GREEK);

    rules->wants_l = rules->wants_greek = false;
    if (rules->wants_joiner && p->joining != JOINING_T) {
        met = met && (p->joining == JOINING_R || p->joining == JOINING_D);
        rules->wants_joiner = false;
    }
    return met || parley_problem(why, rules->wants_at, misplaced);
}

static void break_bidi(text_rules *rules, size_t at)
{
    if (!rules->bidi_broken) {
        rules->bidi_broken = true;
        rules->bidi_at = at;
    }
}

static void take_bidi(text_rules *rules, unsigned bidi, size_t at)
{
    bool right = bidi == BIDI_R || bidi == BIDI_AL;

    rules->right_to_left |= right || bidi == BIDI_AN;
    rules->european |= bidi == BIDI_EN;
    rules->arabic |= bidi == BIDI_AN;
    if (!rules->started) { /* condition 1 */
        rules->bidi_right = right;
        if (!right && bidi != BIDI_L) {
            break_bidi(rules, at);
        }
    } else if (bidi == BIDI_OTHER ||
               (rules->bidi_right ? bidi == BIDI_L : right || bidi == BIDI_AN)) {
        break_bidi(rules, at); /* conditions 2 and 5 */
    }
    if (rules->bidi_right && rules->european && rules->arabic) {
        break_bidi(rules, at); /* condition 4 */
    }
    if (bidi != BIDI_NSM) {
        rules->bidi_last = (uint8_t)bidi;
    }
}

bool parley_text_take(text_rules *rules, uint32_t character, size_t at, problem *why)
{
    unicode_properties p = parley_unicode_properties(character);
    unsigned allowed = rules->text_class == TEXT_LABEL ? p.idna : p.precis;

    if (!judge_wanted(rules, character, &p, why)) {
        return false;
    }
    if (allowed == DERIVED_DISALLOWED ||
        (allowed == DERIVED_FREE && rules->text_class != TEXT_FREEFORM)) {
        return parley_problem(why, at, not_allowed);
    }
    if (allowed == DERIVED_CONTEXT && !judge_context(rules, character, at, why)) {
        return false;
    }
    take_bidi(rules, p.bidi, at);
    rules->started = true;
    rules->before = character;
    rules->before_combining = p.combining;
    rules->before_script = p.script;
    rules->east |= p.script == SCRIPT_EAST;
    if (p.joining != JOINING_T) {
        rules->joining = p.joining;
    }
    return true;
}

bool parley_text_end(text_rules *rules, size_t at, problem *why)
{
    unsigned last = rules->bidi_last;

    if (rules->wants_l || rules->wants_greek || rules->wants_joiner) {
        return parley_problem(why, rules->wants_at, misplaced);
    }
    if (rules->wants_east && !rules->east) {
        return parley_problem(why, rules->east_at, misplaced);
    }
    if (last != BIDI_EN &&
        !(rules->bidi_right ? last == BIDI_R || last == BIDI_AL || last == BIDI_AN
                            : last == BIDI_L)) {
        break_bidi(rules, at); /* conditions 3 and 6 */
    }
    return true;
}
