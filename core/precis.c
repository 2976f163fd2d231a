/* Localparts, resourceparts and opaque passwords: RFC 8264 section 7 gives the
   order: width, other mappings, case, normalisation, directionality, behaviour.
   So what counts is what comes out: characters that are canonically the same as
   allowed ones (U+212B and U+00E5) are taken, however they were written.

   One pass: each character is mapped and goes into the normalizer, which gives to
   take() what comes out; that judges and puts it. */
#include "precis.h"

#include "characters.h"
#include "sasl.h"
#include "text_rules.h"
#include "unicode.h"

typedef struct profile {
    bool local; /* else OpaqueString */
    text_rules rules;
    text_out *out;
    problem *why;
} profile;

static bool excluded(uint32_t c)
{
    return c <= 0x20 || c == '"' || c == '&' || c == '\'' || c == '/' || c == ':' || c == '<' ||
           c == '>' || c == '@' || c == 0x7F;
}

static bool take(void *context, uint32_t character, size_t at)
{
    profile *p = context;

    if (p->local && excluded(character)) {
        return parley_problem(p->why, at,
                              "it holds a wide form of a character that no localpart may hold; "
                              "take it out, or escape it by XEP-0106");
    }
    if (!parley_text_take(&p->rules, character, at, p->why)) {
        return false;
    }
    return parley_text_out_put(p->out, character) || parley_problem(p->why, at, parley_too_long);
}

/* Whether a cased character is the nearest, in one direction from `at`, that case
   does not ignore (Unicode 3.13, Final_Sigma). */
static bool cased_after(parley_string text, size_t at)
{
    while (at < text.len) {
        unicode_properties p;
        uint32_t c;

        at += parley_utf8_decode(text.data + at, text.len - at, &c);
        p = parley_unicode_properties(parley_unicode_width(c));
        if (!p.case_ignorable) {
            return p.cased;
        }
    }
    return false;
}

/* What decides whether a sigma is a final one, kept along the way. */
typedef struct casing {
    bool cased_before; /* the last character that case does not ignore is cased */
} casing;

static uint32_t lower(casing *state, parley_string text, size_t after, uint32_t character,
                      const unicode_properties *p)
{
    bool before = state->cased_before;

    if (!p->case_ignorable) {
        state->cased_before = p->cased;
    }
    if (character == 0x3A3 && before && !cased_after(text, after)) {
        return 0x3C2;
    }
    return p->lower ? parley_unicode_lower(character) : character;
}

static bool map_local(parley_string text, unicode_normalizer *n)
{
    casing state = {false};

    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t after = at + parley_utf8_decode(text.data + at, text.len - at, &c);
        unicode_properties p;

        c = parley_unicode_width(c);
        p = parley_unicode_properties(c);
        if (!parley_normalizer_put(n, lower(&state, text, after, c, &p), at) ||
            (c == 0x130 && !parley_normalizer_put(n, 0x307, at))) {
            return false;
        }
        at = after;
    }
    return true;
}

static bool map_opaque(parley_string text, unicode_normalizer *n)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = parley_utf8_decode(text.data + at, text.len - at, &c);

        if (!parley_normalizer_put(n, parley_unicode_properties(c).space ? ' ' : c, at)) {
            return false;
        }
        at += len;
    }
    return true;
}

bool parley_precis_local(parley_string text, text_out *out, problem *why)
{
    profile p = {true, {.text_class = TEXT_IDENTIFIER}, out, why};
    unicode_normalizer n = {.form = UNICODE_NFC, .sink = take, .context = &p};

    if (!map_local(text, &n) || !parley_normalizer_end(&n)) {
        return parley_crowded(&n, why);
    }
    if (!parley_text_end(&p.rules, text.len, why)) {
        return false;
    }
    if (p.rules.right_to_left && p.rules.bidi_broken) {
        return parley_problem(why, p.rules.bidi_at, parley_bidi_reason);
    }
    return true;
}

bool parley_precis_opaque(parley_string text, text_out *out, problem *why)
{
    profile p = {false, {.text_class = TEXT_FREEFORM}, out, why};
    unicode_normalizer n = {.form = UNICODE_NFC, .sink = take, .context = &p};

    bool done = (map_opaque(text, &n) && parley_normalizer_end(&n)) || parley_crowded(&n, why);

    done = done && parley_text_end(&p.rules, text.len, why);
    parley_wipe(&n, sizeof n); /* passwords come here too */
    parley_wipe(&p, sizeof p);
    return done;
}
