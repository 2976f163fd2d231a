/* WP: a tree that is read by name, or walked over, is read in the root and the block only. */
#include "records.h"

/*@ axiomatic tree {
      // The element that is read or walked over, and the records of the content in it.
      logic integer around;
      predicate inner(integer at);
      axiom somewhere: \forall integer at; inner(at) ==> 0 <= at < XML_NOWHERE;
      // Where a last text names the element that it belongs to.
      predicate is_parents(integer at);
      // The first word of a record of content; how long a text is, and what comes behind it.
      logic integer heads(integer at);
      logic integer text_len(integer at);
      logic integer text_end(integer at);
    }

    predicate is_text(integer at) = (heads(at) & XML_IS_TEXT) != 0;
    predicate is_last(integer at) = (heads(at) & XML_IS_LAST) != 0;
    predicate has_content(integer at) = (heads(at) & XML_CONTENT) != 0;
    predicate is_inner_element(integer at) = inner(at) && !is_text(at);
    predicate is_parent(integer at) = at == around || is_inner_element(at);

    predicate readable{L}(parley_string text) =
      text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    // The prefixes of attributes have been looked up.
    predicate looked_up{L} =
      \forall integer p; left(p) > 0 && prefixes(p) > 0 && !declares(p) ==> named[p] != 0;
    predicate tree{L}(parley_xml *x, integer at) = block(x) && looked_up && is_parent(at);
*/

/*@ requires is_parent(at) || inner(at) || is_parents(at);
    assigns \nothing;
    ensures is_parent(at) || inner(at) ==> \result == heads(at);
    ensures is_parents(at) ==> is_parent(\result);
    ensures (inner(at) || is_parent(at)) && is_text(at) ==> (\result >> 2) == text_len(at);
    ensures is_parent(at) ==> at % 4 == 0 && inside(x, at, 16) && at != XML_NOWHERE;
    ensures is_parent(at) ==> whole(x, at);
    ensures is_parent(at) && has_content(at) ==> inner(stop(first(at)));
    ensures inner(at) ==> at % 4 == 0 && inside(x, at, 4) && at != XML_NOWHERE;
    ensures inner(at) && is_text(at) ==> 0 <= text_len(at) && inside(x, at, 4 + text_len(at)) &&
            text_end(at) == round(at + 4 + text_len(at)) &&
            (is_last(at) ? is_parents(text_end(at)) : inner(text_end(at))); */
static inline uint32_t parley_xml_get_head(const parley_xml *x, uint32_t at);

/* The link of the outermost leads out of the tree. */
/*@ requires is_parent(at);
    assigns \nothing;
    ensures whole(x, at) && fits(x, at, 16);
    ensures \result.head >> 16 == counts(at) && \result.head == heads(at);
    ensures first(at) == round(at + 16 + \result.name_len);
    ensures \result.name_len == names(at) && \result.prefix_len == prefixes(at);
    ensures is_space(\result.space);
    ensures is_inner_element(at) ==>
            (is_last(at) ? is_parent(\result.link) : inner(\result.link)); */
static xml_element get_parent(const parley_xml *x, uint32_t at);
#define parley_xml_get_element get_parent

/*@ requires \valid_read(terminated);
    assigns \nothing;
    ensures readable(\result); */
parley_string parley_string_of(const char *terminated);

/*@ requires readable(a) && readable(b);
    assigns \nothing; */
bool parley_string_equal(parley_string a, parley_string b);

/*@ requires \valid(node);
    assigns *node; */
static void clear_node(parley_node *node);
/*@ requires \valid(walk);
    assigns *walk; */
static void clear_walk(parley_walk *walk);

/*@ requires tree(e.xml, e.at);
    assigns \nothing;
    ensures readable(\result); */
parley_string parley_element_name(parley_element e);

/*@ requires tree(e.xml, e.at);
    assigns \nothing;
    ensures readable(\result); */
parley_string parley_element_namespace(parley_element e);

/*@ requires tree(e.xml, e.at);
    assigns \nothing;
    ensures readable(\result); */
parley_string parley_element_prefix(parley_element e);

/*@ requires tree(e.xml, e.at);
    requires name == \null || \valid_read(name);
    requires space == \null || \valid_read(space);
    assigns \nothing; */
bool parley_element_is(parley_element e, const char *name, const char *space);

/*@ requires tree(e.xml, e.at) && \valid(next) && \valid(attribute);
    requires \separated(next, attribute, e.xml);
    assigns *next, *attribute;
    ensures \result == 0 || \result == 1;
    ensures \result == 1 ==> readable(attribute->name) && readable(attribute->space);
    ensures \result == 1 ==> readable(attribute->prefix) && readable(attribute->value); */
bool parley_element_attributes(parley_element e, uint32_t *next, parley_attribute *attribute);

/*@ requires tree(e.xml, e.at) && \valid_read(name) && \valid_read(space);
    assigns \nothing; */
parley_string parley_element_attribute_in(parley_element e, const char *name, const char *space);

/*@ requires tree(e.xml, e.at) && \valid_read(name);
    assigns \nothing; */
parley_string parley_element_attribute(parley_element e, const char *name);

