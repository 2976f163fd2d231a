/* The log of parley serve: one line an event, text or JSON, written at once. Lines that cannot be
   written are left out and counted; the server goes on, says so once on standard error, and in
   the log when it can be written again. No secret ever gets here. */
#ifndef PARLEY_CLI_SERVE_LOG_H
#define PARLEY_CLI_SERVE_LOG_H

#include "report.h"

#include <parley/result.h>
#include <stdint.h>
#include <stdio.h>

typedef struct serve_log {
    FILE *line; /* the line under way, in `text`; NULL: there is no log */
    char *text;
    size_t len;
    const char *path; /* as given, or what it is called */
    int fd;
    bool json;
    bool owned;
    bool torn; /* the last line was begun and not ended */
    bool told;
    uint64_t lost; /* lines since one could be written */
} serve_log;

/* `path` NULL: standard output with `as_json`, else standard error. It outlives the log. */
bool serve_log_open(serve_log *log, const char *path, bool as_json, failure *f);
void serve_log_close(serve_log *log);

/* A member of a line; a string with data NULL is left out. */
typedef struct serve_log_field {
    const char *name;
    parley_string value;
} serve_log_field;

/* `session` 0: the server itself. */
void serve_log_event(serve_log *log, uint64_t session, const char *event,
                     const serve_log_field *fields, size_t count);

#endif
