#include <stdio.h>
#include <string.h>

#include "common/fuzz.h"

void fuzz_log_reset(fuzz_log *log)
{
    log->len = 0;
    log->full = false;
    log->in_text = false;
}

void fuzz_log_bytes(fuzz_log *log, const void *data, size_t len)
{
    if (len > sizeof log->bytes - log->len) {
        log->full = true;
        len = sizeof log->bytes - log->len;
    }
    if (len > 0) {
        memcpy(log->bytes + log->len, data, len);
    }
    log->len += len;
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

void fuzz_log_same(const fuzz_log *a, const fuzz_log *b)
{
    if (a->len != b->len || memcmp(a->bytes, b->bytes, a->len) != 0) {
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
