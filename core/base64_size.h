/* PARLEY_BASE64_SIZE of what is known only when it runs. */
#ifndef PARLEY_CORE_BASE64_SIZE_H
#define PARLEY_CORE_BASE64_SIZE_H

#include "divide.h"
#include "parley/base64.h"

static inline size_t parley_base64_size(size_t len)
{
#if SIZE_MAX > UINT32_MAX
    return PARLEY_BASE64_SIZE(len);
#else
    return (size_t)parley_divide(len + 2, 3) * 4;
#endif
}

#endif
