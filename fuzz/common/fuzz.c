#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/fuzz.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define CLOSE(bytes, len) ASAN_POISON_MEMORY_REGION(bytes, len)
#define OPEN(bytes, len)  ASAN_UNPOISON_MEMORY_REGION(bytes, len)
#else
#define CLOSE(bytes, len) ((void)(bytes))
#define OPEN(bytes, len)  ((void)(bytes))
#endif

#define BLOCK_SIZE ((size_t)1 << 21)
#define CANARY     64
#define CANARY_IS  0xC5

void fuzz_broken(const char *condition, const char *file, int line, const char *more)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n%s", file, line, condition,
            more != NULL ? more : "");
    fflush(stderr);
    abort();
}

uint32_t fuzz_slice;

uint8_t fuzz_byte(const uint8_t **data, size_t *size)
{
    if (*size == 0) {
        return 0;
    }
    (*size)--;
    return *(*data)++;
}

fuzz_cuts fuzz_cuts_of(unsigned kind, uint8_t seed)
{
    fuzz_cuts cuts = {FUZZ_WHOLE, seed * 2654435761u + 1u};

    cuts.kind = kind;
    return cuts;
}

unsigned fuzz_style;

void fuzz_style_of(unsigned kind)
{
    fuzz_style = kind;
}

size_t fuzz_piece(fuzz_cuts *cuts, size_t left)
{
    uint32_t next;

    if (cuts->kind != FUZZ_RANDOM) {
        return cuts->kind == FUZZ_WHOLE ? left : 1;
    }
    /* Xorshift (Marsaglia); as many short pieces as long ones. */
    cuts->seed ^= cuts->seed << 13;
    cuts->seed ^= cuts->seed >> 17;
    cuts->seed ^= cuts->seed << 5;
    next = 1 + (cuts->seed >> 8) % ((cuts->seed & 1u) != 0 ? 8 : 128);
    return next < left ? next : left;
}

typedef struct block {
    unsigned char *end; /* of what may be used */
    unsigned char *bytes;
    size_t len;
} block;

static block blocks[FUZZ_BLOCKS + 1];

static unsigned char *block_end(unsigned which)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (blocks[which].end == NULL) {
        unsigned char *pages = mmap(NULL, BLOCK_SIZE + page, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        FUZZ_CHECK(pages != MAP_FAILED);
        FUZZ_CHECK(mprotect(pages + BLOCK_SIZE, page, PROT_NONE) == 0);
        blocks[which].end = pages + BLOCK_SIZE;
    }
    return blocks[which].end;
}

static void open_canaries(const block *b)
{
    OPEN(b->bytes - CANARY, CANARY);
    OPEN(b->bytes + b->len, (size_t)(b->end - b->bytes) - b->len);
}

static void close_canaries(const block *b)
{
    CLOSE(b->bytes - CANARY, CANARY);
    CLOSE(b->bytes + b->len, (size_t)(b->end - b->bytes) - b->len);
}

static void *place(unsigned which, size_t len, size_t slack, uint8_t fill)
{
    block *b = &blocks[which];

    FUZZ_CHECK(which < FUZZ_BLOCKS && len + slack + CANARY <= BLOCK_SIZE);
    if (b->bytes != NULL) {
        open_canaries(b);
    }
    b->bytes = block_end(which) - slack - len;
    b->len = len;
    memset(b->bytes - CANARY, CANARY_IS, CANARY);
    memset(b->bytes, fill, len);
    memset(b->bytes + len, CANARY_IS, slack);
    close_canaries(b);
    return b->bytes;
}

void *fuzz_block(unsigned which, size_t len, uint8_t fill)
{
    return place(which, len, 0, fill);
}

void *fuzz_block_of_words(unsigned which, size_t len, uint8_t fill)
{
    return place(which, len, (4 - len % 4) % 4, fill);
}

void *fuzz_block_now(unsigned which, size_t *len)
{
    *len = blocks[which].len;
    return blocks[which].bytes;
}

void fuzz_blocks_check(void)
{
    for (unsigned i = 0; i < FUZZ_BLOCKS; i++) {
        const block *b = &blocks[i];

        if (b->bytes == NULL) {
            continue;
        }
        open_canaries(b);
        for (size_t at = 1; at <= CANARY; at++) {
            FUZZ_CHECK(b->bytes[-(ptrdiff_t)at] == CANARY_IS);
        }
        for (const unsigned char *at = b->bytes + b->len; at < b->end; at++) {
            FUZZ_CHECK(*at == CANARY_IS);
        }
        close_canaries(b);
    }
}

const uint8_t *fuzz_flush(const void *data, size_t len)
{
    uint8_t *at = block_end(FUZZ_BLOCKS) - len;

    FUZZ_CHECK(len <= BLOCK_SIZE);
    if (len > 0) {
        memcpy(at, data, len);
    }
    return at;
}

bool fuzz_has(const void *data, size_t len, const char *text, size_t text_len)
{
    const char *at = data;
    const char *end = at + len;

    while ((size_t)(end - at) >= text_len) {
        at = memchr(at, text[0], (size_t)(end - at) - text_len + 1);
        if (at == NULL) {
            return false;
        }
        if (memcmp(at, text, text_len) == 0) {
            return true;
        }
        at++;
    }
    return false;
}
