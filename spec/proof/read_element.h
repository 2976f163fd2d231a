/* Eva: every call of parley/element.h, and that what it gives was written. */
#ifndef PARLEY_PROOF_READ_ELEMENT_H
#define PARLEY_PROOF_READ_ELEMENT_H

#include <parley/element.h>

static void written(parley_string string)
{
    //@ assert string.len == 0 || \initialized(string.data + (0 .. string.len - 1));
}

static void read_attributes(parley_element e)
{
    parley_attribute attribute;
    uint32_t next = 0;

    while (parley_element_attributes(e, &next, &attribute)) {
        written(attribute.name);
        written(attribute.space);
        written(attribute.prefix);
        written(attribute.value);
    }
    written(parley_element_attribute(e, "c"));
    written(parley_element_attribute_in(e, "c", "u"));
}

static void read_names(parley_element e)
{
    written(parley_element_name(e));
    written(parley_element_namespace(e));
    written(parley_element_prefix(e));
    (void)parley_element_is(e, "b", "u");
    (void)parley_element_is(e, NULL, "");
    read_attributes(e);
}

static void read_content(parley_element e)
{
    parley_node node;
    parley_element child;
    parley_string text;
    uint32_t next = 0;

    while (parley_element_nodes(e, &next, &node)) {
        if (node.is_text) {
            written(node.text);
        } else {
            read_names(node.element);
        }
    }
    if (parley_element_text(e, &text) == PARLEY_OK) {
        written(text);
    }
    if (parley_element_find(e, "f", "", &child)) {
        read_names(child);
    }
    if (parley_element_child(e, &child)) {
        read_names(child);
        while (parley_element_next(&child)) {
            read_names(child);
        }
    }
    (void)parley_element_children(e);
}

static void read_element(parley_element e)
{
    parley_walk walk;
    parley_step step;

    parley_walk_init(&walk, e);
    while ((step = parley_walk_next(&walk)) != PARLEY_STEP_DONE) {
        if (step == PARLEY_STEP_TEXT) {
            written(walk.text);
        } else {
            read_names(walk.element);
            read_content(walk.element);
        }
    }
}

#endif
