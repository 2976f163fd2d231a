/* What both roles share: readiness, events, requests, answers, settings. */
#ifndef PARLEY_SESSION_H
#define PARLEY_SESSION_H

#include "element.h"
#include "limits.h"
#include "mechanism.h"
#include "redirect.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Readiness, computed anew at each call, never stored. */
enum {
    PARLEY_WANTS_INPUT = 0x01, /* push will take bytes */
    PARLEY_HAS_OUTPUT = 0x02,  /* out_buf is not empty */
    PARLEY_HAS_EVENT = 0x04,
    PARLEY_HAS_REQUEST = 0x08,
    PARLEY_HAS_WORK = 0x10,  /* sliced key derivation: call work */
    PARLEY_WAITS_TLS = 0x20, /* output flushed: start TLS now */
    PARLEY_IS_READY = 0x40,  /* bound; stanzas may be written */
    PARLEY_IS_CLOSED = 0x80  /* flush the output, then close the transport */
};

/* Least `output` of a configuration: the longest element that the core itself
   writes, with short names. A SASL message or JID may need more. */
#define PARLEY_OUTPUT_MINIMUM 1024u

/* How the stream is encrypted. There is no value for "not". */
typedef enum parley_security {
    PARLEY_STARTTLS = 0, /* RFC 6120 section 5 */
    PARLEY_DIRECT_TLS    /* XEP-0368 */
} parley_security;

/* Milliseconds a phase may last; 0: no deadline. */
typedef struct parley_timeouts {
    uint32_t open; /* header and features, each time */
    uint32_t tls;  /* from <starttls/> to the end of the handshake */
    uint32_t sasl;
    uint32_t bind;    /* binding and session */
    uint32_t ready;   /* silence before a white-space keepalive, and then before the end */
    uint32_t closing; /* wait for the peer's close */
} parley_timeouts;

#define PARLEY_TIMEOUTS_DEFAULT             \
    {                                       \
        10000, 15000, 20000, 10000, 0, 2000 \
    }

/* What TLS established, as the TLS layer reports it. */
typedef struct parley_tls_info {
    bool verified;    /* the peer's certificate chains, is valid now and carries the name;
                          on a server: a client certificate was verified */
    uint16_t version; /* 0x0303 for TLS 1.2 */
    uint16_t suite;   /* IANA number */
    bool resumed;
    bool has_key_hash;
    unsigned char key_hash[32];                /* SHA-256 of the peer's SubjectPublicKeyInfo */
    unsigned char end_point[PARLEY_HASH_SIZE]; /* tls-server-end-point (RFC 5929) */
    uint8_t end_point_len;                     /* 0: not known */
    unsigned char unique[12];                  /* tls-unique (RFC 5929) */
    uint8_t unique_len;                        /* 0: not defined */
    parley_string addresses; /* server: the XmppAddr of the verified client certificate
                                    (RFC 6120 13.7.1.4), in its order, not prepared, a NUL after
                                    each; lives as long as the session. data NULL: none */
    bool addresses_left_out; /* there were more, or longer ones */
} parley_tls_info;

typedef enum parley_event_kind {
    PARLEY_EVENT_NONE = 0,
    PARLEY_EVENT_STATE,          /* state */
    PARLEY_EVENT_TLS,            /* tls */
    PARLEY_EVENT_FEATURES,       /* client: element, the <stream:features/> */
    PARLEY_EVENT_AUTHENTICATED,  /* mechanism, binding, user, server_verified */
    PARLEY_EVENT_BOUND,          /* jid */
    PARLEY_EVENT_OPEN,           /* stepwise: element, a start tag; descend may follow. A
                                   server answers bind and session itself: no more of those */
    PARLEY_EVENT_CHILD,          /* stepwise: element, a whole child of a descended one */
    PARLEY_EVENT_END,            /* stepwise: element, a descended one has ended */
    PARLEY_EVENT_STANZA,         /* element, a whole stanza */
    PARLEY_EVENT_TOO_LARGE,      /* element: name, from, type and id of a stanza, or in stepwise
                                   mode of a child, left out; an attribute too large is empty */
    PARLEY_EVENT_REFUSED,        /* client: element, the error answer to bind or session, which
                                   ends the session (RFC 6120 7.6.2, 7.7.2) */
    PARLEY_EVENT_STREAM_ERROR,   /* condition, text: the peer's */
    PARLEY_EVENT_SEE_OTHER_HOST, /* client, behind the stream error of that name: redirect */
    PARLEY_EVENT_CLOSED          /* outcome of the session; always last */
} parley_event_kind;

