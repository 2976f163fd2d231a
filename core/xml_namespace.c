/* Namespaces in XML 1.0 (third edition).

   A declaration is an attribute record whose `space` is the declaration before it in scope;
   x->declarations is the latest. Since inner elements lie higher on the stack, leaving an
   element is dropping the declarations at and after its offset. A prefix is looked up along
   them, so x->in_scope, their number, is bounded. A name's `space` is the
   declaration it resolves to, so that cursors search nothing.

   A document that is not namespace-well-formed is answered with not-well-formed (RFC 6120
   section 11.3, rule 4); bad-namespace-prefix (4.9.3.2) is for a stream's own prefixes. */
#include "names.h"
#include "xml_internal.h"

#include <string.h>

typedef struct span {
    const unsigned char *data;
    size_t len;
} span;

static bool same(span a, span b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* `name` is a literal: its length is known. */
#define is(a, name) ((a).len == sizeof(name) - 1 && memcmp((a).data, name, sizeof(name) - 1) == 0)

static XML_IN_PLACE span name_of(const parley_xml *x, uint32_t at, const xml_attribute *attribute)
{
    span name = {parley_xml_at(x, at) + sizeof *attribute, attribute->name_len};

    return name;
}

static XML_IN_PLACE span value_of(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);
    span value = {parley_xml_at(x, at) + sizeof attribute + attribute.name_len,
                  attribute.value >> 1};

    return value;
}

static XML_IN_PLACE span local_of(span name, size_t prefix_len)
{
    size_t before = prefix_len > 0 ? prefix_len + 1 : 0;
    span local = {name.data + before, name.len - before};

    return local;
}

/* The prefix that a declaration declares; empty for the default namespace. */
static XML_IN_PLACE span declared_prefix(const parley_xml *x, uint32_t at,
                                         const xml_attribute *attribute)
{
    span name = name_of(x, at, attribute);
    span none = {name.data, 0};

    return attribute->prefix_len > 0 ? local_of(name, attribute->prefix_len) : none;
}

bool parley_xml_declaration_allowed(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);
    span name = name_of(x, at, &attribute);
    span value = value_of(x, at);

    /* Only the default namespace can be undeclared (section 6). */
    return is(name, "xmlns:xml") == is(value, PARLEY_NS_XML) && !is(value, PARLEY_NS_XMLNS) &&
           (value.len > 0 || attribute.prefix_len == 0);
}

/* Of a prefix. XML_NOWHERE: not bound. */
static uint32_t look_up(const parley_xml *x, span prefix)
{
    uint32_t at = x->declarations;

    if (is(prefix, "xml")) {
        return XML_SPACE_XML;
    }
    /*@ loop invariant XML_PROVED(in_scope(at));
        loop assigns at; */
    while (at != XML_NOWHERE) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (same(declared_prefix(x, at, &attribute), prefix)) {
            return at;
        }
        at = attribute.space;
    }
    return XML_NOWHERE;
}

uint32_t parley_xml_default_space(const parley_xml *x)
{
    uint32_t at = x->declarations;

    /*@ loop invariant XML_PROVED(in_scope(at));
        loop assigns at; */
    while (at != XML_NOWHERE) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (attribute.prefix_len == 0) {
            return at;
        }
        at = attribute.space;
    }
    return XML_SPACE_NONE;
}

/* Returns whether another attribute than a declaration has a prefix. */
static bool declare(parley_xml *x, uint32_t at, uint32_t count)
{
    bool has_prefixes = false;

    /*@ loop invariant XML_PROVED(left(at) == count && in_scope(x->declarations));
        loop invariant XML_PROVED(x->declarations == XML_NOWHERE || x->declarations < at);
        loop assigns at, count, has_prefixes, x->declarations, x->in_scope, XML_LINKED;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if ((attribute.value & 1) != 0) {
            uint32_t outer = x->declarations;
            memcpy(XML_ALIGNED(parley_xml_at(x, at)), &outer, sizeof outer);
            x->declarations = at;
            x->in_scope++;
        } else if (attribute.prefix_len > 0) {
            has_prefixes = true;
        }
        at = parley_xml_next_attribute(x, at, &attribute);
    }
    return has_prefixes;
}

static XML_IN_PLACE bool same_space(const parley_xml *x, uint32_t a, uint32_t b)
{
    return a == b ||
           (a > XML_SPACE_XML && b > XML_SPACE_XML && same(value_of(x, a), value_of(x, b)));
}

#ifdef XML_SMALL
/* Both for the QName, while no namespace is resolved, and for the expanded name. All are compared,
   in place of a tree of names (core/xml_tag.c): the limit of attributes bounds it. */
bool parley_xml_is_repeated(parley_xml *x, uint32_t at, uint32_t end)
{
    xml_attribute last = parley_xml_get_attribute(x, end);
    bool is_resolved = last.space != XML_SPACE_NONE;
    span name = local_of(name_of(x, end, &last), is_resolved ? last.prefix_len : 0);

    while (at < end) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        span other = local_of(name_of(x, at, &attribute), is_resolved ? attribute.prefix_len : 0);
        bool declares = is_resolved && (attribute.value & 1) != 0;
        if (!declares && same(other, name) && same_space(x, attribute.space, last.space)) {
            return true;
        }
        at = parley_xml_next_attribute(x, at, &attribute);
    }
    return false;
}

