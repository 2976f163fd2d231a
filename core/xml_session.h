/* What a session asks of the tokenizer beside the calls of <parley/xml.h>. */
#ifndef PARLEY_CORE_XML_SESSION_H
#define PARLEY_CORE_XML_SESSION_H

#include "parley/xml.h"

/* As parley_xml_init and parley_xml_park, where they would not give PARLEY_MISUSE. The latter tells
   whether the root fits. */
void parley_xml_start(parley_xml *x, const parley_limits *limits, void *memory, size_t memory_len);
bool parley_xml_park_root(parley_xml *x);

/* How many of the bytes, from the first on, are white space. */
size_t parley_xml_white_len(const void *data, size_t len);

/* Wipes what was written of the memory. After it comes another start. */
void parley_xml_wipe(parley_xml *x);

#endif
