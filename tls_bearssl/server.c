/* Notes. The server: its core, BearSSL's server engine, and a verifier that is
   asked only where client certificates are. `core` is the first member, so that
   the core's address is the session's. */
#include "parley/tls.h"

#include <string.h>

#include "algorithms.h"
#include "certificate.h"
#include "tls_engine.h"
#include "transport.h"
#include "verify.h"

static size_t server_push(void *core, const void *data, size_t len)
{
    return parley_server_push(core, data, len);
}

static void server_finish(void *core)
{
    parley_server_finish(core);
}

static const void *server_out_buf(const void *core, size_t *len)
{
    return parley_server_out_buf(core, len);
}

static void server_out_ack(void *core, size_t len)
{
    parley_server_out_ack(core, len);
}

static unsigned server_state(const void *core)
{
    return parley_server_state(core);
}

static const char *server_state_name(const void *core)
{
    return parley_server_state_name(core);
}

static parley_result server_tls_up(void *core, const parley_tls_info *info)
{
    return parley_server_tls_up(core, info);
}

static void server_tls_failed(void *core, parley_code code, int tls_code)
{
    parley_server_tls_failed(core, code, tls_code);
}

static int server_start(parley_tls_transport *t)
{
    parley_tls_server *s = t->core;

    return br_ssl_server_reset(&s->tls);
}

static const parley_tls_core server_core = {
    false,        server_push,       server_finish, server_out_buf,    server_out_ack,
    server_state, server_state_name, server_tls_up, server_tls_failed, server_start,
};

static parley_code server_config_check(const parley_tls_server_config *config)
{
    if (config->core == NULL)
        return PARLEY_ERROR_LOCAL;
    if (config->chain == NULL || config->chain_len == 0 ||
        (config->ec_key != NULL) == (config->rsa_key != NULL) ||
        (config->client_anchors != NULL && config->client_anchor_count == 0))
        return PARLEY_ERROR_CONFIG_TLS;
    return PARLEY_NO_ERROR;
}

/* tls-server-end-point is of the server's own certificate; so are kept sessions. */
static bool server_end_point(parley_tls_server *t, parley_certificate *walker)
{
    const br_x509_certificate *own = &t->config->chain[0];
    parley_certificate_token token;
    size_t at = 0;

    parley_certificate_init(walker);
    do {
        at += parley_certificate_push(walker, own->data + at, own->data_len - at, &token);
    } while (token == PARLEY_CERTIFICATE_NAME);
    if (parley_certificate_finish(walker) != PARLEY_OK)
        return false;
    t->transport.end_point_len = (uint8_t)parley_certificate_end_point(walker,
                                                                       t->transport.end_point);
    memcpy(t->transport.key_hash, walker->key_hash, sizeof t->transport.key_hash);
    return true;
}

/* RFC 6120 5.4.3.1. */
static void server_certificate(br_ssl_server_context *tls, const parley_tls_server_config *config)
{
    if (config->ec_key != NULL)
        br_ssl_server_set_single_ec(tls, config->chain, config->chain_len, config->ec_key,
                                    BR_KEYTYPE_SIGN, config->chain_issuer_type, parley_tls_ec(),
                                    parley_tls_ecdsa_sign());
    else
        br_ssl_server_set_single_rsa(tls, config->chain, config->chain_len, config->rsa_key,
                                     BR_KEYTYPE_SIGN, parley_tls_rsa_private(),
                                     parley_tls_rsa_sign());
}

/* A client may have no certificate; one that it sends must be good (RFC 6120 5.4.3.1). */
static void server_ask_clients(parley_tls_server *t, const parley_tls_session_input *input)
{
    parley_verifier_settings settings;

    memset(&settings, 0, sizeof settings);
    settings.anchors = t->config->client_anchors;
    settings.anchor_count = t->config->client_anchor_count;
    settings.clients = &parley_verifier_of_clients;
    settings.unix_time = input->unix_time;
    settings.handshake = parley_tls_borrow(input);
    parley_verifier_init(&t->transport.verifier, &settings);
    if (t->config->client_anchors == NULL)
        return;
    br_ssl_server_set_trust_anchor_names_alt(&t->tls, t->config->client_anchors,
                                             t->config->client_anchor_count);
    br_ssl_engine_add_flags(&t->tls.eng, BR_OPT_TOLERATE_NO_CLIENT_AUTH);
}

parley_result parley_tls_server_init(parley_tls_server *t, size_t size,
                                     const parley_tls_server_config *config,
                                     const parley_tls_session_input *input, parley_code *why)
{
    parley_code code = PARLEY_ERROR_LOCAL;
    parley_result result = PARLEY_MISUSE;

    if (size != sizeof *t)
        code = PARLEY_ERROR_SIZE;
    else if (t != NULL && config != NULL && input != NULL)
        code = server_config_check(config);
    if (code == PARLEY_NO_ERROR)
        code = parley_tls_input_check(input);
    if (code == PARLEY_NO_ERROR && parley_tls_borrow(input) == NULL)
        code = PARLEY_ERROR_CONFIG_MEMORY;
    if (code == PARLEY_NO_ERROR) {
        memset(t, 0, sizeof *t);
        t->config = config;
        if (!server_end_point(t, &parley_tls_borrow(input)->leaf))
            code = PARLEY_ERROR_CONFIG_TLS;
    }
    if (code == PARLEY_NO_ERROR)
        result = parley_server_init(&t->core, sizeof t->core, config->core, input->work,
                                    input->work_len, &code);
    if (result == PARLEY_OK) {
        server_ask_clients(t, input);
        parley_tls_transport_init(&t->transport, &t->tls.eng, &server_core, &t->core, input,
                                  config->core->security == PARLEY_DIRECT_TLS);
        server_certificate(&t->tls, config);
        if (config->cache != NULL)
            br_ssl_server_set_cache(&t->tls, &config->cache->vtable);
        code = PARLEY_NO_ERROR;
        result = parley_server_begin(&t->core);
    }
    if (why != NULL)
        *why = code;
    return result;
}

size_t parley_tls_server_push(parley_tls_server *t, const void *data, size_t len)
{
    return parley_tls_transport_push(&t->transport, data, len);
}

void parley_tls_server_finish(parley_tls_server *t)
{
    parley_tls_transport_finish(&t->transport);
}

const void *parley_tls_server_out_buf(const parley_tls_server *t, size_t *len)
{
    return parley_tls_transport_out_buf(&t->transport, len);
}

void parley_tls_server_out_ack(parley_tls_server *t, size_t len)
{
    parley_tls_transport_out_ack(&t->transport, len);
}

unsigned parley_tls_server_run(parley_tls_server *t)
{
    return parley_tls_transport_run(&t->transport);
}

void parley_tls_server_observe(parley_tls_server *t, parley_tls_observer observer, void *context)
{
    t->transport.observer = observer;
    t->transport.observer_context = context;
}

void parley_tls_server_watch(parley_tls_server *t, parley_tls_watcher watcher, void *context)
{
    t->transport.verifier.observer = watcher;
    t->transport.verifier.observer_context = context;
}
