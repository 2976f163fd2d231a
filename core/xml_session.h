/* What a session asks of the tokenizer beside the calls of <parley/xml.h>. */
#ifndef PARLEY_CORE_XML_SESSION_H
#define PARLEY_CORE_XML_SESSION_H

#include "parley/xml.h"

/* As parley_xml_init and parley_xml_park, where they would not give PARLEY_MISUSE. The latter tells
   whether the root fits. `limits` is at the first of those that hold, in a parley_limits. */
void parley_xml_start(parley_xml *x, const void *limits, void *memory, size_t memory_len);
bool parley_xml_park_root(parley_xml *x);

/* parley_limits holds them twice, in this order. */
_Static_assert(sizeof(parley_xml_limits) == 12 &&
                   offsetof(parley_limits, elements) == offsetof(parley_xml_limits, elements) &&
                   offsetof(parley_limits, element_early) == sizeof(parley_xml_limits) &&
                   offsetof(parley_limits, elements_early) - sizeof(parley_xml_limits) ==
                       offsetof(parley_xml_limits, elements),
               "the limits are copied");

/* How many of the bytes, from the first on, are white space. */
size_t parley_xml_white_len(const void *data, size_t len);

/* Wipes what was written of the memory. After it comes another start. */
void parley_xml_wipe(parley_xml *x);

#endif
