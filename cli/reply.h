/* The answer to one request (RFC 6120 section 8.2.3), kept until there is room for it. */
#ifndef PARLEY_CLI_REPLY_H
#define PARLEY_CLI_REPLY_H

#include <parley/element.h>
#include <parley/writer.h>

typedef struct reply {
    char *text; /* what is repeated of the request: its id, its sender; NULL: none is due */
    parley_string id;
    parley_string to;
    const char *error; /* the type; NULL: a result */
    const char *condition;
} reply;

/* Keeps it. False: no memory. */
bool reply_keep(reply *r, parley_element iq, const char *error, const char *condition);

void reply_write(const reply *r, parley_writer *w);

/* None is due any more. */
void reply_drop(reply *r);

#endif
