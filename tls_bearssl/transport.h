/* What the two roles share: bytes between the wire, the engine and the core. */
#ifndef PARLEY_TLS_TRANSPORT_H
#define PARLEY_TLS_TRANSPORT_H

#include "parley/tls.h"

/* A role's core, and what starts its handshake. */
typedef struct parley_tls_core {
    bool client;
    size_t (*push)(void *core, const void *data, size_t len);
    void (*finish)(void *core);
    const void *(*out_buf)(const void *core, size_t *len);
    void (*out_ack)(void *core, size_t len);
    unsigned (*state)(const void *core);
    const char *(*state_name)(const void *core);
    parley_result (*tls_up)(void *core, const parley_tls_info *info);
    void (*tls_failed)(void *core, parley_code code, int tls_code);
    int (*start)(parley_tls_transport *t);
} parley_tls_core;

/* The verifier has been set up, and the engine zeroed. */
void parley_tls_transport_init(parley_tls_transport *t, br_ssl_engine_context *engine,
                               const parley_tls_core *calls, void *core,
                               const parley_tls_session_input *input, bool direct);

/* Whether the handshake has begun. */
bool parley_tls_transport_begun(const parley_tls_transport *t);

size_t parley_tls_transport_push(parley_tls_transport *t, const void *data, size_t len);
void parley_tls_transport_finish(parley_tls_transport *t);
const void *parley_tls_transport_out_buf(const parley_tls_transport *t, size_t *len);
void parley_tls_transport_out_ack(parley_tls_transport *t, size_t len);
unsigned parley_tls_transport_run(parley_tls_transport *t);

/* What TLS established. False: it is not up, or not any more. */
bool parley_tls_transport_info(const parley_tls_transport *t, parley_tls_info *info);

#endif
