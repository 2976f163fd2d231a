/* Command-line options: getopt_long with our own messages, and the values that
   several commands read. */
#ifndef PARLEY_CLI_OPTIONS_H
#define PARLEY_CLI_OPTIONS_H

#include <getopt.h>
#include <parley/mechanism.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As getopt_long with long options alone (and -h). Reports what is wrong
   itself and returns '?'; -1: no more options, and optind is the first operand. */
int options_next(int argc, char **argv, const struct option *options);

/* Decimal digits within bounds; nothing else may stand in `text`. */
bool options_number(const char *text, unsigned long least, unsigned long most,
                    unsigned long *value);

/* The value of --`name` in seconds, at least `least`, as milliseconds. STATUS_OK, or
   STATUS_USAGE and it has been said. */
int options_seconds(const char *name, const char *value, unsigned long least,
                    int64_t *milliseconds);

/* 64 hexadecimal digits; colons between bytes are allowed. */
bool options_sha256(const char *text, unsigned char hash[32]);

/* The mechanism of that name, whatever its letters' case; NULL: none. */
const parley_mechanism *options_mechanism(const char *name);

/* The names that options_mechanism knows, for messages. */
const char *options_mechanism_names(void);

#endif
