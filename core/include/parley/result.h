/* Results, codes and outcomes: what a call says, and what ended a session. */
#ifndef PARLEY_RESULT_H
#define PARLEY_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* gcc for a 32-bit Arm keeps a struct of two words in registers if it is aligned as a number of
   eight bytes is, and else in memory: 2 % of a client's code. */
#if defined(__FRAMAC__)
#define PARLEY_PAIR
#elif defined(__cplusplus)
#define PARLEY_PAIR alignas(8)
#else
#define PARLEY_PAIR _Alignas(8)
#endif

/* Bytes with a length, not terminated. Each function that returns one says
   how long it lives. `data` may be NULL when `len` is 0; a NULL `data` means
   "absent" where absent and empty differ. */
typedef struct parley_string {
    PARLEY_PAIR const char *data;
    size_t len;
} parley_string;

/* What one call says. Nothing has changed unless the result is PARLEY_OK. */
typedef enum parley_result {
    PARLEY_OK = 0,
    PARLEY_MORE,    /* the input so far is legal and incomplete */
    PARLEY_ILLEGAL, /* the input breaks its format */
    PARLEY_NO_ROOM, /* the caller's buffer is too small */
    PARLEY_REFUSED, /* well formed, and refused by a limit or a policy */
    PARLEY_MISUSE   /* the call does not fit the state, or an argument is wrong */
} parley_result;

/* Stream error conditions (RFC 6120 section 4.9.3), in the RFC's order. */
typedef enum parley_condition {
    PARLEY_CONDITION_NONE = 0,
    PARLEY_BAD_FORMAT,
    PARLEY_BAD_NAMESPACE_PREFIX,
    PARLEY_CONFLICT,
    PARLEY_CONNECTION_TIMEOUT,
    PARLEY_HOST_GONE,
    PARLEY_HOST_UNKNOWN,
    PARLEY_IMPROPER_ADDRESSING,
    PARLEY_INTERNAL_SERVER_ERROR,
    PARLEY_INVALID_FROM,
    PARLEY_INVALID_NAMESPACE,
    PARLEY_INVALID_XML,
    PARLEY_NOT_AUTHORIZED,
    PARLEY_NOT_WELL_FORMED,
    PARLEY_POLICY_VIOLATION,
    PARLEY_REMOTE_CONNECTION_FAILED,
    PARLEY_RESET,
    PARLEY_RESOURCE_CONSTRAINT,
    PARLEY_RESTRICTED_XML,
    PARLEY_SEE_OTHER_HOST,
    PARLEY_SYSTEM_SHUTDOWN,
    PARLEY_UNDEFINED_CONDITION,
    PARLEY_UNSUPPORTED_ENCODING,
    PARLEY_UNSUPPORTED_FEATURE,
    PARLEY_UNSUPPORTED_STANZA_TYPE,
    PARLEY_UNSUPPORTED_VERSION,
    PARLEY_CONDITION_COUNT
} parley_condition;

/* SASL failure conditions (RFC 6120 section 6.5), in the RFC's order. */
typedef enum parley_sasl_condition {
    PARLEY_SASL_NONE = 0,
    PARLEY_SASL_ABORTED,
    PARLEY_SASL_ACCOUNT_DISABLED,
    PARLEY_SASL_CREDENTIALS_EXPIRED,
    PARLEY_SASL_ENCRYPTION_REQUIRED,
    PARLEY_SASL_INCORRECT_ENCODING,
    PARLEY_SASL_INVALID_AUTHZID,
    PARLEY_SASL_INVALID_MECHANISM,
    PARLEY_SASL_MALFORMED_REQUEST,
    PARLEY_SASL_MECHANISM_TOO_WEAK,
    PARLEY_SASL_NOT_AUTHORIZED,
    PARLEY_SASL_TEMPORARY_AUTH_FAILURE,
    PARLEY_SASL_CONDITION_COUNT
} parley_sasl_condition;

/* Why something was refused, one range a layer. PARLEY_NO_ERROR is also the
   code of a session that ended in order. */
