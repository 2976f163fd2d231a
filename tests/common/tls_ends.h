/* Two ends of a TLS transport with scripted cores, and the wire between them.

   The scripted core takes bytes up to and including a '!', which makes it wait
   for TLS, as <proceed/> and <starttls/> do; a '.' closes it, as the close tag
   does. What it takes and gives is kept. */
#ifndef PARLEY_TESTS_TLS_ENDS_H
#define PARLEY_TESTS_TLS_ENDS_H

#include "transport.h"
#include "verify.h"

#define END_TEXT 65536

/* A suite that the client offers, and its bytes. */
#ifdef PARLEY_TLS_CHACHA20
#define END_SUITE       BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
#define END_SUITE_BYTES "\xCC\xA9"
#else
#define END_SUITE       BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
#define END_SUITE_BYTES "\xC0\x2B"
#endif

typedef struct end_core {
    unsigned state; /* PARLEY_WAITS_TLS, PARLEY_IS_CLOSED, and what a test sets */
    char in[END_TEXT];
    size_t in_len;
    char out[END_TEXT];
    size_t out_at;
    size_t out_len;
    bool deaf;          /* takes nothing */
    const char *answer; /* said when a '?' comes in */
    unsigned ups;
    unsigned finishes;
    unsigned failures;
    parley_tls_info info;
    parley_code code;
    int tls_code;
} end_core;

typedef struct end {
    end_core core;
    union {
        br_ssl_client_context client;
        br_ssl_server_context server;
    } tls;
    parley_tls_handshake handshake; /* as lent */
    parley_tls_transport transport;
    unsigned char buffer[PARLEY_TLS_BUFFER_SIZE];
    char wire[262144]; /* all that went out */
    size_t wire_len;
    char inbox[262144]; /* what end_move has not delivered */
    size_t inbox_at;
    size_t inbox_len;
} end;

typedef struct end_settings {
    const char *chain[3]; /* server; default "good" */
    const char *key;      /* default "server"; "server-rsa" is RSA */
    const char *anchor;   /* client; default "ca" */
    const char *domain;   /* default "example.com" */
    const char *pin;
    bool pin_only;
    bool direct;
    size_t buffer_len; /* default: all */
    char seed;
    int64_t time;
} end_settings;

void end_client(end *e, const end_settings *settings);
void end_server(end *e, const end_settings *settings);

/* The core says it. */
void end_say(end *e, const char *text);

/* Moves bytes from one end's wire to the other's, at most `chunk` at a time,
   until neither moves. */
void end_move(end *a, end *b, size_t chunk);

/* Takes what `e` has for the wire, at most `len` bytes, into `to`. */
size_t end_take(end *e, void *to, size_t len);

/* Pushes until it takes no more; how much it took. */
size_t end_push(end *e, const void *data, size_t len);

/* Runs STARTTLS (or direct TLS) to the end between fresh ends. */
void end_pair(end *client, end *server, const end_settings *settings, size_t chunk);

bool end_heard(const end *e, const char *text);

/* Whether the text went over the wire in the clear. */
bool end_wire_has(const end *e, const char *text);

void end_assert_up(const end *e);
void end_assert_failed(const end *e, parley_code code, int tls_code);

#endif
