/* Domain names beyond ASCII. Label by label: an A-label is decoded, others are
   mapped (RFC 5895: lower case, width, NFC; a sigma is no final one there, as DNS
   compares without context; and what IDNA allows as it is, capitals of Cherokee,
   keeps its case); what comes out goes through take(), which judges it
   as a U-label and puts it. An A-label must come out as it was decoded and encode
   to what it was (RFC 5891 section 5.4). The Bidi Rule is for all labels if one of
   them has right-to-left characters (RFC 5893 section 1.4), so its verdict waits
   for the last. */
#include "precis.h"

#include "characters.h"
#include "punycode.h"
#include "text_rules.h"

typedef struct domain {
    text_out *out;
    problem *why;
    /* Of the label at hand: */
    text_rules rules;
    size_t count;
    uint32_t characters[LABEL_MAXIMUM]; /* the first ones */
    size_t hyphens;                     /* in third and fourth place */
    size_t last_at;
    bool lone;
    /* Of all labels: */
    bool right_to_left, bidi_broken;
    size_t bidi_at;
    bool number; /* digits alone came out, and there are as many dots: */
    unsigned dots;
} domain;

static const char edge_hyphen[] =
    "a label of the domain begins or ends with a hyphen; correct the domain";
static const char label_too_long[] =
    "a label of the domain is longer than 63 characters as an A-label; correct the domain";
static const char bad_a_label[] =
    "a label of the domain is no A-label (\"xn--\") that IDNA2008 makes; correct the domain";

static bool take(void *context, uint32_t character, size_t at)
{
    domain *d = context;

    if (d->count == 0 && character == '-') {
        return parley_problem(d->why, at, edge_hyphen);
    }
    if (d->count == 0 && parley_unicode_properties(character).mark) {
        return parley_problem(d->why, at,
                              "a label of the domain begins with a combining mark; correct the "
                              "domain");
    }
    if (d->count < LABEL_MAXIMUM) {
        d->characters[d->count] = character;
    } else if (!d->lone) {
        return parley_problem(d->why, at,
                              "a label of the domain is longer than 63 characters; correct the "
                              "domain");
    }
    d->hyphens += (d->count == 2 || d->count == 3) && character == '-';
    d->number &= character >= '0' && character <= '9';
    d->count++;
    d->last_at = at;
    if (!parley_text_take(&d->rules, character, at, d->why)) {
        return false;
    }
    return parley_text_out_put(d->out, character) || parley_problem(d->why, at, parley_too_long);
}

static bool map_label(parley_string text, size_t at, size_t end, unicode_normalizer *n)
{
    while (at < end) {
        uint32_t c;
        size_t len = parley_utf8_decode(text.data + at, end - at, &c);

        c = parley_unicode_width(c); /* before case comes to the same as after it */
        if (parley_unicode_properties(c).idna != DERIVED_DISALLOWED) {
            if (!parley_normalizer_put(n, c, at)) {
                return false;
            }
        } else if (!parley_normalizer_put(n, parley_unicode_lower(c), at) ||
                   (c == 0x130 && !parley_normalizer_put(n, 0x307, at))) {
            return false;
        }
        at += len;
    }
    return parley_normalizer_end(n);
}

static bool is_a_label(const char *label, size_t len)
{
    return len >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label[2] == '-' &&
           label[3] == '-';
}

/* Whether what came out encodes to the label, whatever the case of its letters. */
static bool encodes_to(const domain *d, const char *label, size_t len)
{
    char encoded[LABEL_MAXIMUM];
    size_t encoded_len;

    if (!parley_punycode_encode(d->characters, d->count, encoded, sizeof encoded, &encoded_len) ||
        encoded_len != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = label[i];

        if (encoded[i] != (c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c)) {
            return false;
        }
    }
    return true;
}

static bool decode_label(domain *d, const char *label, size_t len, size_t at, unicode_normalizer *n)
{
    parley_string encoded = {label + 4, len - 4};
    uint32_t characters[LABEL_MAXIMUM];
    size_t count;

    if (len > LABEL_MAXIMUM || !parley_punycode_decode(encoded, characters, &count)) {
        return parley_problem(d->why, at, bad_a_label);
    }
    for (size_t i = 0; i < count; i++) {
        if (!parley_normalizer_put(n, characters[i], at)) {
            return false;
        }
    }
    if (!parley_normalizer_end(n)) {
        return false;
    }
    /* What NFC changed does not encode to what it was. */
    if (d->count != count || !encodes_to(d, encoded.data, encoded.len)) {
        return parley_problem(d->why, at, bad_a_label);
    }
    return true;
}

