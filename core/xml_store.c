/* The stack of records.

   Records are addressed by places (core/xml_internal.h); those in x->root stay good when the block
   is exchanged. Every record begins at a multiple of 4. They are read
   and written by value, through memcpy, so the block may be of any type.

   An element is followed by its QName and its attributes, each followed by its own QName
   and value; in a tree, by its content: text and elements. x->top is the first free byte;
   x->high the highest that it ever was, which is how far the block has to be wiped.

   XML_RESERVE bytes are free whenever the machine takes a byte, so that one action can always
   add what it has to. When one leaves less, the memory is short: the machine stops after that
   byte, in a state from which parley_xml_skip can go on. */
#include "xml_internal.h"

#include <string.h>

_Static_assert(PARLEY_ROOT_SIZE % 4 == 0, "PARLEY_ROOT_SIZE is a multiple of 4");
_Static_assert(PARLEY_ROOT_SIZE >= sizeof(xml_element) + XML_NAME_READ,
               "what is read of the root's name lies in x->root");
_Static_assert(sizeof(xml_element) == 16 && sizeof(xml_attribute) == 12, "records are packed");

static uint32_t soft_end(const parley_xml *x)
{
    return XML_BASE(x) + x->memory_len - XML_RESERVE;
}

bool parley_xml_is_short(const parley_xml *x)
{
    return x->top > soft_end(x) ? true : false; /* two ways for the proofs */
}

size_t parley_xml_spare(const parley_xml *x)
{
    return x->top > soft_end(x) ? 0 : soft_end(x) - x->top;
}

size_t parley_xml_room(const parley_xml *x)
{
    return x->top > soft_end(x) ? 1 : soft_end(x) - x->top + 1;
}

void parley_xml_append(parley_xml *x, const void *data, size_t len)
{
    memcpy(parley_xml_at(x, x->top), data, len);
    parley_xml_reserve(x, (uint32_t)len);
    if (parley_xml_is_short(x)) {
        x->stop = true;
    }
}

uint32_t parley_xml_reserve(parley_xml *x, uint32_t len)
{
    uint32_t at = x->top;

    x->top += len;
    if (x->top > x->high) {
        x->high = x->top;
    }
    return at;
}

void parley_xml_align(parley_xml *x)
{
    x->top = parley_xml_round(x->top);
    parley_xml_reserve(x, 0);
}

uint32_t parley_xml_move_element(parley_xml *x, uint32_t at, uint32_t to)
{
    xml_element element = parley_xml_get_element(x, at);
    uint32_t count = element.head >> 16;
    uint32_t kept = 0;
    uint32_t from = parley_xml_first_attribute(at, &element);
    uint32_t end = to + (from - at);

    memmove(parley_xml_at(x, to), parley_xml_at(x, at), sizeof element + element.name_len);
    /*@ loop invariant XML_PROVED(left(from) == count && clean <= from);
        loop invariant XML_PROVED(count == 0 ==> kept(from) == 0);
        loop invariant XML_PROVED(end + kept(from) ==
                                  \at(to + (first(at) - at) + kept(first(at)), Pre));
        loop invariant XML_PROVED(from % 4 == 0 && end % 4 == 0);
        loop invariant XML_PROVED(to < end && to < clean);
        loop invariant XML_PROVED(to < PARLEY_ROOT_SIZE || end <= from);
        loop invariant XML_PROVED((count > 0 ? stop(from) : from) == \at(stop(first(at)), Pre));
        loop assigns from, end, count, kept, XML_CLEAN;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, from);
        uint32_t next = parley_xml_next_attribute(x, from, &attribute);
        if ((attribute.value & 1) != 0) {
            memmove(parley_xml_at(x, end), parley_xml_at(x, from), next - from);
            end += next - from;
            kept++;
        }
        from = next;
    }
    parley_xml_put_head(x, to, (element.head & 0xFFFF) | kept << 16);
    return end;
}

uint32_t parley_xml_kept_size(const parley_xml *x, uint32_t at)
{
    xml_element element = parley_xml_get_element(x, at);
    uint32_t count = element.head >> 16;
    uint32_t from = parley_xml_first_attribute(at, &element);
    uint32_t size = from - at;

    /*@ loop invariant XML_PROVED(left(from) == count);
        loop invariant XML_PROVED(count == 0 ==> kept(from) == 0);
        loop invariant XML_PROVED(size + kept(from) ==
                                  \at(first(at) - at + kept(first(at)), Pre));
        loop assigns from, size, count;
        loop variant count; */
    while (count-- > 0) {
        xml_attribute attribute = parley_xml_get_attribute(x, from);
        uint32_t next = parley_xml_next_attribute(x, from, &attribute);
        size += (attribute.value & 1) != 0 ? next - from : 0;
        from = next;
    }
    return size;
}

/* Turns the links of the open elements inside x->limited round, from parent to child.
   Returns the outermost of them. */
static uint32_t turn_links(parley_xml *x)
{
    uint32_t at = x->open;
    uint32_t child = XML_NOWHERE;

    while (at != x->limited) {
        uint32_t parent = parley_xml_get_element(x, at).link;
        parley_xml_put_link(x, at, child);
        child = at;
        at = parent;
    }
    return child;
}

void parley_xml_compact(parley_xml *x)
{
    uint32_t parent = x->limited;
    uint32_t end = parley_xml_attributes_end(x, parent);
    uint32_t at = turn_links(x);

    parley_xml_leave_scope(x, end);
    while (at != XML_NOWHERE) {
        uint32_t child = parley_xml_get_element(x, at).link;
        uint32_t next = parley_xml_move_element(x, at, end);
        parley_xml_put_link(x, end, parent);
        parley_xml_resolve(x, end);
        parent = end;
        end = next;
        at = child;
    }
    x->open = parent;
    if (x->tag != XML_NOWHERE) {
        uint32_t back = x->tag - end;
        memmove(parley_xml_at(x, end), parley_xml_at(x, x->tag), x->top - x->tag);
        x->tag -= back;
        x->name -= back;
        x->value -= x->value != XML_NOWHERE ? back : 0;
        x->attribute -= x->attribute != XML_NOWHERE ? back : 0;
        end = x->top - back;
        parley_xml_put_link(x, x->tag, x->open);
    }
    x->top = end;
    x->text_record = XML_NOWHERE;
    x->last = XML_NOWHERE;
}
