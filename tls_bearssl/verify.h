/* The judgement of the peer's certificates. */
#ifndef PARLEY_TLS_VERIFY_H
#define PARLEY_TLS_VERIFY_H

#include "parley/tls.h"

typedef struct parley_verifier_settings {
    const br_x509_trust_anchor *anchors;
    size_t anchor_count;
    const unsigned char *pin;
    bool pin_only;
    bool of_client;
    parley_string domain; /* prepared; not for of_client */
    uint32_t days;        /* BearSSL's count */
    uint32_t seconds;
    int64_t unix_time; /* the same, for what is said of it */
} parley_verifier_settings;

/* Sets up and takes the place of an x509 engine: &v->vtable. */
void parley_verifier_init(parley_verifier *v, const parley_verifier_settings *settings);

#endif
