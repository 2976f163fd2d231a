/* A TCP connection: non-blocking, connected within a deadline. */
#ifndef PARLEY_CLI_TRANSPORT_H
#define PARLEY_CLI_TRANSPORT_H

#include "resolve.h"

typedef struct transport_result {
    int fd;
    char name[80]; /* "127.0.0.1:5222" */
} transport_result;

/* Tries the addresses in turn until one is connected. `where` stands for the
   host in messages. `signal_fd`, if not -1, ends the attempt when it becomes
   readable (then f->status is STATUS_SIGNAL). */
bool transport_connect(transport_result *result, const resolve_addresses *addresses,
                       const char *where, int64_t deadline, int signal_fd, failure *f);

/* Bytes read (0: the end), or -1: none now, -2: failed (errno). */
long transport_read(int fd, void *data, size_t len);
/* Bytes written, or -1: none now, -2: failed (errno). */
long transport_write(int fd, const void *data, size_t len);

#endif
