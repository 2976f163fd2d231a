/* openssl as a child process, and sockets on the loopback interface. What fails
   here fails the test. */
#ifndef PARLEY_TESTS_OPENSSL_CHILD_H
#define PARLEY_TESTS_OPENSSL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How long anything may take. */
#define CHILD_SECONDS 20
#define CHILD_WORDS   40

/* A child with its input and output. */
typedef struct child {
    pid_t pid;
    int in;
    int out;
    char said[65536];
    size_t said_len;
} child;

/* Starts openssl with the words, NULL at the end. */
void child_start(child *c, const char *const *words);

/* Reads what it has said so far into `said`. */
void child_read(child *c);

/* Reads until it has said the text. */
void child_wait_for(child *c, const char *text);

void child_stop(child *c);

/* Stops what a failed test left running. */
void child_stop_all(void);

/* A socket that listens at a free port, which goes to `*bound`, or one that is
   connected to `port`. */
int loopback_open(bool listening, unsigned port, unsigned *bound);

/* The first connection; the listener is closed. */
int loopback_accept(int listener);

#endif