/*@ requires tree(e.xml, e.at) && \valid(child) && \separated(child, e.xml);
    assigns *child;
    ensures \result == 0 || \result == 1;
    ensures \result == 1 ==> child->xml == e.xml && is_inner_element(child->at);
    ensures \result == 0 && has_content(e.at) ==> is_text(stop(first(e.at))); */
bool parley_element_child(parley_element e, parley_element *child);

/*@ requires \valid(e) && block(e->xml) && \separated(e, e->xml);
    requires is_inner_element(e->at) || (e->at == around && is_last(e->at) && !is_text(e->at));
    assigns e->at;
    ensures \result == 0 || \result == 1;
    ensures \result == 1 ==> is_inner_element(e->at); */
bool parley_element_next(parley_element *e);

/*@ requires tree(e.xml, e.at) && \valid(child) && \separated(child, e.xml);
    requires name == \null || \valid_read(name);
    requires space == \null || \valid_read(space);
    assigns *child; */
bool parley_element_find(parley_element e, const char *name, const char *space,
                         parley_element *child);

/*@ requires tree(e.xml, e.at);
    assigns \nothing; */
size_t parley_element_children(parley_element e);

/*@ requires tree(e.xml, e.at) && \valid(text) && \separated(text, e.xml);
    assigns *text;
    ensures \result == PARLEY_OK ==> readable(*text); */
parley_result parley_element_text(parley_element e, parley_string *text);

/*@ requires tree(e.xml, e.at) && \valid(next) && \valid(node) && \separated(next, node, e.xml);
    requires *next == 0 || *next == XML_NOWHERE || inner(*next);
    assigns *next, *node;
    ensures *next == XML_NOWHERE || inner(*next); */
bool parley_element_nodes(parley_element e, uint32_t *next, parley_node *node);

/*@ predicate walks{L}(parley_walk *walk) =
      walk->root == around && !is_text(around) &&
      (walk->next == XML_NOWHERE || walk->next == around || inner(walk->next)) &&
      (walk->open == XML_NOWHERE || is_parent(walk->open)); */

/*@ requires \valid(walk) && element.at == around && !is_text(around);
    assigns *walk;
    ensures walks(walk) && walk->element.xml == element.xml; */
void parley_walk_init(parley_walk *walk, parley_element element);

/*@ requires \valid(walk) && block(walk->element.xml) && walks(walk);
    requires \separated(walk, walk->element.xml);
    assigns walk->element.at, walk->text, walk->next, walk->open;
    ensures walks(walk); */
parley_step parley_walk_next(parley_walk *walk);

#define memset(at, byte, len) clear_##at(at)

#include "../../core/element.c"

/*@ requires block(x) && inside(x, at, len) && at <= PLACES;
    assigns \nothing;
    ensures readable(\result) && \result.len == len; */
static parley_string bytes_at(const parley_xml *x, uint32_t at, size_t len);

/*@ requires block(x) && is_space(space);
    assigns \nothing;
    ensures readable(\result); */
parley_string parley_xml_space_name(const parley_xml *x, uint32_t space);

/*@ requires block(x) && inside(x, name_at, prefix_len);
    assigns \nothing;
    ensures readable(\result); */
static parley_string prefix_of(const parley_xml *x, uint32_t name_at, uint16_t prefix_len);

/*@ requires block(x) && inside(x, name_at, name_len);
    requires prefix_len == 0 || prefix_len < name_len;
    assigns \nothing;
    ensures readable(\result); */
static parley_string local_of(const parley_xml *x, uint32_t name_at, uint16_t name_len,
                              uint16_t prefix_len);

/*@ requires readable(string) && \valid_read(terminated);
    assigns \nothing; */
bool parley_string_is(parley_string string, const char *terminated);

/*@ requires block(x) && is_parent(at);
    assigns \nothing;
    ensures has_content(at) ? \result == stop(first(at)) && inner(\result) && \result != XML_NOWHERE
                            : \result == XML_NOWHERE; */
static uint32_t content_of(const parley_xml *x, uint32_t at);

/*@ requires block(x) && (inner(at) || (at == around && is_last(at)));
    assigns \nothing;
    ensures is_last(at) ? \result == XML_NOWHERE : inner(\result) && \result != XML_NOWHERE; */
static uint32_t record_after(const parley_xml *x, uint32_t at);

/*@ requires block(x) && (at == XML_NOWHERE || inner(at));
    assigns \nothing;
    ensures \result == XML_NOWHERE ? at == XML_NOWHERE || is_text(at)
                                   : is_inner_element(\result); */
static uint32_t element_from(const parley_xml *x, uint32_t at);

/*@ requires block(x) && inner(at) && is_text(at);
    assigns \nothing;
    ensures readable(\result); */
static parley_string text_at(const parley_xml *x, uint32_t at);

/*@ requires block(x) && inner(at) && is_last(at);
    assigns \nothing;
    ensures is_parent(\result); */
static uint32_t parent_of(const parley_xml *x, uint32_t at);

/*@ requires \valid(walk) && block(walk->element.xml) && walk->root == around && inner(at);
    requires \separated(walk, walk->element.xml) && !is_text(around);
    requires walk->open == XML_NOWHERE || is_parent(walk->open);
    assigns walk->next, walk->open;
    ensures walks(walk); */
static void advance(parley_walk *walk, uint32_t at);
