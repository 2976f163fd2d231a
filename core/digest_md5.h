/* DIGEST-MD5 (RFC 2831): what its files share.

   Scratch holds, from its start, on a server the prepared user and the authzid,
   then on both the strings that the digests are made of (digest_state), then the
   message to send. */
#ifndef PARLEY_CORE_DIGEST_MD5_H
#define PARLEY_CORE_DIGEST_MD5_H

#include "digest_md5_grammar.h"
#include "hash.h"
#include "scratch.h"

#define DIGEST_RANDOM     18u
#define DIGEST_NONCE_TEXT 24u
#define DIGEST_HEX        32u
/* Sections 2.1.1 and 2.1.2. */
#define DIGEST_CHALLENGE_MAXIMUM 2047u
#define DIGEST_RESPONSE_MAXIMUM  4095u

typedef enum digest_phase {
    DIGEST_OVER = 0,
    DIGEST_CHALLENGE_DUE,
    DIGEST_PASSWORD_DUE,
    DIGEST_RSPAUTH_DUE,
    DIGEST_RESPONSE_DUE,
    DIGEST_CREDENTIAL_DUE,
    DIGEST_END_DUE
} digest_phase;

/* A string in scratch. */
typedef struct digest_span {
    uint16_t at;
    uint16_t len;
} digest_span;

/* In parley_sasl.state. Quoted strings are kept with their escapes. */
typedef struct digest_state {
    digest_span uri;  /* "xmpp/" and the host */
    digest_span host; /* in it */
    digest_span user; /* client: not escaped */
    digest_span realm;
    digest_span nonce;
    digest_span cnonce;
    digest_span authzid; /* not escaped; len 0: none */
    uint16_t used;
    uint8_t phase;
    bool utf8;          /* charset=utf-8 was said */
    bool names_escaped; /* server: the user is as in the message */
} digest_state;

_Static_assert(sizeof(digest_state) <= PARLEY_SASL_STATE_SIZE, "raise PARLEY_SASL_STATE_SIZE");
_Static_assert(PARLEY_SASL_SIZE <= UINT16_MAX, "spans are 16 bits");

/* At the end of scratch. */
typedef struct digest_secrets {
    unsigned char expected[DIGEST_HEX]; /* of the peer */
} digest_secrets;

digest_state *parley_digest_state(parley_sasl *s);
digest_secrets *parley_digest_secrets(const parley_sasl *s);
parley_scratch parley_digest_scratch(parley_sasl *s);

/* A fresh state. False: s->code says what the attempt lacks. */
bool parley_digest_begin(parley_sasl *s, const sasl_context *context);

/* Puts a string into scratch, and where it stands into `span`. */
void parley_digest_keep(parley_scratch *scratch, parley_string text, digest_span *span);
parley_string parley_digest_at(const parley_sasl *s, digest_span span);

/* Puts the digest-uri into scratch. */
void parley_digest_keep_host(parley_sasl *s, parley_scratch *scratch, parley_string host);

/* With '"' and '\' escaped (section 7.2), and the reverse. */
void parley_digest_put_escaped(parley_scratch *scratch, parley_string text);
void parley_digest_put_unescaped(parley_scratch *scratch, parley_string quoted);

/* The digests of the exchange in the state: what the client has to send, and what
   the server has to (section 2.1.2.1, qop=auth). */
void parley_digest_compute(parley_sasl *s, parley_string password, unsigned char *response,
                           unsigned char *rspauth);

sasl_step parley_digest_client_start(parley_sasl *s, const sasl_context *context);
sasl_step parley_digest_client_credential(parley_sasl *s, const parley_answer *answer);
sasl_step parley_digest_client_step(parley_sasl *s, parley_string message);
sasl_step parley_digest_server_start(parley_sasl *s, const sasl_context *context,
                                     parley_string message);
sasl_step parley_digest_server_credential(parley_sasl *s, const parley_answer *answer);
sasl_step parley_digest_server_step(parley_sasl *s, parley_string message);

#endif
