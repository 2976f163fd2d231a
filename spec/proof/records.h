/* WP: the tokenizer's records, and what they ask of each other. WP has no notion of a record that
   lies among bytes. So what a record says is a function of its place, and what reads or writes one
   goes by a contract, below. Who reads a record may rely on what is true of each: that it lies in
   the root or the block with its name and value, that the next one follows, that a link leads to
   a record. Who writes one must leave that true. That the bytes which a contract asks for are there
   is Eva's (places.c).

   The functions of a place are any, and what is shown holds for all; so for any records. */
#ifndef PARLEY_PROOF_RECORDS_H
#define PARLEY_PROOF_RECORDS_H

#include <parley/xml.h>

#define PLACES 0x20100000
/* By place; of a type that the tokenizer's fields do not have. */
extern int64_t linked[PLACES]; /* a declaration: it leads to the one before it, or nowhere */
extern int64_t named[PLACES];  /* an attribute: its `space` is one */
extern int64_t clean;          /* before it records may have been written over */

#define XML_PROVED(...) (__VA_ARGS__)
/* clang-format off */
#define XML_LINKED      linked[0 .. PLACES - 1]
#define XML_NAMED       named[0 .. PLACES - 1]
/* clang-format on */
#define XML_CLEAN clean
/* Which xml_internal.h repeats: it has need of what follows. */
#define XML_NOWHERE    UINT32_MAX
#define XML_SPACE_NONE 0u
#define XML_SPACE_XML  1u

/*@ axiomatic records {
      // Attributes of its element from the one at a place on. 0: there is none.
      logic integer left(integer at);
      // Where the last of these ends; the bytes of those that are declarations; their element.
      logic integer stop(integer at);
      logic integer kept(integer at);
      logic integer owner(integer at);
      // What a record says, an element's or an attribute's; an element: how many attributes.
      logic integer names(integer at);
      logic integer prefixes(integer at);
      logic integer values(integer at);
      logic integer counts(integer at);
      predicate is_element(integer at);
      // What comes behind an attribute; behind an element's name.
      logic integer next(integer at);
      logic integer first(integer at);

      // The place that a pointer to a record stands for.
      logic integer place(unsigned char *at);
    }

    logic integer round(integer at) = (at + 3) / 4 * 4;
    predicate declares(integer at) = (values(at) & 1) != 0;

    // Where what a place is in ends: the parked root, or the block.
    logic integer region_end{L}(parley_xml *x, integer at) =
      at < PARLEY_ROOT_SIZE ? PARLEY_ROOT_SIZE : PARLEY_ROOT_SIZE + x->memory_len;
    predicate inside{L}(parley_xml *x, integer at, integer len) =
      0 <= at && at + len <= region_end(x, at);
    predicate block{L}(parley_xml *x) = \valid(x) && x->memory_len < 0x20000000 &&
      x->memory_len % 4 == 0;

    predicate fits{L}(parley_xml *x, integer at, integer size) =
      at % 4 == 0 && inside(x, at, size + names(at)) && 0 <= names(at) <= 65535 &&
      (prefixes(at) == 0 || 0 < prefixes(at) < names(at));
    predicate attribute{L}(parley_xml *x, integer at) =
      fits(x, at, 12) && 0 <= values(at) && inside(x, at, 12 + names(at) + values(at) / 2);
    predicate is_alone(integer at) =
      \forall integer p; owner(p) == owner(at) && left(p) == left(at) ==> p == at;

    // Before the attribute with so many left, those of its element whose prefix was looked up.
    predicate are_named{L}(integer of, integer rest) =
      \forall integer p; owner(p) == of && left(p) > rest && prefixes(p) > 0 && !declares(p) ==>
        named[p] != 0;
    predicate is_first(integer at) =
      \forall integer p; owner(p) == owner(at) ==> left(p) <= left(at);

    // An element whose attributes are counted.
    predicate whole{L}(parley_xml *x, integer at) =
      is_element(at) && left(first(at)) == counts(at) &&
      first(at) <= stop(first(at)) <= region_end(x, at) &&
      0 <= kept(first(at)) <= region_end(x, at) - first(at) &&
      (counts(at) == 0 ==> stop(first(at)) == first(at) && kept(first(at)) == 0);

    predicate declared{L}(integer at) = left(at) > 0 && declares(at) && linked[at] != 0;
    predicate in_scope{L}(integer at) = at == XML_NOWHERE || declared(at);
    predicate is_space(integer at) = at == XML_SPACE_NONE || at == XML_SPACE_XML || left(at) > 0;
*/

#include "xml_internal.h"

#ifndef PROOF_INTACT
#define PROOF_INTACT(at) (0 == 0)
#endif

/* What reads and writes records. */

/*@ requires inside(x, offset, 0);
    assigns \nothing;
    ensures \valid(\result + (0 .. region_end(x, offset) - offset - 1));
    ensures place(\result) == offset; */
