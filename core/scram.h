/* SCRAM (RFC 5802, RFC 7677): what its files share. A mechanism of the family
   is a row, PARLEY_SCRAM_ROW, in a file of its own.

   Scratch holds, from its start, on a client
       gs2-header client-first-bare , server-first , client-final salt
   on a server
       user authzid gs2-header client-first-bare , server-first , client-final
   so that AuthMessage is the one run of bytes from `bare` to `end`. */
#ifndef PARLEY_CORE_SCRAM_H
#define PARLEY_CORE_SCRAM_H

#include "derivation.h"
#include "scram_grammar.h"
#include "scratch.h"

#define SCRAM_RANDOM     18u /* bytes of each nonce before base64 */
#define SCRAM_NONCE_TEXT 24u
#define SCRAM_SALT       16u /* bytes of a salt made here, if nothing else is said */
#define SCRAM_SECRET     32u

typedef enum scram_phase {
    SCRAM_OVER = 0, /* nothing is due: every call is out of step */
    SCRAM_SERVER_FIRST_DUE,
    SCRAM_PASSWORD_DUE,
    SCRAM_CLIENT_DERIVING,
    SCRAM_SERVER_FINAL_DUE,
    SCRAM_CLIENT_FIRST_DUE,
    SCRAM_CREDENTIAL_DUE,
    SCRAM_CLIENT_FINAL_DUE,
    SCRAM_SERVER_DERIVING
} scram_phase;

/* In parley_sasl.state. Positions are of scratch. */
typedef struct scram_state {
    uint8_t phase;
    uint8_t made_len;     /* server: of a salt made here */
    bool has_keys;        /* the answer was keys, not a password */
    bool keeps_keys;      /* server: no answer is a password, so nothing is derived */
    bool binding_offered; /* server: so "y" is a lie on the way */
    bool known;           /* server: there is such a user */
    bool derive;          /* server: a derivation is due before the verdict */
    parley_scratch scratch;
    uint32_t gs2;   /* of the gs2-header */
    uint32_t bare;  /* of client-first-message-bare, where AuthMessage begins */
    uint32_t end;   /* of AuthMessage */
    uint32_t nonce; /* the client's at first; server: then the whole one */
    uint32_t nonce_len;
    uint32_t salt_len;   /* client: of what scratch ends with */
    uint32_t iterations; /* client: the server's; server: to be told */
    uint32_t left;       /* iterations of the derivation under way */
    const parley_tls_info *tls;
    const parley_policy *policy; /* client */
} scram_state;

_Static_assert(sizeof(scram_state) <= PARLEY_SASL_STATE_SIZE, "raise PARLEY_SASL_STATE_SIZE");

/* At the end of scratch, at its last aligned place. */
typedef struct scram_secrets {
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE]; /* client: it and the next are kept, or to be */
    unsigned char client_key[PARLEY_HASH_SIZE];
    parley_derivation derivation;
    uint8_t binding_len;
    uint8_t offers_len;
    unsigned char proof[PARLEY_HASH_SIZE];   /* server: the client's; client: the v= to expect */
    unsigned char secret[SCRAM_SECRET];      /* server: makes salts */
    unsigned char salt[PARLEY_SALT_SIZE];    /* server: for a password or nobody */
    char nonce[SCRAM_NONCE_TEXT];            /* server: its part */
    unsigned char binding[PARLEY_HASH_SIZE]; /* channel-binding data */
    unsigned char offers[PARLEY_HASH_SIZE];  /* XEP-0474 */
} scram_secrets;

#define SCRAM_SECRETS_SIZE (sizeof(scram_secrets) + _Alignof(scram_secrets) - 1u)

_Static_assert(PARLEY_SASL_SIZE >= 2 * sizeof(scram_secrets), "raise PARLEY_SASL_SIZE");

