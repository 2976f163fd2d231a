/* Runs the command and takes down all that it says, within a bound of time. */
#ifndef PARLEY_TESTS_CLI_HARNESS_H
#define PARLEY_TESTS_CLI_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct run {
    pid_t pid;
    int out_fd; /* -1: its end has been seen */
    int err_fd;
    int terminal; /* the pseudo-terminal's master; -1: the command has no terminal */
    int status;   /* of exit; 256 + signal */
    char *out;    /* all of standard output, terminated */
    size_t out_len;
    char *err;
    size_t err_len;
    char *typed; /* what the terminal shows */
    size_t typed_len;
} run;

/* The command's path: the test's first argument. */
extern const char *harness_command;

/* Starts it with these arguments (NULL behind the last) and standard input;
   PARLEY_PASSWORD is `password`, if not NULL. It has no controlling terminal,
   or, with `terminal`, a pseudo-terminal. */
void run_start(run *r, const char *const arguments[], const char *input, size_t input_len,
               const char *password, bool terminal);

/* Reads until standard output (or error, or the terminal) holds `words`. */
void run_until_out(run *r, const char *words);
void run_until_err(run *r, const char *words);
void run_until_typed(run *r, const char *words);

void run_signal(const run *r, int number);

/* Types at the terminal. */
void run_type(const run *r, const char *text);

/* Waits for its end, and takes the rest. */
void run_finish(run *r);
void run_free(run *r);

/* All at once, without a terminal. */
void run_whole(run *r, const char *const arguments[], const char *input, const char *password);

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Ends with this status, one line on standard error that holds the words, and
   nothing on standard output. */
void run_refused(const char *const arguments[], int status, const char *words);

/* Number of lines; the last one must be complete. */
size_t lines_of(const char *text);

/* Whether each line is one JSON object; fails the test with the line if not. */
void check_json_lines(const char *text);

/* A listening socket on loopback, and one that is bound but refuses. */
int listen_somewhere(unsigned *port);
int refuse_somewhere(unsigned *port);

/* Milliseconds that only go forward. */
long long now(void);

#endif
