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

/* What a client sent. Strings point into the message; data NULL: the attribute is absent. Base64
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
    parley_string without_proof; /* client-final-message-without-proof */
    parley_string proof;
    bool bad_base64;
    bool mandatory; /* m= was seen */
} scram_fields;

/* The first message or the final one. PARLEY_NO_ERROR, or why the message cannot be used:
   PARLEY_ERROR_SASL_EXTENSION, _MESSAGE (the grammar), and of a client _ENCODING (base64). Fields
   are set as far as the message was read. */
parley_code parley_scram_read_client(scram_fields *fields, bool final, parley_string message);
parley_code parley_scram_read_server(parley_string message, bool final);

/* The values of the first attributes of a server's message that can be used, encoded as they are
   there. Gives where the one behind them begins; or more than the length: there is none. */
size_t parley_scram_cut(parley_string message, parley_string *values, size_t count);

/* The number that stands there; 0: it is over 2^32 - 1. */
uint32_t parley_scram_number(parley_string text);

#endif