/* Whether the label fits DNS. A lone one need not be a DNS name (RFC 7622 section
   3.2). */
static bool fits(const domain *d)
{
    char encoded[LABEL_MAXIMUM - 4];
    size_t len;

    for (size_t i = 0; i < d->count && !d->lone; i++) {
        if (d->characters[i] >= 0x80) {
            return parley_punycode_encode(d->characters, d->count, encoded, sizeof encoded, &len);
        }
    }
    return true;
}

static bool end_label(domain *d, size_t at, size_t end)
{
    if (d->count == 0) {
        return parley_problem(d->why, at, bad_a_label); /* nothing else becomes nothing */
    }
    if (d->rules.before == '-') {
        return parley_problem(d->why, d->last_at, edge_hyphen);
    }
    if (d->hyphens == 2) {
        return parley_problem(d->why, at,
                              "a label of the domain has hyphens in third and fourth place, "
                              "which are reserved; correct the domain");
    }
    if (!fits(d)) {
        return parley_problem(d->why, at, label_too_long);
    }
    if (!parley_text_end(&d->rules, end, d->why)) {
        return false;
    }
    d->right_to_left |= d->rules.right_to_left;
    if (d->rules.bidi_broken && !d->bidi_broken) {
        d->bidi_broken = true;
        d->bidi_at = d->rules.bidi_at;
    }
    return true;
}

static bool do_label(domain *d, parley_string text, size_t at, size_t end)
{
    static const text_rules fresh = {.text_class = TEXT_LABEL};
    unicode_normalizer n = {.form = UNICODE_NFC, .sink = take, .context = d};
    bool done;

    d->rules = fresh;
    d->count = d->hyphens = 0;
    d->lone = at == 0 && end == text.len;
    done = is_a_label(text.data + at, end - at) ? decode_label(d, text.data + at, end - at, at, &n)
                                                : map_label(text, at, end, &n);
    if (!done) {
        return parley_crowded(&n, d->why);
    }
    return end_label(d, at, end);
}

bool parley_precis_domain(parley_string text, text_out *out, problem *why)
{
    domain d = {.out = out, .why = why, .number = true};
    size_t start = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.data[i] != '.') {
            continue;
        }
        if (!do_label(&d, text, start, i)) {
            return false;
        }
        if (i < text.len && !parley_text_out_put(out, '.')) {
            return parley_problem(why, i, parley_too_long);
        }
        d.dots += i < text.len;
        start = i + 1;
    }
    if (d.right_to_left && d.bidi_broken) {
        return parley_problem(why, d.bidi_at, parley_bidi_reason);
    }
    if (d.number && d.dots == 3) {
        return parley_problem(why, 0,
                              "the domain looks like an IPv4 address in wide digits; write it in "
                              "ASCII");
    }
    return true;
}

static bool put_text(text_out *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!parley_text_out_put(out, (unsigned char)text[i])) {
            return false;
        }
    }
    return true;
}

static bool label_to_ascii(parley_string label, text_out *out)
{
    uint32_t characters[LABEL_MAXIMUM];
    char encoded[LABEL_MAXIMUM - 4];
    size_t count = 0;
    size_t len;

    if (parley_is_ascii(label)) {
        return put_text(out, label.data, label.len);
    }
    for (size_t at = 0; at < label.len; count++) {
        size_t step = 0;

        if (count < LABEL_MAXIMUM) {
            step = parley_utf8_decode(label.data + at, label.len - at, &characters[count]);
        }
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return parley_punycode_encode(characters, count, encoded, sizeof encoded, &len) &&
           put_text(out, "xn--", 4) && put_text(out, encoded, len);
}

bool parley_precis_domain_ascii(parley_string domain_text, text_out *out, problem *why)
{
    size_t start = 0;

    for (size_t i = 0; i <= domain_text.len; i++) {
        parley_string label = {domain_text.data + start, i - start};

        if (i < domain_text.len && domain_text.data[i] != '.') {
            continue;
        }
        if (!label_to_ascii(label, out) ||
            (i < domain_text.len && !parley_text_out_put(out, '.'))) {
            return parley_problem(why, start, label_too_long);
        }
        start = i + 1;
    }
    return true;
}
