/* The BearSSL transport: composes a client or a server core with TLS 1.2.

   The transport-facing calls of the core have twins here that take and give
   the bytes of the wire, before, during and after the switch to TLS. Everything
   else (events, requests, stanzas, close, deadlines) is called on the core,
   &t->core. Call parley_tls_client_run after any call on the core, and obey the
   state that it returns.

   Memory of a session, all of it the caller's:
     sizeof(parley_tls_client) or sizeof(parley_tls_server)   about 11 kB, 5.5 kB on a device
                                                              that knows its names' length
     + the core's work block, parley_client_work_size or parley_server_work_size; during the
       handshake the certificates' judgement works in it, so that it must hold a
       parley_tls_handshake (about 4 kB) too
     + the record buffer, in both directions at once:
         PARLEY_TLS_BUFFER_SIZE (33178)  full records both ways, any peer
         17306                           full records in, 512 bytes a record out, any peer
         n + 325 + 597                   a peer that honours max_fragment_length n (512,
                                         1024, 2048 or 4096); PARLEY_TLS_BUFFER_MINIMUM
                                         is that of 512
     + on a server that resumes sessions, once for all of them: parley_tls_cache and
       sizeof(parley_tls_cache_entry) (96) a session that it remembers
   A client keeps sizeof(parley_tls_session) for as long as it may resume.
   The certificates of the peer pass through: their size needs no memory. The
   structs hold pointers into themselves and must stay where they were
   initialised. From the closure on nothing secret is left in them.

   Only what the issuer names counts: the certificate must chain to an anchor
   (or match the pin), be valid at the given time and carry the domain
   (RFC 6125, RFC 6120 section 13.7.2): as a dNSName, compared without case, or
   with one whole left-most wildcard label that does not stand below a public
   suffix; as an SRVName of _xmpp-client; or as an XmppAddr. Any of them is enough.
   Never as a CN, never for an IP address. The domain is the JID's, never the
   target of an SRV record. Names beyond ASCII are compared as A-labels.
   With a pin instead of them the key of that hash is enough, whatever its size.
   TLS 1.2, ECDHE with AES-GCM or ChaCha20-Poly1305, RSA keys from 2048 bits and
   P-256, P-384 or P-521, signatures with SHA-256, -384 or -512. Built with
   PARLEY_TLS_PROFILE=small: AES-128-GCM (small-chacha20: ChaCha20-Poly1305) and SHA-256
   alone, and no pin without a chain (docs/choosing.md). */
#ifndef PARLEY_TLS_H
#define PARLEY_TLS_H

#include <bearssl.h>

#include <parley/client.h>
#include <parley/server.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the record buffer: input and output at once, any peer. */
#define PARLEY_TLS_BUFFER_SIZE BR_SSL_BUFSIZE_BIDI
/* Least sizes that work: a peer that honours max_fragment_length 512. */
#define PARLEY_TLS_BUFFER_MINIMUM 1434

/* Bytes of a certificate's name that are kept, terminator included; a longer
   one is no DNS name (RFC 1035 section 2.3.4). */
#define PARLEY_TLS_NAME_SIZE 256

/* Days of Unix's first day in BearSSL's count. */
#define PARLEY_TLS_EPOCH_DAYS 719528u

/* What the tls_code of an outcome may be beside BearSSL's codes. Of the names of a
   certificate the one that came closest is told. */
enum {
    PARLEY_TLS_NOT_YET_VALID = 1024,
    PARLEY_TLS_NAME_NONE,     /* no name of a domain: a CN or an address does not count */
    PARLEY_TLS_NAME_OTHER,    /* of other domains */
    PARLEY_TLS_NAME_BYTES,    /* with a NUL or another byte that no domain holds */
    PARLEY_TLS_NAME_WILDCARD, /* with a wildcard that does not reach the domain */
    PARLEY_TLS_NAME_SERVICE,  /* an SRV-ID of the domain for another service */
    PARLEY_TLS_NAME_LITERAL   /* the domain is no DNS name: nothing could match */
};

/* Const and shareable; outlives the session. */
typedef struct parley_tls_client_config {
    const parley_client_config *core;
    const br_x509_trust_anchor *anchors; /* NULL only with pin_only */
    size_t anchor_count;
    const unsigned char
        *pin;      /* SHA-256 of the server's SubjectPublicKeyInfo, 32 bytes; NULL: none */
    bool pin_only; /* the pin instead of chain and name */
    const br_x509_certificate *chain; /* client certificate; NULL: none */
    size_t chain_len;
    const br_ec_private_key *ec_key; /* its key: one of the two */
    const br_rsa_private_key *rsa_key;
    unsigned chain_issuer_type; /* BR_KEYTYPE_EC or _RSA: what signed the EC certificate */
} parley_tls_client_config;

