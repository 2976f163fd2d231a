/* Eva: a pointer into the tokenizer's memory has no number but its place; and the memory begins
   at a multiple of 4, as parley_xml_init asks for. */
#ifndef PARLEY_PROOF_PLACED_H
#define PARLEY_PROOF_PLACED_H

#include <stdint.h>

extern unsigned char *proof_memory;

#define XML_NUMBER(at) ((uintptr_t)((at)-proof_memory))

#endif
