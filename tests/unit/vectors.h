/* Reading tests/data/vectors: tab-separated rows with a header line. */
#ifndef PARLEY_TESTS_UNIT_VECTORS_H
#define PARLEY_TESTS_UNIT_VECTORS_H

#include "parley/result.h"

#define VECTOR_COLUMNS 16

typedef struct vector_file {
    char *text;
    char *at;
    char *header[VECTOR_COLUMNS];
    char *row[VECTOR_COLUMNS]; /* of the row that was read last; absent columns "" */
} vector_file;

/* Opens tests/data/vectors/NAME; the test fails if it cannot. */
void vector_open(vector_file *file, const char *name);
/* The next row. False: there is none. */
bool vector_next(vector_file *file);
void vector_close(vector_file *file);

/* A column of the row by its name; the test fails if the file has none such. */
const char *vector_text(const vector_file *file, const char *column);
/* The same with \xHH and \uHHHH resolved into `buffer`, or from hexadecimal. */
parley_string vector_bytes(const vector_file *file, const char *column, char *buffer, size_t size);
parley_string vector_hex(const vector_file *file, const char *column, char *buffer, size_t size);

#endif
