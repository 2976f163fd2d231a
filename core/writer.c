/* The writer.

   Modes, by the fields of parley_writer:
     error != PARLEY_OK         dead; every call returns at once
     depth 0, used 0            nothing written: only a start may come
     depth > 0, tag_open        inside a start tag: attributes, or anything
     depth > 0, not tag_open    inside content: anything but attributes
     depth 0, used > 0          the element is whole: only finish may come

   Invariants, while error is PARLEY_OK:
     - used <= size, and size < 2^32, so that start_at can hold every offset.
     - start_at[0..depth) are the offsets of the names of the open elements.
     - A declaration of the default namespace is the first attribute of its
       tag. That makes the buffer itself the stack of names and of default
       namespaces: reading one back costs no more than the name is long.
     - Attribute values hold no bare "'", so the next "'" ends one.

   `used` is written by put (and base64), `error` by fail, start_at and depth by
   start and end. Content that fails half-way stays in the buffer: it counts for
   nothing, since finish gives a length only for an element that is whole. */
#include <string.h>

#include "apart.h"
#include "base64_size.h"
#include "characters.h"
#include "form.h"
#include "language.h"
#include "names.h"
#include "parley/base64.h"
#include "text_of.h"
#include "writer_put.h"

static const parley_string none = {NULL, 0};

PARLEY_APART static void fail(parley_writer *w, parley_result error)
{
    if (w->error == PARLEY_OK) {
        w->error = error;
    }
}

void parley_writer_put(parley_writer *w, const char *data, size_t len)
{
    if (w->error != PARLEY_OK || len == 0) {
        return;
    }
    if (len > w->size - w->used) {
        fail(w, PARLEY_NO_ROOM);
        return;
    }
    memcpy(w->buffer + w->used, data, len);
    w->used += len;
}

/* White space in a value goes out as a reference, or the reader would make spaces of it (XML 1.0,
   3.3.3); so does CR in text (2.11). '>' is escaped in text for "]]>". What only text escapes
   stands first, what only values do last. */
static const struct {
    char character;
    unsigned char len;
    char written[6];
} references[] = {
    {'>', 4, "&gt;"},    {'<', 4, "&lt;"},  {'&', 5, "&amp;"},  {'\r', 5, "&#13;"},
    {'\'', 6, "&apos;"}, {'\t', 4, "&#9;"}, {'\n', 5, "&#10;"},
};

enum { IN_BOTH = 1, IN_VALUES_ALONE = 4, REFERENCES = 7 };

/* Makes of the place of an ASCII character that of what it is written as, and returns how long that
   is: 1, itself. */
PARLEY_APART static size_t written_as(const char **c, bool in_value)
{
    const size_t end = in_value ? REFERENCES : IN_VALUES_ALONE;

    /*@ loop invariant 0 <= i <= end;
        loop assigns i;
        loop variant end - i; */
    for (size_t i = in_value ? IN_BOTH : 0; i < end; i++) {
        if (references[i].character == **c) {
            *c = references[i].written;
            return references[i].len;
        }
    }
    return 1;
}

/* RFC 6120 11.1, 11.3, 11.6. */
void parley_writer_put_escaped(parley_writer *w, const parley_string *text, bool in_value)
{
    size_t i = 0;

    /*@ loop invariant FORM_PROVED(values(w, text) && i <= text->len);
        loop invariant FORM_PROVED(\at(w->used, Pre) <= w->used);
        loop assigns i, w->used, w->error, w->buffer[0 .. w->size - 1]; */
    while (i < text->len) {
        uint32_t character;
        const char *c = text->data + i;
        size_t len = parley_utf8_decode(c, text->len - i, &character);

        if (len == 0 || !parley_is_xml_character(character)) {
            fail(w, PARLEY_ILLEGAL);
            return;
        }
        i += len;
        if (character <= '>') { /* the last of those that have a reference */
            len = written_as(&c, in_value);
        }
        parley_writer_put(w, c, len);
    }
}

/* How long the prefix is with its colon; 0: there is none. A name has one at most (Namespaces in
   XML 1.0, section 4). */
static size_t prefix_of(parley_writer *w, const parley_string *name)
{
    size_t begin = 0; /* of the part under way */
    size_t i = 0;

    while (i < name->len) {
        uint32_t character = 0; /* of no name, if there is none */
        size_t len = parley_utf8_decode(name->data + i, name->len - i, &character);

        if (character == ':' && i > 0 && begin == 0) {
            begin = i + 1;
        } else if (!(i == begin ? parley_is_name_start(character)
                                : parley_is_name_character(character))) {
            break;
        }
        i += len;
    }
    if (i < name->len || i == begin) {
        fail(w, PARLEY_ILLEGAL);
    }
    return begin;
}

/* A name holds nothing to be escaped. */
#define WITH_VALUE FORM_B "='" FORM_A "'"

static void put_attribute(parley_writer *w, const parley_string *name, const parley_string *value)
{
    parley_form_put(w, " " WITH_VALUE, value, name);
}

