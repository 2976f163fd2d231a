/* Terminated texts as strings, within the core: the length is what a call returns, as that is in a
   register. */
#ifndef PARLEY_CORE_TEXT_OF_H
#define PARLEY_CORE_TEXT_OF_H

#include "parley/result.h"

/* 0 of NULL too. */
size_t parley_text_len(const char *terminated);

static inline parley_string parley_text(const char *terminated)
{
    return (parley_string){terminated, parley_text_len(terminated)};
}

#endif
