/* Notes. Names for people: BearSSL's error codes, the alerts of RFC 5246 section
   7.2 that it folds into them, and the suites that parley offers. */
#include "tls_engine.h"

typedef struct tls_text {
    int code;
    const char *text;
} tls_text;

static const tls_text tls_errors[] = {
    {BR_ERR_OK, "no error"},
    {BR_ERR_BAD_PARAM, "a message has a field out of its bounds"},
    {BR_ERR_BAD_STATE, "call out of order"},
    {BR_ERR_UNSUPPORTED_VERSION, "the peer does not speak TLS 1.2"},
    {BR_ERR_BAD_VERSION, "a record has another TLS version"},
    {BR_ERR_BAD_LENGTH, "a record has an invalid length"},
    {BR_ERR_TOO_LARGE, "a record or message does not fit the record buffer"},
    {BR_ERR_BAD_MAC, "a record has been altered"},
    {BR_ERR_NO_RANDOM, "no entropy"},
    {BR_ERR_UNKNOWN_TYPE, "a record of unknown type"},
    {BR_ERR_UNEXPECTED, "a message out of order"},
    {BR_ERR_BAD_CCS, "a malformed ChangeCipherSpec"},
    {BR_ERR_BAD_ALERT, "a malformed alert"},
    {BR_ERR_BAD_HANDSHAKE, "a malformed handshake message"},
    {BR_ERR_OVERSIZED_ID, "an oversized session identifier"},
    {BR_ERR_BAD_CIPHER_SUITE, "the server chose a cipher suite that was not offered"},
    {BR_ERR_BAD_COMPRESSION, "the server chose a compression that was not offered"},
    {BR_ERR_BAD_FRAGLEN, "the server altered the fragment length"},
    {BR_ERR_BAD_SECRENEG, "a wrong renegotiation indication"},
    {BR_ERR_EXTRA_EXTENSION, "an extension that was not asked for"},
    {BR_ERR_BAD_SNI, "a malformed server name"},
    {BR_ERR_BAD_HELLO_DONE, "a malformed ServerHelloDone"},
    {BR_ERR_LIMIT_EXCEEDED, "the server's public key is too large"},
    {BR_ERR_BAD_FINISHED, "the handshake has been altered"},
    {BR_ERR_RESUME_MISMATCH, "the resumed session does not match"},
    {BR_ERR_INVALID_ALGORITHM, "no algorithm or curve in common"},
    {BR_ERR_BAD_SIGNATURE, "a wrong signature in the handshake"},
    {BR_ERR_WRONG_KEY_USAGE, "the certificate's key does not fit the cipher suite"},
    {BR_ERR_NO_CLIENT_AUTH, "the client sent no certificate"},
    {BR_ERR_IO, "input or output failed"},
    {BR_ERR_X509_OK, "certificate accepted"},
    {BR_ERR_X509_INVALID_VALUE, "certificate with an invalid value"},
    {BR_ERR_X509_TRUNCATED, "certificate truncated"},
    {BR_ERR_X509_EMPTY_CHAIN, "no certificate was sent"},
    {BR_ERR_X509_INNER_TRUNC, "certificate truncated inside"},
    {BR_ERR_X509_BAD_TAG_CLASS, "certificate with a wrong tag class"},
    {BR_ERR_X509_BAD_TAG_VALUE, "certificate with a wrong tag"},
    {BR_ERR_X509_INDEFINITE_LENGTH, "certificate with an indefinite length"},
    {BR_ERR_X509_EXTRA_ELEMENT, "certificate with an extra element"},
    {BR_ERR_X509_UNEXPECTED, "certificate with an unexpected element"},
    {BR_ERR_X509_NOT_CONSTRUCTED,
     "certificate with a primitive element where a constructed one must be"},
    {BR_ERR_X509_NOT_PRIMITIVE,
     "certificate with a constructed element where a primitive one must be"},
    {BR_ERR_X509_PARTIAL_BYTE, "certificate with a bit string of partial bytes"},
    {BR_ERR_X509_BAD_BOOLEAN, "certificate with a malformed boolean"},
    {BR_ERR_X509_OVERFLOW, "certificate with an oversized number"},
    {BR_ERR_X509_BAD_DN, "certificate with a malformed distinguished name"},
    {BR_ERR_X509_BAD_TIME, "certificate with a malformed date"},
    {BR_ERR_X509_UNSUPPORTED, "certificate with unsupported algorithms"},
    {BR_ERR_X509_LIMIT_EXCEEDED, "certificate with a key or signature over the limits"},
    {BR_ERR_X509_WRONG_KEY_TYPE, "certificate key of an unexpected type"},
    {BR_ERR_X509_BAD_SIGNATURE, "certificate with a wrong signature"},
    {BR_ERR_X509_TIME_UNKNOWN, "the time is not known"},
    {BR_ERR_X509_EXPIRED, "certificate expired, or its issuer's is not valid now"},
    {BR_ERR_X509_DN_MISMATCH, "certificate issuer does not match the next certificate"},
    {BR_ERR_X509_BAD_SERVER_NAME, "certificate does not carry the domain"},
    {BR_ERR_X509_CRITICAL_EXTENSION, "certificate with an unknown critical extension"},
    {BR_ERR_X509_NOT_CA, "certificate signed by one that is not an authority"},
    {BR_ERR_X509_FORBIDDEN_KEY_USAGE, "certificate not allowed for this use"},
    {BR_ERR_X509_WEAK_PUBLIC_KEY, "certificate key too weak"},
    {BR_ERR_X509_NOT_TRUSTED, "certificate not trusted: it does not chain to a trust anchor"},
    {PARLEY_TLS_NOT_YET_VALID, "certificate not yet valid; check the clock"},
    {PARLEY_TLS_NAME_NONE, "certificate names no domain; a common name, an IP address and a mail "
                           "address do not count"},
    {PARLEY_TLS_NAME_OTHER, "certificate is for other domains"},
    {PARLEY_TLS_NAME_BYTES, "certificate has a name with a byte that no domain holds"},
    {PARLEY_TLS_NAME_WILDCARD,
     "certificate has a wildcard that does not reach the domain: only one "
     "whole left-most label counts, and not below a public suffix"},
    {PARLEY_TLS_NAME_SERVICE, "certificate is for another service of the domain than _xmpp-client"},
    {PARLEY_TLS_NAME_LITERAL,
     "the domain is an IP address or no DNS name, which no certificate can "
     "vouch for; pin its key"},
};

