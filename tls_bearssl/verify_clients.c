/* Clients' certificates: what a server alone asks of them. A client does not link it. */
#include "verify.h"

#include <string.h>

static bool verifier_has_nul(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\0')
            return true;
    }
    return false;
}

/* RFC 6120 section 13.7.2.2.1: which of them counts is the core's to judge (RFC 6120 13.7.1.3). */
static void verifier_address(parley_verifier *v, const parley_name *name)
{
    const size_t len = name->value.len;

    if (name->kind != PARLEY_NAME_XMPP)
        return;
    if (name->value.data == NULL || len == 0 || verifier_has_nul(name->value) ||
        len + 1 > sizeof v->addresses - v->addresses_len) {
        v->addresses_left_out = true;
        return;
    }
    memcpy(v->addresses + v->addresses_len, name->value.data, len);
    v->addresses[v->addresses_len + len] = '\0';
    v->addresses_len = (uint16_t)(v->addresses_len + len + 1);
}

/* BearSSL lets a client with a bad certificate pass as one without. That is right
   for one that no anchor of ours vouches for (RFC 6120 section 13.7.2.2, cases 2
   and 3); what is wrong in itself ends the session (13.7.2). */
static bool verifier_refuses(const parley_verifier *v)
{
    return v->code != PARLEY_NO_ERROR && v->error != BR_ERR_X509_NOT_TRUSTED;
}

static void verifier_tell(const parley_verifier *v, parley_tls_info *info)
{
    info->addresses_left_out = v->addresses_left_out;
    if (v->addresses_len > 0)
        info->addresses = (parley_string){v->addresses, v->addresses_len};
}

const parley_verifier_clients parley_verifier_of_clients = {verifier_address, verifier_refuses,
                                                            verifier_tell};
