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

typedef struct bytes {
    const unsigned char *data;
    size_t len;
} bytes;

static const char xml_name[] = PARLEY_NS_XML;
static const char xmlns_name[] = PARLEY_NS_XMLNS;

static bool same(bytes a, bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool is(bytes a, const char *terminated)
{
    size_t i = 0;

    while (i < a.len && terminated[i] != '\0' && a.data[i] == (unsigned char)terminated[i]) {
        i++;
    }
    return i == a.len && terminated[i] == '\0';
}

static bytes name_of(const parley_xml *x, uint32_t at, const xml_attribute *attribute)
{
    bytes name = {parley_xml_at(x, at) + sizeof *attribute, attribute->name_len};

    return name;
}

static bytes value_of(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);
    bytes value = {parley_xml_at(x, at) + sizeof attribute + attribute.name_len,
                   attribute.value >> 1};

    return value;
}

static bytes local_of(bytes name, size_t prefix_len)
{
    size_t before = prefix_len > 0 ? prefix_len + 1 : 0;
    bytes local = {name.data + before, name.len - before};

    return local;
}

/* The prefix that a declaration declares; empty for the default namespace. */
static bytes declared_prefix(const parley_xml *x, uint32_t at, const xml_attribute *attribute)
{
    bytes name = name_of(x, at, attribute);
    bytes none = {NULL, 0};

    return attribute->prefix_len > 0 ? local_of(name, attribute->prefix_len) : none;
}

bool parley_xml_is_declaration(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);
    bytes name = name_of(x, at, &attribute);

    if (attribute.prefix_len > 0) {
        name.len = attribute.prefix_len;
    }
    return is(name, "xmlns");
}

bool parley_xml_declaration_allowed(const parley_xml *x, uint32_t at)
{
    xml_attribute attribute = parley_xml_get_attribute(x, at);
    bytes prefix = declared_prefix(x, at, &attribute);
    bytes value = value_of(x, at);

    if (is(prefix, "xml")) {
        return is(value, xml_name);
    }
    if (is(value, xml_name) || is(value, xmlns_name)) {
        return false;
    }
    /* Only the default namespace can be undeclared (section 6). */
    return value.len > 0 || prefix.len == 0;
}

/* XML_NOWHERE: not bound. */
static uint32_t look_up(const parley_xml *x, bytes prefix)
{
    uint32_t at = x->declarations;

    if (is(prefix, "xml")) {
        return XML_SPACE_XML;
    }
    while (at != XML_NOWHERE) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (same(declared_prefix(x, at, &attribute), prefix)) {
            return at;
        }
        at = attribute.space;
    }
    return prefix.len == 0 ? XML_SPACE_NONE : XML_NOWHERE;
}

static void declare(parley_xml *x, uint32_t at, uint32_t count)
{
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if ((attribute.value & 1) != 0) {
            attribute.space = x->declarations;
            x->declarations = at;
            x->in_scope++;
            parley_xml_put_attribute(x, at, &attribute);
        }
        at = parley_xml_next_attribute(at, &attribute);
    }
}

static bool same_space(const parley_xml *x, uint32_t a, uint32_t b)
{
    return a == b ||
           (a > XML_SPACE_XML && b > XML_SPACE_XML && same(value_of(x, a), value_of(x, b)));
}

/* Whether an attribute from `at` on, before `end`, has the expanded name of the one at `end`. */
static bool is_repeated(const parley_xml *x, uint32_t at, uint32_t end)
{
    xml_attribute last = parley_xml_get_attribute(x, end);
    bytes local = local_of(name_of(x, end, &last), last.prefix_len);

    while (at < end) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if (attribute.prefix_len > 0 && (attribute.value & 1) == 0 &&
            same(local_of(name_of(x, at, &attribute), attribute.prefix_len), local) &&
            same_space(x, attribute.space, last.space)) {
            return true;
        }
        at = parley_xml_next_attribute(at, &attribute);
    }
    return false;
}

static bool resolve_attributes(parley_xml *x, uint32_t first, uint32_t count)
{
    uint32_t at = first;

    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, at);
        if ((attribute.value & 1) == 0) {
            bytes prefix = {name_of(x, at, &attribute).data, attribute.prefix_len};
            attribute.space = prefix.len == 0 ? XML_SPACE_NONE : look_up(x, prefix);
            parley_xml_put_attribute(x, at, &attribute);
            if (attribute.space == XML_NOWHERE || (prefix.len > 0 && is_repeated(x, first, at))) {
                return false;
            }
        }
        at = parley_xml_next_attribute(at, &attribute);
    }
    return true;
}

bool parley_xml_resolve(parley_xml *x, uint32_t at)
{
    xml_element element = parley_xml_get_element(x, at);
    uint32_t first = parley_xml_first_attribute(at, &element);
    bytes prefix = {parley_xml_at(x, at) + sizeof element, element.prefix_len};

    declare(x, first, element.head >> 16);
    if (x->in_scope > 2u * x->limits.attributes) {
        parley_xml_fail(x, PARLEY_ERROR_XML_ATTRIBUTES);
        return false;
    }
    element.space = look_up(x, prefix);
    parley_xml_put_element(x, at, &element);
    return element.space != XML_NOWHERE && resolve_attributes(x, first, element.head >> 16);
}

void parley_xml_leave_scope(parley_xml *x, uint32_t at)
{
    while (x->declarations != XML_NOWHERE && x->declarations >= at) {
        x->declarations = parley_xml_get_attribute(x, x->declarations).space;
        x->in_scope--;
    }
}

parley_string parley_xml_default_namespace(const parley_xml *x)
{
    bytes none = {NULL, 0};
    uint32_t at = look_up(x, none);
    bytes value = at == XML_SPACE_NONE ? none : value_of(x, at);
    parley_string name = {(const char *)value.data, value.len};

    return name;
}
