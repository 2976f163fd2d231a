/* parley serve: what its files share. */
#ifndef PARLEY_CLI_SERVE_H
#define PARLEY_CLI_SERVE_H

#include "pem.h"
#include "router.h"
#include "self_signed.h"
#include "serve_log.h"

#include <parley/lockout.h>
#include <parley/tls.h>
#include <poll.h>

#define SERVE_SESSIONS      100u
#define SERVE_SESSIONS_MOST 100000u
#define SERVE_TIMEOUT       30u    /* seconds for the negotiation */
#define SERVE_STANZA        65536u /* bytes of a stanza that is taken */
#define SERVE_STALL         10000  /* milliseconds that a receiver may take nothing */
#define SERVE_LINGER        1000   /* milliseconds for the peer to close the connection */
#define SERVE_INPUT_SIZE    4096u
#define SERVE_WORK          400u /* iterations of key derivation at a time */
#define SERVE_MECHANISMS    12u
#define SERVE_FAILURES      5u    /* of a user at an address before it has to wait */
#define SERVE_COUNTED       8192u /* entries of the table that counts them */
#define SERVE_LEAVING       16u   /* connections turned away that have not gone yet */

typedef struct serve_options {
    const char *listen; /* NULL: none */
    const char *tls_listen;
    const char *domain;
    const char *cert;
    const char *key;
    const char *cert_out;
    const char *client_ca;
    const char *users;
    const char *add_user; /* print a line and end */
    const char *password_file;
    const char *roster;
    const char *log;
    const parley_mechanism *mechanisms[SERVE_MECHANISMS];
    size_t mechanism_count;
    unsigned long sessions;
    unsigned long timeout;
    unsigned long stanza;
    unsigned long lock_out; /* failures; 0: never */
    bool lock_out_named;    /* so it holds for connections of this host too */
    bool insecure;
    bool json;
} serve_options;

/* 0 and `*go` true: run; else the exit status. */
int serve_options_read(int argc, char **argv, serve_options *options, bool *go);

typedef enum connection_kind {
    CONNECTION_STARTTLS,
    CONNECTION_TLS,
    CONNECTION_INSECURE
} connection_kind;

typedef enum connection_life {
    CONNECTION_FREE,
    CONNECTION_OPEN,
    CONNECTION_LINGERING /* all is said; the peer's end of the connection is awaited */
} connection_life;

typedef struct connection {
    parley_tls_server *tls; /* &tls->core is the session, without TLS too */
    unsigned char *input;   /* taken from the socket and not yet by the session */
    unsigned char *work;
    unsigned char *buffer; /* of TLS */
    int fd;
    connection_kind kind;
    connection_life life;
    uint64_t number; /* for the log */
    uint32_t user;   /* USERS_NONE: not authenticated */
    uint32_t phase;  /* of the core's deadline */
    int64_t phase_at;
    int64_t negotiate_by; /* CLOCK_NEVER once bound */
    int64_t moved_at;     /* when output last moved, or there was none */
    int64_t due;          /* when to look at it again */
    uint16_t input_start;
    uint16_t input_end;
    short wants; /* poll events */
    bool joined;
    unsigned failures;  /* attempts to authenticate that the log has */
    uint16_t named_len; /* of `named`: whom the attempt under way is for; 0: not known yet */
    bool guesses;       /* `guess` is that attempt */
    parley_lockout_attempt guess;
    bool ended;  /* the peer sends nothing more */
    bool broken; /* nothing more can be written */
    bool hung;   /* the connection is down both ways; it would wake poll for ever */
    bool dirty;  /* wants attention without waiting */
    char peer[64];
    char named[PARLEY_PART_SIZE];
} connection;

typedef struct listener {
    int fd; /* -1: none */
    connection_kind kind;
    char name[64];
} listener;

typedef struct server {
    const serve_options *options;
    users accounts;
    const parley_mechanism *mechanisms[SERVE_MECHANISMS]; /* offered */
    size_t mechanism_count;
    roster rosters;
    router routes;
    serve_log log;
    char domain[PARLEY_PART_SIZE];
    parley_string domain_name;
    unsigned char secret[32];
    parley_server_config cores[3]; /* by connection_kind */
    parley_tls_server_config tls[3];
    pem_chain chain;
    pem_key key;
    pem_anchors client_anchors;
    parley_tls_cache cache; /* of TLS sessions, for all listeners */
    parley_tls_cache_entry *cached;
    parley_lockout lockout; /* entries NULL: nobody has to wait */
    self_signed own;
    unsigned char pin[32];
    listener listeners[2];
    size_t listener_count;
    connection *connections;
    struct pollfd *polls;
    uint32_t *polled;     /* slots of polls */
    unsigned char *block; /* all that the sessions need */
    size_t memory;        /* of all sessions, in bytes */
    size_t work_size;     /* of a session's work block */
    uint32_t count;       /* slots */
    uint32_t open;        /* in use */
    uint64_t numbers;
    struct leaving {
        int fd; /* -1: none */
        int64_t due;
    } leaving[SERVE_LEAVING];
    bool stopping;
    bool accept_paused; /* no file descriptors were left */
} server;

/* Milliseconds that a receiver may take nothing. */
int64_t serve_patience(const server *s);

/* Everything that is taken once: files, certificate, memory, sockets. */
bool serve_setup(server *s, const serve_options *options, failure *f);
void serve_teardown(server *s);

/* Sockets: "ADDR:PORT", "[ADDR]:PORT". */
bool serve_listen(listener *l, const char *address, connection_kind kind, failure *f);

/* Runs until a signal. */
void serve_run(server *s);

/* One connection. `fd` becomes the connection's, or is closed. */
void connection_begin(server *s, uint32_t slot, int fd, connection_kind kind, const char *peer);
/* Does all that can be done now: input that is there, requests, events, output. */
void connection_service(server *s, uint32_t slot, short ready);
/* Answers the session's pending request. */
void connection_answer(server *s, connection *c);
/* Its deadlines. */
void connection_expire(server *s, uint32_t slot, int64_t now);
/* Moves output to the socket, no more: for the router. */
void connection_flush(server *s, uint32_t slot);
/* Closes the stream for the server's end. */
void connection_shut(server *s, uint32_t slot);

#endif
