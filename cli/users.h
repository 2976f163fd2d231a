/* The accounts of parley serve: a text file, a user a line.

       NAME:PASSWORD
       NAME:SCRAM-SHA-256$10000:SALT$STORED:SERVER,SCRAM-SHA-1$10000:...

   Salt and keys are base64 (RFC 5803's form, more than one behind each other).
   Lines that are blank or begin with '#' are left out. */
#ifndef PARLEY_CLI_USERS_H
#define PARLEY_CLI_USERS_H

#include "report.h"
#include "text_file.h"

#include <parley/mechanism.h>
#include <parley/session.h>
#include <stdint.h>

#define USERS_MECHANISMS 4
#define USERS_ITERATIONS 10000u
#define USERS_SALT_SIZE  16
#define USERS_SALTS_SIZE (3 * USERS_SALT_SIZE)
/* Bytes of a line of users_line, terminator included. */
#define USERS_LINE_SIZE 2048
#define USERS_NONE      UINT32_MAX

typedef struct account {
    parley_string name;     /* prepared localpart */
    parley_string password; /* data NULL: the keys alone are known */
    unsigned line;          /* of the file */
    size_t key_count;
    struct user_keys {
        const parley_mechanism *mechanism;
        parley_scram_keys keys;
    } keys[USERS_MECHANISMS];
} account;

typedef struct users {
    account *list; /* sorted by name */
    uint32_t count;
    char *names;
    text_file file; /* passwords and keys stand in it */
    parley_kept kept;
    uint32_t iterations; /* of the keys, and so of what others are shown */
    uint8_t salt_len;    /* the same */
    unsigned uneven;     /* a line whose keys are not like those before; 0: none */
} users;

/* `failure` says the line and what is wrong with it. */
bool users_load(users *u, const char *path, failure *f);
void users_free(users *u);

/* The index of the prepared localpart; USERS_NONE. */
uint32_t users_find(const users *u, parley_string name);

/* What to answer a CREDENTIAL request with; false: this user cannot log in
   with that mechanism. */
bool users_credential(const account *who, parley_string mechanism, parley_answer *answer);

/* A line for the file: the SCRAM keys of the password, for SHA-256, SHA-1 and
   SHA-512. `salts` holds USERS_SALTS_SIZE fresh random bytes. */
bool users_line(parley_string name, parley_string password, const unsigned char *salts,
                char line[USERS_LINE_SIZE], failure *f);

#endif
