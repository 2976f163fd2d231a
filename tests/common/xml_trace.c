/* Traces of the tokenizer, for comparing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/seeded.h"
#include "common/xml_trace.h"

static void add(xml_trace *t, const char *data, size_t len)
{
    if (t->size - t->len <= len) {
        t->size = (t->len + len + 1) * 2;
        t->log = realloc(t->log, t->size);
        assert_non_null(t->log);
    }
    memcpy(t->log + t->len, data, len);
    t->len += len;
    t->log[t->len] = '\0';
}

static void add_string(xml_trace *t, parley_string string)
{
    char escaped[8];

    for (size_t i = 0; i < string.len; i++) {
        unsigned char byte = (unsigned char)string.data[i];
        if (byte > 0x20 && byte != '\\' && byte != '"' && byte < 0x7F) {
            add(t, string.data + i, 1);
        } else {
            add(t, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\%02x", byte));
        }
    }
}

void xml_trace_line(xml_trace *t, const char *line)
{
    t->joined = false;
    add(t, "\n", 1);
    add(t, line, strlen(line));
}

static void add_named(xml_trace *t, const char *before, parley_string space, parley_string name)
{
    add(t, before, strlen(before));
    add(t, "{", 1);
    add_string(t, space);
    add(t, "}", 1);
    add_string(t, name);
}

void xml_trace_start(xml_trace *t, parley_string space, parley_string prefix, parley_string name)
{
    t->joined = false;
    add_named(t, "\n<", space, name);
    add(t, " ", 1);
    add_string(t, prefix);
}

void xml_trace_attribute(xml_trace *t, parley_string space, parley_string name, parley_string value)
{
    add_named(t, " ", space, name);
    add(t, "=", 1);
    add_string(t, value);
}

void xml_trace_text(xml_trace *t, parley_string text)
{
    if (!t->joined && text.len > 0) {
        add(t, "\n\"", 2);
        t->joined = true;
    }
    add_string(t, text);
}

void xml_trace_end(xml_trace *t, parley_string space, parley_string name)
{
    t->joined = false;
    add_named(t, "\n/", space, name);
}

void xml_trace_reset(xml_trace *t)
{
    t->len = 0;
    t->joined = false;
    t->places = 0;
    add(t, "", 0);
}

void xml_trace_free(xml_trace *t)
{
    free(t->log);
    memset(t, 0, sizeof *t);
}

void xml_trace_copy(xml_trace *to, const xml_trace *from)
{
    xml_trace_reset(to);
    add(to, from->log, from->len);
    to->verdict = from->verdict;
    to->error = from->error;
    to->condition = from->condition;
    to->offset = from->offset;
    to->places = from->places;
}

void xml_trace_same(const xml_trace *a, const xml_trace *b, const char *what)
{
    if (a->verdict != b->verdict || a->error != b->error || a->condition != b->condition ||
        a->offset != b->offset || strcmp(a->log, b->log) != 0 ||
        (a->places != b->places && a->places != 0 && b->places != 0)) {
        fail_msg("%s:\nresult %d error %d at %llu, tags %llx%s\nis not\n"
                 "result %d error %d at %llu, tags %llx%s",
                 what, a->verdict, a->error, (unsigned long long)a->offset,
                 (unsigned long long)a->places, a->log, b->verdict, b->error,
                 (unsigned long long)b->offset, (unsigned long long)b->places, b->log);
    }
}

xml_setup xml_setup_default(void)
{
    xml_setup setup = {PARLEY_LIMITS_DEFAULT, PARLEY_XML_NO_TREE, 0, false, false, false};

    return setup;
}

void xml_bench_open(xml_bench *bench)
{
    memset(bench, 0, sizeof *bench);
    bench->input_end = guard_open(&bench->input_guard, XML_BENCH_INPUT);
    bench->input_end += XML_BENCH_INPUT;
    bench->memory_end = guard_open(&bench->memory_guard, XML_BENCH_MEMORY);
    bench->memory_end += XML_BENCH_MEMORY;
}

void xml_bench_close(xml_bench *bench)
{
    xml_trace_free(&bench->trace);
    guard_close(&bench->input_guard);
    guard_close(&bench->memory_guard);
}

static void start(xml_trace *t, parley_element e)
{
    parley_attribute attribute;
    uint32_t next = 0;

    xml_trace_start(t, parley_element_namespace(e), parley_element_prefix(e),
                    parley_element_name(e));
    while (parley_element_attributes(e, &next, &attribute)) {
        xml_trace_attribute(t, attribute.space, attribute.name, attribute.value);
    }
    assert_false(parley_element_attributes(e, &next, &attribute));
}

static void end(xml_trace *t, parley_element e)
{
    xml_trace_end(t, parley_element_namespace(e), parley_element_name(e));
}

static void tree(xml_trace *t, parley_element e)
{
    parley_walk walk;
    parley_step step;

    parley_walk_init(&walk, e);
    while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        if (step == PARLEY_STEP_START) {
            start(t, walk.element);
        } else if (step == PARLEY_STEP_TEXT) {
            xml_trace_text(t, walk.text);
        } else {
            end(t, walk.element);
        }
    }
    assert_int_equal(parley_walk_next(&walk), PARLEY_STEP_DONE);
}

/* Only white space goes in while there is no memory. */
static void exchange_memory(parley_xml *x, void *memory, size_t len)
{
    parley_xml_token token;

    if (parley_xml_idle(x) && parley_xml_depth(x) == 1) {
        assert_int_equal(parley_xml_memory(x, NULL, 0), PARLEY_OK);
        assert_int_equal(parley_xml_push(x, "<", 1, &token), 0);
        assert_int_equal(token, PARLEY_XML_MORE);
        assert_int_equal(parley_xml_memory(x, memory, len), PARLEY_OK);
    }
}