#define is_repeated_expanded parley_xml_is_repeated
#else
/* Whether an attribute from `at` on, before `end`, has the expanded name of the one at `end`. */
static bool is_repeated_expanded(const parley_xml *x, uint32_t at, uint32_t end)
{
    xml_attribute last = parley_xml_get_attribute(x, end);
    span local = local_of(name_of(x, end, &last), last.prefix_len);

    /*@ loop invariant XML_PROVED(owner(at) == owner(end) && left(at) >= left(end));
        loop assigns at; */
    while (at < end) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (attribute.prefix_len > 0 && (attribute.value & 1) == 0 &&
            same(local_of(name_of(x, at, &attribute), attribute.prefix_len), local) &&
            same_space(x, attribute.space, last.space)) {
            return true;
        }
        at = parley_xml_next_attribute(x, at, &attribute);
    }
    return false;
}

#endif

static bool resolve_attributes(parley_xml *x, uint32_t first, uint32_t count)
{
    uint32_t at = first;

    /*@ loop invariant XML_PROVED(left(at) == count);
        loop invariant XML_PROVED(count > 0 ==> owner(at) == owner(first));
        loop invariant XML_PROVED(are_named(owner(first), count));
        loop assigns at, count, XML_NAMED;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        //@ assert XML_PROVED(left(next(at)) == count);
        if ((attribute.value & 1) == 0 && attribute.prefix_len > 0) {
            span prefix = {name_of(x, at, &attribute).data, attribute.prefix_len};
            uint32_t space = look_up(x, prefix);
            parley_xml_put_name_space(x, at, space);
            if (space == XML_NOWHERE || is_repeated_expanded(x, first, at)) {
                return false;
            }
        }
        at = parley_xml_next_attribute(x, at, &attribute);
    }
    return true;
}

/* What it refuses is not-well-formed on the stream (RFC 6120 11.3). */
bool parley_xml_resolve(parley_xml *x, uint32_t at)
{
    xml_element element = parley_xml_get_element(x, at);
    uint32_t first = parley_xml_first_attribute(at, &element);
    span prefix = {parley_xml_at(x, at) + sizeof element, element.prefix_len};
    bool has_prefixes = declare(x, first, element.head >> 16);

#ifdef XML_SMALL
    has_prefixes = true; /* a look that spares another */
#endif
    if (x->in_scope > 2u * x->limits.attributes) {
        parley_xml_fail(x, PARLEY_ERROR_XML_ATTRIBUTES);
        return false;
    }
    element.space = prefix.len == 0 ? parley_xml_default_space(x) : look_up(x, prefix);
    parley_xml_put_space(x, at, element.space);
    return (prefix.len == 0 || element.space != XML_NOWHERE) &&
           (!has_prefixes || resolve_attributes(x, first, element.head >> 16));
}

#ifndef XML_SMALL
bool parley_xml_resolve_run(parley_xml *x, uint32_t at, uint32_t declaration, bool has_prefixes)
{
    xml_element element = parley_xml_get_element(x, at);
    span prefix = {parley_xml_at(x, at) + sizeof element, element.prefix_len};
    bool resolved = true;

    if (declaration != XML_NOWHERE) {
        if (x->in_scope >= 2u * x->limits.attributes) {
            return false;
        }
        memcpy(parley_xml_at(x, declaration), &x->declarations, sizeof x->declarations);
        x->declarations = declaration;
        x->in_scope++;
    }
    element.space = prefix.len > 0               ? look_up(x, prefix)
                    : declaration != XML_NOWHERE ? declaration
                                                 : parley_xml_default_space(x);
    parley_xml_put_element(x, at, &element);
    resolved = element.space != XML_NOWHERE &&
               (!has_prefixes || resolve_attributes(x, parley_xml_first_attribute(at, &element),
                                                    element.head >> 16));
    if (!resolved) {
        parley_xml_leave_scope(x, at);
    }
    return resolved;
}
#endif

void parley_xml_leave_scope(parley_xml *x, uint32_t at)
{
    /*@ loop invariant XML_PROVED(in_scope(x->declarations));
        loop assigns x->declarations, x->in_scope; */
    while (x->declarations != XML_NOWHERE && XML_RANK(x, x->declarations) >= XML_RANK(x, at)) {
        x->declarations = parley_xml_get_attribute(x, x->declarations).space;
        x->in_scope--;
    }
}
