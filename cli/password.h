/* Where the password comes from. Never an argument: those are for all to see. */
#ifndef PARLEY_CLI_PASSWORD_H
#define PARLEY_CLI_PASSWORD_H

#include "report.h"

#include <stddef.h>

typedef struct password {
    char text[1024]; /* not terminated by need; entropy_wipe it after use */
    size_t len;
} password;

/* From the first line of `path`, if not NULL (with a warning when others may
   read the file); else from PARLEY_PASSWORD, which is wiped from the
   environment; else from a prompt on the terminal, without echo. */
bool password_get(password *p, const char *path, const char *jid, failure *f);

/* Asks on the terminal, without echo. */
bool password_ask(password *p, const char *prompt, failure *f);

#endif