/* The end of the name that begins at `at`, as written. */
static size_t name_end(const parley_writer *w, size_t at)
{
    while (at < w->used && w->buffer[at] != ' ' && w->buffer[at] != '=' && w->buffer[at] != '>') {
        at++;
    }
    return at;
}

/* Whether the start tag whose name begins at `at` has the attribute. */
static bool has_attribute(const parley_writer *w, size_t at, const parley_string *wanted)
{
    for (at = name_end(w, at); at < w->used && w->buffer[at] == ' '; at++) {
        parley_string name = {w->buffer + at + 1, 0};
        size_t end = name_end(w, at + 1);

        name.len = end - (at + 1);
        if (parley_string_equal(name, *wanted)) {
            return true;
        }
        for (at = end + 2; w->buffer[at] != '\'';) {
            at++;
        }
    }
    return false;
}

/* Whether the value that begins at `at` was written for `text`. */
static bool value_is(const parley_writer *w, size_t at, const parley_string *text)
{
    for (size_t i = 0; i < text->len; i++) {
        const char *c = text->data + i;
        size_t len = written_as(&c, true);

        if (len > w->used - at || memcmp(w->buffer + at, c, len) != 0) {
            return false;
        }
        at += len;
    }
    return at < w->used && w->buffer[at] == '\'';
}

/* Whether `space` is the default namespace in force inside the open elements. */
static bool in_force(const parley_writer *w, const parley_string *space)
{
    const size_t declaration = sizeof PARLEY_XMLNS - 1;

    for (size_t i = w->depth; i-- > 0;) {
        size_t at = name_end(w, w->start_at[i]);

        if (w->used - at >= declaration && memcmp(w->buffer + at, parley_xmlns, declaration) == 0) {
            return value_is(w, at + declaration, space);
        }
    }
    return parley_string_equal(*space, w->content_space);
}

static void close_tag(parley_writer *w)
{
    if (w->tag_open) {
        parley_writer_put(w, ">", 1);
        w->tag_open = false;
    }
}

/* Whether there is an open element, for which more can come. */
PARLEY_APART static bool is_inside(parley_writer *w)
{
    if (w->depth == 0) {
        fail(w, PARLEY_MISUSE);
    }
    return w->error == PARLEY_OK;
}

/* `space` with data NULL: nothing is declared (RFC 6120 11.3). */
static void start(parley_writer *w, const parley_string *name, const parley_string *space)
{
    size_t at;
    bool declare;

    if (w->depth == 0 && w->used > 0) {
        fail(w, PARLEY_MISUSE);
    } else if (w->depth == PARLEY_WRITER_DEPTH) {
        fail(w, PARLEY_REFUSED);
    }
    if (w->error != PARLEY_OK) {
        return;
    }
    close_tag(w);
    declare = space->data != NULL && !in_force(w, space);
    at = w->used + 1;
    parley_form_put(w, declare ? "<" FORM_B PARLEY_XMLNS FORM_A "'" : "<" FORM_B, space, name);
    if (w->error == PARLEY_OK) {
        w->start_at[w->depth++] = (uint32_t)at;
        w->tag_open = true;
    }
}

void parley_writer_init(parley_writer *w, char *buffer, size_t size, parley_string content_space)
{
    memset(w, 0, sizeof *w);
    w->buffer = buffer;
    w->size = size < UINT32_MAX ? size : UINT32_MAX;
    w->content_space = content_space;
    if (buffer == NULL && size > 0) {
        w->error = PARLEY_MISUSE;
    }
}

static void start_named(parley_writer *w, const parley_string *name, const parley_string *space)
{
    const parley_string prefix = {name->data, prefix_of(w, name)};

    if (prefix.len > 0 && space->data != NULL) {
        fail(w, PARLEY_MISUSE);
    } else if ((prefix.len > 0 && !parley_string_is(prefix, "stream:")) ||
               parley_string_is(*space, PARLEY_NS_XML) ||
               parley_string_is(*space, PARLEY_NS_XMLNS)) {
        /* No other prefix is declared. Namespaces in XML 1.0, section 3: these two are never the
           default. */
        fail(w, PARLEY_ILLEGAL);
    }
    start(w, name, space);
}

void parley_writer_start_string(parley_writer *w, parley_string name, parley_string space)
{
    start_named(w, &name, &space);
}

void parley_writer_start(parley_writer *w, const char *name, const char *space)
{
    const parley_string named = parley_text(name);
    const parley_string spaced = parley_text(space);

    start_named(w, &named, &spaced);
}

