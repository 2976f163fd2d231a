/* The seam between the negotiation and the SASL mechanisms: messages without
   base64 and without XML (RFC 4422 section 5). A mechanism is a row, struct
   parley_mechanism, with both roles together.

   The caller sets sasl->mechanism and sasl->scratch, then calls start. Messages
   given to a mechanism do not lie in the scratch area.

   A mechanism writes what it sends, and keeps the messages it must hash, in
   sasl->scratch. When it is refused, all of state and scratch is wiped
   (parley_sasl_wipe); when it has proved, all but user, authzid and out, which
   stay until the caller wipes them. */
#ifndef PARLEY_CORE_SASL_H
#define PARLEY_CORE_SASL_H

#include "parley/stream.h"

typedef enum sasl_step {
    SASL_SEND,       /* sasl->out goes out; the peer's next message is due */
    SASL_CREDENTIAL, /* a credential is needed before going on */
    SASL_WORK,       /* key derivation is due: call work until it says else */
    SASL_PROVED,     /* client: the server proved itself; server: the client did.
                        On a server sasl->out, if not NULL, goes with <success/> */
    SASL_REFUSED     /* sasl->code says why; the attempt is over and wiped */
} sasl_step;

enum {
    SASL_CREDENTIAL_FIRST = 1, /* client: the credential is needed for the first message */
    SASL_SERVER_PROVES = 2,    /* success counts only after PROVED */
    SASL_NEEDS_TLS = 4,        /* the credential itself crosses the wire */
    SASL_BINDS = 8,            /* binds to the TLS channel (-PLUS) */
    SASL_COVERS_OFFERS = 16,   /* takes context.offers */
    SASL_BY_CERTIFICATE = 32,  /* server: offered where a client certificate was verified */
    SASL_BY_IDENTITY = 64,     /* server: the answer is no secret but a user or a YES; client:
                                  it may do without a localpart */
    SASL_TAKES_KEYS = 128      /* server: the answer may be keys of SCRAM */
};

/* Channel binding: what a SCRAM client says of it (RFC 5802 section 6), or the
   type that is used (RFC 5929). */
typedef enum sasl_binding {
    SASL_BINDING_NONE = 0, /* "n": not possible, or the peer has no type of ours */
    SASL_BINDING_UNUSED,   /* "y": possible, and the server does not offer it */
    SASL_BINDING_END_POINT,
    SASL_BINDING_UNIQUE
} sasl_binding;

/* What both roles know when an attempt begins. Strings live during the call,
   tls as long as the attempt. */
typedef struct sasl_context {
    parley_string user;          /* client: the prepared localpart */
    parley_string host;          /* the prepared domainpart */
    parley_string authzid;       /* client: data NULL: none */
    parley_string random;        /* mechanism->random_client / random_server fresh bytes */
    const parley_policy *policy; /* client: as long as the attempt */
    uint32_t iterations;         /* server: for passwords */
    const unsigned char *secret; /* server: 32 bytes, makes salts; or NULL */
    uint8_t salt_len;            /* server: of those; 0: 16 */
    bool keeps_keys;             /* server: no credential is a password */
    parley_string offers;        /* XEP-0474: the hash of what the server offered, by the
                                    mechanism's own hash; data NULL: not known */
    sasl_binding binding;        /* client: what is said or used */
    bool binding_offered;        /* server: a mechanism that binds was offered */
    const parley_tls_info *tls;  /* NULL: none */
} sasl_context;

struct parley_mechanism {
    const char *name;
    uint8_t flags;
    uint8_t strength;      /* parley_strength */
    uint8_t random_client; /* bytes of RANDOM an attempt takes */
    uint8_t random_server;
    const void *hash; /* const br_hash_class *, or NULL */

    /* Client. start: SEND, or CREDENTIAL. credential: after CREDENTIAL: SEND or WORK.
       step: a challenge, or the data of <success/>: SEND, CREDENTIAL, PROVED. */
    sasl_step (*client_start)(parley_sasl *s, const sasl_context *context);
    sasl_step (*client_credential)(parley_sasl *s, const parley_answer *answer);
    sasl_step (*client_step)(parley_sasl *s, parley_string message);

    /* Server. start: the initial response (data NULL: there was none): CREDENTIAL with
       s->user and s->authzid set, or SEND of an empty challenge that asks for it.
       credential: answer NULL: no such user; goes through the same motions.
       step: a response. */
    sasl_step (*server_start)(parley_sasl *s, const sasl_context *context, parley_string message);
    sasl_step (*server_credential)(parley_sasl *s, const parley_answer *answer);
    sasl_step (*server_step)(parley_sasl *s, parley_string message);

    /* Both: at most `iterations` of key derivation; WORK while there is more. */
    sasl_step (*work)(parley_sasl *s, uint32_t iterations);
};

#if !defined(PARLEY_WITHOUT_SCRAM_SHA_1) || !defined(PARLEY_WITHOUT_SCRAM_SHA_1_PLUS) ||     \
    !defined(PARLEY_WITHOUT_SCRAM_SHA_256) || !defined(PARLEY_WITHOUT_SCRAM_SHA_256_PLUS) || \
    !defined(PARLEY_WITHOUT_SCRAM_SHA_512) || !defined(PARLEY_WITHOUT_SCRAM_SHA_512_PLUS)
#define SASL_SCRAM /* there is one of its mechanisms */
#endif

/* A client's keys of an earlier login with SCRAM, and those of this one. A session that does not
   ask for it (parley_client_keep_keys) does not link it. */
