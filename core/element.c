/* Cursors over the records that the tokenizer left (core/xml_internal.h has their form). A
   cursor holds an offset, and nothing is cached. The last record of a content is marked and
   says which element it belongs to; any other is followed by the next one. */
#include "xml_internal.h"

#include <string.h>

#include "apart.h"
#include "names.h"

static parley_string bytes_at(const parley_xml *x, uint32_t at, size_t len)
{
    parley_string string = {(const char *)parley_xml_at(x, at), len};

    return string;
}

parley_string parley_xml_space_name(const parley_xml *x, uint32_t space)
{
    parley_string name = {PARLEY_NS_XML, 0};

    if (space == XML_SPACE_XML) {
        name.len = sizeof PARLEY_NS_XML - 1;
    } else if (space != XML_SPACE_NONE) {
        xml_attribute declaration = parley_xml_get_attribute(x, space);
        name = bytes_at(x, space + (uint32_t)sizeof declaration + declaration.name_len,
                        declaration.value >> 1);
    }
    return name;
}

static parley_string prefix_of(const parley_xml *x, uint32_t name_at, uint16_t prefix_len)
{
    return bytes_at(x, name_at, prefix_len);
}

static parley_string local_of(const parley_xml *x, uint32_t name_at, uint16_t name_len,
                              uint16_t prefix_len)
{
    uint32_t before = prefix_len > 0 ? prefix_len + 1u : 0;

    return bytes_at(x, name_at + before, name_len - before);
}

parley_string parley_element_name(parley_element e)
{
    xml_element element = parley_xml_get_element(e.xml, e.at);

    return local_of(e.xml, e.at + (uint32_t)sizeof element, element.name_len, element.prefix_len);
}

parley_string parley_element_namespace(parley_element e)
{
    return parley_xml_space_name(e.xml, parley_xml_get_element(e.xml, e.at).space);
}

parley_string parley_element_prefix(parley_element e)
{
    xml_element element = parley_xml_get_element(e.xml, e.at);

    return prefix_of(e.xml, e.at + (uint32_t)sizeof element, element.prefix_len);
}

/* RFC 6120 8.4. */
bool parley_element_is(parley_element e, const char *name, const char *space)
{
    return (name == NULL || parley_string_is(parley_element_name(e), name)) &&
           (space == NULL || parley_string_is(parley_element_namespace(e), space));
}

bool parley_element_attributes(parley_element e, uint32_t *next, parley_attribute *attribute)
{
    xml_element element = parley_xml_get_element(e.xml, e.at);
    uint32_t at = parley_xml_first_attribute(e.at, &element);
    uint32_t count = element.head >> 16;

    /*@ loop invariant XML_PROVED(i <= count && left(at) == count - i);
        loop assigns i, at;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++) {
        xml_attribute record = parley_xml_get_attribute(e.xml, at);
        uint32_t name = at + (uint32_t)sizeof record;
        uint32_t space = record.prefix_len > 0 ? record.space : XML_SPACE_NONE;
        /* `next` is the number of attributes, declarations included, that are behind. */
        if (i >= *next && (record.value & 1) == 0) {
            attribute->name = local_of(e.xml, name, record.name_len, record.prefix_len);
            attribute->space = parley_xml_space_name(e.xml, space);
            attribute->prefix = prefix_of(e.xml, name, record.prefix_len);
            attribute->value = bytes_at(e.xml, name + record.name_len, record.value >> 1);
            *next = i + 1;
            return true;
        }
        at = parley_xml_next_attribute(e.xml, at, &record);
    }
    *next = count;
    return false;
}

parley_string parley_element_attribute_in(parley_element e, const char *name, const char *space)
{
    parley_attribute attribute;
    parley_string absent = {NULL, 0};
    uint32_t next = 0;

    //@ loop assigns next, attribute;
    while (parley_element_attributes(e, &next, &attribute)) {
        if (parley_string_is(attribute.name, name) && parley_string_is(attribute.space, space)) {
            return attribute.value;
        }
    }
    return absent;
}

