/* The structs of the BearSSL transport. Opaque: visible for their size alone.
   They hold pointers into themselves and must not be moved once initialised.
   Included by <parley/tls.h>, in the middle of it. */
#ifndef PARLEY_TLS_STATE_H
#define PARLEY_TLS_STATE_H

/* Bytes kept of the XmppAddr of a client certificate, a NUL after each. */
#if defined(PARLEY_WITHOUT_SERVER)
#undef PARLEY_TLS_ADDRESSES_SIZE
#define PARLEY_TLS_ADDRESSES_SIZE 1
#elif !defined(PARLEY_TLS_ADDRESSES_SIZE)
#define PARLEY_TLS_ADDRESSES_SIZE 512
#endif

/* Open DER elements; a certificate needs 10. */
#define PARLEY_CERTIFICATE_DEPTH 12

/* An open element of DER. */
typedef struct parley_certificate_level {
    uint32_t end;
    uint8_t kind;
    uint8_t step;
} parley_certificate_level;

/* Walks one certificate; certificate.c says who writes what. */
typedef struct parley_certificate {
    uint8_t mode;
    uint8_t depth;
    uint8_t value_kind;
    uint8_t header_len;
    uint8_t object_len;
    uint8_t extensions; /* seen, one bit a kind */
    uint8_t uses;       /* of the key, one bit a purpose */
    uint8_t signature;  /* hash of the signature algorithm */
    bool authority;
    bool key_seen;
    uint8_t header[5];  /* tag and length */
    uint8_t object[16]; /* the last OBJECT IDENTIFIER, boolean or time */
    uint32_t at;        /* offset of the next byte */
    uint32_t value_at;  /* where the present value starts */
    uint32_t value_end;
    uint32_t marks[4]; /* where these stand: issuer, subject, key, signature algorithm */
    uint32_t name_len;
    parley_certificate_level levels[PARLEY_CERTIFICATE_DEPTH];
    int64_t not_before; /* in Unix's seconds; 0: not known */
    int64_t not_after;
    unsigned char key_hash[32];
    br_sha256_context key;      /* hash of its SubjectPublicKeyInfo */
    br_multihash_context whole; /* hashes of all its bytes */
    char name[PARLEY_TLS_NAME_SIZE];
} parley_certificate;

/* What a handshake alone needs. It lies in the work block, which the core has no use for then. */
typedef struct parley_tls_handshake {
    union {
        br_x509_minimal_context minimal;
        br_x509_decoder_context decoder; /* pin_only */
    } chain;
    parley_certificate leaf;
} parley_tls_handshake;

/* The judge of the peer's certificates: an x509 class around BearSSL's. */
typedef struct parley_verifier {
    const br_x509_class *vtable; /* first: BearSSL casts */
    bool pin_only;
    bool name_found;
    bool leaf_refused;
    bool verified;
    bool chain_seen; /* the peer has sent a chain, whatever the verdict */
    bool addresses_left_out;
    uint8_t end_point_len;
    uint16_t addresses_len;
    parley_code code;      /* the verdict, after the end of the chain */
    unsigned error;        /* BearSSL's code of it */
    int detail;            /* the same, or a PARLEY_TLS_* code that says more */
    int name_difference;   /* of the name that came closest */
    uint32_t certificates; /* of the present chain */
    parley_tls_handshake *handshake;
    const struct parley_verifier_clients
        *clients; /* judges clients' certificates; NULL: a server's */
    const br_x509_trust_anchor *anchors;
    size_t anchor_count;
    const br_ec_impl *ec;
    const br_x509_pkey *key; /* pin_only */
    const unsigned char *pin;
    void (*observer)(void *context, const void *data, size_t len);
    void *observer_context;
    int64_t now; /* in Unix's seconds */
    /* Of a leaf that passed, as are the addresses: */
    int64_t not_after; /* in Unix's seconds; 0: not known */
    unsigned char key_hash[32];
    unsigned char end_point[PARLEY_HASH_SIZE]; /* tls-server-end-point */
    char domain[PARLEY_TLS_NAME_SIZE];         /* reference identifier; empty: nothing matches */
    char addresses[PARLEY_TLS_ADDRESSES_SIZE]; /* XmppAddr of a client, a NUL after each */
} parley_verifier;

/* Cuts the peer's half of a handshake; pieces.c says who writes what. */
typedef struct parley_tls_pieces {
    unsigned char header[5]; /* of a record, then of each piece of it */
    uint8_t header_len;
    uint8_t header_at;
    uint8_t mode;
    uint8_t part;
    uint8_t type;     /* of the present message */
    uint8_t messages; /* begun; at most 255 are counted */
    uint8_t last;     /* message that was given bytes of last; pieces.c */
    uint32_t record_left;
    uint32_t piece_left;
    uint32_t message_left;
    uint32_t part_left;
    uint32_t number; /* the header or length that is being read */
} parley_tls_pieces;

struct parley_tls_core;

/* What both roles share; transport.c says who writes what. */
typedef struct parley_tls_transport {
    uint8_t mode;
    bool direct;
    bool left_over;  /* the last push in the clear left bytes behind */
    bool hello_sent; /* a byte of TLS has gone out */
    bool up;
    bool closing;        /* we began the TLS closure */
    bool ended;          /* the wire did */
    bool quiet;          /* nothing was unsent when the last bytes came in */
    bool offers_session; /* client */
    bool resumed;        /* server: the cache knew the session; client: the server did */
    uint8_t end_point_len;
    uint8_t alert_at;
    uint8_t alert_len;
    br_ssl_engine_context *engine;
    const struct parley_tls_core *calls; /* the role's core */
    void *core;
    void (*observer)(void *context, bool sent, const char *state, const void *data, size_t len);
    void *observer_context;
    unsigned char *buffer;
    size_t buffer_len;
    const char *protocols[1]; /* ALPN */
    parley_tls_pieces pieces;
    int64_t session_made; /* client: of the session that it offers */
    int64_t session_expires;
    unsigned char alert[48]; /* a last record */
    /* Server: of its own certificate. Client: of the session that it offers. */
    unsigned char end_point[PARLEY_HASH_SIZE];
    unsigned char key_hash[32];
    parley_verifier verifier;
} parley_tls_transport;

typedef struct parley_tls_client {
    parley_client core;
    const parley_tls_client_config *config;
    parley_tls_transport transport;
    br_ssl_client_context tls;
} parley_tls_client;

typedef struct parley_tls_server {
    parley_server core;
    const parley_tls_server_config *config;
    parley_tls_transport transport;
    br_ssl_server_context tls;
} parley_tls_server;

#endif
