#include "outcome.h"

#include "status.h"

#include <parley/tls.h>
#include <stdio.h>
#include <string.h>

static void append(char *text, size_t size, const char *format, const char *value)
{
    size_t len = strlen(text);

    if (value != NULL && *value != '\0' && len < size) {
        snprintf(text + len, size - len, format, value);
    }
}

/* BearSSL's code says more than ours for these; for the others it misleads. */
static bool has_tls_detail(parley_code code)
{
    return code == PARLEY_ERROR_TLS_HANDSHAKE || code == PARLEY_ERROR_TLS_CERTIFICATE_CHAIN ||
           code == PARLEY_ERROR_TLS_CERTIFICATE_NAME || code == PARLEY_ERROR_TLS_RECORD;
}

static bool is_cut(parley_code code)
{
    return code == PARLEY_ERROR_STREAM_CUT || code == PARLEY_ERROR_TLS_TRUNCATED ||
           code == PARLEY_ERROR_XML_INCOMPLETE;
}

/* What exceeds a limit cannot be let in: the command has no option for it, and its limits
   are far beyond what a server in order sends. */
static const char *limit_text(parley_code code)
{
    switch (code) {
    case PARLEY_ERROR_XML_DEPTH:
        return "the peer nested elements deeper than is taken here; report it to its operator";
    case PARLEY_ERROR_XML_ATTRIBUTES:
        return "an element of the peer has more attributes than are taken here; report it to its "
               "operator";
    case PARLEY_ERROR_XML_NAME:
        return "a name in the peer's XML is longer than is taken here; report it to its operator";
    case PARLEY_ERROR_XML_ELEMENT:
    case PARLEY_ERROR_XML_MEMORY:
        return "an element of the peer is larger than is taken here; report it to its operator";
    case PARLEY_ERROR_XML_TOTAL:
        return "the peer sent more before authentication than is taken here; report it to its "
               "operator";
    default:
        return NULL;
    }
}

bool outcome_set(failure *f, const parley_outcome *o, const char *where, const char *peer_text,
                 int network_error)
{
    char more[512] = "";
    char offset[32] = "";
    const char *text = limit_text(o->code);

    if (parley_code_layer(o->code) == PARLEY_LAYER_XML) {
        snprintf(offset, sizeof offset, "%llu", (unsigned long long)o->offset);
    }
    append(more, sizeof more, "; SASL condition %s", parley_sasl_condition_name(o->sasl));
    if (o->by_peer) {
        append(more, sizeof more, "; stream error %s", parley_condition_name(o->condition));
        append(more, sizeof more, ", '%s'", peer_text);
    }
    append(more, sizeof more, "; at byte %s of the stream", offset);
    append(more, sizeof more, "; TLS: %s",
           has_tls_detail(o->code) && o->tls_code != 0 ? parley_tls_error_text(o->tls_code) : NULL);
    append(more, sizeof more, "; %s",
           is_cut(o->code) && network_error != 0 ? strerror(network_error) : NULL);
    return failure_set(f, status_of_code(o->code), parley_code_name(o->code),
                       "%s, in state %s: %s%s", where, o->state,
                       text != NULL ? text : parley_code_text(o->code), more);
}
