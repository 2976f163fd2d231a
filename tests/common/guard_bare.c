/* guard.h where no page can be protected: bytes behind the block that must stay as they are. They
   show a write past the end, not a read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"

#define BEHIND 32
#define MARK   0xA5

void *guard_open(guard *g, size_t len)
{
    g->len = len;
    g->pages = malloc(len + BEHIND);
    assert_non_null(g->pages);
    memset((char *)g->pages + len, MARK, BEHIND);
    return g->pages;
}

void *guard_copy(guard *g, const void *data, size_t len)
{
    void *copy = guard_open(g, len);

    if (len > 0) {
        memcpy(copy, data, len);
    }
    return copy;
}

void guard_close(guard *g)
{
    const unsigned char *behind = (unsigned char *)g->pages + g->len;

    for (size_t i = 0; i < BEHIND; i++) {
        assert_int_equal(behind[i], MARK);
    }
    free(g->pages);
}
