/* The options of `parley probe`, read and checked. */
#ifndef PARLEY_CLI_PROBE_OPTIONS_H
#define PARLEY_CLI_PROBE_OPTIONS_H

#include "server_options.h"

#include <parley/jid.h>

typedef struct probe_options {
    server_options server;
    parley_jid jid;
    char jid_text[PARLEY_JID_SIZE];
    char domain[PARLEY_PART_SIZE + 1]; /* prepared, terminated */
    bool strict;
    bool trace;
    bool json;
} probe_options;

/* As connect_options_read. */
int probe_options_read(probe_options *o, int argc, char **argv, bool *done);

#endif