/* A server's memory of sessions that clients may resume: one object for as many
   server sessions as share it, with `count` entries of the caller's. Opaque;
   visible for its size. The sessions read and write it in push, run, finish and
   out_ack: where they run in several threads the caller locks it around these. A
   session with a client certificate is not kept, since its resumption would not
   show the certificate; one of another server certificate is not found. */
typedef struct parley_tls_cache_entry {
    unsigned char name[32];
    unsigned char master_secret[48];
    int64_t expires; /* in Unix's seconds; 0: free */
    uint16_t version;
    uint16_t suite;
} parley_tls_cache_entry;

typedef struct parley_tls_cache {
    const br_ssl_session_cache_class *vtable; /* first: BearSSL casts */
    parley_tls_cache_entry *entries;
    size_t count;
    uint32_t lifetime;
} parley_tls_cache;

/* The longest that a session can be resumed after its certificate was judged, in
   seconds (RFC 5246 section F.1.4). */
#define PARLEY_TLS_SESSION_SECONDS 86400

/* `size` is sizeof *cache; `entries` outlive the sessions that use the cache; a
   multiple of 4 is used whole. `lifetime` in seconds, 1 to
   PARLEY_TLS_SESSION_SECONDS. PARLEY_MISUSE: an argument is out of its bounds. */
parley_result parley_tls_cache_init(parley_tls_cache *cache, size_t size,
                                    parley_tls_cache_entry *entries, size_t count,
                                    uint32_t lifetime);

/* Forgets all sessions. */
void parley_tls_cache_wipe(parley_tls_cache *cache);

typedef struct parley_tls_server_config {
    const parley_server_config *core;
    const br_x509_certificate *chain;
    size_t chain_len;
    const br_ec_private_key *ec_key;
    const br_rsa_private_key *rsa_key;
    unsigned chain_issuer_type;
    const br_x509_trust_anchor *client_anchors; /* NULL: no client certificates are asked for */
    size_t client_anchor_count;
    parley_tls_cache *cache; /* NULL: nothing is resumed */
} parley_tls_server_config;

/* What a client keeps of a session to resume it with less work: an abbreviated
   handshake has no certificates and no public-key step. Secret: whoever has it can
   pose as the server to this client, and read what the sessions resumed from it
   say; keep it like a password, and wipe it. It may be copied and stored, by the
   same version of the library. Opaque; visible for its size.

   It is offered only for the same domain, pins, anchors, client certificate and
   kind of encryption, by an unaltered struct, for PARLEY_TLS_SESSION_SECONDS at most
   and not beyond the certificate's validity. Otherwise, and where the server has
   forgotten it, the handshake is a full one, as without it; nothing is an error.
   `resumed` of parley_tls_info says which it was. A resumed session has the
   tls-server-end-point of the first one and no tls-unique, which is not sound there
   without the extended master secret (RFC 7627 section 1). */
typedef struct parley_tls_session {
    br_ssl_session_parameters parameters;
    char domain[PARLEY_TLS_NAME_SIZE]; /* as certificates carry it */
    unsigned char end_point[PARLEY_HASH_SIZE];
    uint8_t end_point_len;
    unsigned char key_hash[32]; /* of the server */
    unsigned char policy[32];
    int64_t made; /* when the certificate was judged, in Unix's seconds */
    int64_t expires;
    unsigned char check[32];
} parley_tls_session;

/* What the caller gives each session. */
typedef struct parley_tls_session_input {
    void *work; /* the core's work block */
    size_t work_len;
    void *buffer; /* TLS records, PARLEY_TLS_BUFFER_MINIMUM or more */
    size_t buffer_len;
    const void *seed; /* fresh entropy, at least 32 bytes; consumed by the call */
    size_t seed_len;
    int64_t unix_time; /* seconds; 0 or less is an error */
} parley_tls_session_input;

/* Opaque; visible for its size. */
#include "tls_state.h"

/* Sets everything up and begins: the transport must be connected.
   PARLEY_MISUSE: `*why` says what is wrong. */
parley_result parley_tls_client_init(parley_tls_client *t, size_t size,
                                     const parley_tls_client_config *config,
                                     const parley_tls_session_input *input, parley_code *why);

/* Offers the server a session that was kept, for an abbreviated handshake (RFC 5246 section
   7.3). To be called once at most, after init gave PARLEY_OK and before the first call of
   parley_tls_client_push or parley_tls_client_run. True: it is offered; whether the server
   took it, `resumed` of parley_tls_info says. False: nothing has changed, and the handshake is
   a full one; `session` is NULL, over, altered or of another domain or policy (see
   parley_tls_session), or TLS has begun. `session` is read in the call alone. */
