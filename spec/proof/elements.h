/* Eva: elements, as their header has them: trees of any form and content, anew at each call, in
   the work block. A cursor that was not set, or names no tree, is an alarm. */
#ifndef PARLEY_PROOF_ELEMENTS_H
#define PARLEY_PROOF_ELEMENTS_H

#include "negotiation.h"

#define PROOF_TREE (PROOF_OUTPUT + PARLEY_SASL_SIZE) /* where the tree begins */

static bool any_bool(void)
{
    return Frama_C_interval(0, 1) != 0;
}

/* A string in the tree. */
static parley_string any_piece(void)
{
    const unsigned char *at = work + PROOF_TREE + Frama_C_interval(0, 2047);

    return (parley_string){(const char *)at, (size_t)Frama_C_interval(0, 2049)};
}

parley_string parley_element_name(parley_element e)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    return any_piece();
}

parley_string parley_element_namespace(parley_element e)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    return any_piece();
}

bool parley_element_is(parley_element e, const char *name, const char *space)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    //@ assert name == \null || \valid_read(name);
    //@ assert space == \null || \valid_read(space);
    return any_bool();
}

parley_string parley_element_attribute(parley_element e, const char *name)
{
    //@ assert e.xml != \null && \initialized(&e.at) && \valid_read(name);
    return any_text();
}

bool parley_element_child(parley_element e, parley_element *child)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    if (any_bool()) {
        child->xml = e.xml;
        child->at = (uint32_t)Frama_C_interval(0, 0x7fffffff);
        return true;
    }
    return false;
}

bool parley_element_next(parley_element *e)
{
    //@ assert e->xml != \null && \initialized(&e->at);
    return any_bool();
}

bool parley_element_find(parley_element e, const char *name, const char *space,
                         parley_element *child)
{
    //@ assert \valid_read(name) && \valid_read(space);
    return parley_element_child(e, child);
}

/* Which element it is, as its number: known.c. */
unsigned parley_known(parley_element e)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    return (unsigned)Frama_C_interval(0, (SPACE_COUNT << 5) - 1);
}

known_space parley_space_of(parley_element e)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    return (known_space)Frama_C_interval(0, SPACE_COUNT - 1);
}

known_space parley_known_space(parley_string space)
{
    //@ assert space.len == 0 || \valid_read(space.data + (0 .. space.len - 1));
    return (known_space)Frama_C_interval(0, SPACE_COUNT - 1);
}

bool parley_known_child(parley_element e, known_element wanted, parley_element *child)
{
    return parley_element_child(e, child);
}

bool parley_known_next(parley_element *e, known_element wanted)
{
    return parley_element_next(e);
}

size_t parley_element_children(parley_element e)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    return (size_t)Frama_C_interval(0, 0x7fffffff);
}

/* Without text it is no piece of the tree. */
parley_result parley_element_text(parley_element e, parley_string *text_of)
{
    //@ assert e.xml != \null && \initialized(&e.at);
    if (any_bool()) {
        return PARLEY_ILLEGAL;
    }
    *text_of = any_bool() ? any_piece() : parley_string_of("");
    return PARLEY_OK;
}

parley_string parley_xml_default_namespace(const parley_xml *x)
{
    return any_piece();
}

/* In place, in the tree. */
parley_result parley_base64_decode(const char *from, size_t from_len, void *out, size_t size,
                                   size_t *len)
{
    //@ assert from_len == 0 || \valid_read(from + (0 .. from_len - 1));
    //@ assert size == 0 || \valid((char *)out + (0 .. size - 1));
    if (any_bool()) {
        return PARLEY_ILLEGAL;
    }
    *len = (size_t)Frama_C_interval(0, (int)size);
    return PARLEY_OK;
}

#endif
