/* Characters: UTF-8 one at a time, and what XML allows where. */
#ifndef PARLEY_CORE_CHARACTERS_H
#define PARLEY_CORE_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parley/result.h"

/* Decodes the first character of `len` bytes, at least 1. Returns its length,
   or 0 if it is ill-formed or cut short (RFC 3629: overlong forms, surrogates
   and values above U+10FFFF are ill-formed). */
size_t parley_utf8_decode(const char *data, size_t len, uint32_t *character);

/* Whether all of a text is well-formed. */
bool parley_is_utf8(parley_string text);

/* XML 1.0 Char: what may stand in a document at all. */
bool parley_is_xml_character(uint32_t character);

/* XML 1.0 fifth edition NameStartChar and NameChar, without ':'
   (Namespaces in XML 1.0, NCName). */
bool parley_is_name_start(uint32_t character);
bool parley_is_name_character(uint32_t character);

#endif
