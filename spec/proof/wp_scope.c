/* WP: what looks for a declaration goes along the links of those in scope, and reads in the root or
   the block. */
#include "records.h"
#include "relations.h"

/*@ requires block(x) && whole(x, at) && is_first(first(at)) && in_scope(x->declarations);
    requires x->declarations == XML_NOWHERE || x->declarations < first(at);
    assigns x->declarations, x->in_scope, x->error, x->stop, linked[0 .. PLACES - 1],
            named[0 .. PLACES - 1];
    ensures in_scope(x->declarations);
    ensures \result == 0 || \result == 1; */
bool parley_xml_resolve(parley_xml *x, uint32_t at);

/*@ requires block(x) && whole(x, at) && is_first(first(at)) && in_scope(x->declarations);
    requires x->declarations == XML_NOWHERE || x->declarations < first(at);
    requires declaration == XML_NOWHERE ||
             (left(declaration) > 0 && attribute(x, declaration) && declares(declaration) &&
              first(at) <= declaration);
    assigns x->declarations, x->in_scope, linked[0 .. PLACES - 1], named[0 .. PLACES - 1];
    ensures in_scope(x->declarations);
    ensures \result == 0 || \result == 1; */
bool parley_xml_resolve_run(parley_xml *x, uint32_t at, uint32_t declaration, bool has_prefixes);

/* The link of a declaration, its first word. */
/*@ requires len == 4 && \valid(to + (0 .. len - 1)) && \valid_read(link);
    requires left(place(to)) > 0 && declares(place(to));
    requires *link == XML_NOWHERE || (declared(*link) && *link < place(to));
    assigns linked[place(to)];
    ensures linked[place(to)] == 1; */
static void put_link(unsigned char *to, const uint32_t *link, size_t len);

#define memcpy(to, from, len) put_link(to, from, len)

#include "../../core/xml_namespace.c"

/*@ predicate readable{L}(span text) =
      text.len == 0 || \valid_read(text.data + (0 .. text.len - 1)); */

/*@ requires readable(a) && readable(b);
    assigns \nothing; */
static bool same(span a, span b);

/*@ requires block(x) && attribute(x, at) && \valid_read(attribute);
    requires attribute->name_len == names(at);
    assigns \nothing;
    ensures readable(\result) && \result.len == names(at); */
static span name_of(const parley_xml *x, uint32_t at, const xml_attribute *attribute);

/*@ requires block(x) && left(at) > 0;
    assigns \nothing;
    ensures readable(\result); */
static span value_of(const parley_xml *x, uint32_t at);

/*@ requires readable(name) && (prefix_len == 0 || prefix_len < name.len);
    assigns \nothing;
    ensures readable(\result); */
static span local_of(span name, size_t prefix_len);

/*@ requires block(x) && attribute(x, at) && \valid_read(attribute);
    requires attribute->name_len == names(at) && attribute->prefix_len == prefixes(at);
    assigns \nothing;
    ensures readable(\result); */
static span declared_prefix(const parley_xml *x, uint32_t at, const xml_attribute *attribute);

/*@ requires block(x) && is_space(a) && is_space(b);
    assigns \nothing; */
static bool same_space(const parley_xml *x, uint32_t a, uint32_t b);

/*@ requires block(x) && owner(at) == owner(end) && left(at) >= left(end) > 0;
    requires are_named(owner(end), left(end)) && named[end] != 0;
    requires prefixes(end) > 0 && !declares(end);
    assigns \nothing; */
static bool is_repeated_expanded(const parley_xml *x, uint32_t at, uint32_t end);

#include "look_up.h"
