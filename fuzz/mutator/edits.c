/* Inputs that are settings and then pieces of one size, edits of what others say, or TLS records:
   one piece is put in, left out, repeated, moved or changed, and those behind it stay what they
   are. */
#include <string.h>

#include "mutator/mutator.h"

#define PIECES     128
#define RECORD     5 /* a record's header: type, version, length */
#define RECORD_MAX 64
#define INSIDE     2 /* of what is wrong in tls_records: edits */

typedef struct pieces {
    size_t from[PIECES + 1]; /* the last one ends where the input does */
    size_t count;
    bool are_records;
} pieces;

static void find(const fuzz_mutator *m, const uint8_t *data, size_t size, pieces *p)
{
    size_t at = m->head;

    p->count = 0;
    p->are_records = m->records && (data[0] >> 1) % 3 != INSIDE;
    while (at < size && p->count < PIECES) {
        size_t len = m->edit;

        if (p->are_records) {
            len = size - at < RECORD ? RECORD : RECORD + ((size_t)data[at + 3] << 8 | data[at + 4]);
        }
        p->from[p->count++] = at;
        at = len < size - at ? at + len : size;
    }
    p->from[p->count] = at;
}

static size_t new_record(fuzz_mutator *m, uint8_t out[RECORD_MAX])
{
    size_t len = fuzz_mutator_random(m, RECORD_MAX - RECORD);

    out[0] = (uint8_t)(20 + fuzz_mutator_random(m, 4));
    out[1] = out[2] = 3;
    out[3] = 0;
    out[4] = (uint8_t)len;
    for (size_t i = 0; i < len; i++) {
        out[RECORD + i] = (uint8_t)fuzz_mutator_random(m, fuzz_mutator_random(m, 2) ? 256 : 16);
    }
    return RECORD + len;
}

/* A place in what is said, two bytes, and before it what is done, where there are several things;
   near the beginning more often. */
static size_t new_edit(fuzz_mutator *m, uint8_t out[RECORD_MAX])
{
    size_t place = fuzz_mutator_random(m, 8192) >> fuzz_mutator_random(m, 7);
    size_t len = 0;

    if (m->edit == 4) {
        out[len++] = (uint8_t)fuzz_mutator_random(m, 256);
    }
    out[len++] = (uint8_t)(place >> 8);
    out[len++] = (uint8_t)place;
    out[len++] = (uint8_t)(fuzz_mutator_random(m, 2) ? 1u << fuzz_mutator_random(m, 8)
                                                     : fuzz_mutator_random(m, 256));
    return len;
}

/* The number of pieces of the first of two kinds, where a setting has it, goes with the pieces. */
static void count_on(const fuzz_mutator *m, uint8_t *data, size_t at, bool more)
{
    uint8_t *count = m->counts_at > 0 ? &data[m->counts_at] : NULL;

    if (count != NULL && at < *count + (more ? 1u : 0u) && *count < (more ? 255 : 256)) {
        *count = (uint8_t)(more ? *count + 1 : *count - 1);
    }
}

static size_t put_in(fuzz_mutator *m, uint8_t *data, size_t size, size_t max, const pieces *p,
                     const uint8_t *piece, size_t len)
{
    size_t at = fuzz_mutator_random(m, p->count + 1);
    size_t now = fuzz_replace(data, size, max, p->from[at], p->from[at], piece, len);

    if (now != size) {
        count_on(m, data, at, true);
    }
    return now;
}

/* One byte of it; of a record not its length, and now and then all that it carries. */
static size_t change(fuzz_mutator *m, uint8_t *data, size_t size, const pieces *p, size_t which)
{
    size_t from = p->from[which], len = p->from[which + 1] - from;
    size_t at = fuzz_mutator_random(m, len);
    uint8_t *byte = &data[from + at];

    if (p->are_records && (at == 3 || at == 4)) {
        if (len > RECORD) {
            (void)m->bytes(data + from + RECORD, len - RECORD, len - RECORD);
        }
        return size;
    }
    switch (fuzz_mutator_random(m, 3)) {
    case 0:
        *byte ^= (uint8_t)(1u << fuzz_mutator_random(m, 8));
        break;
    case 1:
        *byte = (uint8_t)(*byte + (fuzz_mutator_random(m, 2) ? 1u : 255u));
        break;
    default:
        *byte = (uint8_t)fuzz_mutator_random(m, 256);
        break;
    }
    return size;
}

static size_t settings(fuzz_mutator *m, uint8_t *data, size_t size)
{
    uint8_t *byte = &data[fuzz_mutator_random(m, m->head)];

    if (fuzz_mutator_random(m, 4) == 0) {
        *byte = (uint8_t)fuzz_mutator_random(m, 64);
    } else {
        *byte = (uint8_t)(*byte ^ 1u << fuzz_mutator_random(m, 8));
    }
    return size;
}

size_t fuzz_mutate_edits(fuzz_mutator *m, uint8_t *data, size_t size, size_t max)
{
    uint8_t piece[RECORD_MAX];
    uint32_t what = fuzz_mutator_random(m, 8);
    size_t which, from, len;
    pieces p;

    max = m->most > 0 && m->most < max ? m->most : max;
    find(m, data, size, &p);
    if (what == 0 || (m->counts_at > 0 && fuzz_mutator_random(m, 2) == 0)) { /* many of a chain */
        return settings(m, data, size);
    }
    if (what == 1 || p.count == 0) {
        len = p.are_records ? new_record(m, piece) : new_edit(m, piece);
        return put_in(m, data, size, max, &p, piece, len);
    }
    which = fuzz_mutator_random(m, p.count);
    from = p.from[which];
    len = p.from[which + 1] - from;
    if (what > 4) {
        return change(m, data, size, &p, which);
    }
    if (len <= sizeof piece) {
        memcpy(piece, data + from, len);
    }
    if (what != 2) { /* left out, or moved */
        size = fuzz_replace(data, size, max, from, from + len, "", 0);
        count_on(m, data, which, false);
        find(m, data, size, &p);
    }
    return what == 3 || len > sizeof piece ? size : put_in(m, data, size, max, &p, piece, len);
}

size_t fuzz_cross_edits(fuzz_mutator *m, const uint8_t *a, size_t a_size, const uint8_t *b,
                        size_t b_size, uint8_t *out, size_t max)
{
    size_t size = a_size < max ? a_size : max;
    pieces of_a, of_b;
    size_t from, to;

    max = m->most > 0 && m->most < max ? m->most : max;
    memcpy(out, a, size);
    if (size < m->head || b_size < m->head) {
        return size;
    }
    find(m, out, size, &of_a);
    find(m, b, b_size, &of_b);
    to = of_a.from[fuzz_mutator_random(m, of_a.count + 1)];
    from = of_b.from[fuzz_mutator_random(m, of_b.count + 1)];
    if (of_a.are_records != of_b.are_records || to + (b_size - from) > max) {
        return size;
    }
    memcpy(out + to, b + from, b_size - from);
    return to + (b_size - from);
}
