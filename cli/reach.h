/* Finding and reaching a domain's server: SRV records, addresses, a connection. */
#ifndef PARLEY_CLI_REACH_H
#define PARLEY_CLI_REACH_H

#include "report.h"
#include "server_options.h"

typedef struct reached {
    int fd;
    bool direct;     /* TLS from the first byte */
    char where[384]; /* "example.org (127.0.0.1:5222)" */
} reached;

/* Whichever of the domain's servers answers first, in the order of its SRV records;
   or the one that the options name. A signal ends it: f->status is STATUS_SIGNAL. */
bool reach_server(reached *r, const char *domain, const server_options *o, int64_t deadline,
                  failure *f);

#endif
