/* What the writer writes, the tokenizer reads back equal: random trees, and
   copies of random documents with prefixes, in any namespace around them, in
   exactly the room that is needed and in less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/seeded.h"
#include "names.h"
#include "parley/writer.h"
#include "parley/xml.h"

#define SIZE 65536

static const parley_string absent = {NULL, 0};

/* A tree as one string, in which every part carries its length. */
typedef struct dump {
    char bytes[SIZE];
    size_t len;
    size_t text_at; /* where the last text's length stands; 0: the last part is no text */
} dump;

static void dump_bytes(dump *d, const void *data, size_t len)
{
    assert_true(len <= sizeof d->bytes - d->len);
    if (len > 0) {
        memcpy(d->bytes + d->len, data, len);
    }
    d->len += len;
}

static void dump_part(dump *d, char kind, parley_string text)
{
    dump_bytes(d, &kind, 1);
    dump_bytes(d, &text.len, sizeof text.len);
    dump_bytes(d, text.data, text.len);
    d->text_at = 0;
}

/* Adjacent pieces of text are one. */
static void dump_text(dump *d, parley_string text)
{
    if (text.len > 0 && d->text_at > 0) {
        size_t len;

        memcpy(&len, d->bytes + d->text_at, sizeof len);
        len += text.len;
        memcpy(d->bytes + d->text_at, &len, sizeof len);
        dump_bytes(d, text.data, text.len);
    } else if (text.len > 0) {
        size_t at = d->len + 1;

        dump_part(d, 'T', text);
        d->text_at = at;
    }
}

static void dump_attribute(dump *d, parley_string name, parley_string space, parley_string value)
{
    dump_part(d, 'N', name);
    dump_part(d, 's', space);
    dump_part(d, 'V', value);
}

/* `from`, if its data is not NULL, stands for the root's attribute of that name. */
static void dump_element(dump *d, parley_element element, parley_string from)
{
    parley_walk walk;
    parley_step step;

    memset(d, 0, sizeof *d);
    parley_walk_init(&walk, element);
    while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        if (step == PARLEY_STEP_TEXT) {
            dump_text(d, walk.text);
        } else if (step == PARLEY_STEP_END) {
            dump_part(d, 'E', absent);
        } else {
            parley_attribute attribute;
            uint32_t next = 0;

            dump_part(d, 'S', parley_element_name(walk.element));
            dump_part(d, 's', parley_element_namespace(walk.element));
            while (parley_element_attributes(walk.element, &next, &attribute)) {
                if (from.data == NULL || attribute.space.len > 0 ||
                    !parley_string_equal(attribute.name, parley_string_of("from"))) {
                    dump_attribute(d, attribute.name, attribute.space, attribute.value);
                }
            }
            if (from.data != NULL) {
                dump_attribute(d, parley_string_of("from"), absent, from);
                from = absent;
            }
        }
    }
}

static void assert_same(const dump *a, const dump *b, const char *text)
{
    if (a->len != b->len || memcmp(a->bytes, b->bytes, a->len) != 0) {
        fail_msg("not the same tree: %s", text);
    }
}

typedef struct document {
    char text[SIZE + 256];
    size_t len;
    parley_xml xml;
    uint32_t memory[PARLEY_XML_MEMORY(SIZE + 256) / 4];
} document;

/* Reads `body` inside a root element whose default namespace is `space`. */
static parley_element read_inside(document *doc, parley_string space, const char *body, size_t len)
{
    const parley_limits limits = {.element = SIZE, .depth = 100, .attributes = 100, .name = 256};
    parley_xml_token token = PARLEY_XML_MORE;
    size_t at = 0;

    doc->len = (size_t)snprintf(doc->text, sizeof doc->text, "<r xmlns='%.*s'>%.*s</r>",
                                (int)space.len, space.data, (int)len, body);
    assert_true(doc->len < sizeof doc->text);
    assert_int_equal(parley_xml_init(&doc->xml, sizeof doc->xml, &limits, doc->memory,
                                     sizeof doc->memory),
                     PARLEY_OK);
    parley_xml_set_tree(&doc->xml, 1);
    while (token != PARLEY_XML_ELEMENT) {
        at += parley_xml_push(&doc->xml, doc->text + at, doc->len - at, &token);
        if (token == PARLEY_XML_ERROR || token == PARLEY_XML_LARGE || at == doc->len) {
            fail_msg("%s at %u of %s", parley_code_name(parley_xml_error(&doc->xml)),
                     (unsigned)parley_xml_offset(&doc->xml), doc->text);
        }
    }
    return parley_xml_element(&doc->xml);
}

