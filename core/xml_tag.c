/* Tags.

   A start tag is written at the top of the stack as it comes: x->tag is its element record,
   x->attribute the attribute under way, x->name and x->value where the bytes of a QName and
   of a value begin. At its '>' namespaces are resolved and x->open becomes the element. What
   happens then depends on the mode:

   XML_STREAM  the element gives START, and END when it is closed, and then leaves the stack;
   XML_TREE    it stays, with its content after it, until x->limited is closed and given;
   XML_SKIP    its declarations stay until it is closed.

   x->limited is the element whose bytes and elements are counted: the tree, or without trees
   the first-level element. It is set by its start tag and cleared by its end. */
#include "xml_internal.h"

#include <string.h>

#include "names.h"

void parley_xml_begin_element(parley_xml *x, uint32_t tag, xml_count from)
{
    x->tag = tag;
    x->tag_from = from;
    if (x->limited == XML_NOWHERE) {
        x->counted_from = from;
        x->counting = true;
        x->elements = 0;
        if (x->depth == x->tree || (x->tree == PARLEY_XML_NO_TREE && x->depth == 1)) {
            x->limited = tag;
        }
    }
}

const unsigned char *parley_xml_element_start(parley_xml *x, const unsigned char *p,
                                              const unsigned char *pe)
{
    xml_element element = {0, x->open, XML_SPACE_NONE, 0, 0};

    if (x->depth >= x->limits.depth) {
        parley_xml_fail(x, PARLEY_ERROR_XML_DEPTH);
        return p;
    }
    parley_xml_text_close(x);
    x->tag = parley_xml_reserve(x, sizeof element);
    parley_xml_put_element(x, x->tag, &element);
    x->attribute = XML_NOWHERE;
    x->attributes = 0;
    x->name = x->top;
    x->value = XML_NOWHERE;
    x->cut = false;
    x->plain = true;
    x->prefix = 0;
    /* The '<' stands right before its name. */
    parley_xml_begin_element(x, x->tag, (xml_count)x->offset + (xml_count)(p - x->chunk) - 1);
    return parley_xml_name_first(x, p, pe);
}

static void end_element_name(parley_xml *x)
{
    if (x->attribute == XML_NOWHERE) {
        uint16_t lens[] = {(uint16_t)(x->top - x->name), x->prefix};
        memcpy(XML_ALIGNED(parley_xml_block_at(x, x->tag) + offsetof(xml_element, name_len)), lens,
               sizeof lens);
        parley_xml_align(x);
    }
}

const unsigned char *parley_xml_attribute_start(parley_xml *x, const unsigned char *p,
                                                const unsigned char *pe)
{
    end_element_name(x);
    if (x->attributes >= x->limits.attributes) {
        parley_xml_fail(x, PARLEY_ERROR_XML_ATTRIBUTES);
        return p;
    }
    x->attributes++;
    x->attribute = parley_xml_reserve(x, sizeof(xml_attribute));
    x->name = x->top;
    x->prefix = 0;
    return parley_xml_name_first(x, p, pe);
}

/* Whether what has come of the name, behind its colon if it has one, is "xmlns". */
XML_CALLED static bool is_xmlns(const parley_xml *x)
{
    uint32_t from = x->name + x->prefix + (x->prefix > 0);

    return x->top - from == 5 && memcmp(parley_xml_at(x, from), "xmlns", 5) == 0;
}

void parley_xml_name_colon(parley_xml *x)
{
    x->declaration = is_xmlns(x);
    if (x->attribute == XML_NOWHERE && x->declaration) {
        /* Element names have not the prefix xmlns (Namespaces 3). */
        parley_xml_fail(x, PARLEY_ERROR_XML_NAMESPACE);
    } else if (x->top - x->name >= x->limits.name) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NAME);
    } else {
        x->prefix = (uint16_t)(x->top - x->name);
        parley_xml_append(x, ":", 1);
    }
}

#ifndef XML_SMALL /* core/xml_namespace.c has another */
/* The names so far are a tree: below an attribute lie two, whose places are the halves of its
   `space`, counted in fours from the first attribute; 0: none. At each a bit of what is mixed of
   the name tells where it goes on. What is too far from the first to be in it is compared with
   all. */
