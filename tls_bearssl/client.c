/* Notes. The client: its core, its verifier and BearSSL's client engine. `core`
   is the first member, so that the core's address is the session's. */
#include "parley/tls.h"

#include <string.h>

#include "algorithms.h"
#include "tls_engine.h"
#include "transport.h"
#include "verify.h"

static size_t client_push(void *core, const void *data, size_t len)
{
    return parley_client_push(core, data, len);
}

static void client_finish(void *core)
{
    parley_client_finish(core);
}

static const void *client_out_buf(const void *core, size_t *len)
{
    return parley_client_out_buf(core, len);
}

static void client_out_ack(void *core, size_t len)
{
    parley_client_out_ack(core, len);
}

static unsigned client_state(const void *core)
{
    return parley_client_state(core);
}

static const char *client_state_name(const void *core)
{
    return parley_client_state_name(core);
}

static parley_result client_tls_up(void *core, const parley_tls_info *info)
{
    return parley_client_tls_up(core, info);
}

static void client_tls_failed(void *core, parley_code code, int tls_code)
{
    parley_client_tls_failed(core, code, tls_code);
}

/* SNI is the reference identifier; it is empty for what is no DNS name. */
static int client_start(parley_tls_transport *t)
{
    parley_tls_client *c = t->core;

    return br_ssl_client_reset(&c->tls, t->verifier.domain[0] != '\0' ? t->verifier.domain : NULL,
                               t->offers_session);
}

static const parley_tls_core client_core = {
    true,         client_push,       client_finish, client_out_buf,    client_out_ack,
    client_state, client_state_name, client_tls_up, client_tls_failed, client_start,
};

/* Without EXTERNAL nobody would ask what it says. */
#ifdef PARLEY_WITHOUT_EXTERNAL
enum { HAS_CERTIFICATES = false };
#else
enum { HAS_CERTIFICATES = true };
#endif

static parley_code client_config_check(const parley_tls_client_config *config)
{
    const bool chain = config->chain != NULL && config->chain_len > 0;
    const bool ec = config->ec_key != NULL;
    const bool rsa = config->rsa_key != NULL;

    if (config->core == NULL)
        return PARLEY_ERROR_LOCAL;
    if (config->pin_only ? config->pin == NULL
                         : config->anchors == NULL || config->anchor_count == 0)
        return PARLEY_ERROR_CONFIG_TLS;
    if ((ec && rsa) || chain != (ec || rsa) || (chain && !HAS_CERTIFICATES) ||
        (config->pin_only && !PARLEY_TLS_PIN_ONLY))
        return PARLEY_ERROR_CONFIG_TLS;
    return PARLEY_NO_ERROR;
}

static void client_certificate(br_ssl_client_context *tls, const parley_tls_client_config *config)
{
    if (!HAS_CERTIFICATES)
        return;
    if (config->ec_key != NULL)
        br_ssl_client_set_single_ec(tls, config->chain, config->chain_len, config->ec_key,
                                    BR_KEYTYPE_SIGN, config->chain_issuer_type, parley_tls_ec(),
                                    parley_tls_ecdsa_sign());
    else if (config->rsa_key != NULL)
        br_ssl_client_set_single_rsa(tls, config->chain, config->chain_len, config->rsa_key,
                                     parley_tls_rsa_sign());
}

static void client_verifier(parley_tls_client *t, const parley_tls_session_input *input,
                            parley_tls_handshake *handshake)
{
    const parley_verifier_settings settings = {
        .anchors = t->config->anchors,
        .anchor_count = t->config->anchor_count,
        .pin = t->config->pin,
        .pin_only = t->config->pin_only,
        .domain = {t->core.domain, t->core.domain_len},
        .unix_time = input->unix_time,
        .handshake = handshake,
    };

    parley_verifier_init(&t->transport.verifier, &settings);
}

parley_result parley_tls_client_init(parley_tls_client *t, size_t size,
                                     const parley_tls_client_config *config,
                                     const parley_tls_session_input *input, parley_code *why)
{
    parley_code code = PARLEY_ERROR_LOCAL;
    parley_result result = PARLEY_MISUSE;
    parley_tls_handshake *handshake = NULL;

    if (size != sizeof *t)
        code = PARLEY_ERROR_SIZE;
    else if (t != NULL && config != NULL && input != NULL)
        code = client_config_check(config);
    if (code == PARLEY_NO_ERROR)
        code = parley_tls_input_check(input);
    if (code == PARLEY_NO_ERROR && (handshake = parley_tls_borrow(input)) == NULL)
        code = PARLEY_ERROR_CONFIG_MEMORY;
    if (code == PARLEY_NO_ERROR) {
        memset(t, 0, sizeof *t);
        t->config = config;
        result = parley_client_init(&t->core, sizeof t->core, config->core, input->work,
                                    input->work_len, &code);
    }
    if (result == PARLEY_OK) {
        client_verifier(t, input, handshake);
        parley_tls_transport_init(&t->transport, &t->tls.eng, &client_core, &t->core, input,
                                  config->core->security == PARLEY_DIRECT_TLS);
        client_certificate(&t->tls, config);
        code = PARLEY_NO_ERROR;
        result = parley_client_begin(&t->core);
    }
    if (why != NULL)
        *why = code;
    return result;
}

size_t parley_tls_client_push(parley_tls_client *t, const void *data, size_t len)
{
    return parley_tls_transport_push(&t->transport, data, len);
}

void parley_tls_client_finish(parley_tls_client *t)
{
    parley_tls_transport_finish(&t->transport);
}

const void *parley_tls_client_out_buf(const parley_tls_client *t, size_t *len)
{
    return parley_tls_transport_out_buf(&t->transport, len);
}

void parley_tls_client_out_ack(parley_tls_client *t, size_t len)
{
    parley_tls_transport_out_ack(&t->transport, len);
}

unsigned parley_tls_client_run(parley_tls_client *t)
{
    return parley_tls_transport_run(&t->transport);
}

void parley_tls_client_observe(parley_tls_client *t, parley_tls_observer observer, void *context)
{
    t->transport.observer = observer;
    t->transport.observer_context = context;
}

void parley_tls_client_watch(parley_tls_client *t, parley_tls_watcher watcher, void *context)
{
    t->transport.verifier.observer = watcher;
    t->transport.verifier.observer_context = context;
}
