/* Drives a client or a server core in memory, as an application would: gives it
   input in chosen pieces, each flush against a guard page, collects its output,
   answers its requests, and writes what happens as lines of text.

   What a session says and reports may not depend on the pieces: a test runs the
   same conversation whole, byte by byte, and cut at every position, and compares
   `output` and `log`. */
#ifndef PARLEY_TESTS_SESSION_H
#define PARLEY_TESTS_SESSION_H

#include "parley/parley.h"

/* Values of `cut`: where the one cut in all input falls, or these. */
#define SESSION_WHOLE      0
#define SESSION_EVERY_BYTE SIZE_MAX

/* Whether what runs whole runs in pieces too. For mutants of the machines it does not: a
   machine is given events, however the input was cut. */
#ifndef SESSION_CUTS
#define SESSION_CUTS true
#endif

typedef struct session {
    bool is_server;
    union {
        parley_client client;
        parley_server server;
    } core;
    void *work;
    size_t cut;
    size_t fed; /* input offered so far, TLS restarts included */

    /* Answers. */
    const char *password;        /* of every user but "nobody"; NULL: refused */
    const char *host;            /* server: the host served; NULL: every one */
    const char *resource;        /* server: what to bind when none is asked for */
    const char *taken;           /* server: a resource that conflicts; NULL: none */
    const unsigned char *random; /* what RANDOM gives first; then a counter's bytes */
    size_t random_len;
    unsigned char counter;
    uint32_t slice;      /* iterations a work call does */
    unsigned held;       /* requests left unanswered: 1 << PARLEY_REQUEST_... */
    unsigned refused;    /* requests refused as unavailable: the same */
    bool hold_work;      /* derivation is not worked on */
    bool authorize;      /* server: AUTHORIZE is granted */
    parley_tls_info tls; /* what TLS reports when it comes up, beside verified and version */
    /* stepwise: whether to descend into an element announced, and to have its
       children announced; NULL: never */
    bool (*descends)(parley_element element, bool *announce);

    size_t output_len;
    size_t output_read; /* where session_said reads on */
    size_t log_len;
    char output[65536];
    char log[65536];
    char said[65536];
} session;

/* The config outlives the session. Each opens, begins and runs. The session is
   on the heap: session_close frees it. `cut` is set by the caller after opening
   and before feeding. */
session *session_open_client(const parley_client_config *config, const char *password);
session *session_open_server(const parley_server_config *config, const char *password);
void session_begin(session *s);
void session_begin_insecure(session *s);
void session_close(session *s);

/* Offers bytes in the chosen pieces, running in between. How many were taken. */
size_t session_feed(session *s, const void *data, size_t len);
size_t session_feed_text(session *s, const char *text);

/* The end of input, TLS coming up, a deadline, the application's close. */
void session_finish(session *s);
void session_tls_up(session *s, bool verified);
void session_expire(session *s);
void session_shut(session *s);

/* Events, requests, work, output, until nothing is left to do. */
void session_run(session *s);

/* What was put out since the last call, terminated. */
const char *session_said(session *s);

/* PARLEY_WANTS_INPUT and so on, the state's name, the outcome, of either role. */
unsigned session_state(const session *s);
const char *session_state_name(const session *s);
const char *session_state_text(const session *s, unsigned state);
const parley_outcome *session_outcome(const session *s);

/* Configurations that tests share: user `mbed` at example.com. */
void session_client_config(parley_client_config *config);
void session_server_config(parley_server_config *config);

parley_string session_string(const char *text);

#endif
