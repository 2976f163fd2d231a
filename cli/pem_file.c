#include "pem_file.h"

#include "entropy.h"
#include "status.h"

#include <bearssl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No certificate or key comes near this. */
#define BLOCK_MOST ((size_t)1 << 20)
/* Nor any bundle of authorities near this: a wrong name (of a disk, of a device without end)
   is told at once. */
#define FILE_MOST ((size_t)16 << 20)

typedef struct reader {
    pem_file *file;
    const char *path;
    br_pem_decoder_context decoder;
    unsigned long line; /* of the next byte */
    bool inside;        /* a block is open */
    bool no_memory;
    bool too_large;
} reader;

static pem_block *last(const reader *r)
{
    return &r->file->blocks[r->file->count - 1];
}

/* Grows by copying, so that the old copy of a key can be wiped. */
static bool grow(pem_block *block, size_t len)
{
    size_t size = block->size == 0 ? 2048 : block->size;
    unsigned char *data;

    while (size < block->len + len) {
        size *= 2;
    }
    if (size == block->size) {
        return true;
    }
    data = malloc(size);
    if (data == NULL) {
        return false;
    }
    if (block->len > 0) {
        memcpy(data, block->data, block->len);
        entropy_wipe(block->data, block->len);
    }
    free(block->data);
    block->data = data;
    block->size = size;
    return true;
}

/* Takes decoded bytes of the open block, for BearSSL's decoder. */
static void take(void *context, const void *data, size_t len)
{
    reader *r = context;
    pem_block *block = last(r);

    if (r->no_memory || r->too_large) {
        return;
    }
    if (block->len + len > BLOCK_MOST) {
        r->too_large = true;
    } else if (!grow(block, len)) {
        r->no_memory = true;
    } else {
        memcpy(block->data + block->len, data, len);
        block->len += len;
    }
}

static bool begin(reader *r)
{
    pem_block *blocks = realloc(r->file->blocks, (r->file->count + 1) * sizeof *blocks);
    pem_block *block;

    if (blocks == NULL) {
        return false;
    }
    r->file->blocks = blocks;
    block = &blocks[r->file->count++];
    memset(block, 0, sizeof *block);
    snprintf(block->name, sizeof block->name, "%.39s", br_pem_decoder_name(&r->decoder));
    block->line = r->line - 1; /* the banner's line end has been counted */
    br_pem_decoder_setdest(&r->decoder, take, r);
    r->inside = true;
    return true;
}

static bool no_memory(failure *f, const char *path)
{
    return failure_set(f, STATUS_LOCAL, "local", "%s: no memory", path);
}

static bool handle(reader *r, int event, failure *f)
{
    switch (event) {
    case BR_PEM_BEGIN_OBJ:
        return begin(r) || no_memory(f, r->path);
    case BR_PEM_END_OBJ:
        r->inside = false;
        if (r->no_memory) {
            return no_memory(f, r->path);
        }
        if (r->too_large) {
            return failure_set(f, STATUS_LOCAL, "local",
                               "%s, line %lu: this %s block is over 1 MB; give a PEM file of "
                               "certificates or a key",
                               r->path, last(r)->line, last(r)->name);
        }
        return true;
    case BR_PEM_ERROR:
        return failure_set(f, STATUS_LOCAL, "local",
                           "%s, line %lu: not base64, in the %s block that begins at line %lu; "
                           "the file is damaged, or the block is encrypted",
                           r->path, r->line - 1, last(r)->name, last(r)->line);
    default:
        return true;
    }
}

static bool feed(reader *r, const unsigned char *data, size_t len, failure *f)
{
    while (len > 0) {
        size_t taken = br_pem_decoder_push(&r->decoder, data, len);

        for (size_t i = 0; i < taken; i++) {
            r->line += data[i] == '\n';
        }
        data += taken;
        len -= taken;
        if (!handle(r, br_pem_decoder_event(&r->decoder), f)) {
            return false;
        }
    }
    return true;
}

static bool read_all(reader *r, FILE *in, failure *f)
{
    unsigned char piece[4096];
    size_t all = 0;
    size_t got;
    bool good = true;

    while (good && (got = fread(piece, 1, sizeof piece, in)) > 0) {
        all += got;
        good = all <= FILE_MOST ? feed(r, piece, got, f)
                                : failure_set(f, STATUS_LOCAL, "local",
                                              "%s: is larger than %zu MB; is it the right file?",
                                              r->path, FILE_MOST >> 20);
    }
    entropy_wipe(piece, sizeof piece);
    if (!good) {
        return false;
    }
    if (ferror(in)) {
        return failure_set(f, STATUS_LOCAL, "local", "%s: cannot be read: %s", r->path,
                           strerror(errno));
    }
    if (!feed(r, (const unsigned char *)"\n", 1, f)) { /* the last line may lack its end */
        return false;
    }
    if (r->inside) {
        return failure_set(f, STATUS_LOCAL, "local",
                           "%s, line %lu: this %s block has no END line; the file is cut off",
                           r->path, last(r)->line, last(r)->name);
    }
    if (r->file->count == 0) {
        return failure_set(f, STATUS_LOCAL, "local",
                           "%s: holds no PEM block (\"-----BEGIN ...\"); a DER file can be "
                           "converted with openssl",
                           r->path);
    }
    return true;
}

bool pem_file_read(pem_file *file, const char *path, failure *f)
{
    reader r;
    FILE *in = fopen(path, "rb");
    bool good;

    memset(file, 0, sizeof *file);
    if (in == NULL) {
        return failure_set(f, STATUS_LOCAL, "local", "%s: cannot be opened: %s", path,
                           strerror(errno));
    }
    setvbuf(in, NULL, _IONBF, 0); /* a key leaves no copy in a buffer */
    memset(&r, 0, sizeof r);
    r.file = file;
    r.path = path;
    r.line = 1;
    br_pem_decoder_init(&r.decoder);
    good = read_all(&r, in, f);
    fclose(in);
    entropy_wipe(&r.decoder, sizeof r.decoder);
    if (!good) {
        pem_file_free(file);
    }
    return good;
}

void pem_file_free(pem_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        entropy_wipe(file->blocks[i].data, file->blocks[i].len);
        free(file->blocks[i].data);
    }
    free(file->blocks);
    memset(file, 0, sizeof *file);
}
