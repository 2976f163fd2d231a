/* A read-only element tree in the caller's memory.

   A parley_element is a small value: a cursor on one element. It is valid as
   long as the event or token that gave it says, and so is every string taken
   from it. Names and namespaces are kept apart and compared whole; a prefix
   never decides anything (RFC 6120 section 4.8.5). */
#ifndef PARLEY_ELEMENT_H
#define PARLEY_ELEMENT_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

struct parley_xml;

typedef struct parley_element {
    PARLEY_PAIR const struct parley_xml *xml; /* NULL: no element */
    uint32_t at;
} parley_element;

typedef struct parley_attribute {
    parley_string name;  /* local name */
    parley_string space; /* namespace name; empty: none */
    parley_string prefix;
    parley_string value; /* normalised, references resolved */
} parley_attribute;

/* One piece of an element's content. */
typedef struct parley_node {
    bool is_text;
    parley_string text;     /* when is_text */
    parley_element element; /* when not */
} parley_node;

/* Local name, namespace name (empty: none) and prefix (empty: none). */
parley_string parley_element_name(parley_element e);
parley_string parley_element_namespace(parley_element e);
parley_string parley_element_prefix(parley_element e);

/* Whether the element has this local name and namespace. NULL stands for any
   name or any namespace, `space` "" for none. */
bool parley_element_is(parley_element e, const char *name, const char *space);

/* Value of the attribute `name` in no namespace; data NULL if absent (an
   empty value has data not NULL). */
parley_string parley_element_attribute(parley_element e, const char *name);

/* The same for an attribute in the namespace `space`
   ("http://www.w3.org/XML/1998/namespace" for xml:lang). */
parley_string parley_element_attribute_in(parley_element e, const char *name, const char *space);

/* The attributes in document order, namespace declarations left out. `next`
   starts at 0 and is advanced. False: no more. */
bool parley_element_attributes(parley_element e, uint32_t *next, parley_attribute *attribute);

/* First child element. False: none. */
bool parley_element_child(parley_element e, parley_element *child);

/* First child element with this name and namespace. False: none. */
bool parley_element_find(parley_element e, const char *name, const char *space,
                         parley_element *child);

/* Advances to the next sibling element. False: none, and `e` is unchanged.
   Not for the element that an event gave, which has no siblings. */
bool parley_element_next(parley_element *e);

/* Number of child elements. */
size_t parley_element_children(parley_element e);

/* The element's character data, one piece whatever mix of text, CDATA and
   references it was. PARLEY_ILLEGAL if the element has child elements. */
parley_result parley_element_text(parley_element e, parley_string *text);

/* The content, elements and text, in document order. `next` starts at 0 and
   is advanced. False: no more. */
bool parley_element_nodes(parley_element e, uint32_t *next, parley_node *node);

/* A walk over an element and all its content in document order, without
   recursion: START of the element itself first, its END last. */
typedef enum parley_step {
    PARLEY_STEP_DONE = 0,
    PARLEY_STEP_START, /* element */
    PARLEY_STEP_TEXT,  /* text */
    PARLEY_STEP_END
} parley_step;

typedef struct parley_walk {
    parley_element element; /* of START and END */
    parley_string text;     /* of TEXT */
    uint32_t next;          /* opaque */
    uint32_t open;          /* opaque */
    uint32_t root;          /* opaque */
} parley_walk;

void parley_walk_init(parley_walk *walk, parley_element element);
parley_step parley_walk_next(parley_walk *walk);

#ifdef __cplusplus
}
#endif
#endif