static const char *const name_pool[] = {"a", "message", "x-1.y_", "\xc3\xbc", "\xf0\x90\x80\x80"};
static const char *const space_pool[] = {"jabber:client", "urn:a", "urn:b", "", "urn:\xc3\xbc?a=b"};
static const char *const piece_pool[] = {
    "a",    " ",    "<",   ">",     "&",        "'",        "\"",           "\t",
    "\n",   "\r",   "]]>", "&amp;", "\xc2\x85", "\xc3\xa9", "\xe2\x80\xa8", "\xf0\x9f\x98\x80",
    "\r\n", "text",
};
#define PICK(pool, seed) ((pool)[seeded_below(seed, sizeof(pool) / sizeof(pool)[0])])

static parley_string random_text(uint32_t *seed, char buffer[64])
{
    parley_string text = {buffer, 0};

    for (uint32_t n = seeded_below(seed, 6); n > 0; n--) {
        const char *piece = PICK(piece_pool, seed);

        memcpy(buffer + text.len, piece, strlen(piece));
        text.len += strlen(piece);
    }
    return text;
}

static void write_attributes(parley_writer *w, dump *d, uint32_t *seed)
{
    static const char *const attributes[] = {"id", "from", "xml:lang", "lang"};
    char value_buffer[64];

    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        bool lang = strchr(attributes[i], ':') != NULL;

        if (seeded_below(seed, 3) == 0) {
            parley_string value = random_text(seed, value_buffer);
            value = lang ? parley_string_of("de-CH") : value;

            parley_writer_attribute(w, attributes[i], value);
            dump_attribute(d, parley_string_of(attributes[i] + (lang ? 4 : 0)),
                           parley_string_of(lang ? PARLEY_NS_XML : ""), value);
        }
    }
}

/* Writes a random tree, with what it should be in `d`. Recursion of `levels`. */
static void write_tree(parley_writer *w, dump *d, uint32_t *seed, const char *space, int levels)
{
    const char *name = PICK(name_pool, seed);
    char buffer[64];

    if (seeded_below(seed, 2) == 0) {
        space = PICK(space_pool, seed);
        parley_writer_start(w, name, space);
    } else {
        parley_writer_start(w, name, NULL);
    }
    dump_part(d, 'S', parley_string_of(name));
    dump_part(d, 's', parley_string_of(space));
    write_attributes(w, d, seed);
    for (uint32_t n = seeded_below(seed, 5); n > 0; n--) {
        if (seeded_below(seed, 3) > 0) {
            parley_string text = random_text(seed, buffer);

            parley_writer_text(w, text);
            dump_text(d, text);
        } else if (levels > 0) {
            write_tree(w, d, seed, space, levels - 1);
        } else {
            parley_writer_base64(w, "\xff\xfe\xfd\xfc", 4);
            dump_text(d, parley_string_of("//79/A=="));
        }
    }
    parley_writer_end(w);
    dump_part(d, 'E', absent);
}

static document doc, copy_doc;
static dump expected, got;
static char out[SIZE];

/* Copies `element` into a stream of `space`, in the room needed and in some
   smaller ones, and compares. */
