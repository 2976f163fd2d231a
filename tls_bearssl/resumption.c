/* Notes. A session stands for a certificate that was judged in an earlier
   handshake, so it is offered only where the judgement would be the same: the
   policy hash covers all that the judgement depends on, the domain included. The
   check is an HMAC with the master secret over all the rest: who does not know the
   secret can neither alter a field nor move the secret to another domain.

   A session that is refused costs nothing: the handshake is a full one.

   Writers: parley_tls_client_resume sets up the transport before the handshake,
   parley_tls_client_session only reads. A program that names neither links nothing of it. */
#include "parley/tls.h"

#include <stddef.h>
#include <string.h>

#include "algorithms.h"
#include "certificate.h"
#include "parley/version.h"
#include "sasl.h"
#include "tls_engine.h"
#include "transport.h"

static void resumption_number(br_sha256_context *hash, uint64_t number)
{
    unsigned char bytes[8];

    for (size_t i = sizeof bytes; i-- > 0; number >>= 8)
        bytes[i] = (unsigned char)number;
    br_sha256_update(hash, bytes, sizeof bytes);
}

/* With its length, so that no two sequences of strings hash alike. */
static void resumption_bytes(br_sha256_context *hash, const void *data, size_t len)
{
    resumption_number(hash, len);
    if (len > 0)
        br_sha256_update(hash, data, len);
}

static void resumption_anchor(br_sha256_context *hash, const br_x509_trust_anchor *anchor)
{
    const br_x509_pkey *key = &anchor->pkey;

    resumption_bytes(hash, anchor->dn.data, anchor->dn.len);
    resumption_number(hash, anchor->flags);
    resumption_number(hash, key->key_type);
    if (key->key_type == BR_KEYTYPE_EC) {
        resumption_number(hash, (uint64_t)key->key.ec.curve);
        resumption_bytes(hash, key->key.ec.q, key->key.ec.qlen);
    } else {
        resumption_bytes(hash, key->key.rsa.n, key->key.rsa.nlen);
        resumption_bytes(hash, key->key.rsa.e, key->key.rsa.elen);
    }
}

/* All that the judgement of a certificate depends on, and who the client said it is.
   The rules may change with the version. */
static void resumption_policy(const parley_tls_client *t, unsigned char policy[32])
{
    static const char label[] = "parley session " PARLEY_VERSION_TEXT;
    const parley_tls_client_config *c = t->config;
    const size_t anchors = c->pin_only ? 0 : c->anchor_count;
    br_sha256_context hash;

    br_sha256_init(&hash);
    resumption_bytes(&hash, label, sizeof label);
    resumption_number(&hash, (uint64_t)c->core->security);
    resumption_bytes(&hash, t->core.domain, t->core.domain_len);
    resumption_number(&hash, c->pin_only);
    resumption_bytes(&hash, c->pin, c->pin != NULL ? 32 : 0);
    resumption_number(&hash, anchors);
    for (size_t i = 0; i < anchors; i++)
        resumption_anchor(&hash, &c->anchors[i]);
    resumption_number(&hash, c->chain_len);
    for (size_t i = 0; i < c->chain_len; i++)
        resumption_bytes(&hash, c->chain[i].data, c->chain[i].data_len);
    br_sha256_out(&hash, policy);
}

/* All but the secret, which is the key, and the check itself. Each has one length, as it lies. */
#define FIELD(name)                                                                    \
    {                                                                                  \
        offsetof(parley_tls_session, name), sizeof(((parley_tls_session *)NULL)->name) \
    }

static const struct {
    uint16_t at, len;
} resumption_fields[] = {
    FIELD(parameters.session_id),
    FIELD(parameters.session_id_len),
    FIELD(parameters.version),
    FIELD(parameters.cipher_suite),
    FIELD(domain),
    FIELD(end_point),
    FIELD(end_point_len),
    FIELD(key_hash),
    FIELD(policy),
    FIELD(made),
    FIELD(expires),
};

static void resumption_check(const parley_tls_session *s, unsigned char check[32])
{
    const size_t count = sizeof resumption_fields / sizeof resumption_fields[0];
    br_hmac_key_context key;
    br_hmac_context hmac;

    br_hmac_key_init(&key, &br_sha256_vtable, s->parameters.master_secret,
                     sizeof s->parameters.master_secret);
    br_hmac_init(&hmac, &key, 0);
    for (size_t i = 0; i < count; i++)
        br_hmac_update(&hmac, (const unsigned char *)s + resumption_fields[i].at,
                       resumption_fields[i].len);
    br_hmac_out(&hmac, check);
    parley_wipe(&key, sizeof key);
    parley_wipe(&hmac, sizeof hmac);
}

/* What the engine and the transport may be given without a look at the secret. */
static bool resumption_is_sound(const parley_tls_session *s, int64_t now)
{
    const br_ssl_session_parameters *p = &s->parameters;

    return p->session_id_len > 0 && p->session_id_len <= sizeof p->session_id &&
           p->version == BR_TLS12 && parley_tls_suite_is_ours(p->cipher_suite) &&
           s->end_point_len <= sizeof s->end_point && s->made > 0 && s->made <= now &&
           now < s->expires && s->expires - s->made <= PARLEY_TLS_SESSION_SECONDS;
}

bool parley_tls_client_resume(parley_tls_client *t, const parley_tls_session *session)
{
    parley_tls_transport *transport = &t->transport;
    unsigned char expected[32];

    if (parley_tls_transport_begun(transport) || session == NULL ||
        !resumption_is_sound(session, transport->verifier.now))
        return false;
    resumption_policy(t, expected);
    if (!parley_equal_secret(session->policy, expected, sizeof expected))
        return false;
    resumption_check(session, expected);
    if (!parley_equal_secret(session->check, expected, sizeof expected))
        return false;
    br_ssl_engine_set_session_parameters(&t->tls.eng, &session->parameters);
    transport->end_point_len = session->end_point_len;
    memcpy(transport->end_point, session->end_point, sizeof transport->end_point);
    memcpy(transport->key_hash, session->key_hash, sizeof transport->key_hash);
    transport->session_made = session->made;
    transport->session_expires = session->expires;
    transport->offers_session = true;
    return true;
}

parley_result parley_tls_client_session(const parley_tls_client *t, parley_tls_session *session)
{
    const parley_tls_transport *transport = &t->transport;
    parley_tls_info info;

    if (!parley_tls_transport_info(transport, &info))
        return PARLEY_MISUSE;
    if (t->tls.eng.session.session_id_len == 0)
        return PARLEY_REFUSED;
    memset(session, 0, sizeof *session);
    br_ssl_engine_get_session_parameters(&t->tls.eng, &session->parameters);
    memcpy(session->domain, transport->verifier.domain, sizeof session->domain);
    memcpy(session->end_point, info.end_point, sizeof session->end_point);
    session->end_point_len = info.end_point_len;
    memcpy(session->key_hash, info.key_hash, sizeof session->key_hash);
    resumption_policy(t, session->policy);
    session->made = transport->verifier.now;
    session->expires = session->made + PARLEY_TLS_SESSION_SECONDS;
    if (info.resumed) { /* the certificate was judged then */
        session->made = transport->session_made;
        session->expires = transport->session_expires;
    } else if (!t->config->pin_only && transport->verifier.not_after < session->expires) {
        session->expires = transport->verifier.not_after;
    }
    resumption_check(session, session->check);
    return PARLEY_OK;
}

void parley_tls_session_wipe(parley_tls_session *session)
{
    parley_wipe(session, sizeof *session);
}
