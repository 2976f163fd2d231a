#include "outcome.h"

#include "status.h"

#include <parley/mechanism.h>
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

static bool is_refusal(parley_code code)
{
    return code == PARLEY_ERROR_BIND_REFUSED || code == PARLEY_ERROR_SESSION_REFUSED;
}

_Static_assert(PARLEY_ITERATIONS_MINIMUM == 4096 && PARLEY_ITERATIONS_MAXIMUM == 200000,
               "limit_text says other numbers");

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
    case PARLEY_ERROR_XML_ELEMENTS:
        return "an element of the peer has more elements in it than are taken here; report it to "
               "its operator";
    case PARLEY_ERROR_XML_TOTAL:
        return "the peer sent more before authentication than is taken here; report it to its "
               "operator";
    case PARLEY_ERROR_SASL_ITERATIONS:
        return "the iteration count is below 4096 or above 200000; ask the server's operator to "
               "set the password anew with a count between";
    default:
        return NULL;
    }
}

/* What to do about each condition of RFC 6120 section 6.5. */
static const char *advice_of(parley_sasl_condition condition)
{
    switch (condition) {
    case PARLEY_SASL_ACCOUNT_DISABLED:
        return "the account is disabled; ask who runs the server";
    case PARLEY_SASL_CREDENTIALS_EXPIRED:
        return "the password or certificate has expired; set a new one";
    case PARLEY_SASL_ENCRYPTION_REQUIRED:
        return "the server wants TLS first; use --tls starttls or --tls direct";
    case PARLEY_SASL_INVALID_AUTHZID:
        return "the user name or certificate does not allow that JID; give the JID that belongs "
               "to it (one of the certificate's, where it has several)";
    case PARLEY_SASL_INVALID_MECHANISM:
    case PARLEY_SASL_MECHANISM_TOO_WEAK:
        return "the server does not take this mechanism for the account; name another with "
               "--mechanism";
    case PARLEY_SASL_TEMPORARY_AUTH_FAILURE:
        return "the server cannot judge it now, or makes one wait after failed attempts; try again "
               "later";
    case PARLEY_SASL_ABORTED:
    case PARLEY_SASL_INCORRECT_ENCODING:
    case PARLEY_SASL_MALFORMED_REQUEST:
        return "the server could not read what it was sent; look at it with --trace and report it "
               "to its operator";
    default:
        return "check user name and password, or the certificate";
    }
}

static const char *text_of(const parley_outcome *o, char *text, size_t size)
{
    const char *limit = limit_text(o->code);

    if (o->code != PARLEY_ERROR_SASL_FAILURE) {
        return limit != NULL ? limit : parley_code_text(o->code);
    }
    snprintf(text, size, "authentication was refused; %s", advice_of(o->sasl));
    return text;
}

/* RFC 6120 4.9.2. */
bool outcome_set(failure *f, const parley_outcome *o, const char *where, const char *peer_text,
                 int network_error)
{
    char more[512] = "";
    char offset[32] = "";
    char text[256];

    if (parley_code_layer(o->code) == PARLEY_LAYER_XML) {
        snprintf(offset, sizeof offset, "%llu", (unsigned long long)o->offset);
    }
    append(more, sizeof more, "; SASL condition %s", parley_sasl_condition_name(o->sasl));
    if (o->code == PARLEY_ERROR_SASL_NO_MECHANISM) {
        append(more, sizeof more, "; it offers %s", *peer_text != '\0' ? peer_text : "none");
    } else if (is_refusal(o->code)) {
        append(more, sizeof more, "; stanza error %s", peer_text);
    } else if (o->by_peer) {
        append(more, sizeof more, "; stream error %s", parley_condition_name(o->condition));
        append(more, sizeof more, ", '%s'", peer_text);
    }
    append(more, sizeof more, "; at byte %s of the stream", offset);
    append(more, sizeof more, "; TLS: %s",
           has_tls_detail(o->code) && o->tls_code != 0 ? parley_tls_error_text(o->tls_code) : NULL);
    append(more, sizeof more, "; %s",
           is_cut(o->code) && network_error != 0 ? strerror(network_error) : NULL);
    return failure_set(f, status_of_code(o->code), parley_code_name(o->code),
                       "%s, in state %s: %s%s", where, parley_client_state_text(o->state),
                       text_of(o, text, sizeof text), more);
}