typedef struct parley_sasl_keeper {
    bool (*fits)(const parley_sasl *s, parley_string keys); /* the challenge, and the mechanism */
    sasl_step (*take)(parley_sasl *s, parley_string keys);  /* once they fit */
    void (*hand_out)(parley_sasl *s);                       /* once the server has proved itself */
} parley_sasl_keeper;

extern const parley_sasl_keeper parley_scram_keeper;

/* What the mechanisms of this build all say, and what some may. What follows from the rest is
   known when compiled, and left out. */
#if defined(PARLEY_WITHOUT_SCRAM_SHA_1_PLUS) && defined(PARLEY_WITHOUT_SCRAM_SHA_256_PLUS) && \
    defined(PARLEY_WITHOUT_SCRAM_SHA_512_PLUS)
#define SASL_WITHOUT_PLUS
#define SASL_OF_PLUS 0u
#else
#define SASL_OF_PLUS SASL_BINDS
#endif
#if defined(PARLEY_WITHOUT_PLAIN) && defined(PARLEY_WITHOUT_EXTERNAL) && \
    defined(PARLEY_WITHOUT_ANONYMOUS) && defined(PARLEY_WITHOUT_DIGEST_MD5)
#define SASL_ALL  (SASL_SERVER_PROVES | SASL_COVERS_OFFERS | SASL_TAKES_KEYS) /* SCRAM alone */
#define SASL_SOME SASL_OF_PLUS
#else
#define SASL_ALL  0u
#define SASL_SOME (SASL_OF_PLUS | (0xFFu & ~(unsigned)SASL_BINDS))
#endif

/* A client of one mechanism that does not bind has nothing that the hash of what was offered
   (XEP-0474) could tell it: no stronger mechanism or binding of its own was passed over. All but
   one of the seven that do not bind are left out then. */
#if !defined(SASL_WITHOUT_PLUS) ||                                                  \
    defined(PARLEY_WITHOUT_SCRAM_SHA_1) + defined(PARLEY_WITHOUT_SCRAM_SHA_256) +   \
            defined(PARLEY_WITHOUT_SCRAM_SHA_512) + defined(PARLEY_WITHOUT_PLAIN) + \
            defined(PARLEY_WITHOUT_EXTERNAL) + defined(PARLEY_WITHOUT_ANONYMOUS) +  \
            defined(PARLEY_WITHOUT_DIGEST_MD5) !=                                   \
        6
#define SASL_CHOOSES
#endif
#if defined(SASL_CHOOSES) || !defined(PARLEY_WITHOUT_SERVER)
#define SASL_HASHES_OFFERS
#endif

/* The one mechanism of such a build: what it says and does is known when compiled. */
#ifndef SASL_CHOOSES
#if !defined(PARLEY_WITHOUT_SCRAM_SHA_256)
#define SASL_ONLY parley_scram_sha_256
#elif !defined(PARLEY_WITHOUT_SCRAM_SHA_1)
#define SASL_ONLY parley_scram_sha_1
#elif !defined(PARLEY_WITHOUT_SCRAM_SHA_512)
#define SASL_ONLY parley_scram_sha_512
#elif !defined(PARLEY_WITHOUT_PLAIN)
#define SASL_ONLY parley_plain
#elif !defined(PARLEY_WITHOUT_EXTERNAL)
#define SASL_ONLY parley_external
#elif !defined(PARLEY_WITHOUT_ANONYMOUS)
#define SASL_ONLY parley_anonymous
#else
#define SASL_ONLY parley_digest_md5
#endif
#endif

/* A mechanism that init has taken, or one of those. */
static inline const parley_mechanism *parley_mechanism_of(const parley_mechanism *mechanism)
{
#ifdef SASL_CHOOSES
    return mechanism;
#else
    (void)mechanism;
    return &SASL_ONLY;
#endif
}

/* How many of those listed there are. */
static inline size_t parley_mechanism_count(size_t count)
{
#ifdef SASL_CHOOSES
    return count;
#else
    (void)count;
    return 1;
#endif
}

static inline bool parley_mechanism_is(const parley_mechanism *mechanism, unsigned flag)
{
    return (((mechanism->flags & SASL_SOME) | SASL_ALL) & flag) != 0;
}

/* What parley_policy_judge answers, each topic for itself. */
bool parley_policy_allows(const parley_policy *policy, const parley_mechanism *mechanism, bool tls,
                          bool binding);
bool parley_policy_allows_iterations(const parley_policy *policy, uint64_t iterations);

/* Forgets the attempt: wipes state and scratch, mechanism and strings become
   NULL. Scratch and code stay set. */
void parley_sasl_wipe(parley_sasl *s);

/* How a mechanism refuses: wipes, sets the code. */
sasl_step parley_sasl_refuse(parley_sasl *s, parley_code code);

/* An empty challenge that asks for the initial response. */
sasl_step parley_sasl_ask_first(parley_sasl *s);

/* Wipes memory that the compiler may not leave out. */
void parley_wipe(void *memory, size_t len);

/* Whether the bytes are equal, in time that depends on `len` alone. */
bool parley_equal_secret(const void *a, const void *b, size_t len);

/* A row's functions of one role; NULL where the build leaves that role out. */
#ifndef PARLEY_WITHOUT_CLIENT
#define SASL_CLIENT(start, credential, step) \
    .client_start = (start), .client_credential = (credential), .client_step = (step)
#else
#define SASL_CLIENT(start, credential, step) .client_start = NULL
#endif
#ifndef PARLEY_WITHOUT_SERVER
#define SASL_SERVER(start, credential, step) \
    .server_start = (start), .server_credential = (credential), .server_step = (step)
#else
#define SASL_SERVER(start, credential, step) .server_start = NULL
#endif

#endif
