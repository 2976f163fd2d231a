/* Whole sessions over TLS in memory, both ends in one process: tls full COUNT | resumed COUNT.
   Prints the processor's time of one, handshake, SCRAM-SHA-256 and the stream. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "common/tls_resume.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    bool resumed = argc == 3 && strcmp(argv[1], "resumed") == 0;
    unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    double began;

    if (count == 0) {
        fprintf(stderr, "usage: %s full COUNT | resumed COUNT\n", argv[0]);
        return 2;
    }
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    began = now();
    for (unsigned long i = 0; i < count; i++) {
        if (!resumed) {
            resume_fresh_cache(3600);
        }
        resume_defaults(resumed ? &kept : NULL);
        resume_run(65536);
        resume_assert_ready(resumed);
        resume_close();
    }
    printf("%s: %.3f ms a session, both ends; %zu bytes up, %zu down\n", argv[1],
           (now() - began) / (double)count, session.client_side.wire_len,
           session.server_side.wire_len);
    return 0;
}
