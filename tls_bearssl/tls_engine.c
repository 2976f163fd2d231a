/* Notes. br_ssl_client_init_full and br_ssl_server_init_full_* are not used: they
   bring TLS 1.0, CBC, SHA-1 and static RSA. The engine's fields that BearSSL has
   no setter for: rng_os_rand_done (only the caller's seed counts) and, for the
   alert, out and version_out. */
#include "tls_engine.h"

#include <string.h>

#include "algorithms.h"
#include "divide.h"

/* RFC 6120 5.3.5, 13.9.5. */
void parley_tls_engine_init(br_ssl_engine_context *engine, const br_x509_class **x509,
                            const char **protocols, const parley_tls_session_input *input)
{
    br_ssl_engine_set_versions(engine, BR_TLS12, BR_TLS12);
    br_ssl_engine_add_flags(engine, BR_OPT_NO_RENEGOTIATION);
    parley_tls_algorithms(engine);
    br_ssl_engine_set_x509(engine, x509);
    if (protocols != NULL) {
        br_ssl_engine_set_protocol_names(engine, protocols, 1);
        br_ssl_engine_add_flags(engine, BR_OPT_FAIL_ON_ALPN_MISMATCH);
    }
    br_ssl_engine_set_buffer(engine, input->buffer, input->buffer_len, 1);
    /* The hashes are set: the generator needs one. */
    engine->rng_os_rand_done = 1;
    br_ssl_engine_inject_entropy(engine, input->seed, input->seed_len);
}

/* A day has 675 times 128 seconds: divided in 32 bits, since a compiler's own division of 64 would
   be a kilobyte on a small processor. */
bool parley_tls_time(int64_t unix_time, uint32_t *days, uint32_t *seconds)
{
    uint32_t whole;

    if (unix_time <= 0 || unix_time >> 39 != 0) /* up to the year 19390 */
        return false;
    whole = parley_divide((uint32_t)(unix_time >> 7), 675);
    *days = PARLEY_TLS_EPOCH_DAYS + whole;
    *seconds = (uint32_t)(unix_time - (int64_t)whole * 86400);
    return true;
}

parley_code parley_tls_input_check(const parley_tls_session_input *input)
{
    uint32_t days, seconds;

    if (input->buffer == NULL || input->buffer_len < PARLEY_TLS_BUFFER_MINIMUM)
        return PARLEY_ERROR_CONFIG_MEMORY;
    if (input->seed == NULL || input->seed_len < PARLEY_TLS_SEED_MINIMUM)
        return PARLEY_ERROR_NO_ENTROPY;
    if (!parley_tls_time(input->unix_time, &days, &seconds))
        return PARLEY_ERROR_NO_TIME;
    return PARLEY_NO_ERROR;
}

parley_tls_handshake *parley_tls_borrow(const parley_tls_session_input *input)
{
    const size_t most = _Alignof(parley_tls_handshake);
    const size_t beside = (most - (uintptr_t)input->work % most) % most;

    if (input->work == NULL || input->work_len < beside + sizeof(parley_tls_handshake))
        return NULL;
    return (parley_tls_handshake *)(void *)((unsigned char *)input->work + beside);
}

/* RFC 5246 section 7.2.2: the alert of each of BearSSL's errors. No entry, and so 0: of none in
   particular. */
static const uint8_t engine_alerts[] = {
    [BR_ERR_BAD_PARAM] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_UNSUPPORTED_VERSION] = BR_ALERT_PROTOCOL_VERSION,
    [BR_ERR_BAD_VERSION] = BR_ALERT_PROTOCOL_VERSION,
    [BR_ERR_BAD_LENGTH] = BR_ALERT_RECORD_OVERFLOW,
    [BR_ERR_TOO_LARGE] = BR_ALERT_RECORD_OVERFLOW,
    [BR_ERR_BAD_MAC] = BR_ALERT_BAD_RECORD_MAC,
    [BR_ERR_UNKNOWN_TYPE] = BR_ALERT_UNEXPECTED_MESSAGE,
    [BR_ERR_UNEXPECTED] = BR_ALERT_UNEXPECTED_MESSAGE,
    [BR_ERR_BAD_CCS] = BR_ALERT_UNEXPECTED_MESSAGE,
    [BR_ERR_BAD_ALERT] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_BAD_HANDSHAKE] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_OVERSIZED_ID] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_BAD_CIPHER_SUITE] = BR_ALERT_ILLEGAL_PARAMETER,
    [BR_ERR_BAD_COMPRESSION] = BR_ALERT_ILLEGAL_PARAMETER,
    [BR_ERR_BAD_FRAGLEN] = BR_ALERT_ILLEGAL_PARAMETER,
    [BR_ERR_BAD_SECRENEG] = BR_ALERT_HANDSHAKE_FAILURE,
    [BR_ERR_EXTRA_EXTENSION] = BR_ALERT_UNSUPPORTED_EXTENSION,
    [BR_ERR_BAD_SNI] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_BAD_HELLO_DONE] = BR_ALERT_DECODE_ERROR,
    [BR_ERR_BAD_FINISHED] = BR_ALERT_DECRYPT_ERROR,
    [BR_ERR_BAD_SIGNATURE] = BR_ALERT_DECRYPT_ERROR,
    [BR_ERR_INVALID_ALGORITHM] = BR_ALERT_HANDSHAKE_FAILURE,
    [BR_ERR_NO_CLIENT_AUTH] = BR_ALERT_HANDSHAKE_FAILURE,
    [BR_ERR_X509_BAD_SIGNATURE] = BR_ALERT_DECRYPT_ERROR,
    [BR_ERR_X509_EXPIRED] = BR_ALERT_CERTIFICATE_EXPIRED,
    [BR_ERR_X509_UNSUPPORTED] = BR_ALERT_UNSUPPORTED_CERTIFICATE,
    [BR_ERR_X509_WEAK_PUBLIC_KEY] = BR_ALERT_UNSUPPORTED_CERTIFICATE,
    [BR_ERR_X509_WRONG_KEY_TYPE] = BR_ALERT_UNSUPPORTED_CERTIFICATE,
    [BR_ERR_X509_CRITICAL_EXTENSION] = BR_ALERT_UNSUPPORTED_CERTIFICATE,
    [BR_ERR_X509_NOT_TRUSTED] = BR_ALERT_UNKNOWN_CA,
};

static unsigned char engine_alert_of(int error)
{
    const size_t count = sizeof engine_alerts / sizeof engine_alerts[0];
    const size_t known = (unsigned)error < count ? (size_t)error : 0;

    if (engine_alerts[known] != 0)
        return engine_alerts[known];
    /* The last entries are of certificates. */
    return known >= BR_ERR_X509_INVALID_VALUE ? BR_ALERT_BAD_CERTIFICATE : BR_ALERT_INTERNAL_ERROR;
}

size_t parley_tls_engine_alert(br_ssl_engine_context *engine, int error, unsigned char out[48])
{
    enum { ALERT_RECORD = 21, FATAL = 2, BEFORE = 16 };
    unsigned char room[48] = {0}; /* header and nonce before, tag after */
    size_t len = 2;
    const unsigned char *record;

    room[BEFORE] = FATAL;
    room[BEFORE + 1] = engine_alert_of(error);
    record = engine->out.vtable->encrypt(&engine->out.vtable, ALERT_RECORD, engine->version_out,
                                         room + BEFORE, &len);
    memcpy(out, record, len);
    return len;
}
