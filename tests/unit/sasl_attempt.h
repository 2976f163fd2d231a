/* An attempt with its scratch, and the exchanges that the SASL tests repeat. */
#ifndef PARLEY_TESTS_UNIT_SASL_ATTEMPT_H
#define PARLEY_TESTS_UNIT_SASL_ATTEMPT_H

#include "sasl.h"

#define PASSWORD "r0m30myr0m30"

/* Base64 of these 18 bytes is fyko+d2lbbFgONRv9qkxdawL, RFC 5802's own nonce. */
#define NONCE_TEXT "fyko+d2lbbFgONRv9qkxdawL"

typedef struct attempt {
    parley_sasl sasl;
    unsigned char scratch[PARLEY_SASL_SIZE];
} attempt;

/* A string literal, or a terminated string, as a parley_string. */
parley_string text_of(const char *terminated);

/* What both roles know: 18 bytes that give NONCE_TEXT, at most 20000 iterations
   on a client, 4096 on a server, a fixed secret. */
sasl_context client_context(const char *user);
sasl_context server_context(void);

/* Zeroes an attempt and gives it its mechanism and scratch. */
void attempt_init(attempt *a, const parley_mechanism *mechanism);
/* A copy that lives on its own: its scratch and the strings in it are its own. */
void attempt_copy(attempt *to, const attempt *from);

sasl_step give_password(attempt *a, bool client, parley_string password);
/* Works in slices of `slice` until there is none left; `calls` counts, if not NULL. */
sasl_step work_through(attempt *a, uint32_t slice, uint32_t *calls);

/* Whether the bytes stand anywhere in the attempt, the pointers' values apart. */
bool attempt_holds(const attempt *a, const void *bytes, size_t len);
/* Whether scratch and state are zero throughout. */
bool attempt_is_blank(const attempt *a);

/* One SCRAM exchange of user romeo with PASSWORD, 4096 iterations and the salt
   "salt", and both ends as they were when each message was due. */
typedef struct recording {
    const parley_mechanism *mechanism;
    attempt client_at_server_first;
    attempt client_at_server_final;
    attempt server_at_client_final;
    char client_first[128];
    char server_first[256];
    char client_final[256];
    char server_final[128];
    unsigned char stored_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
    parley_scram_keys keys;
} recording;

void record(recording *r, const parley_mechanism *mechanism);

/* The message flush against an unreadable page; one at a time. */
parley_string guarded(parley_string message);

/* A small generator for mutations, the same on every machine. */
uint32_t next_random(uint32_t *seed);
/* Changes, inserts or removes up to 4 bytes; `buffer` has 1024 bytes. */
parley_string mutated(parley_string message, char *buffer, uint32_t *seed);

#endif
