/* The judgement of the peer's certificates. */
#ifndef PARLEY_TLS_VERIFY_H
#define PARLEY_TLS_VERIFY_H

#include "certificate.h"
#include "parley/tls.h"

/* What is asked of clients' certificates, and not of a server's. */
typedef struct parley_verifier_clients {
    void (*name)(parley_verifier *v, const parley_name *name);
    bool (*refuses)(const parley_verifier *v); /* after the chain; else it may be as one without */
    void (*tell)(const parley_verifier *v, parley_tls_info *info);
} parley_verifier_clients;

/* What a server is given. */
extern const parley_verifier_clients parley_verifier_of_clients;

typedef struct parley_verifier_settings {
    parley_tls_handshake *handshake; /* used from start_chain on, as long as the handshake lasts */
    const br_x509_trust_anchor *anchors;
    size_t anchor_count;
    const unsigned char *pin;
    bool pin_only;
    const parley_verifier_clients *clients; /* NULL: judges a server */
    parley_string domain;                   /* prepared; not for clients */
    int64_t unix_time;
} parley_verifier_settings;

/* Sets up and takes the place of an x509 engine: &v->vtable. `v` is zeroed. */
void parley_verifier_init(parley_verifier *v, const parley_verifier_settings *settings);

#endif
