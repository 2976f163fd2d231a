/* Anonymous pages, the last one without access. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/guard.h"

void *guard_open(guard *g, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t usable = (len + page - 1) / page * page;

    g->len = usable + page;
    g->pages = mmap(NULL, g->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(g->pages, MAP_FAILED);
    assert_int_equal(mprotect((char *)g->pages + usable, page, PROT_NONE), 0);
    return (char *)g->pages + usable - len;
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
    assert_int_equal(munmap(g->pages, g->len), 0);
}
