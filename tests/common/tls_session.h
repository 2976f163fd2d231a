/* A whole session, both ends of it: the real cores over TLS in one process, an
   application on each side that answers what is asked, and the wire between. */
#ifndef PARLEY_TESTS_TLS_SESSION_H
#define PARLEY_TESTS_TLS_SESSION_H

#include "parley/tls.h"

#define TLS_SESSION_WORK 262144

typedef struct tls_side {
    char log[8192]; /* a line an event */
    size_t log_len;
    char work[TLS_SESSION_WORK];
    unsigned char buffer[PARLEY_TLS_BUFFER_SIZE];
    char inbox[262144];
    size_t inbox_at;
    size_t inbox_len;
    char wire[262144]; /* all that it sent */
    size_t wire_len;
    parley_tls_info info;
    bool closed;
    size_t limit;           /* how much of its output arrives; 0: all */
    parley_client *revoked; /* of the client's side: it refuses what TLS has taken */
    uint32_t random;
} tls_side;

typedef struct tls_session {
    parley_client_config client_core;
    parley_server_config server_core;
    parley_tls_client_config client_config;
    parley_tls_server_config server_config;
    parley_tls_session_input client_input;
    parley_tls_session_input server_input;
    parley_tls_client client;
    parley_tls_server server;
    tls_side client_side;
    tls_side server_side;
    br_x509_certificate chain[2];
    const parley_tls_session *resume; /* what the client offers; NULL: nothing */
    const char *password;             /* what the client gives; the server's is "mirror" */
    const char *send;                 /* a message that the client sends once it is ready */
    bool close_when_ready;            /* or when its message has been heard */
} tls_session;

/* Defaults: STARTTLS, certificate "good", anchor "ca", mbed@example.com. A test
   changes what it is about before tls_session_open. */
void tls_session_defaults(tls_session *s);
void tls_session_chain(tls_session *s, const char *leaf, const char *key);
void tls_session_open(tls_session *s);

/* Runs both sides until nothing moves, delivering at most `chunk` bytes at a time. */
void tls_session_run(tls_session *s, size_t chunk);

/* The server's side alone, once round: takes from its inbox, sends to its wire.
   False: nothing moved. */
bool tls_session_server_step(tls_session *s);

bool tls_side_has(const tls_side *side, const char *line);

#endif