static inline unsigned char *parley_xml_at(const parley_xml *x, uint32_t offset);

/*@ requires is_element(at) && PROOF_INTACT(at);
    assigns \nothing;
    ensures fits(x, at, 16);
    ensures \result.head >> 16 == counts(at);
    ensures first(at) == round(at + 16 + \result.name_len);
    ensures \result.name_len == names(at) && \result.prefix_len == prefixes(at); */
static inline xml_element parley_xml_get_element(const parley_xml *x, uint32_t at);

/*@ requires left(at) > 0 && PROOF_INTACT(at);
    assigns \nothing;
    ensures attribute(x, at);
    ensures left(next(at)) == left(at) - 1;
    ensures left(at) == 1 ? next(at) == stop(at) : stop(next(at)) == stop(at);
    ensures next(at) <= stop(at) <= region_end(x, at);
    ensures next(at) == round(at + 12 + \result.name_len + \result.value / 2);
    ensures kept(at) == ((\result.value & 1) != 0 ? next(at) - at : 0) + kept(next(at));
    ensures 0 <= kept(next(at)) <= region_end(x, at) - next(at);
    ensures left(at) == 1 ==> kept(next(at)) == 0;
    ensures left(at) > 1 ==> owner(next(at)) == owner(at);
    ensures is_alone(at);
    ensures linked[at] != 0 && declares(at) ==> in_scope(\result.space) &&
            (\result.space == XML_NOWHERE || \result.space < at);
    ensures named[at] != 0 ==> is_space(\result.space);
    ensures \result.value == values(at);
    ensures \result.name_len == names(at) && \result.prefix_len == prefixes(at); */
static inline xml_attribute parley_xml_get_attribute(const parley_xml *x, uint32_t at);

/* Nothing but the link and the namespace is changed in place. */
/*@ requires is_element(at) && \valid_read(element);
    requires element->head >> 16 == counts(at);
    requires element->name_len == names(at) && element->prefix_len == prefixes(at);
    requires element->space == XML_NOWHERE || is_space(element->space);
    assigns \nothing; */
static inline void parley_xml_put_element(parley_xml *x, uint32_t at, const xml_element *element);

/*@ requires is_element(at) && (space == XML_NOWHERE || is_space(space));
    assigns \nothing; */
static inline void parley_xml_put_space(parley_xml *x, uint32_t at, uint32_t space);

/* Nothing but the namespace is changed in place, and that of no declaration. */
/*@ requires left(at) > 0 && \valid_read(attribute);
    requires attribute->value == values(at) && !declares(at);
    requires attribute->name_len == names(at) && attribute->prefix_len == prefixes(at);
    requires attribute->space == XML_NOWHERE || is_space(attribute->space);
    assigns named[at];
    ensures is_space(attribute->space) ==> named[at] == 1; */
static inline void parley_xml_put_attribute(parley_xml *x, uint32_t at,
                                            const xml_attribute *attribute);

/*@ requires left(at) > 0 && !declares(at);
    requires space == XML_NOWHERE || is_space(space);
    assigns named[at];
    ensures is_space(space) ==> named[at] == 1; */
static inline void parley_xml_put_name_space(parley_xml *x, uint32_t at, uint32_t space);

/* These have bodies that are proved. */

/*@ requires offset <= PLACES;
    assigns \nothing;
    ensures \result == round(offset); */
static inline uint32_t parley_xml_round(uint32_t offset);

/*@ requires at < PLACES - 0x20000 && \valid_read(element);
    assigns \nothing;
    ensures \result == round(at + 16 + element->name_len); */
static inline uint32_t parley_xml_first_attribute(uint32_t at, const xml_element *element);

/*@ requires \valid_read(attribute);
    requires at + 12 + attribute->name_len + attribute->value / 2 <= PLACES - 4;
    assigns \nothing;
    ensures \result == round(at + 12 + attribute->name_len + attribute->value / 2); */
static inline uint32_t parley_xml_next_attribute(const parley_xml *x, uint32_t at,
                                                 const xml_attribute *attribute);

/*@ requires block(x) && whole(x, at);
    assigns \nothing;
    ensures \result == stop(first(at)); */
static inline uint32_t parley_xml_attributes_end(const parley_xml *x, uint32_t at);

/* The first error stays. */
/*@ requires \valid(x);
    assigns x->error, x->stop;
    ensures x->error == (\old(x->error) == PARLEY_NO_ERROR ? code : \old(x->error));
    ensures x->stop == 1; */
void parley_xml_fail(parley_xml *x, parley_code code);

/* The library's, by what they ask for. */

/*@ requires len == 0 || \valid_read((const char *)a + (0 .. len - 1));
    requires len == 0 || \valid_read((const char *)b + (0 .. len - 1));
    assigns \nothing; */
static int compare(const void *a, const void *b, size_t len);

#include <string.h>
#define memcmp compare

#endif
