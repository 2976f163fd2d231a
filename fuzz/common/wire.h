/* One end over TLS, and BearSSL itself as its peer: what the input says before TLS goes to
   the wire, and what it says after goes into TLS. Seeds and time are fixed, so that a run is
   the same each time. */
#ifndef PARLEY_FUZZ_WIRE_H
#define PARLEY_FUZZ_WIRE_H

#include "common/step.h"
#include "parley/tls.h"

#define FUZZ_WIRE_TIME 1767225600 /* 2026-01-01: inside the certificates' validity */

/* Who has which certificate, and what is known of a session before; all 0: what a wire has
   unless it is told. */
typedef struct fuzz_terms {
    unsigned certificate;        /* the server's, of fuzz_certificates */
    unsigned between;            /* the one behind it; 0: none */
    unsigned client_certificate; /* 0: none */
    const uint8_t *edits;        /* of the certificate of the peer: as those of a wire */
    size_t edit_count;
    bool is_second;  /* both ends: another source of randomness, so that what they make is new */
    bool sends_none; /* the peer, a server: an empty chain */
    bool asks;       /* our server asks clients for certificates */
    bool pin_only;
    const unsigned char *pin; /* our client's */
    bool pin_is_anothers;
    parley_string domain; /* our client's */
    int64_t unix_time;
    const parley_tls_session *session;             /* our client resumes it */
    parley_tls_cache *cache;                       /* our server's */
    const br_ssl_session_cache_class **peer_cache; /* the peer's, a server */
    const br_ssl_session_parameters *peer_session; /* the peer, a client, resumes it */
    parley_tls_watcher watcher;
    void *watcher_context;
} fuzz_terms;

typedef struct fuzz_wire {
    fuzz_party party;
    parley_tls_client *client; /* one of the two */
    parley_tls_server *server;
    fuzz_cuts cuts;
    bool alone;      /* the peer's engine is not to be started */
    bool is_stuck;   /* nothing leaves any more */
    bool peer_is_up; /* it has been */
    br_ssl_engine_context *peer;
    const uint8_t *edits; /* of what the peer's engine sends: offset (2 bytes), XOR */
    size_t edit_count;
    size_t sent; /* by the peer's engine */
    const fuzz_terms *terms;
    fuzz_log *wire; /* what the transport carried */
    bool ended;
} fuzz_wire;

/* Sets up and begins. */
void fuzz_wire_open(fuzz_wire *w, bool server, const fuzz_settings *settings, fuzz_log *log,
                    fuzz_log *said, unsigned kind, uint8_t seed);

/* The same on these terms. */
void fuzz_wire_open_on(fuzz_wire *w, bool server, const fuzz_settings *settings,
                       const fuzz_terms *terms, fuzz_log *log, fuzz_log *said, unsigned kind,
                       uint8_t seed);

/* Moves everything until nothing moves. */
void fuzz_wire_settle(fuzz_wire *w);

/* The peer says it: in the clear, or inside TLS where TLS has begun. What stands in the
   clear behind the element that leads to TLS is lost. */
void fuzz_wire_says(fuzz_wire *w, const uint8_t *data, size_t len);

/* Bytes for the wire as they are; nothing leaves before those that are taken are. */
void fuzz_wire_raw(fuzz_wire *w, const uint8_t *data, size_t len);

/* The transport has no more input. */
void fuzz_wire_finish(fuzz_wire *w);

/* Ends the wire and checks all. */
void fuzz_wire_close(fuzz_wire *w);

/* The whole conversation of an input, whose actions are those of common/step.h. Whole, by single
   bytes and in random pieces, and compared. */
int fuzz_wire_run(bool server, const uint8_t *data, size_t size);

#endif