bool parley_tls_client_resume(parley_tls_client *t, const parley_tls_session *session);

/* Takes bytes from the wire; returns how many. During the handshake it stops behind
   each message and each certificate of a chain, so that no call does more than one of
   these:
     one certificate           the check of one signature, and of one more for each
                               anchor that has its issuer's name
     ServerKeyExchange         the check of one signature
     ServerHelloDone (client)  two multiplications on the curve, that of its key pair
                               and that of the shared secret, and one signature if it
                               has a certificate
     ClientHello (server)      one multiplication and one signature
     ClientKeyExchange         one multiplication
     CertificateVerify         the check of one signature
   The steps of one row cannot be parted in BearSSL. A resumed session has none. */
size_t parley_tls_client_push(parley_tls_client *t, const void *data, size_t len);

/* The wire ended. Without a close_notify before it, that is truncation
   (PARLEY_ERROR_TLS_TRUNCATED) unless the stream was closed by both. Output may
   still be sent, as far as the wire takes it; each time that writing fails, call
   this again: what a request held up may have more to say once it is answered. */
void parley_tls_client_finish(parley_tls_client *t);

/* Bytes for the wire; valid until the next call that is not const. */
const void *parley_tls_client_out_buf(const parley_tls_client *t, size_t *len);
void parley_tls_client_out_ack(parley_tls_client *t, size_t len);

/* Moves bytes between the layers until nothing more moves, and returns the
   state as PARLEY_WANTS_INPUT and so on, of the wire's point of view.
   PARLEY_IS_CLOSED: everything has been said and taken (a last alert or close_notify
   too); only after finish can PARLEY_HAS_OUTPUT still be set with it. */
unsigned parley_tls_client_run(parley_tls_client *t);

/* What to keep, from the TLS event on until the session closes; best once the
   server has proved itself. PARLEY_MISUSE: not then. PARLEY_REFUSED: the server
   resumes nothing. A session that was resumed may be kept again, and expires when it
   would have. When a resumed session fails in TLS, wipe what was kept. */
parley_result parley_tls_client_session(const parley_tls_client *t, parley_tls_session *session);

void parley_tls_session_wipe(parley_tls_session *session);

/* Shows the plaintext to whoever traces or tests: each piece that the core took
   (after it was taken) and each that it gave (before it leaves), in the clear and
   inside TLS alike. `state` is the name of the state the piece was taken or given
   in. It may not call anything on the session and alters nothing. Secrets are in
   it: hiding them is the observer's task. NULL: none. */
typedef void (*parley_tls_observer)(void *context, bool sent, const char *state, const void *data,
                                    size_t len);
void parley_tls_client_observe(parley_tls_client *t, parley_tls_observer observer, void *context);
void parley_tls_server_observe(parley_tls_server *t, parley_tls_observer observer, void *context);

/* Shows the peer's certificates as they arrive, whatever is thought of them: the DER of
   each in pieces of any size, the end entity's first, and a call with `data` NULL when
   one is whole. It may not call anything on the session. <parley/certificate.h> reads
   them. A resumed session shows none. NULL: nobody watches. */
typedef void (*parley_tls_watcher)(void *context, const void *data, size_t len);
void parley_tls_client_watch(parley_tls_client *t, parley_tls_watcher watcher, void *context);
void parley_tls_server_watch(parley_tls_server *t, parley_tls_watcher watcher, void *context);

/* The server's twins. */
parley_result parley_tls_server_init(parley_tls_server *t, size_t size,
                                     const parley_tls_server_config *config,
                                     const parley_tls_session_input *input, parley_code *why);
size_t parley_tls_server_push(parley_tls_server *t, const void *data, size_t len);
void parley_tls_server_finish(parley_tls_server *t);
const void *parley_tls_server_out_buf(const parley_tls_server *t, size_t *len);
void parley_tls_server_out_ack(parley_tls_server *t, size_t len);
unsigned parley_tls_server_run(parley_tls_server *t);

/* SHA-256 of the SubjectPublicKeyInfo of a DER certificate, as pins are given.
   PARLEY_ILLEGAL: not a certificate. */
parley_result parley_tls_key_hash(const void *certificate, size_t len, unsigned char hash[32]);

/* Names of BearSSL's error codes and ours ("certificate not yet valid"), static. */
const char *parley_tls_error_text(int tls_code);

/* "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" and so on; static. */
const char *parley_tls_suite_name(uint16_t suite);

#ifdef __cplusplus
}
#endif
#endif
