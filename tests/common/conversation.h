/* A conversation as a table: what our side says, what it hears, what else
   happens; and the log of events that it must give. It is run whole, byte by
   byte and cut at every position, with the same bytes and the same log. */
#ifndef PARLEY_TESTS_CONVERSATION_H
#define PARLEY_TESTS_CONVERSATION_H

#include "common/session.h"

typedef enum conversation_kind {
    CONVERSATION_END = 0,
    SAYS,    /* text: exactly what our side has put out since the last SAYS */
    HEARS,   /* text: what the peer sends; all of it must be taken */
    LOSES,   /* text: what the peer sends and our side does not take whole */
    TLS_UP,  /* TLS is up and the certificate verified */
    TLS_BAD, /* TLS is up and the certificate is not verified */
    ENDS,    /* the input ends */
    EXPIRES, /* the deadline passes */
    SHUTS,   /* the application closes */
    SENDS,   /* the application sends: a message of this body, or presence, roster */
    LOGS     /* text: the log of the whole run so far; the last step as a rule */
} conversation_kind;

typedef struct conversation_step {
    conversation_kind kind;
    const char *text;
} conversation_step;

typedef struct conversation {
    const parley_client_config *client; /* one of the two */
    const parley_server_config *server;
    const char *password;
    const unsigned char *random;
    size_t random_len;
    bool insecure;
    /* Another conversation cuts the way to the last HEARS everywhere: here it is cut at
       16 positions, and the last HEARS at each. */
    bool known_way;
    const conversation_step *steps;
} conversation;

/* Runs it in every chunking (above 1 kB of input: 16 cuts of its positions). */
void conversation_run(const conversation *c);

#endif
