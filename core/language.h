/* Language tags (RFC 6120 4.7.4, 8.1.5). */
#ifndef PARLEY_CORE_LANGUAGE_H
#define PARLEY_CORE_LANGUAGE_H

#include <parley/result.h>
#include <stdbool.h>

/* Whether the text has the form of a language tag (RFC 5646 section 2.1), 35 bytes at most. */
bool parley_is_language(parley_string tag);

#endif