/* RFC 6120 8.4. */
void parley_writer_attribute(parley_writer *w, const char *name, parley_string value)
{
    const parley_string named = parley_text(name);
    parley_string prefix = {name, 0};
    parley_string local;

    if (w->error != PARLEY_OK) {
        return;
    }
    prefix.len = prefix_of(w, &named);
    local = (parley_string){name + prefix.len, named.len - prefix.len};
    if (!w->tag_open || has_attribute(w, w->start_at[w->depth - 1], &named) ||
        parley_string_is(local, "xmlns") || (prefix.len > 0 && !parley_string_is(prefix, "xml:"))) {
        fail(w, PARLEY_MISUSE);
    }
    if (value.data == NULL) {
        return;
    }
    /* RFC 6120 8.1.5. */
    if (parley_string_is(named, "xml:lang") && !parley_is_language(value)) {
        fail(w, PARLEY_ILLEGAL);
    }
    put_attribute(w, &named, &value);
}

void parley_writer_text(parley_writer *w, parley_string text)
{
    if (is_inside(w) && text.len > 0) {
        close_tag(w);
        parley_writer_put_escaped(w, &text, false);
    }
}

void parley_writer_base64(parley_writer *w, const void *data, size_t len)
{
    size_t room;
    size_t size;

    if (!is_inside(w) || len == 0) {
        return;
    }
    close_tag(w);
    room = w->size - w->used;
    /* The comparison keeps the arithmetic from overflowing. */
    size = len < room ? parley_base64_size(len) : SIZE_MAX;
    if (size > room) {
        fail(w, PARLEY_NO_ROOM);
    }
    if (w->error == PARLEY_OK) {
        parley_base64_encode(data, len, w->buffer + w->used);
        w->used += size;
    }
}

void parley_writer_end(parley_writer *w)
{
    parley_string name;
    size_t at;

    if (!is_inside(w)) {
        return;
    }
    at = w->start_at[--w->depth];
    name = (parley_string){w->buffer + at, name_end(w, at) - at};
    parley_form_put(w, w->tag_open ? "/>" : "</" FORM_B ">", NULL, &name);
    w->tag_open = false;
}

/* Whether one of the first `count` attributes has this prefix. */
static bool prefix_among(parley_element element, size_t count, parley_string prefix)
{
    parley_attribute attribute;
    uint32_t next = 0;

    while (count-- > 0 && parley_element_attributes(element, &next, &attribute)) {
        if (attribute.space.len > 0 && parley_string_equal(attribute.prefix, prefix)) {
            return true;
        }
    }
    return false;
}

/* Copies the attribute at `index`. On one element of a document a prefix has one
   meaning, so keeping the prefixes cannot make two namespaces clash. */
static void copy_attribute(parley_writer *w, parley_element element, size_t index,
                           const parley_attribute *attribute)
{
    const bool prefixed = attribute->space.len > 0;

    if (prefixed && !parley_string_is(attribute->space, PARLEY_NS_XML) &&
        !prefix_among(element, index, attribute->prefix)) {
        parley_form_put(w, " xmlns:" WITH_VALUE, &attribute->space, &attribute->prefix);
    }
    parley_form_put(w, prefixed ? " " FORM_B ":" : " ", NULL, &attribute->prefix);
    parley_form_put(w, WITH_VALUE, &attribute->value, &attribute->name);
}

/* RFC 6120 4.8.5. */
static void copy_start(parley_writer *w, parley_element element, parley_string from)
{
    static const parley_string from_name = {"from", 4};
    parley_string name = parley_element_name(element);
    parley_string space = parley_element_namespace(element);
    parley_attribute attribute;
    uint32_t next = 0;

    if (parley_string_is(space, PARLEY_NS_XML)) { /* the prefix stands before the name */
        name = (parley_string){name.data - 4, name.len + 4};
        space = none;
    } else if (space.len == 0) {
        space.data = ""; /* none, and that is declared */
    }
    start(w, &name, &space);
    for (size_t i = 0;
         w->error == PARLEY_OK && parley_element_attributes(element, &next, &attribute); i++) {
        if (from.data == NULL || attribute.space.len > 0 ||
            !parley_string_is(attribute.name, "from")) {
            copy_attribute(w, element, i, &attribute);
        }
    }
    if (w->error == PARLEY_OK && from.data != NULL) {
        put_attribute(w, &from_name, &from);
    }
}

void parley_writer_element(parley_writer *w, parley_element element, parley_string from)
{
    parley_walk walk;
    parley_step step;

    if (element.xml == NULL) {
        fail(w, PARLEY_MISUSE);
        return;
    }
    parley_walk_init(&walk, element);
    while (w->error == PARLEY_OK && (step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        if (step == PARLEY_STEP_START) {
            copy_start(w, walk.element, from);
            from = none; /* the copied element's alone, not its children's */
        } else if (step == PARLEY_STEP_TEXT) {
            parley_writer_text(w, walk.text);
        } else {
            parley_writer_end(w);
        }
    }
}

parley_result parley_writer_finish(const parley_writer *w, size_t *len)
{
    *len = 0;
    if (w->error != PARLEY_OK) {
        return w->error;
    }
    if (w->depth > 0 || w->used == 0) {
        return PARLEY_MISUSE;
    }
    *len = w->used;
    return PARLEY_OK;
}
