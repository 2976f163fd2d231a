/* parley demo: what its files share. */
#ifndef PARLEY_CLI_DEMO_H
#define PARLEY_CLI_DEMO_H

#include "demo_print.h"
#include "pem.h"
#include "router.h"
#include "self_signed.h"

#include <parley/tls.h>

#define DEMO_DOMAIN "example.org"

enum { ROMEO, JULIET, PAIRS };

typedef struct demo demo;

/* One client, and the server's end of its connection. */
typedef struct pair {
    demo *all;
    const char *name;
    const char *secret;
    parley_client_config core;
    parley_tls_client_config tls;
    parley_tls_client client;
    parley_tls_server server;
    demo_direction to_server;
    demo_direction to_client;
    uint32_t who;
    bool begun;
    bool quiet;
    bool tls_seen;
    bool joined;
    bool client_told; /* of the end of the server's bytes */
    bool server_told;
    size_t kept_len;
    char kept[1024]; /* the first header inside TLS, until the event of TLS is there */
} pair;

struct demo {
    pair pairs[PAIRS];
    account accounts[PAIRS];
    users people;
    roster rosters;
    router routes;
    self_signed certificate;
    pem_anchors anchors;
    parley_server_config core;
    parley_tls_server_config tls;
    unsigned char secret[32];
    demo_printer printer;
    void *block;
    unsigned seen;
    unsigned steps; /* of romeo's machine, one bit each */
    unsigned scene;
    char reply_to[PARLEY_JID_SIZE];
    size_t reply_to_len;
};

/* Keys, certificate, memory, sessions. */
bool demo_set_up(demo *d, failure *f);
void demo_tear_down(demo *d);

/* The plaintext as the client's end has it, for the printer: a parley_tls_observer. */
void demo_observe(void *context, bool sent, const char *state, const void *data, size_t len);

#endif
