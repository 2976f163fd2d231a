/* A PEM file as a list of decoded blocks (RFC 7468). */
#ifndef PARLEY_CLI_PEM_FILE_H
#define PARLEY_CLI_PEM_FILE_H

#include "report.h"

#include <stddef.h>

typedef struct pem_block {
    char name[40];      /* of the BEGIN line, in upper case */
    unsigned long line; /* of the BEGIN line, from 1 */
    unsigned char *data;
    size_t len;
    size_t size;
} pem_block;

typedef struct pem_file {
    pem_block *blocks;
    size_t count;
} pem_file;

/* All blocks. A file without any, a block that is cut off or not base64, and a
   file that cannot be read are failures. */
bool pem_file_read(pem_file *file, const char *path, failure *f);

/* Frees the blocks; wipes them first, since one may be a private key. */
void pem_file_free(pem_file *file);

#endif
