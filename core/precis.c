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

/* Whether no JID may hold the character: no class of PRECIS allows it (RFC 8264 section 8), and no
   mapping changes it. */
static bool is_never_allowed(uint32_t character)
{
    static const uint16_t never[][2] = {
        {0x80, 0x9F},     /* controls (9.12) */
        {0xAD, 0xAD},     /* soft hyphen (9.13, as what follows without another name) */
        {0x61C, 0x61C},   /* Arabic letter mark */
        {0x200B, 0x200B}, /* zero width */
        {0x200E, 0x200F}, /* marks of direction */
        {0x2028, 0x202E}, /* separators (9.14), more such marks */
        {0x2060, 0x206F}, /* invisible */
        {0xE000, 0xF8FF}, /* private use (8) */
        {0xFDD0, 0xFDEF}, /* noncharacters (8) */
        {0xFE00, 0xFE0F}, /* variations */
        {0xFEFF, 0xFEFF}, /* byte order mark */
        {0xFFF0, 0xFFFB}, /* annotations */
    };

    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (character >= never[i][0] && character <= never[i][1]) {
            return true;
        }
    }
    /* Noncharacters in each plane, tags, planes for private use. */
    return (character & 0xFFFE) == 0xFFFE || character >> 12 == 0xE0 || character >= 0xF0000;
}

const char parley_reserved_hyphens[] =
    "a label of the domain has hyphens in third and fourth place, which are reserved; correct the "
    "domain";

bool parley_precis_allows(parley_string text, size_t end, problem *why)
{
    uint32_t character;
    size_t len;

    for (size_t i = 0; i < text.len && i < end; i += len) {
        len = parley_utf8_decode(text.data + i, text.len - i, &character);
        if (len == 0 || is_never_allowed(character)) {
            return parley_problem(why, i,
                                  len == 0
                                      ? "it is not UTF-8; convert it to UTF-8"
                                      : "it holds an invisible or private character, which no JID "
                                        "may hold; leave it out");
        }
    }
    return true;
}

/* An IPv6 address has none: its zone stays as it is (RFC 6874). */
static bool has_a_label(parley_string text)
{
    for (size_t i = 0; i + 4 <= text.len && text.data[0] != '['; i++) {
        if ((i == 0 || text.data[i - 1] == '.') && (text.data[i] | 0x20) == 'x' &&
            (text.data[i + 1] | 0x20) == 'n' && text.data[i + 2] == '-' &&
            text.data[i + 3] == '-') {
            return true;
        }
    }
    return false;
}

bool parley_precis_maps(parley_jid_part part, parley_string text, text_out *out, problem *why,
                        bool *taken)
{
    if (parley_is_ascii(text) && (part != PARLEY_JID_DOMAIN || !has_a_label(text))) {
        return false;
    }
    *taken = part == PARLEY_JID_DOMAIN  ? parley_precis_domain(text, out, why)
             : part == PARLEY_JID_LOCAL ? parley_precis_local(text, out, why)
                                        : parley_precis_opaque(text, out, why);
    return true;
}