typedef enum parley_code {
    PARLEY_NO_ERROR = 0,

    /* 100: the caller's side */
    PARLEY_ERROR_LOCAL = 100,
    PARLEY_ERROR_SIZE,          /* header and library disagree on a struct */
    PARLEY_ERROR_CONFIG_DOMAIN, /* domain missing or not a domainpart */
    PARLEY_ERROR_CONFIG_USER,   /* localpart not valid */
    PARLEY_ERROR_CONFIG_RESOURCE,
    PARLEY_ERROR_CONFIG_AUTHZID,
    PARLEY_ERROR_CONFIG_MECHANISMS, /* none, or one twice; a server's SASL settings */
    PARLEY_ERROR_CONFIG_LIMITS,     /* a limit of 0, or below RFC 6120 13.12 */
    PARLEY_ERROR_CONFIG_MEMORY,     /* work block missing or below its formula */
    PARLEY_ERROR_CONFIG_TLS,        /* no trust anchors, key, certificate... */
    PARLEY_ERROR_NO_ENTROPY,        /* RANDOM was refused */
    PARLEY_ERROR_NO_TIME,           /* no time was set for TLS */
    PARLEY_ERROR_NO_CREDENTIAL,     /* CREDENTIAL was refused */
    PARLEY_ERROR_NO_OUTPUT_ROOM,    /* an element did not fit the output buffer */

    /* 200: XML (RFC 6120 section 11) */
    PARLEY_ERROR_XML = 200,
    PARLEY_ERROR_XML_NOT_WELL_FORMED,
    PARLEY_ERROR_XML_RESTRICTED,
    PARLEY_ERROR_XML_ENCODING,  /* not UTF-8 by declaration or by its first bytes */
    PARLEY_ERROR_XML_NAMESPACE, /* unbound prefix, reserved prefix or name */
    PARLEY_ERROR_XML_DEPTH,
    PARLEY_ERROR_XML_ATTRIBUTES,
    PARLEY_ERROR_XML_NAME,       /* a name over its limit */
    PARLEY_ERROR_XML_ELEMENT,    /* a first-level element over its limit */
    PARLEY_ERROR_XML_TOTAL,      /* too many bytes before authentication */
    PARLEY_ERROR_XML_ELEMENTS,   /* a first-level element with too many in it */
    PARLEY_ERROR_XML_MEMORY,     /* the element does not fit the work block */
    PARLEY_ERROR_XML_INCOMPLETE, /* the input ended inside the document */

    /* 300: the stream (RFC 6120 section 4) */
    PARLEY_ERROR_STREAM = 300,
    PARLEY_ERROR_STREAM_HEADER, /* not <stream:stream> in its namespaces */
    PARLEY_ERROR_STREAM_VERSION,
    PARLEY_ERROR_STREAM_ID,           /* header without an id */
    PARLEY_ERROR_STREAM_FROM,         /* header from another domain */
    PARLEY_ERROR_STREAM_TO,           /* header to no or an unknown domain */
    PARLEY_ERROR_STREAM_FEATURES,     /* features missing what is needed, or out of turn */
    PARLEY_ERROR_STREAM_UNEXPECTED,   /* an element out of its state */
    PARLEY_ERROR_STREAM_TEXT,         /* text between first-level elements */
    PARLEY_ERROR_STREAM_PEER,         /* the peer sent a stream error */
    PARLEY_ERROR_STREAM_CUT,          /* the input ended without the close tag */
    PARLEY_ERROR_STREAM_CLOSED_EARLY, /* the peer closed before ready */
    PARLEY_ERROR_STREAM_DEADLINE,

    /* 400: TLS (RFC 6120 section 5) */
    PARLEY_ERROR_TLS = 400,
    PARLEY_ERROR_TLS_NOT_OFFERED,
    PARLEY_ERROR_TLS_REFUSED, /* the server answered <failure/> */
    PARLEY_ERROR_TLS_DATA_AFTER_PROCEED,
    PARLEY_ERROR_TLS_HANDSHAKE,         /* tls_code says which */
    PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, /* untrusted, expired, bad signature: tls_code */
    PARLEY_ERROR_TLS_CERTIFICATE_NAME,  /* does not carry the domain */
    PARLEY_ERROR_TLS_CERTIFICATE_PIN,
    PARLEY_ERROR_TLS_ALPN,
    PARLEY_ERROR_TLS_TRUNCATED, /* the transport ended without close_notify */
    PARLEY_ERROR_TLS_RECORD,    /* a bad record after the handshake */

    /* 500: SASL (RFC 6120 section 6) */
    PARLEY_ERROR_SASL = 500,
    PARLEY_ERROR_SASL_NO_MECHANISM, /* none that policy allows */
    PARLEY_ERROR_SASL_FAILURE,      /* the server answered <failure/> */
    PARLEY_ERROR_SASL_ENCODING,     /* base64 */
    PARLEY_ERROR_SASL_MESSAGE,      /* a mechanism's message breaks its grammar */
    PARLEY_ERROR_SASL_NONCE,        /* SCRAM nonce is not an extension of ours */
    PARLEY_ERROR_SASL_ITERATIONS,   /* SCRAM iteration count out of bounds */
    PARLEY_ERROR_SASL_EXTENSION,    /* SCRAM mandatory extension */
    PARLEY_ERROR_SASL_SIGNATURE,    /* the server's proof is wrong */
    PARLEY_ERROR_SASL_UNPROVED,     /* success without the server's proof */
    PARLEY_ERROR_SASL_OUT_OF_STEP,  /* challenge, success or response not due */
    PARLEY_ERROR_SASL_ATTEMPTS,     /* server: too many failed attempts */
    PARLEY_ERROR_SASL_CREDENTIAL,   /* credential cannot be used: forbidden characters, too long */
    PARLEY_ERROR_SASL_BINDING,      /* channel binding: type unknown, or other data */
    PARLEY_ERROR_SASL_DOWNGRADE,    /* the peer saw or sent another offer (RFC 5802 6, XEP-0474) */
    PARLEY_ERROR_SASL_AUTHZID,      /* an authorization identity that may not be used */

    /* 600: binding and session (RFC 6120 section 7) */
    PARLEY_ERROR_BIND = 600,
    PARLEY_ERROR_BIND_REFUSED, /* an error answer, or the application refused */
    PARLEY_ERROR_BIND_JID,     /* not one full JID with a localpart, in our domain */
    PARLEY_ERROR_BIND_RESULT,  /* the answer is malformed */
    PARLEY_ERROR_SESSION_REFUSED,
    PARLEY_ERROR_SESSION_RESULT,

    /* 700: stanzas (RFC 6120 section 8) */
    PARLEY_ERROR_STANZA = 700,
    PARLEY_ERROR_STANZA_TOO_LARGE,
    PARLEY_ERROR_STANZA_TYPE, /* not iq, message or presence in the content namespace */
    PARLEY_ERROR_STANZA_FROM, /* server: `from` is not the sender's */
    PARLEY_ERROR_STANZA_EARLY /* a stanza before ready */
} parley_code;

