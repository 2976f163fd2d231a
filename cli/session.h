/* The loop that drives one client session over a connected socket: reads and
   writes, TLS, requests, deadlines, signals. What the session is for is the
   handler's affair. */
#ifndef PARLEY_CLI_SESSION_H
#define PARLEY_CLI_SESSION_H

#include "kept.h"
#include "password.h"
#include "trace.h"

#include <parley/tls.h>

typedef struct session_handler {
    void *context;
    /* An event of the core. */
    void (*event)(void *context, const parley_event *event);
    /* Once a round, when no event is pending: may send stanzas and close. Gives
       the time (of clock_now) at which it wants to be called at the latest. */
    int64_t (*step)(void *context);
    /* Whether the next event has to wait: for the output to leave. NULL: never. */
    bool (*holds)(void *context);
} session_handler;

/* Who looks on: at the plaintext of both directions, as parley_tls_observer has it, and at
   the server's certificates, as parley_tls_watcher has them. Either may be NULL. */
typedef struct session_watch {
    void *context;
    void (*bytes)(void *context, bool sent, const char *state, const void *data, size_t len);
    void (*certificate)(void *context, const void *data, size_t len);
} session_watch;

typedef struct session_settings {
    const parley_tls_client_config *tls; /* its core: the core's configuration */
    bool insecure;                       /* no TLS, <parley/insecure.h> */
    password *secret;                    /* wiped when it has been used */
    trace *tracer;                       /* NULL: none */
    const session_watch *watch;          /* NULL: nobody */
    bool keep_secret;                    /* `secret` is not wiped: another session may need it */
    int64_t patience;   /* milliseconds for what is printed on the way; 0: as long as it takes */
    kept_secrets *kept; /* of an earlier session, used and renewed; NULL: this one stands alone */
} session_settings;

typedef struct session {
    parley_client *core; /* &tls.core or &bare */
    const session_settings *settings;
    session_handler handler;
    parley_tls_client tls;
    parley_client bare;
    void *work;
    void *buffer;
    int fd;
    bool ended;        /* nothing more comes from the wire */
    bool finished;     /* and the session has been told */
    bool broken;       /* nothing more can be written */
    bool stopping;     /* a signal came */
    int network_error; /* errno of the read or write that failed; 0: none */
    int64_t stop;      /* when patience with the peer ends; CLOCK_NEVER: not yet */
    uint32_t phase;
    int64_t phase_deadline;
    size_t input_start;
    size_t input_end;
    unsigned char input[16384];
} session;

/* Takes `fd` over, and begins the session. On failure `fd` is closed. */
bool session_open(session *s, const session_settings *settings, session_handler handler, int fd,
                  failure *f);

/* Runs it to its end; then parley_client_outcome(s->core) says how it went. */
void session_run(session *s);

/* For the handler: the session has failed and the peer is silent; what there is
   to say is sent, and its answer is not waited for. */
void session_give_up(session *s);

/* Frees what session_open took, wiped, and closes the socket. */
void session_close(session *s);

#endif
