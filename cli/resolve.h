/* Where a domain's XMPP servers are: SRV records (RFC 6120 section 3.2,
   XEP-0368) and addresses, through c-ares, bounded by a deadline. IP literals
   and localhost need no DNS. */
#ifndef PARLEY_CLI_RESOLVE_H
#define PARLEY_CLI_RESOLVE_H

#include "report.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define RESOLVE_TARGETS   32
#define RESOLVE_ADDRESSES 16

/* Which services to look for. */
enum { RESOLVE_STARTTLS = 1, RESOLVE_DIRECT = 2 };

typedef struct resolve_target {
    char host[256];
    uint16_t port;
    uint16_t priority;
    uint16_t weight;
    bool direct; /* TLS at once, XEP-0368 */
} resolve_target;

typedef struct resolve_targets {
    resolve_target list[RESOLVE_TARGETS]; /* in the order to try */
    size_t count;
} resolve_targets;

typedef struct resolve_address {
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
    } socket;
    socklen_t len;
} resolve_address;

typedef struct resolve_addresses {
    resolve_address list[RESOLVE_ADDRESSES];
    size_t count;
} resolve_addresses;

/* One channel for all look-ups of a command. */
typedef struct resolver {
    void *channel;    /* c-ares' */
    int64_t deadline; /* of clock_now */
} resolver;

/* `servers`: "ADDRESS:PORT" of the DNS servers; NULL: the system's. */
bool resolver_open(resolver *r, const char *servers, int64_t deadline, failure *f);
void resolver_close(resolver *r);

/* The domain's targets for the services asked for. Without SRV records: the
   domain itself at 5222 (STARTTLS) or, if only direct TLS is asked for, 5223. */
bool resolve_service(resolver *r, const char *domain, unsigned services, resolve_targets *targets,
                     failure *f);

/* The addresses of a host, with the port set. */
bool resolve_host(resolver *r, const char *host, uint16_t port, resolve_addresses *addresses,
                  failure *f);

/* "127.0.0.1:5222", "[::1]:5222". */
void resolve_name(const resolve_address *address, char *out, size_t size);

#endif
