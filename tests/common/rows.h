/* Rows of tests/data/vectors: fields between tabs, the first line names them. */
#ifndef PARLEY_TESTS_ROWS_H
#define PARLEY_TESTS_ROWS_H

#include <stddef.h>
#include <stdio.h>

#include "parley/result.h"

#define ROW_FIELDS 8
#define ROW_SIZE   16384

typedef struct rows {
    FILE *file;
    unsigned number; /* of the row, from 1; the header line is not counted */
    size_t count;    /* fields of the row */
    char *field[ROW_FIELDS];
    char line[ROW_SIZE];
} rows;

/* Opens tests/data/NAME and passes its first line. */
void rows_open(rows *r, const char *name);

/* The next row. 0: no more, and the file is closed. */
int rows_next(rows *r);

/* Resolves \xHH, \uHHHH, \UHHHHHHHH, \n, \r, \t and \\ into `buffer`. */
parley_string rows_unescape(const char *field, char *buffer, size_t size);

/* Resolves hexadecimal into `buffer`. */
parley_string rows_unhex(const char *field, char *buffer, size_t size);

/* Writes a code point in UTF-8 (surrogates too), and returns its length. */
size_t rows_utf8(unsigned long character, char *buffer);

#endif