/* Those that have no namespace have no prefix. */
parley_string parley_element_attribute(parley_element e, const char *name)
{
    xml_element element = parley_xml_get_element(e.xml, e.at);
    uint32_t at = parley_xml_first_attribute(e.at, &element);
    uint32_t count = element.head >> 16;
    parley_string absent = {NULL, 0};

    /*@ loop invariant XML_PROVED(left(at) == count);
        loop assigns at, count;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute record = parley_xml_get_attribute(e.xml, at);
        uint32_t name_at = at + (uint32_t)sizeof record;
        if (record.prefix_len == 0 && (record.value & 1) == 0 &&
            parley_string_is(bytes_at(e.xml, name_at, record.name_len), name)) {
            return bytes_at(e.xml, name_at + record.name_len, record.value >> 1);
        }
        at = parley_xml_next_attribute(e.xml, at, &record);
    }
    return absent;
}

/* The first record of the element's content, or XML_NOWHERE. */
PARLEY_APART static uint32_t content_of(const parley_xml *x, uint32_t at)
{
    bool has_content = (parley_xml_get_head(x, at) & XML_CONTENT) != 0;

    return has_content ? parley_xml_attributes_end(x, at) : XML_NOWHERE;
}

/* The record after this one in its parent's content, or XML_NOWHERE. */
static uint32_t record_after(const parley_xml *x, uint32_t at)
{
    uint32_t head = parley_xml_get_head(x, at);

    if ((head & XML_IS_LAST) != 0) {
        return XML_NOWHERE;
    }
    if ((head & XML_IS_TEXT) != 0) {
        return parley_xml_round(at + (uint32_t)sizeof head + (head >> 2));
    }
    return parley_xml_get_element(x, at).link;
}

/* The first element among the record and those after it. */
static uint32_t element_from(const parley_xml *x, uint32_t at)
{
    /*@ loop invariant XML_PROVED(at == XML_NOWHERE || inner(at));
        loop invariant XML_PROVED(at == \at(at, Pre) || is_text(\at(at, Pre)));
        loop assigns at; */
    while (at != XML_NOWHERE && (parley_xml_get_head(x, at) & XML_IS_TEXT) != 0) {
        at = record_after(x, at);
    }
    return at;
}

static parley_string text_at(const parley_xml *x, uint32_t at)
{
    uint32_t head = parley_xml_get_head(x, at);

    return bytes_at(x, at + (uint32_t)sizeof head, head >> 2);
}

bool parley_element_child(parley_element e, parley_element *child)
{
    uint32_t at = element_from(e.xml, content_of(e.xml, e.at));

    if (at == XML_NOWHERE) {
        return false;
    }
    child->xml = e.xml;
    child->at = at;
    return true;
}

bool parley_element_next(parley_element *e)
{
    uint32_t at = element_from(e->xml, record_after(e->xml, e->at));

    if (at == XML_NOWHERE) {
        return false;
    }
    e->at = at;
    return true;
}

bool parley_element_find(parley_element e, const char *name, const char *space,
                         parley_element *child)
{
    parley_element candidate;

    if (!parley_element_child(e, &candidate)) {
        return false;
    }
    /*@ loop invariant XML_PROVED(candidate.xml == e.xml && is_inner_element(candidate.at));
        loop assigns candidate; */
    do {
        if (parley_element_is(candidate, name, space)) {
            *child = candidate;
            return true;
        }
    } while (parley_element_next(&candidate));
    return false;
}

size_t parley_element_children(parley_element e)
{
    parley_element child;
    size_t count = 0;

    if (parley_element_child(e, &child)) {
        /*@ loop invariant XML_PROVED(child.xml == e.xml && is_inner_element(child.at));
            loop assigns child, count; */
        do {
            count++;
        } while (parley_element_next(&child));
    }
    return count;
}

parley_result parley_element_text(parley_element e, parley_string *text)
{
    uint32_t at = content_of(e.xml, e.at);
    uint32_t head;

    if (at == XML_NOWHERE) {
        *text = (parley_string){"", 0};
        return PARLEY_OK;
    }
    /* Pieces of text that no element parts are one record: one, or there is an element. */
    head = parley_xml_get_head(e.xml, at);
    if ((head & XML_IS_TEXT) == 0 || (head & XML_IS_LAST) == 0) {
        return PARLEY_ILLEGAL;
    }
    *text = text_at(e.xml, at);
    return PARLEY_OK;
}

/* What `next` is there: no place, and not 0, which XML_NOWHERE may be. */
#define BEHIND_LAST UINT32_MAX

bool parley_element_nodes(parley_element e, uint32_t *next, parley_node *node)
{
    uint32_t at = *next == 0 ? content_of(e.xml, e.at) : *next;

    if (at == XML_NOWHERE || at == BEHIND_LAST) {
        *next = BEHIND_LAST;
        return false;
    }
    memset(node, 0, sizeof *node);
    node->is_text = (parley_xml_get_head(e.xml, at) & XML_IS_TEXT) != 0;
    if (node->is_text) {
        node->text = text_at(e.xml, at);
    } else {
        node->element.xml = e.xml;
        node->element.at = at;
    }
    at = record_after(e.xml, at);
    *next = at != XML_NOWHERE ? at : BEHIND_LAST;
    return true;
}

void parley_walk_init(parley_walk *walk, parley_element element)
{
    memset(walk, 0, sizeof *walk);
    walk->element = element;
    walk->next = element.at;
    walk->root = element.at;
    walk->open = XML_NOWHERE;
}

/* The element that the last record of a content belongs to. */
static uint32_t parent_of(const parley_xml *x, uint32_t at)
{
    uint32_t head = parley_xml_get_head(x, at);

    if ((head & XML_IS_TEXT) != 0) {
        /* Written after the text. */
        return parley_xml_get_head(x, parley_xml_round(at + (uint32_t)sizeof head + (head >> 2)));
    }
    return parley_xml_get_element(x, at).link;
}

/* A record has been passed: what follows in the same content, or else the parent's end. */
static void advance(parley_walk *walk, uint32_t at)
{
    const parley_xml *x = walk->element.xml;

    walk->next = record_after(x, at);
    if (walk->next == XML_NOWHERE) {
        walk->open = parent_of(x, at);
    }
}

parley_step parley_walk_next(parley_walk *walk)
{
    const parley_xml *x = walk->element.xml;
    uint32_t at = walk->next;

    if (at == XML_NOWHERE) {
        if (walk->open == XML_NOWHERE) {
            return PARLEY_STEP_DONE;
        }
        walk->element.at = walk->open;
        if (walk->open == walk->root) {
            walk->open = XML_NOWHERE;
        } else {
            advance(walk, walk->open);
        }
        return PARLEY_STEP_END;
    }
    if ((parley_xml_get_head(x, at) & XML_IS_TEXT) != 0) {
        walk->text = text_at(x, at);
        advance(walk, at);
        return PARLEY_STEP_TEXT;
    }
    walk->element.at = at;
    walk->open = at;
    walk->next = content_of(x, at);
    return PARLEY_STEP_START;
}