bool parley_xml_is_repeated(parley_xml *x, uint32_t first, uint32_t at)
{
    xml_attribute last = parley_xml_get_attribute(x, at);
    const unsigned char *name = parley_xml_block_at(x, at) + sizeof last;
    uint32_t place = (at - first) / 4;
    uint32_t next = first;
    uint32_t mixed = 0;

    for (size_t i = 0; i < last.name_len; i++) {
        mixed = (mixed ^ name[i]) * 0x9E3779B1u;
    }
    while (next != at) {
        uint32_t before = next;
        xml_attribute other = parley_xml_get_attribute(x, before);
        uint32_t half = mixed >> 31 << 4;
        if (other.name_len == last.name_len &&
            memcmp(parley_xml_block_at(x, before) + sizeof other, name, last.name_len) == 0) {
            return true;
        }
        next = first + 4 * (other.space >> half & 0xFFFF);
        if (place > 0xFFFF) {
            next = parley_xml_next_attribute(x, before, &other);
        } else if (next == first) {
            other.space |= place << half;
            parley_xml_put_attribute(x, before, &other);
            break;
        }
        mixed <<= 1;
    }
    return false;
}
#endif

XML_APART static bool is_repeated(parley_xml *x)
{
    xml_element element = parley_xml_get_element(x, x->tag);

    return parley_xml_is_repeated(x, parley_xml_first_attribute(x->tag, &element), x->attribute);
}

/* In XML_SMALL nobody asks. */
static inline void note_plain(parley_xml *x)
{
#ifdef XML_SMALL
    (void)x;
#else
    x->plain = x->plain && !x->declaration && x->prefix == 0;
#endif
}

/* Whether an attribute is a declaration, and one that can be; where it has a prefix its colon has
   told the former. */
XML_SELDOM static bool takes_declaration(parley_xml *x)
{
    const bool is = is_xmlns(x);

    if (x->prefix == 0) {
        x->declaration = is;
    } else if (x->declaration && is) { /* Namespaces 3 */
        parley_xml_fail(x, PARLEY_ERROR_XML_NAMESPACE);
        return false;
    }
    return true;
}

/* A look that spares another; a device asks the other alone. */
static inline bool can_declare(const parley_xml *x)
{
#ifdef XML_SMALL
    (void)x;
    return true;
#else
    return *parley_xml_block_at(x, x->name) == 'x';
#endif
}

void parley_xml_attribute_name_end(parley_xml *x)
{
    xml_attribute attribute = {XML_SPACE_NONE, 0, (uint16_t)(x->top - x->name), x->prefix};

    memcpy(XML_ALIGNED(parley_xml_block_at(x, x->attribute)), &attribute, sizeof attribute);
    if (is_repeated(x)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
        return;
    }
    if (!can_declare(x)) {
        x->declaration = false;
    } else if (!takes_declaration(x)) {
        return;
    }
    note_plain(x);
    x->value = x->top;
}

bool parley_xml_keeps_value(const parley_xml *x)
{
    return x->mode != XML_SKIP || x->declaration || (x->tag == x->limited && !x->cut);
}

void parley_xml_cut_tag(parley_xml *x)
{
    x->cut = true;
    if (x->value != XML_NOWHERE && !x->declaration) {
        x->top = x->value;
    }
}

#ifndef XML_SMALL /* text's are for values too */
/* Bytes of x->buffer. */
static void value_add(parley_xml *x, size_t len)
{
    if (parley_xml_keeps_value(x)) {
        parley_xml_append(x, x->buffer, len);
    }
}

void parley_xml_value_byte(parley_xml *x, unsigned char byte)
{
    x->buffer[0] = byte;
    value_add(x, 1);
}

void parley_xml_value_character(parley_xml *x)
{
    if (parley_xml_is_character(x)) {
        value_add(x, parley_xml_encode(x->character, x->buffer));
    }
}

#endif

XML_SELDOM static void end_declaration(parley_xml *x)
{
    if (!parley_xml_declaration_allowed(x, x->attribute)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NAMESPACE);
    }
}

void parley_xml_value_end(parley_xml *x)
{
    uint32_t value = (x->top - x->value) << 1 | (x->declaration ? 1u : 0u);

    memcpy(XML_ALIGNED(parley_xml_block_at(x, x->attribute) + offsetof(xml_attribute, value)),
           &value, sizeof value);
    x->value = XML_NOWHERE;
    parley_xml_align(x);
    if (x->declaration) {
        end_declaration(x);
    }
}

/* One element more of x->limited. What is skipped is kept nowhere, and not counted. */
static void count_element(parley_xml *x)
{
    if (x->mode != XML_SKIP && x->limits.elements != 0 && x->elements++ == x->limits.elements) {
        x->many = true;
        x->stop = true;
    }
}

