/* The messages of DIGEST-MD5, taken apart (RFC 2831 sections 2.1 and 7). The
   grammar is spec/digest_md5.rl. */
#ifndef PARLEY_MACHINES_DIGEST_MD5_GRAMMAR_H
#define PARLEY_MACHINES_DIGEST_MD5_GRAMMAR_H

#include "parley/result.h"

typedef enum digest_name {
    DIGEST_REALM,
    DIGEST_NONCE,
    DIGEST_QOP,
    DIGEST_STALE,
    DIGEST_MAXBUF,
    DIGEST_CHARSET,
    DIGEST_ALGORITHM,
    DIGEST_CIPHER,
    DIGEST_USERNAME,
    DIGEST_CNONCE,
    DIGEST_NC,
    DIGEST_URI,
    DIGEST_RESPONSE,
    DIGEST_RSPAUTH,
    DIGEST_AUTHZID,
    DIGEST_NAMES
} digest_name;

/* Values point into the message, without their quotes, escapes as they are; data
   NULL: the directive is absent. Of more than one the first stands. Unknown
   directives leave no trace (section 2.1.1: they are ignored). */
typedef struct digest_fields {
    parley_string values[DIGEST_NAMES];
    uint8_t counts[DIGEST_NAMES]; /* stays at 255 */
    bool quoted[DIGEST_NAMES];
    parley_string preferred_realm; /* set before: the realm to take if it is there */
    /* While it is read: positions in the message. */
    const char *message;
    size_t mark;
    size_t name;
    size_t name_end;
} digest_fields;

/* Reads a message into fields whose preferred_realm is set. False: not a list of
   directives. */
bool parley_digest_parse(digest_fields *fields, parley_string message);

/* Letters compare without case (section 7.1, "literal"); those of `literal` are small. */
bool parley_digest_same(parley_string a, const char *literal);

#endif