static void check_copy(parley_element element, const char *space, parley_string from,
                       uint32_t *seed)
{
    parley_string content = parley_string_of(space);
    parley_writer w;
    size_t len, none;
    guard g;
    char *exact;

    parley_writer_init(&w, out, sizeof out, content);
    parley_writer_element(&w, element, from);
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    dump_element(&expected, element, from);
    dump_element(&got, read_inside(&copy_doc, content, out, len), absent);
    assert_same(&expected, &got, copy_doc.text);

    exact = guard_open(&g, len);
    parley_writer_init(&w, exact, len, content);
    parley_writer_element(&w, element, from);
    assert_int_equal(parley_writer_finish(&w, &none), PARLEY_OK);
    assert_memory_equal(exact, out, len);
    guard_close(&g);
    for (int i = 0; i < 8; i++) {
        size_t size = i == 0 ? len - 1 : seeded_below(seed, (uint32_t)len);

        exact = guard_open(&g, size);
        parley_writer_init(&w, exact, size, content);
        parley_writer_element(&w, element, from);
        assert_int_equal(parley_writer_finish(&w, &none), PARLEY_NO_ROOM);
        assert_int_equal(none, 0);
        guard_close(&g);
    }
}

static void random_trees(void **state)
{
    uint32_t seed = 3;

    (void)state;
    for (int round = 0; round < 1500; round++) {
        const char *space = PICK(space_pool, &seed);
        parley_string content = parley_string_of(space);
        parley_string from = seeded_below(&seed, 2) ? absent : parley_string_of("a@b/<'\n");
        parley_writer w;
        parley_element element;
        size_t len;

        memset(&expected, 0, sizeof expected);
        parley_writer_init(&w, out, sizeof out, content);
        write_tree(&w, &expected, &seed, space, 5);
        assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
        element = read_inside(&doc, content, out, len);
        dump_element(&got, element, absent);
        assert_same(&expected, &got, doc.text);
        check_copy(element, PICK(space_pool, &seed), from, &seed);
    }
}

/* A document with prefixes, declared anew at random; recursion of `levels`. */
static size_t random_document(char *text, uint32_t *seed, int levels)
{
    static const char *const prefixes[] = {"", "p:", "q:"};
    const char *prefix = PICK(prefixes, seed);
    const char *name = PICK(name_pool, seed);
    static const char *const prefix_spaces[] = {"urn:a", "urn:b", "urn:c&amp;&apos;"};
    size_t len = (size_t)sprintf(text, "<%s%s", prefix, name);

    /* The outermost declares both prefixes, the others one now and then. */
    for (size_t i = 0; i < 2; i++) {
        if (levels == 4 || seeded_below(seed, 4) == 0) {
            len += (size_t)sprintf(text + len, " xmlns:%c='%s'", "pq"[i],
                                   PICK(prefix_spaces, seed));
        }
    }
    if (seeded_below(seed, 4) == 0) {
        len += (size_t)sprintf(text + len, " xmlns=\"%s\"", PICK(space_pool, seed));
    }
    for (char c = 'a'; c < 'e'; c++) {
        if (seeded_below(seed, 2) == 0) {
            static const char *const values[] = {"", "1", "&#9;&lt;\"", "&#xA; \t\n'&amp;"};
            const char *value = PICK(values, seed);
            char quote = strchr(value, '"') != NULL ? '\'' : '"';

            len += (size_t)sprintf(text + len, " %s%c=%c%s%c", PICK(prefixes, seed), c, quote,
                                   value, quote);
        }
    }
    len += (size_t)sprintf(text + len, "%s>", seeded_below(seed, 3) ? "" : " xml:lang='en'");
    for (uint32_t n = seeded_below(seed, 5); n > 0; n--) {
        static const char *const contents[] = {"x", "&#13;", "<![CDATA[<&]]>", "&gt;", "\n"};

        if (levels > 0 && seeded_below(seed, 2)) {
            len += random_document(text + len, seed, levels - 1);
        } else {
            len += (size_t)sprintf(text + len, "%s", PICK(contents, seed));
        }
    }
    return len + (size_t)sprintf(text + len, "</%s%s>", prefix, name);
}

static void random_documents(void **state)
{
    static char text[SIZE];
    uint32_t seed = 5;

    (void)state;
    for (int round = 0; round < 1500; round++) {
        size_t len = random_document(text, &seed, 4);
        parley_element element = read_inside(&doc, parley_string_of(PICK(space_pool, &seed)), text,
                                             len);
        parley_string from = seeded_below(&seed, 2) ? absent : parley_string_of("a@b/c");

        check_copy(element, PICK(space_pool, &seed), from, &seed);
    }
}

