/* The conversation for people to read: one line for each first-level element
   of each direction, with the state it was sent or received in, secrets hidden.

       C: [tls-requested] <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
       S: [tls-requested] <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
*/
#ifndef PARLEY_CLI_TRACE_H
#define PARLEY_CLI_TRACE_H

#include "report.h"

#include <stddef.h>
#include <stdio.h>

typedef enum trace_role {
    TRACE_CLIENT, /* what is sent is the client's, "C:" */
    TRACE_SERVER  /* what is sent is the server's, "S:" */
} trace_role;

typedef struct trace trace;

/* `colour`: as trace_wants_colour says, or not at all. NULL: no memory. */
trace *trace_new(FILE *out, trace_role role, bool colour);
void trace_free(trace *t);

/* A terminal, and neither NO_COLOR nor TERM=dumb. */
bool trace_wants_colour(FILE *out);

/* Put before each line ("  1 "); copied; at most 31 bytes. */
void trace_prefix(trace *t, const char *prefix);

/* Plaintext of one direction, in order, cut anywhere. `state` is the name of
   the state it was sent or taken in; static. */
void trace_bytes(trace *t, bool sent, const char *state, const void *data, size_t len);

/* A remark between the lines: "-- TLS 1.2 ...". */
void trace_note(trace *t, const char *format, ...) REPORT_FORMAT(2, 3);

#endif