typedef enum parley_layer {
    PARLEY_LAYER_NONE = 0,
    PARLEY_LAYER_LOCAL,
    PARLEY_LAYER_XML,
    PARLEY_LAYER_STREAM,
    PARLEY_LAYER_TLS,
    PARLEY_LAYER_SASL,
    PARLEY_LAYER_BIND,
    PARLEY_LAYER_STANZA
} parley_layer;

/* Why and where a session ended. The first error sticks. With neither a code nor a condition it has
   ended in order or not yet, and the rest says nothing. */
typedef struct parley_outcome {
    parley_code code;
    uint64_t offset;            /* XML byte of the present stream, from 0, where it was certain */
    parley_condition condition; /* of the stream error, if one was sent or received */
    parley_sasl_condition sasl; /* of the SASL failure, if there was one */
    uint8_t state;              /* when it happened; parley_client_state_text names it */
    bool by_peer;               /* the peer raised it, not we */
    bool retry;                 /* trying again unchanged can help: what ended it passes */
    int tls_code;               /* BearSSL's BR_ERR_* code, one of parley/tls.h's, or 0 */
} parley_outcome;

/* The layer of a code. */
parley_layer parley_code_layer(parley_code code);

/* The code's name in lower case with dashes ("tls-certificate-name"), static.
   Unknown codes give "unknown". */
const char *parley_code_name(parley_code code);

/* What it means and what to do about it, one line, static. */
const char *parley_code_text(parley_code code);

/* "not-well-formed" and so on; "" for NONE. Static. RFC 6120 4.9.3. */
const char *parley_condition_name(parley_condition condition);

/* The condition of that name, or PARLEY_CONDITION_NONE. */
parley_condition parley_condition_find(parley_string name);

/* The same for SASL failures. RFC 6120 6.5. */
const char *parley_sasl_condition_name(parley_sasl_condition condition);
parley_sasl_condition parley_sasl_condition_find(parley_string name);

/* Milliseconds to wait before connection attempt number `attempt` (the first
   retry is 1). `random` is fresh randomness. Truncated binary exponential
   back-off, at most 60 s for the first, doubling up to an hour
   (RFC 6120 section 3.3). */
uint32_t parley_backoff(unsigned attempt, uint32_t random);

/* A parley_string over a string literal or a terminated string. */
parley_string parley_string_of(const char *terminated);

/* The same bytes. */
bool parley_string_equal(parley_string a, parley_string b);

/* The same as a terminated string. */
bool parley_string_is(parley_string string, const char *terminated);

#ifdef __cplusplus
}
#endif
#endif