/* Alerts: what the peer says of us, and what we said of it. */
typedef struct tls_alert_text {
    int alert;
    const char *received;
    const char *sent;
} tls_alert_text;

static const tls_alert_text tls_alerts[] = {
    {BR_ALERT_CLOSE_NOTIFY, "the peer refused: close notify", "refused: close notify"},
    {BR_ALERT_UNEXPECTED_MESSAGE, "the peer refused: unexpected message",
     "refused: unexpected message"},
    {BR_ALERT_BAD_RECORD_MAC, "the peer refused: bad record mac", "refused: bad record mac"},
    {BR_ALERT_RECORD_OVERFLOW, "the peer refused: record overflow", "refused: record overflow"},
    {BR_ALERT_DECOMPRESSION_FAILURE, "the peer refused: decompression failure",
     "refused: decompression failure"},
    {BR_ALERT_HANDSHAKE_FAILURE, "the peer refused: handshake failure",
     "refused: handshake failure"},
    {BR_ALERT_BAD_CERTIFICATE, "the peer refused: bad certificate", "refused: bad certificate"},
    {BR_ALERT_UNSUPPORTED_CERTIFICATE, "the peer refused: unsupported certificate",
     "refused: unsupported certificate"},
    {BR_ALERT_CERTIFICATE_REVOKED, "the peer refused: certificate revoked",
     "refused: certificate revoked"},
    {BR_ALERT_CERTIFICATE_EXPIRED, "the peer refused: certificate expired",
     "refused: certificate expired"},
    {BR_ALERT_CERTIFICATE_UNKNOWN, "the peer refused: certificate unknown",
     "refused: certificate unknown"},
    {BR_ALERT_ILLEGAL_PARAMETER, "the peer refused: illegal parameter",
     "refused: illegal parameter"},
    {BR_ALERT_UNKNOWN_CA, "the peer refused: unknown ca", "refused: unknown ca"},
    {BR_ALERT_ACCESS_DENIED, "the peer refused: access denied", "refused: access denied"},
    {BR_ALERT_DECODE_ERROR, "the peer refused: decode error", "refused: decode error"},
    {BR_ALERT_DECRYPT_ERROR, "the peer refused: decrypt error", "refused: decrypt error"},
    {BR_ALERT_PROTOCOL_VERSION, "the peer refused: protocol version", "refused: protocol version"},
    {BR_ALERT_INSUFFICIENT_SECURITY, "the peer refused: insufficient security",
     "refused: insufficient security"},
    {BR_ALERT_INTERNAL_ERROR, "the peer refused: internal error", "refused: internal error"},
    {BR_ALERT_USER_CANCELED, "the peer refused: user canceled", "refused: user canceled"},
    {BR_ALERT_NO_RENEGOTIATION, "the peer refused: no renegotiation", "refused: no renegotiation"},
    {BR_ALERT_UNSUPPORTED_EXTENSION, "the peer refused: unsupported extension",
     "refused: unsupported extension"},
    {BR_ALERT_NO_APPLICATION_PROTOCOL, "the peer refused: no application protocol",
     "refused: no application protocol"},
};

const char *parley_tls_error_text(int tls_code)
{
    const size_t errors = sizeof tls_errors / sizeof tls_errors[0];
    const size_t alerts = sizeof tls_alerts / sizeof tls_alerts[0];

    for (size_t i = 0; i < errors; i++) {
        if (tls_errors[i].code == tls_code)
            return tls_errors[i].text;
    }
    for (size_t i = 0; i < alerts; i++) {
        if (tls_code == BR_ERR_RECV_FATAL_ALERT + tls_alerts[i].alert)
            return tls_alerts[i].received;
        if (tls_code == BR_ERR_SEND_FATAL_ALERT + tls_alerts[i].alert)
            return tls_alerts[i].sent;
    }
    if (tls_code >= BR_ERR_RECV_FATAL_ALERT && tls_code < BR_ERR_SEND_FATAL_ALERT)
        return "the peer refused: unknown alert";
    return "unknown";
}

const char *parley_tls_suite_name(uint16_t suite)
{
    switch (suite) {
    case BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:
        return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    case BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:
        return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    case BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:
        return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    case BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:
        return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    case BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:
        return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
    case BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256:
        return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    default:
        return "unknown";
    }
}
