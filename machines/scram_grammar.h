/* The messages of SCRAM, taken apart (RFC 5802 section 7). The grammar is
   spec/scram.rl, a machine for each
   reader; these are the fields it finds. */
#ifndef PARLEY_MACHINES_SCRAM_GRAMMAR_H
#define PARLEY_MACHINES_SCRAM_GRAMMAR_H

#include "parley/result.h"

typedef enum scram_binding {
    SCRAM_BINDING_NONE,   /* n */
    SCRAM_BINDING_UNUSED, /* y */
    SCRAM_BINDING_USED    /* p= */
} scram_binding;

/* Strings point into the message; data NULL: the attribute is absent. Base64
   is still encoded, names are still escaped. */
typedef struct scram_fields {
    const char *start;
    const char *mark;
    scram_binding binding;
    parley_string binding_name; /* after p= */
    parley_string gs2_header;   /* with its second comma */
    parley_string authzid;
    parley_string username;
    parley_string nonce;
    parley_string channel_binding;
    parley_string salt;
    parley_string without_proof; /* client-final-message-without-proof */
    parley_string proof;
    parley_string verifier;
    parley_string offers_hash; /* h= of XEP-0474 */
    uint32_t iterations;
    bool too_many; /* iterations: over 2^32 - 1 */
    bool bad_base64;
    bool mandatory; /* m= was seen */
    bool offers_twice;
} scram_fields;

/* What a client sent, or a server: the first message or the final one. PARLEY_NO_ERROR, or why the
   message cannot be used: PARLEY_ERROR_SASL_EXTENSION, _ENCODING (base64), _ITERATIONS (over
   2^32 - 1), _MESSAGE (the grammar). Fields are set as far as the message was read. */
parley_code parley_scram_read_client(scram_fields *fields, bool final, parley_string message);
parley_code parley_scram_read_server(scram_fields *fields, bool final, parley_string message);

#endif
