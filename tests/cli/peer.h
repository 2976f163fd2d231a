/* The server that the command talks to in a test: a server core lets it log in, in the clear,
   and then the test itself speaks and listens, byte by byte. */
#ifndef PARLEY_TESTS_CLI_PEER_H
#define PARLEY_TESTS_CLI_PEER_H

#include <parley/server.h>

#include "cli/harness.h"

#define ACCOUNT "romeo@example.org"
#define JID     ACCOUNT "/orchard"

typedef struct peer {
    parley_server core;
    parley_server_config config;
    unsigned char secret[32];
    void *work;
    int listener;
    int fd;
    unsigned port;
    char heard[65536]; /* after the login; terminated */
    size_t heard_len;
} peer;

/* Listens; there is one at a time. */
peer *open_peer(void);
void close_peer(peer *p);

/* Starts `parley connect` against the peer with `more` arguments, and lets it log in. */
void begin(peer *p, run *r, const char *const more[]);

/* The session's bytes from then on. `hear` waits until the words have come. */
void say(peer *p, const char *text);
void hear(peer *p, const char *words);

/* Says all of it before it listens, unless the other side takes no more until it is heard;
   then waits until the words have come `count` times. What is heard is the caller's to free,
   terminated. */
char *say_and_hear(peer *p, const char *text, const char *words, size_t count);

/* The id of the request that was heard last. */
void last_id(const peer *p, char *id, size_t size);

/* Waits for the close tag, and answers it. */
void hear_close_and_answer(peer *p);

/* The command ends with this status, and has not shown the password. */
void ends(run *r, int status);

#endif
