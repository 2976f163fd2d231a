/* The tree of a document that is one element. It lasts until the next. */
#ifndef PARLEY_TESTS_PARSED_H
#define PARLEY_TESTS_PARSED_H

#include "parley/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static inline parley_element parsed(const char *document)
{
    static uint32_t memory[8192];
    static parley_xml x;
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    parley_xml_token token;

    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    parley_xml_set_tree(&x, 0);
    (void)parley_xml_push(&x, document, strlen(document), &token);
    assert_int_equal(token, PARLEY_XML_ELEMENT);
    return parley_xml_element(&x);
}

#endif