/* Elements and strings live until the next call on the session other than the
   const ones and those that write stanzas (an answer is written from what it
   answers); tls and outcome as long as the session. */
typedef struct parley_event {
    parley_event_kind kind;
    uint8_t state; /* of every event: that it happened in; parley_client_state_text names it */
    parley_element element;
    const parley_tls_info *tls;
    parley_string mechanism;
    parley_string binding; /* client: the channel-binding type used; data NULL: none */
    parley_string user;    /* the identity SASL settled: authzid, or the user itself */
    parley_string jid;     /* full JID */
    parley_string text;
    parley_condition condition;
    parley_redirect redirect;
    bool server_verified; /* the server proved that it knows the credential */
} parley_event;

typedef enum parley_request_kind {
    PARLEY_REQUEST_NONE = 0,
    PARLEY_REQUEST_RANDOM,     /* `random_len` fresh unpredictable bytes */
    PARLEY_REQUEST_CREDENTIAL, /* of `user` for `mechanism` */
    PARLEY_REQUEST_HOST,       /* server: is `host` served here? */
    PARLEY_REQUEST_AUTHORIZE,  /* server: may `user` act as `authzid`? */
    PARLEY_REQUEST_BIND        /* server: bind `resource` (data NULL: make one) */
} parley_request_kind;

/* Strings live until the request is answered. */
typedef struct parley_request {
    parley_request_kind kind;
    size_t random_len;
    parley_string mechanism;
    parley_string user;    /* localpart, prepared */
    parley_string authzid; /* as sent; never empty (an empty one asks nothing) */
    parley_string host;    /* prepared domainpart; empty: the peer gave none */
    parley_string resource;
} parley_request;

typedef enum parley_answer_kind {
    PARLEY_ANSWER_YES = 0,    /* HOST, AUTHORIZE; CREDENTIAL for EXTERNAL */
    PARLEY_ANSWER_RANDOM,     /* bytes: exactly random_len */
    PARLEY_ANSWER_PASSWORD,   /* bytes: UTF-8 */
    PARLEY_ANSWER_SCRAM,      /* server: keys */
    PARLEY_ANSWER_RESOURCE,   /* BIND, bytes: the resourcepart to bind */
    PARLEY_ANSWER_USER,       /* server: CREDENTIAL for ANONYMOUS, bytes: the localpart */
    PARLEY_ANSWER_CLIENT_KEYS /* client: CREDENTIAL for SCRAM, bytes: a parley_scram_client_keys
                                 of an earlier login (parley_client_keep_keys) */
} parley_answer_kind;

/* Everything in it is consumed before the call returns. */
typedef struct parley_answer {
    parley_answer_kind kind;
    parley_string bytes;
    const parley_scram_keys *keys;
} parley_answer;

typedef enum parley_refusal {
    PARLEY_REFUSE_UNKNOWN = 0, /* no such host or user */
    PARLEY_REFUSE_DENIED,      /* not allowed */
    PARLEY_REFUSE_CONFLICT,    /* BIND: the resource is taken */
    PARLEY_REFUSE_UNAVAILABLE  /* not now: no entropy, store down, too many sessions */
} parley_refusal;

#ifdef __cplusplus
}
#endif
#endif
