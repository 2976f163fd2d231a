/* A handshake on the terms that an input of tls_chain sets, and the same once more with what
   the first one left. */
#ifndef PARLEY_FUZZ_CHAIN_H
#define PARLEY_FUZZ_CHAIN_H

#include "common/trust.h"
#include "common/wire_keys.h"

#define FUZZ_CHAIN_HEAD        7
#define FUZZ_CHAIN_END_SECONDS 600 /* before the certificate's end, where it is near */

/* Settings, in the bytes of the head. */
enum { /* the first; two bits of the time besides */
       FUZZ_CHAIN_SERVER = 1,
       FUZZ_CHAIN_PIN = 2,
       FUZZ_CHAIN_PIN_ONLY = 4,
       FUZZ_CHAIN_WRONG = 8, /* the pin is another's */
       FUZZ_CHAIN_CLIENTS = 16,
       FUZZ_CHAIN_RESUMES = 32
};
enum { /* the sixth; two bits of the domain besides */
       FUZZ_CHAIN_NEAR_END = 4,
       FUZZ_CHAIN_FORGETS = 8, /* the peer, its sessions */
       FUZZ_CHAIN_NONE = 16,   /* sent, by the peer */
       FUZZ_CHAIN_KEEPS_NONE = 32
};

typedef struct fuzz_chain {
    const uint8_t *head;
    const uint8_t *edits; /* first those of the certificate, which the terms have */
    size_t edit_count;
    bool server; /* ours */
    bool resumes;
    bool is_near_end;
    unsigned char pin[32];
    fuzz_terms terms;
    /* What was watched. */
    uint8_t watched[4096];
    size_t watched_len;
    bool watched_whole; /* the first one */
    /* What is kept of the first handshake. */
    parley_tls_session session;
    br_ssl_session_parameters parameters; /* of the peer, where it is the client */
    bool is_altered;
} fuzz_chain;

/* False: it is no input. */
bool fuzz_chain_of(fuzz_chain *c, const uint8_t *data, size_t size);

void fuzz_chain_set_time(fuzz_chain *c);

/* Before a first handshake: memories are empty. */
void fuzz_chain_reset(fuzz_chain *c);

void fuzz_chain_talk(fuzz_chain *c, unsigned kind, fuzz_log *log, fuzz_log *said, fuzz_wire *w);

/* Takes what there is to keep of w, ends it, edits what was kept, and sets the terms of a second
   handshake. Whether that one has to be an abbreviated one. */
fuzz_judgement fuzz_chain_keep(fuzz_chain *c, fuzz_wire *w, fuzz_log *log);

/* Ends w, and wipes what was kept. */
void fuzz_chain_close(fuzz_chain *c, fuzz_wire *w);

#endif