/* Bytes of the mechanism's hash; known where all that the build has take SHA-256. */
static inline size_t parley_scram_hash_size(const parley_sasl *s)
{
#if defined(PARLEY_WITHOUT_SCRAM_SHA_1) && defined(PARLEY_WITHOUT_SCRAM_SHA_1_PLUS) && \
    defined(PARLEY_WITHOUT_SCRAM_SHA_512) && defined(PARLEY_WITHOUT_SCRAM_SHA_512_PLUS)
    (void)s;
    return 32;
#else
    return parley_hash_size(s->mechanism->hash);
#endif
}

scram_state *parley_scram_state(parley_sasl *s);
scram_secrets *parley_scram_secrets(const parley_sasl *s);

/* A fresh state; or what the attempt lacks. */
parley_code parley_scram_begin(parley_sasl *s, const sasl_context *context);

/* saslname of RFC 5802 section 7: ',' and '=' escaped, and back. */
void parley_scram_put_name(parley_scratch *scratch, parley_string name);
void parley_scram_put_unescaped(parley_scratch *scratch, parley_string saslname);

/* From `bare` to `end`. */
parley_string parley_scram_auth_message(parley_sasl *s);

/* Keeps the data of a type. False: there is none. */
bool parley_scram_bind(parley_sasl *s, sasl_binding binding);

/* Base64 of the gs2-header and the channel-binding data (cbind-input), into scratch. */
void parley_scram_put_binding(parley_sasl *s);

/* Whether the text is that. */
bool parley_scram_binding_matches(parley_sasl *s, parley_string text);

/* HMAC(key, AuthMessage): ClientSignature and ServerSignature. No derivation is under way. */
void parley_scram_signature(parley_sasl *s, const unsigned char *key, unsigned char *signature);

/* Decodes base64 of exactly `len` bytes. PARLEY_NO_ERROR, or
   PARLEY_ERROR_SASL_ENCODING, or `other` for another length. */
parley_code parley_scram_decode(parley_string text, unsigned char *out, size_t len,
                                parley_code other);

/* The salt of server-first. */
parley_string parley_scram_client_salt(const parley_sasl *s);

sasl_step parley_scram_client_start(parley_sasl *s, const sasl_context *context);
sasl_step parley_scram_client_credential(parley_sasl *s, const parley_answer *answer);
sasl_step parley_scram_client_step(parley_sasl *s, parley_string message);
sasl_step parley_scram_client_derived(parley_sasl *s);
sasl_step parley_scram_server_start(parley_sasl *s, const sasl_context *context,
                                    parley_string message);
sasl_step parley_scram_server_credential(parley_sasl *s, const parley_answer *answer);
sasl_step parley_scram_server_step(parley_sasl *s, parley_string message);
sasl_step parley_scram_server_derived(parley_sasl *s);
sasl_step parley_scram_work(parley_sasl *s, uint32_t iterations);

#define PARLEY_SCRAM_ROW(mechanism_name, mechanism_hash, how_strong) \
    PARLEY_SCRAM_FLAGS(mechanism_name, mechanism_hash, how_strong, 0)

/* -PLUS. */
#define PARLEY_SCRAM_PLUS_ROW(mechanism_name, mechanism_hash, how_strong) \
    PARLEY_SCRAM_FLAGS(mechanism_name, mechanism_hash, how_strong, SASL_BINDS)

#define PARLEY_SCRAM_FLAGS(mechanism_name, mechanism_hash, how_strong, more)                    \
    {                                                                                           \
        .name = mechanism_name,                                                                 \
        .flags = SASL_SERVER_PROVES | SASL_COVERS_OFFERS | SASL_TAKES_KEYS | (more),            \
        .strength = (how_strong), .random_client = SCRAM_RANDOM, .random_server = SCRAM_RANDOM, \
        .hash = mechanism_hash, .work = parley_scram_work,                                      \
        SASL_CLIENT(parley_scram_client_start, parley_scram_client_credential,                  \
                    parley_scram_client_step),                                                  \
        SASL_SERVER(parley_scram_server_start, parley_scram_server_credential,                  \
                    parley_scram_server_step)                                                   \
    }

#endif
