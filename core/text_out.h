/* Where mapped characters go: into a buffer, or nowhere and only counted. */
#ifndef PARLEY_CORE_TEXT_OUT_H
#define PARLEY_CORE_TEXT_OUT_H

#include "parley/result.h"

typedef struct text_out {
    char *bytes; /* NULL: count alone */
    size_t size; /* the most that may come */
    size_t len;
} text_out;

/* Puts the character in UTF-8. False: more than `size`; nothing was put. */
bool parley_text_out_put(text_out *out, uint32_t character);

/* The reason when the size is a part's. */
extern const char parley_too_long[];

/* Whether the text is ASCII alone. */
bool parley_is_ascii(parley_string text);

#endif
