/* The codes of <parley/result.h> with their names and texts.

   One table, one row a code, in the header's order; everything else looks it
   up. The texts are for a person at a command line: first what it means, then
   what to do about it. */
#include "parley/result.h"

typedef struct code_row {
    uint16_t code;
    const char *name;
    const char *text;
} code_row;

static const code_row code_rows[] = {
    {PARLEY_NO_ERROR, "none", "the session ended in order"},

    {PARLEY_ERROR_LOCAL, "local",
     "something failed on this side; see what the program printed before"},
    {PARLEY_ERROR_SIZE, "size",
     "the program was compiled against other Parley headers than the library it runs with; "
     "rebuild both"},
    {PARLEY_ERROR_CONFIG_DOMAIN, "config-domain",
     "the domain is missing or is not a domain name; give the part of the JID after the '@'"},
    {PARLEY_ERROR_CONFIG_USER, "config-user",
     "the user name is missing or holds a character that a JID forbids; give the part of the JID "
     "before the '@'"},
    {PARLEY_ERROR_CONFIG_RESOURCE, "config-resource",
     "the resource is empty, longer than 1023 bytes or holds a control character; choose another "
     "or leave it out"},
    {PARLEY_ERROR_CONFIG_AUTHZID, "config-authzid",
     "the authorization identity is not a JID; write it as user@domain or leave it out"},
    {PARLEY_ERROR_CONFIG_MECHANISMS, "config-mechanisms",
     "the list of mechanisms is empty or names one twice; name each once"},
    {PARLEY_ERROR_CONFIG_LIMITS, "config-limits",
     "a limit is 0, or a server's stanza limit is below 10000 bytes; raise it"},
    {PARLEY_ERROR_CONFIG_MEMORY, "config-memory",
     "the work block is missing, misaligned or too small; give the bytes that work_size says"},
    {PARLEY_ERROR_CONFIG_TLS, "config-tls",
     "the TLS settings are not whole; give trust anchors or a pin, and a certificate with its key"},
    {PARLEY_ERROR_NO_ENTROPY, "no-entropy",
     "there was no randomness to be had; check the system's random source"},
    {PARLEY_ERROR_NO_TIME, "no-time",
     "the time is not known, so no certificate can be checked; set the clock"},
    {PARLEY_ERROR_NO_CREDENTIAL, "no-credential",
     "no password was given; supply one and try again"},
    {PARLEY_ERROR_NO_OUTPUT_ROOM, "no-output-room",
     "an element did not fit the output buffer; make the output buffer larger"},

    {PARLEY_ERROR_XML, "xml", "the peer sent XML that cannot be read; report it to its operator"},
    {PARLEY_ERROR_XML_NOT_WELL_FORMED, "xml-not-well-formed",
     "the peer sent XML that is not well-formed; check that an XMPP service listens on this port"},
    {PARLEY_ERROR_XML_RESTRICTED, "xml-restricted",
     "the peer sent a comment, processing instruction, DTD or entity, which XMPP forbids; report "
     "it to its operator"},
    {PARLEY_ERROR_XML_ENCODING, "xml-encoding",
     "the peer sends another encoding than UTF-8; check that an XMPP service listens on this port"},
    {PARLEY_ERROR_XML_NAMESPACE, "xml-namespace",
     "the peer used a prefix it had not declared, or a reserved one; report it to its operator"},
    {PARLEY_ERROR_XML_DEPTH, "xml-depth",
     "the peer nested elements deeper than the limit; raise the depth limit if it means well"},
    {PARLEY_ERROR_XML_ATTRIBUTES, "xml-attributes",
     "an element of the peer has more attributes than the limit; raise the limit if it means well"},
    {PARLEY_ERROR_XML_NAME, "xml-name",
     "a name in the peer's XML is longer than the limit; raise the limit if it means well"},
    {PARLEY_ERROR_XML_ELEMENT, "xml-element",
     "an element of the peer is larger than the limit; raise the element limit if it means well"},
    {PARLEY_ERROR_XML_TOTAL, "xml-total",
     "the peer sent more bytes before authentication than the limit; raise it if it means well"},
    {PARLEY_ERROR_XML_ELEMENTS, "xml-elements",
     "an element of the peer has more elements in it than the limit; raise it if it means well"},
    {PARLEY_ERROR_XML_MEMORY, "xml-memory",
     "an element of the peer does not fit the work block; make the work block larger"},
    {PARLEY_ERROR_XML_INCOMPLETE, "xml-incomplete",
     "the input ended inside the document; check whether the connection was cut, and try again"},

    {PARLEY_ERROR_STREAM, "stream", "the peer broke the stream's rules; report it to its operator"},
    {PARLEY_ERROR_STREAM_HEADER, "stream-header",
     "the peer did not open an XMPP stream; check host and port"},
    {PARLEY_ERROR_STREAM_VERSION, "stream-version",
     "the peer does not speak XMPP 1.0; update its software"},
    {PARLEY_ERROR_STREAM_ID, "stream-id",
     "the peer's stream header has no id; report it to its operator"},
    {PARLEY_ERROR_STREAM_FROM, "stream-from",
     "the server answered for another domain; check the JID's domain and the host"},
    {PARLEY_ERROR_STREAM_TO, "stream-to",
     "the stream header names no domain or one not served here; check the JID's domain"},
    {PARLEY_ERROR_STREAM_FEATURES, "stream-features",
     "the server does not offer what is needed next, or requires something unknown; look at its "
     "features and settings"},
    {PARLEY_ERROR_STREAM_UNEXPECTED, "stream-unexpected",
     "the peer sent an element that is not due at this step; report it to its operator"},
    {PARLEY_ERROR_STREAM_TEXT, "stream-text",
     "the peer sent text between elements; check that an XMPP service listens on this port"},
    {PARLEY_ERROR_STREAM_PEER, "stream-peer",
     "the peer ended the stream with an error; its condition says why"},
    {PARLEY_ERROR_STREAM_CUT, "stream-cut",
     "the connection ended without the stream being closed; try again"},
    {PARLEY_ERROR_STREAM_CLOSED_EARLY, "stream-closed-early",
     "the peer closed the stream before the session was ready; try again, then look at its log"},
    {PARLEY_ERROR_STREAM_DEADLINE, "stream-deadline",
     "the peer took too long; check the network, or allow more time"},

    {PARLEY_ERROR_TLS, "tls", "encryption failed; see the TLS code"},
    {PARLEY_ERROR_TLS_NOT_OFFERED, "tls-not-offered",
     "the server does not offer encryption; enable STARTTLS there, or use its direct TLS port"},
    {PARLEY_ERROR_TLS_REFUSED, "tls-refused",
     "the server refused to start encryption; look at its TLS settings and its log"},
    {PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, "tls-data-after-proceed",
     "bytes in the clear followed the server's go-ahead for TLS; someone on the path may be "
     "injecting data"},
    {PARLEY_ERROR_TLS_HANDSHAKE, "tls-handshake",
     "the TLS handshake failed; the peer needs TLS 1.2 with ECDHE and an AEAD suite (the TLS code "
     "says more)"},
    {PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, "tls-certificate-chain",
     "the certificate is not trusted, expired or badly signed; name the right CA file, or renew "
     "the certificate"},
    {PARLEY_ERROR_TLS_CERTIFICATE_NAME, "tls-certificate-name",
     "the certificate does not carry the domain; check the JID's domain or the server's "
     "certificate"},
    {PARLEY_ERROR_TLS_CERTIFICATE_PIN, "tls-certificate-pin",
     "the server's public key is not the pinned one; find out why it changed before pinning the "
     "new one"},
    {PARLEY_ERROR_TLS_ALPN, "tls-alpn",
     "the peer agreed on another protocol than XMPP; check host and port"},
    {PARLEY_ERROR_TLS_TRUNCATED, "tls-truncated",
     "the connection was cut without TLS being closed; data may be missing: try again"},
    {PARLEY_ERROR_TLS_RECORD, "tls-record",
     "a TLS record was damaged or forged on the way; try again, and suspect the path if it recurs"},

    {PARLEY_ERROR_SASL, "sasl", "authentication failed; see the condition"},
    {PARLEY_ERROR_SASL_NO_MECHANISM, "sasl-no-mechanism",
     "the server offers no mechanism that is allowed here; compare its mechanisms with the "
     "allowed ones"},
    {PARLEY_ERROR_SASL_FAILURE, "sasl-failure",
     "authentication was refused; check user name and password"},
    {PARLEY_ERROR_SASL_ENCODING, "sasl-encoding",
     "the peer sent base64 that is not valid; report it to its operator"},
    {PARLEY_ERROR_SASL_MESSAGE, "sasl-message",
     "the peer sent an authentication message that breaks its grammar; report it to its operator"},
    {PARLEY_ERROR_SASL_NONCE, "sasl-nonce",
     "the server's nonce does not extend ours; someone may be replaying an old exchange"},
    {PARLEY_ERROR_SASL_ITERATIONS, "sasl-iterations",
     "the iteration count is below 4096 or above the limit; renew the server's password record, "
     "or raise the limit"},
    {PARLEY_ERROR_SASL_EXTENSION, "sasl-extension",
     "the peer requires a SCRAM extension that is not known; allow another mechanism"},
    {PARLEY_ERROR_SASL_SIGNATURE, "sasl-signature",
     "the server could not prove that it knows the password; do not trust it, and check the host"},
    {PARLEY_ERROR_SASL_UNPROVED, "sasl-unproved",
     "the server reported success without proving that it knows the password; do not trust it, "
     "and check the host"},
    {PARLEY_ERROR_SASL_OUT_OF_STEP, "sasl-out-of-step",
     "the peer sent an authentication message that was not due; report it to its operator"},
    {PARLEY_ERROR_SASL_ATTEMPTS, "sasl-attempts",
     "too many failed attempts in one session; check user name and password, then connect anew"},
    {PARLEY_ERROR_SASL_CREDENTIAL, "sasl-credential",
     "the password or user name is too long or holds a character that the mechanism forbids; "
     "change it"},
    {PARLEY_ERROR_SASL_BINDING, "sasl-binding",
     "the two ends are not bound to the same TLS connection; someone may sit between them"},
    {PARLEY_ERROR_SASL_DOWNGRADE, "sasl-downgrade",
     "the mechanisms that were offered are not those that arrived; someone may be removing the "
     "strong ones"},
    {PARLEY_ERROR_SASL_AUTHZID, "sasl-authzid",
     "the authorization identity is not one that the certificate names; give one of its addresses"},

    {PARLEY_ERROR_BIND, "bind", "no resource was bound; see the condition"},
    {PARLEY_ERROR_BIND_REFUSED, "bind-refused",
     "binding the resource was refused; choose another resource or let the server make one"},
    {PARLEY_ERROR_BIND_JID, "bind-jid",
     "the server bound no full JID, or that of another account; report it to its operator"},
    {PARLEY_ERROR_BIND_RESULT, "bind-result",
     "the peer's binding message is malformed; report it to its operator"},
    {PARLEY_ERROR_SESSION_REFUSED, "session-refused",
     "the server refused to establish the session; try again later, then look at its log"},
    {PARLEY_ERROR_SESSION_RESULT, "session-result",
     "the peer's answer to the session request is malformed; report it to its operator"},

    {PARLEY_ERROR_STANZA, "stanza", "the peer sent a stanza that cannot be taken"},
    {PARLEY_ERROR_STANZA_TOO_LARGE, "stanza-too-large",
     "a stanza was larger than the limit; raise the element limit, or send less at once"},
    {PARLEY_ERROR_STANZA_TYPE, "stanza-type",
     "the peer sent something other than iq, message or presence; report it to its operator"},
    {PARLEY_ERROR_STANZA_FROM, "stanza-from",
     "the client wrote another sender's address on a stanza; leave 'from' out"},
    {PARLEY_ERROR_STANZA_EARLY, "stanza-early",
     "a stanza arrived before the session was ready; bind a resource first"},
};

static const code_row *find_code(parley_code code)
{
    for (size_t i = 0; i < sizeof code_rows / sizeof code_rows[0]; i++) {
        if (code_rows[i].code == (unsigned)code) {
            return &code_rows[i];
        }
    }
    return NULL;
}

parley_layer parley_code_layer(parley_code code)
{
    unsigned hundreds = (unsigned)code / 100;
    return hundreds <= (unsigned)PARLEY_LAYER_STANZA ? (parley_layer)hundreds : PARLEY_LAYER_NONE;
}

const char *parley_code_name(parley_code code)
{
    const code_row *row = find_code(code);
    return row != NULL ? row->name : "unknown";
}

const char *parley_code_text(parley_code code)
{
    const code_row *row = find_code(code);
    return row != NULL ? row->text : "a code that this version does not know; update the library";
}
