#include <stdio.h>
#include <string.h>

#include "common/fuzz.h"

void fuzz_log_reset(fuzz_log *log)
{
    log->len = 0;
    log->beyond = 0;
    log->sum = 0;
    log->in_text = false;
}

void fuzz_log_copy(fuzz_log *to, const fuzz_log *from)
{
    to->len = from->len;
    to->beyond = from->beyond;
    to->sum = from->sum;
    to->in_text = from->in_text;
    memcpy(to->bytes, from->bytes, from->len);
}

void fuzz_log_bytes(fuzz_log *log, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    size_t room = sizeof log->bytes - log->len;
    size_t fits = len < room ? len : room;

    if (fits > 0) {
        memcpy(log->bytes + log->len, data, fits);
    }
    log->len += fits;
    for (size_t i = fits; i < len; i++) {
        log->sum = log->sum * 0x100000001B3u + bytes[i] + 1u;
        log->beyond++;
    }
}

void fuzz_log_text(fuzz_log *log, const char *text)
{
    log->in_text = false;
    fuzz_log_bytes(log, text, strlen(text));
}

void fuzz_log_number(fuzz_log *log, const char *name, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    fuzz_log_text(log, name);
    fuzz_log_bytes(log, digits + at, sizeof digits - at);
}

static void escaped(fuzz_log *log, parley_string string)
{
    size_t from = 0;

    for (size_t i = 0; i < string.len; i++) {
        if (string.data[i] == '\n' || string.data[i] == '\\') {
            fuzz_log_bytes(log, string.data + from, i - from);
            fuzz_log_bytes(log, string.data[i] == '\n' ? "\\n" : "\\\\", 2);
            from = i + 1;
        }
    }
    if (string.len > from) {
        fuzz_log_bytes(log, string.data + from, string.len - from);
    }
}

void fuzz_log_string(fuzz_log *log, const char *name, parley_string string)
{
    fuzz_log_text(log, name);
    if (string.data == NULL) {
        FUZZ_CHECK(string.len == 0);
        fuzz_log_text(log, "(none)");
    }
    escaped(log, string);
}

bool fuzz_shows;

void fuzz_log_show(const fuzz_log *log)
{
    if (fuzz_shows) {
        (void)fwrite(log->bytes, 1, log->len, stdout);
        (void)putchar('\n');
    }
}

static void difference(const fuzz_log *a, const fuzz_log *b)
{
    static char text[3000];
    size_t at = 0;
    size_t from;
    int len;

    while (at < a->len && at < b->len && a->bytes[at] == b->bytes[at]) {
        at++;
    }
    from = at > 300 ? at - 300 : 0;
    len = snprintf(text, sizeof text, "at %zu:\n%.*s\n--- is not\n%.*s\n", at,
                   (int)(a->len - from < 1000 ? a->len - from : 1000), a->bytes + from,
                   (int)(b->len - from < 1000 ? b->len - from : 1000), b->bytes + from);
    FUZZ_CHECK(len > 0);
    fuzz_broken("both runs do the same", __FILE__, __LINE__, text);
}

void fuzz_log_append(fuzz_log *log, const fuzz_log *more)
{
    log->in_text = more->in_text;
    fuzz_log_bytes(log, more->bytes, more->len);
    if (more->beyond > 0) {
        fuzz_log_number(log, "\nbeyond ", more->beyond);
        fuzz_log_number(log, " sum ", more->sum);
    }
}

bool fuzz_log_equal(const fuzz_log *a, const fuzz_log *b)
{
    return a->len == b->len && a->beyond == b->beyond && a->sum == b->sum &&
           memcmp(a->bytes, b->bytes, a->len) == 0;
}

void fuzz_log_same(const fuzz_log *a, const fuzz_log *b)
{
    if (!fuzz_log_equal(a, b)) {
        difference(a, b);
    }
}

void fuzz_log_named(fuzz_log *log, const char *before, parley_string space, parley_string name)
{
    fuzz_log_text(log, before);
    fuzz_log_text(log, "{");
    escaped(log, space);
    fuzz_log_text(log, "}");
    escaped(log, name);
}

void fuzz_log_start(fuzz_log *log, parley_element e)
{
    parley_attribute attribute;
    uint32_t next = 0;

    fuzz_log_named(log, "\n<", parley_element_namespace(e), parley_element_name(e));
    while (parley_element_attributes(e, &next, &attribute)) {
        fuzz_log_named(log, " ", attribute.space, attribute.name);
        fuzz_log_string(log, "=", attribute.value);
    }
}

void fuzz_log_characters(fuzz_log *log, parley_string text)
{
    if (text.len == 0) {
        return;
    }
    if (!log->in_text) {
        fuzz_log_text(log, "\n\"");
        log->in_text = true;
    }
    escaped(log, text);
}

void fuzz_log_end(fuzz_log *log, parley_element e)
{
    fuzz_log_named(log, "\n/", parley_element_namespace(e), parley_element_name(e));
}

void fuzz_log_tree(fuzz_log *log, parley_element e)
{
    parley_walk walk;
    parley_step step;

    parley_walk_init(&walk, e);
    while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        if (step == PARLEY_STEP_START) {
            fuzz_log_start(log, walk.element);
        } else if (step == PARLEY_STEP_TEXT) {
            FUZZ_CHECK(walk.text.len > 0);
            fuzz_log_characters(log, walk.text);
        } else {
            fuzz_log_end(log, walk.element);
        }
    }
}
