/* The judgement of the peer's certificates. */
#ifndef PARLEY_TLS_VERIFY_H
#define PARLEY_TLS_VERIFY_H

#include "parley/tls.h"

typedef struct parley_verifier_settings {
    parley_tls_handshake *handshake; /* used from start_chain on, as long as the handshake lasts */
    const br_x509_trust_anchor *anchors;
    size_t anchor_count;
    const unsigned char *pin;
    bool pin_only;
    bool of_client;
    parley_string domain; /* prepared; not for of_client */
    int64_t unix_time;
} parley_verifier_settings;

/* Sets up and takes the place of an x509 engine: &v->vtable. `v` is zeroed. */
void parley_verifier_init(parley_verifier *v, const parley_verifier_settings *settings);

#endif
