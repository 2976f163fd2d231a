/* The options of `parley connect`, read and checked. */
#ifndef PARLEY_CLI_CONNECT_OPTIONS_H
#define PARLEY_CLI_CONNECT_OPTIONS_H

#include "conversation.h"
#include "server_options.h"

#include <parley/jid.h>

#define CONNECT_MECHANISMS 12

typedef struct connect_options {
    parley_jid jid; /* points into jid_text */
    char jid_text[PARLEY_JID_SIZE];
    char bare[PARLEY_JID_SIZE + 1]; /* terminated */
    char domain[PARLEY_PART_SIZE + 1];
    server_options server;
    const char *certificate;
    const char *key;
    const parley_mechanism *mechanisms[CONNECT_MECHANISMS];
    size_t mechanism_count;
    bool allow_plain;
    const char *password_file;
    unsigned retries;     /* after the first attempt */
    int64_t retry_wait;   /* milliseconds at most; CLOCK_NEVER: as the back-off says */
    const char *resource; /* NULL: the JID's, or the server makes one */
    const char *diagram;  /* a file for it; NULL: none */
    bool trace;
    bool json;
    conversation_plan plan;
} connect_options;

/* Whether none of the mechanisms sends a password: then none is asked for. */
bool connect_options_without_password(const connect_options *o);

/* STATUS_OK: go on; else the exit status, and everything has been said.
   `*done`: --help was asked for. */
int connect_options_read(connect_options *o, int argc, char **argv, bool *done);

#endif
