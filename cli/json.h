/* JSON lines: one object a line. */
#ifndef PARLEY_CLI_JSON_H
#define PARLEY_CLI_JSON_H

#include <parley/result.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *out;
    bool first; /* nothing stands yet in the innermost object or array */
} json;

/* Opens an object: {, or with {"KIND":"NAME" in it, as in {"event":"state". */
void json_begin(json *j, FILE *out);
void json_open(json *j, FILE *out, const char *kind, const char *name);
/* } and a newline; close flushes too. */
void json_end(json *j);
void json_close(json *j);

/* Members. A string whose data is NULL is written as null. */
void json_string(json *j, const char *name, parley_string value);
void json_text(json *j, const char *name, const char *value);
void json_bool(json *j, const char *name, bool value);
void json_number(json *j, const char *name, uint64_t value);

/* "NAME":[ ... ]; elements are strings (json_item) or objects. */
void json_array(json *j, const char *name);
void json_array_end(json *j);
void json_item(json *j, parley_string value);
void json_object(json *j);
void json_object_end(json *j);

#endif