static void on_token(xml_bench *bench, const xml_setup *setup, parley_xml *x,
                     parley_xml_token token)
{
    xml_trace *t = &bench->trace;

    if (token != PARLEY_XML_TEXT && token != PARLEY_XML_MORE && token != PARLEY_XML_ERROR) {
        t->places = (t->places ^ parley_xml_offset(x)) * 0x100000001B3u;
    }
    switch (token) {
    case PARLEY_XML_START:
        start(t, parley_xml_element(x));
        if (setup->park && parley_xml_depth(x) == 1) {
            assert_int_equal(parley_xml_park(x), PARLEY_OK);
        }
        break;
    case PARLEY_XML_TEXT:
        assert_true(parley_xml_text(x).len > 0);
        xml_trace_text(t, parley_xml_text(x));
        break;
    case PARLEY_XML_END:
        end(t, parley_xml_element(x));
        break;
    case PARLEY_XML_ELEMENT:
        tree(t, parley_xml_element(x));
        break;
    case PARLEY_XML_LARGE:
        xml_trace_line(t, "large");
        if (parley_xml_element(x).xml != NULL) {
            start(t, parley_xml_element(x));
        }
        if (!setup->keep) {
            parley_result result = parley_xml_skip(x);
            xml_trace_line(t, result == PARLEY_OK ? "skipped" : "no room to skip");
        }
        break;
    case PARLEY_XML_MORE:
    case PARLEY_XML_ERROR:
        break;
    }
}

/* The piece that begins at `at`. */
static size_t piece(xml_cuts *cuts, size_t at, size_t len)
{
    size_t size = len - at;

    if (cuts->step > 0) {
        size = cuts->step;
    } else if (cuts->seed != 0) {
        size = 1 + seeded_below(&cuts->seed, 1 + seeded_below(&cuts->seed, 64));
    } else if (at < cuts->cut) {
        size = cuts->cut - at;
    }
    return size < len - at ? size : len - at;
}

/* Pushes one piece until it has been taken. False: an error. */
static bool push_piece(xml_bench *bench, const xml_setup *setup, parley_xml *x,
                       const unsigned char *data, size_t len)
{
    unsigned char *memory = bench->memory_end - (setup->memory ? setup->memory : XML_BENCH_MEMORY);
    size_t memory_len = setup->memory ? setup->memory : XML_BENCH_MEMORY;
    parley_xml_token token;

    do {
        unsigned char *copy = memcpy(bench->input_end - len, data, len);
        uint64_t before = parley_xml_offset(x);
        size_t taken = parley_xml_push(x, copy, len, &token);

        assert_true(taken <= len);
        assert_int_equal(parley_xml_offset(x), before + taken);
        on_token(bench, setup, x, token);
        data += taken;
        len -= taken;
        if (token == PARLEY_XML_ERROR) {
            assert_int_equal(parley_xml_push(x, copy, 0, &token), 0);
            assert_int_equal(token, PARLEY_XML_ERROR);
            return false;
        }
        if (setup->park) {
            exchange_memory(x, memory, memory_len);
        }
    } while (token != PARLEY_XML_MORE);
    assert_int_equal(len, 0);
    return true;
}

typedef struct reading {
    xml_bench *bench;
    const xml_setup *setup;
    uint64_t from, to; /* offsets of the bytes that are read */
    unsigned seen;     /* tokens */
    bool refused;
    bool failed;
} reading;

static bool see(void *context, parley_xml *x, parley_xml_token token)
{
    reading *r = context;

    assert_false(r->refused || r->failed);
    assert_int_not_equal(token, PARLEY_XML_MORE);
    assert_in_range(parley_xml_offset(x), r->from, r->to);
    r->from = parley_xml_offset(x);
    on_token(r->bench, r->setup, x, token);
    r->failed = token == PARLEY_XML_ERROR;
    if (r->setup->park && parley_xml_idle(x)) {
        size_t len = r->setup->memory ? r->setup->memory : XML_BENCH_MEMORY;
        assert_int_equal(parley_xml_memory(x, NULL, 0), PARLEY_OK);
        assert_int_equal(parley_xml_memory(x, r->bench->memory_end - len, len), PARLEY_OK);
    }
    r->refused = !r->failed && ++r->seen % 5 == 0;
    return !r->refused;
}

