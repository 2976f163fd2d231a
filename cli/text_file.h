/* A small text file, taken line by line. */
#ifndef PARLEY_CLI_TEXT_FILE_H
#define PARLEY_CLI_TEXT_FILE_H

#include "report.h"

#include <parley/result.h>
#include <stddef.h>

/* Longer files are refused. */
#define TEXT_FILE_LONGEST 16777216u

typedef struct text_file {
    const char *path;
    char *data;
    size_t len;
    size_t at;     /* where the next line begins */
    unsigned line; /* number of the line given last, from 1 */
} text_file;

/* Reads it whole; "-" is not special. Leaves nothing to free when it fails. */
bool text_file_read(text_file *file, const char *path, failure *f);

/* The next line that is not blank and does not begin with '#', without its
   line end (LF or CR LF). It lives as long as the file. False: no more. */
bool text_file_line(text_file *file, parley_string *line);

/* Reports what is wrong with the line given last: "PATH:LINE: ...". */
bool text_file_fault(const text_file *file, failure *f, const char *outcome, const char *format,
                     ...) REPORT_FORMAT(4, 5);

/* Wipes it too: such files hold passwords. */
void text_file_free(text_file *file);

#endif
