/* What went wrong: one line on stderr, and the exit status that goes with it. */
#ifndef PARLEY_CLI_REPORT_H
#define PARLEY_CLI_REPORT_H

#include <stdbool.h>

#if defined(__GNUC__)
#define REPORT_FORMAT(f, a) __attribute__((format(printf, f, a)))
#else
#define REPORT_FORMAT(f, a)
#endif

/* A failure on its way up to the command that reports it. */
typedef struct failure {
    int status;          /* of status.h */
    const char *outcome; /* a short name, as --json gives it; static */
    char text[1024];     /* where, what, and what to do */
} failure;

/* Fills `f` in and returns false, so that `return failure_set(...)` reads well. */
bool failure_set(failure *f, int status, const char *outcome, const char *format, ...)
    REPORT_FORMAT(4, 5);

/* The sub-command's name, which opens every line from now on. */
void report_command(const char *name);

/* One line on stderr: "parley COMMAND: ...". Control characters are escaped,
   so that text from a peer or a file cannot drive the terminal. */
void report(const char *format, ...) REPORT_FORMAT(1, 2);

/* The line for wrong usage, with a pointer to --help; returns STATUS_USAGE. */
int report_usage(const char *format, ...) REPORT_FORMAT(1, 2);

#endif