/* The same by parley_xml_read. */
static bool read_piece(xml_bench *bench, const xml_setup *setup, parley_xml *x,
                       const unsigned char *data, size_t len)
{
    reading r = {bench, setup, 0, 0, (unsigned)len, false, false};

    do {
        unsigned char *copy = memcpy(bench->input_end - len, data, len);
        uint64_t before = parley_xml_offset(x);
        size_t taken;

        r.from = before;
        r.to = before + len;
        r.refused = false;
        taken = parley_xml_read(x, copy, len, see, &r);
        assert_true(taken <= len);
        assert_int_equal(parley_xml_offset(x), before + taken);
        if (r.failed) {
            assert_int_equal(parley_xml_read(x, copy, 0, see,
                                             &(reading){.bench = bench,
                                                        .setup = setup,
                                                        .from = before + taken,
                                                        .to = before + taken}),
                             0);
            return false;
        }
        data += taken;
        len -= taken;
    } while (r.refused);
    assert_int_equal(len, 0);
    assert_null(parley_xml_element(x).xml);
    return true;
}

void xml_bench_run(xml_bench *bench, const xml_setup *setup, xml_cuts cuts, const void *data,
                   size_t len)
{
    size_t memory_len = setup->memory ? setup->memory : XML_BENCH_MEMORY;
    xml_trace *t = &bench->trace;
    parley_xml x;
    size_t at = 0;
    uint32_t unwritten;

    assert_true(len <= XML_BENCH_INPUT && memory_len <= XML_BENCH_MEMORY);
    assert_int_equal(parley_xml_init(&x, sizeof x, &setup->limits, bench->memory_end - memory_len,
                                     memory_len),
                     PARLEY_OK);
    unwritten = x.high; /* no memory but that at the same place is set meanwhile */
    parley_xml_set_tree(&x, setup->tree);
    xml_trace_reset(t);
    while (at < len) {
        size_t size = piece(&cuts, at, len);
        if (!(setup->reads ? read_piece : push_piece)(bench, setup, &x,
                                                      (const unsigned char *)data + at, size)) {
            break;
        }
        at += size;
    }
    t->verdict = parley_xml_finish(&x);
    t->error = parley_xml_error(&x);
    t->condition = parley_xml_condition(&x);
    t->offset = parley_xml_offset(&x);
    t->high = x.high - unwritten;
    assert_int_equal(t->error != PARLEY_NO_ERROR, t->verdict == PARLEY_ILLEGAL);
    assert_int_equal(t->condition != PARLEY_CONDITION_NONE, t->verdict == PARLEY_ILLEGAL);
    assert_true(t->verdict == PARLEY_ILLEGAL || t->offset == len);
}

/* The same by push and by read, which are to be as `whole`. */
static void same_as(xml_bench *bench, const xml_setup *setup, xml_cuts cuts, const void *data,
                    size_t len, const xml_trace *whole, const char *what)
{
    xml_setup either = *setup;

    for (int i = 0; i < 2; i++) {
        either.reads = i == 1;
        xml_bench_run(bench, &either, cuts, data, len);
        xml_trace_same(&bench->trace, whole, what);
    }
}

void xml_bench_every_cut(xml_bench *bench, const xml_setup *setup, const void *data, size_t len,
                         const char *what)
{
    xml_cuts one = {0, 0, 0};
    xml_cuts bytes = {0, 1, 0};
    xml_trace whole = {0};

    xml_bench_run(bench, setup, one, data, len);
    xml_trace_copy(&whole, &bench->trace);
    same_as(bench, setup, one, data, len, &whole, what);
    same_as(bench, setup, bytes, data, len, &whole, what);
    for (size_t cut = 1; cut < len && len <= 1024; cut++) {
        xml_bench_run(bench, setup, (xml_cuts){cut, 0, 0}, data, len);
        xml_trace_same(&bench->trace, &whole, what);
    }
    for (uint32_t seed = 1; seed <= 16; seed++) {
        same_as(bench, setup, (xml_cuts){0, 0, seed * 7919}, data, len, &whole, what);
    }
    xml_trace_free(&whole);
}

static const uint16_t trees[3] = {PARLEY_XML_NO_TREE, 0, 1};

void xml_bench_expect(xml_bench *bench, const char *document, const char *log)
{
    for (int i = 0; i < 3; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        xml_bench_every_cut(bench, &setup, document, strlen(document), document);
        if (bench->trace.verdict != PARLEY_OK) {
            fail_msg("%s: result %d, error %d at %llu", document, bench->trace.verdict,
                     bench->trace.error, (unsigned long long)bench->trace.offset);
        }
        if (log != NULL) {
            assert_string_equal(bench->trace.log, log);
        }
    }
}

void xml_bench_expect_error(xml_bench *bench, const char *document, parley_code error,
                            uint64_t offset)
{
    for (int i = 0; i < 3; i++) {
        xml_setup setup = xml_setup_default();

        setup.tree = trees[i];
        xml_bench_every_cut(bench, &setup, document, strlen(document), document);
        if (bench->trace.error != error || bench->trace.offset != offset) {
            fail_msg("%s: result %d, error %d at %llu, not %d at %llu", document,
                     bench->trace.verdict, bench->trace.error,
                     (unsigned long long)bench->trace.offset, error, (unsigned long long)offset);
        }
    }
}