/* Sets bits of a record's head. */
static uint32_t mark(parley_xml *x, uint32_t at, uint32_t bits)
{
    const uint32_t head = parley_xml_get_head(x, at) | bits;

    parley_xml_put_head(x, at, head);
    return head;
}

void parley_xml_open(parley_xml *x)
{
    x->open = x->tag;
    x->tag = XML_NOWHERE;
    x->depth++;
    x->last = XML_NOWHERE;
    x->between = true;
    count_element(x);
    if (x->mode != XML_STREAM) {
        return;
    }
    /* It has no siblings for a cursor. */
    (void)mark(x, x->open, XML_IS_LAST);
    if (x->open == x->limited && x->tree != PARLEY_XML_NO_TREE) {
        x->mode = XML_TREE;
        return;
    }
    x->counting = x->limited != XML_NOWHERE;
    parley_xml_give(x, PARLEY_XML_START, x->open);
}

/* Resolves the names of the start tag. One whose names have no prefix, and that declares
   nothing, has no more to ask than the default namespace. */
static bool resolve(parley_xml *x)
{
    parley_xml_put_head(x, x->tag, (uint32_t)x->attributes << 16);
#ifndef XML_SMALL
    if (x->plain && parley_xml_get_element(x, x->tag).prefix_len == 0) {
        parley_xml_put_space(x, x->tag, parley_xml_default_space(x));
        return true;
    }
#endif
    return parley_xml_resolve(x, x->tag);
}

/* The machine has taken a tag. A token stops it there; in a tree it stops too, so that what comes
   whole behind the tag is taken so (core/xml_content.c). Nothing that is skipped is. */
static void tag_taken(parley_xml *x)
{
#ifdef XML_SMALL
    (void)x;
#else
    if (x->mode == XML_TREE) {
        x->stop = true;
    }
#endif
}

void parley_xml_start_tag(parley_xml *x)
{
    end_element_name(x);
    if (!resolve(x)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NAMESPACE);
        return;
    }
    if (x->mode == XML_SKIP && x->tag != x->limited && x->attributes > 0) {
        parley_xml_leave_scope(x, x->tag);
        x->top = parley_xml_move_element(x, x->tag, x->tag);
        parley_xml_resolve(x, x->tag);
    }
    parley_xml_open(x);
    tag_taken(x);
}

void parley_xml_empty_tag(parley_xml *x)
{
    parley_xml_start_tag(x);
    if (x->error != PARLEY_NO_ERROR) {
        return;
    }
    if (x->mode == XML_STREAM) {
        x->end_due = true;
    } else {
        parley_xml_close(x);
    }
}

void parley_xml_end_name_end(parley_xml *x)
{
    if (x->matched != parley_xml_get_element(x, x->open).name_len) {
        parley_xml_fail(x, PARLEY_ERROR_XML_NOT_WELL_FORMED);
    }
}

void parley_xml_end_tag(parley_xml *x)
{
    parley_xml_end_name_end(x);
    if (x->error == PARLEY_NO_ERROR) {
        parley_xml_close(x);
        tag_taken(x);
    }
}

/* The last record of the content of the element at `at` learns that it is. */
static void end_content(parley_xml *x, uint32_t at)
{
    if ((mark(x, x->last, XML_IS_LAST) & XML_IS_TEXT) != 0) {
        parley_xml_append(x, &at, sizeof at);
    } else {
        parley_xml_put_link(x, x->last, at);
    }
}

static void close_in_tree(parley_xml *x, uint32_t at)
{
    parley_xml_text_close(x);
    if (x->last != XML_NOWHERE) {
        end_content(x, at);
        (void)mark(x, at, XML_CONTENT);
    }
    if ((parley_xml_get_head(x, at) & XML_IS_LAST) == 0) {
        parley_xml_put_link(x, at, x->top);
    }
    x->last = at;
}

void parley_xml_close(parley_xml *x)
{
    uint32_t at = x->open;
    parley_xml_token token = x->mode == XML_TREE ? PARLEY_XML_ELEMENT : PARLEY_XML_END;

    parley_xml_leave_scope(x, at);
    x->open = parley_xml_get_element(x, at).link;
    x->depth--;
    x->closed = x->depth == 0;
    x->between = true;
    if (x->mode == XML_TREE) {
        close_in_tree(x, at);
    }
    if (x->mode == XML_STREAM || at == x->limited) {
        x->release = at;
        if (at == x->limited) {
            x->mode = XML_STREAM;
            x->limited = XML_NOWHERE;
            x->counting = false;
        }
        parley_xml_give(x, token, at);
    } else if (x->mode == XML_SKIP) {
        x->top = at;
    }
}