static void assert_copy(const char *body, const char *from, const char *written)
{
    parley_string content = parley_string_of(PARLEY_NS_CLIENT);
    parley_element element = read_inside(&doc, content, body, strlen(body));
    parley_writer w;
    size_t len;

    parley_writer_init(&w, out, sizeof out, content);
    parley_writer_element(&w, element, parley_string_of(from));
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    out[len] = '\0';
    assert_string_equal(out, written);
}

static void exact_copies(void **state)
{
    (void)state;
    /* RFC 6120 section 8.1.2.1: the stanza's `from`, and no other. */
    assert_copy("<message from='x' to='y'><m from='z' xmlns='u'/></message>", "a@b/c",
                "<message to='y' from='a@b/c'><m xmlns='u' from='z'/></message>");
    assert_copy("<message to='y'/>", "a@b/c", "<message to='y' from='a@b/c'/>");
    assert_copy("<message from='x' to='y'/>", NULL, "<message from='x' to='y'/>");
    assert_copy("<message xmlns:p='u' p:from='x'/>", "a",
                "<message xmlns:p='u' p:from='x' from='a'/>");
    /* A prefix is declared once an element, and where it is used. */
    assert_copy("<m xmlns:p='u' xmlns:q='u'><p:x p:a='1' q:b='2' p:c='3' xml:lang='de'/></m>", NULL,
                "<m><x xmlns='u' xmlns:p='u' p:a='1' xmlns:q='u' q:b='2' p:c='3' xml:lang='de'/>"
                "</m>");
    assert_copy("<m xmlns:p='u'><p:x xmlns:p='v' p:a='1'><p:y p:a='1'/></p:x><n p:a='2'/></m>",
                NULL,
                "<m><x xmlns='v' xmlns:p='v' p:a='1'><y xmlns:p='v' p:a='1'/></x>"
                "<n xmlns:p='u' p:a='2'/></m>");
    assert_copy("<m><xml:x xml:space='preserve'><y/></xml:x></m>", NULL,
                "<m><xml:x xml:space='preserve'><y/></xml:x></m>");
    assert_copy("<m xmlns=''/>", NULL, "<m xmlns=''/>");
}

/* Inside an element that the application opened: a forward (XEP-0297). */
static void copy_inside(void **state)
{
    static const char body[] = "<message to='y'><body>hi</body></message>";
    parley_string content = parley_string_of(PARLEY_NS_CLIENT);
    parley_element element = read_inside(&doc, content, body, sizeof body - 1);
    parley_writer w;
    size_t len;

    (void)state;
    parley_writer_init(&w, out, sizeof out, content);
    parley_writer_start(&w, "message", NULL);
    parley_writer_start(&w, "forwarded", "urn:xmpp:forward:0");
    parley_writer_element(&w, element, parley_string_of("a"));
    parley_writer_end(&w);
    parley_writer_element(&w, element, absent);
    parley_writer_end(&w);
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    out[len] = '\0';
    assert_string_equal(out, "<message><forwarded xmlns='urn:xmpp:forward:0'>"
                             "<message xmlns='jabber:client' to='y' from='a'><body>hi</body>"
                             "</message></forwarded><message to='y'><body>hi</body></message>"
                             "</message>");
}

/* Deeper than the writer holds: refused, and nothing of it. */
static void too_deep(void **state)
{
    char body[1024] = "";
    parley_writer w;
    size_t len = 1;

    (void)state;
    for (int i = 0; i <= PARLEY_WRITER_DEPTH; i++) {
        strcat(body, "<a>");
    }
    for (int i = 0; i <= PARLEY_WRITER_DEPTH; i++) {
        strcat(body, "</a>");
    }
    parley_writer_init(&w, out, sizeof out, absent);
    parley_writer_element(&w, read_inside(&doc, absent, body, strlen(body)), absent);
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_REFUSED);
    assert_int_equal(len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_trees), cmocka_unit_test(random_documents),
        cmocka_unit_test(exact_copies), cmocka_unit_test(copy_inside),
        cmocka_unit_test(too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
