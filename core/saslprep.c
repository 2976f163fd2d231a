/* SASLprep (RFC 4013): mapping by RFC 3454's tables C.1.2 and B.1, NFKC of Unicode
   3.2, then what is prohibited and the direction rule (RFC 3454 section 6) for what
   came out. Secrets pass here: nothing is kept, and the normalizer is wiped. */
#include "precis.h"
#include "sasl.h"
#include "text_rules.h"

#include "characters.h"

typedef struct judge {
    bool stored;
    bool any, left, right;
    unicode_old_side first, last;
    text_out *out;
    problem *why;
} judge;

static bool take(void *context, uint32_t character, size_t at)
{
    judge *j = context;
    unicode_old_kind kind = parley_unicode_old_kind(character);
    unicode_old_side side = parley_unicode_old_side(character);

    if (kind == OLD_PROHIBITED) {
        return parley_problem(j->why, at,
                              "it holds a character that SASLprep prohibits; leave it out");
    }
    if (kind == OLD_UNASSIGNED && j->stored) {
        return parley_problem(j->why, at,
                              "it holds a character that Unicode 3.2, and so SASLprep, does not "
                              "know; leave it out, or use OpaqueString");
    }
    if (!j->any) {
        j->any = true;
        j->first = side;
    }
    j->last = side;
    j->left |= side == OLD_LEFT;
    j->right |= side == OLD_RIGHT;
    return parley_text_out_put(j->out, character) || parley_problem(j->why, at, parley_too_long);
}

static bool map(parley_string text, unicode_normalizer *n, problem *why)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = parley_utf8_decode(text.data + at, text.len - at, &c);
        unicode_old_kind kind;

        if (len == 0) {
            return parley_problem(why, at, "it is not UTF-8; convert it to UTF-8");
        }
        kind = parley_unicode_old_kind(c);
        if (kind != OLD_NOTHING && !parley_normalizer_put(n, kind == OLD_SPACE ? ' ' : c, at)) {
            return parley_crowded(n, why);
        }
        at += len;
    }
    return parley_normalizer_end(n) || parley_crowded(n, why);
}

bool parley_saslprep(parley_string text, bool stored, text_out *out, problem *why)
{
    judge j = {.stored = stored, .out = out, .why = why};
    unicode_normalizer n = {.form = UNICODE_NFKC_3_2, .sink = take, .context = &j};
    bool done = map(text, &n, why);

    parley_wipe(&n, sizeof n);
    if (!done) {
        return false;
    }
    if (j.right && (j.left || j.first != OLD_RIGHT || j.last != OLD_RIGHT)) {
        return parley_problem(why, 0, parley_bidi_reason);
    }
    return true;
}
