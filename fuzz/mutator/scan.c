/* What an input is made of. This is no parser: it takes what comes and makes the best of it. */
#include <string.h>

#include "mutator/mutator.h"

#define OPEN_MAX 64

typedef struct scan {
    const uint8_t *data;
    size_t size;
    size_t at;
    bool actions;
    fuzz_span *spans;
    size_t count;
    size_t open[OPEN_MAX]; /* where the elements around begin */
    size_t depth;
} scan;

static void found(scan *s, fuzz_kind kind, size_t from)
{
    if (s->count < FUZZ_SPANS && s->at > from) {
        s->spans[s->count].kind = kind;
        s->spans[s->count].from = from;
        s->spans[s->count].to = s->at;
        s->spans[s->count].depth = s->depth;
        s->count++;
    }
}

static bool is_action(const scan *s)
{
    return s->actions && s->data[s->at] == 0xFF;
}

static bool starts(const scan *s, const char *text)
{
    size_t len = strlen(text);

    return s->size - s->at >= len && memcmp(s->data + s->at, text, len) == 0;
}

static void action(scan *s)
{
    size_t from = s->at;
    uint8_t what = s->size - from > 1 ? s->data[from + 1] : 0;
    bool has_text = what == 18 || what == 21;
    size_t len = has_text || what == 15 || what == 16 || what == 20 ? 4 : 2;

    if (has_text && s->size - from >= 4) {
        len += (size_t)s->data[from + 2] << 8 | s->data[from + 3];
    }
    s->at += len < s->size - from ? len : s->size - from;
    found(s, FUZZ_ACTION, from);
}

static void text(scan *s)
{
    size_t from = s->at;

    while (s->at < s->size && s->data[s->at] != '<' && !is_action(s)) {
        s->at++;
    }
    found(s, FUZZ_TEXT, from);
}

/* From the '=' of an attribute, whose name begins at `from`. */
static void attribute(scan *s, size_t from)
{
    size_t value;
    uint8_t quote;

    s->at++;
    if (s->at == s->size || (s->data[s->at] != '\'' && s->data[s->at] != '"')) {
        return;
    }
    quote = s->data[s->at++];
    value = s->at;
    while (s->at < s->size && s->data[s->at] != quote && s->data[s->at] != '<') {
        s->at++;
    }
    found(s, FUZZ_VALUE, value);
    if (s->at < s->size && s->data[s->at] == quote) {
        s->at++;
        found(s, FUZZ_ATTRIBUTE, from);
    }
}

/* Over a start tag and its attributes; whether it is an empty one. */
static bool start_tag(scan *s)
{
    size_t name = s->at++;

    while (s->at < s->size && s->data[s->at] != '>' && s->data[s->at] != '<' && !is_action(s)) {
        if (s->data[s->at] == ' ') {
            name = s->at;
        }
        if (s->data[s->at] == '=') {
            attribute(s, name);
        } else {
            s->at++;
        }
    }
    if (s->at == s->size || s->data[s->at] != '>') {
        return false;
    }
    s->at++;
    return s->data[s->at - 2] == '/';
}

static void to_the_end_of(scan *s, const char *end)
{
    while (s->at < s->size && !starts(s, end)) {
        s->at++;
    }
    s->at += s->at < s->size ? strlen(end) : 0;
}

static void markup(scan *s)
{
    size_t from = s->at;

    if (starts(s, "<?") || starts(s, "<![CDATA[")) {
        bool declares = s->data[from + 1] == '?';

        to_the_end_of(s, declares ? "?>" : "]]>");
        found(s, declares ? FUZZ_TAG : FUZZ_TEXT, from);
    } else if (starts(s, "</")) {
        to_the_end_of(s, ">");
        if (s->depth == 0) {
            found(s, FUZZ_TAG, from);
            return;
        }
        s->depth--;
        found(s, FUZZ_ELEMENT, s->open[s->depth]);
    } else if (starts(s, "<stream:stream")) {
        (void)start_tag(s);
        found(s, FUZZ_TAG, from);
    } else if (start_tag(s)) {
        found(s, FUZZ_ELEMENT, from);
    } else if (s->depth < OPEN_MAX) {
        s->open[s->depth++] = from;
    }
}

size_t fuzz_scan(const uint8_t *data, size_t size, size_t head, bool actions,
                 fuzz_span spans[FUZZ_SPANS])
{
    scan s;

    memset(&s, 0, sizeof s);
    s.data = data;
    s.size = size;
    s.at = head < size ? head : size;
    s.actions = actions;
    s.spans = spans;
    while (s.at < size) {
        if (is_action(&s)) {
            action(&s);
        } else if (data[s.at] == '<') {
            markup(&s);
        } else {
            text(&s);
        }
    }
    return s.count;
}
