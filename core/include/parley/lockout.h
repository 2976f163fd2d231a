/* Guessing over many sessions is slowed down: a table of the caller's that counts attempts to
   authenticate, by account and address together, by address and by account, whether there is
   such an account or not.

   Nobody is locked out for good. From a number of failures on each further one doubles the time
   to wait, up to a longest one; what is tried meanwhile is neither judged nor counted, so that
   trying on does not make it longer. Whoever guesses makes others wait at their own address alone:
   for that account, and when they tried many, for any account that has not logged in from there
   lately. What an account waits for wherever it is (`account`) is off by default, since with it
   whoever has many addresses holds others off. docs/decisions.md says what this trades off.

   An attempt counts as failed from its beginning until it has succeeded, so that neither parallel
   sessions nor those that are dropped half-way are guesses for nothing.

   Threads: as for a session; a table that sessions of several threads share is locked by the
   caller. */
#ifndef PARLEY_LOCKOUT_H
#define PARLEY_LOCKOUT_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Entries that an attempt is looked for among; a table has at least so many. */
#define PARLEY_LOCKOUT_WAYS 8u

typedef struct parley_lockout_settings {
    uint16_t account_at_address; /* failures before one has to wait */
    uint16_t address;            /* the same, whatever the accounts */
    uint16_t account;            /* the same, whatever the addresses; 0: never */
    uint32_t first;           /* milliseconds of the first wait; each further one is twice that */
    uint32_t longest;         /* at most so many, for the first two */
    uint32_t longest_account; /* and for the third */
    uint32_t memory;          /* milliseconds after the last failure until all is forgotten */
} parley_lockout_settings;

/* Five failures, 20 of an address; 1 s to 15 minutes (10 s for what an account waits for wherever
   it is); an hour. */
#define PARLEY_LOCKOUT_DEFAULT                 \
    {                                          \
        5, 20, 0, 1000, 900000, 10000, 3600000 \
    }

/* Opaque; visible for its size. All zero: free. */
typedef struct parley_lockout_entry {
    uint64_t key; /* of the names, by a secret: none can be made to collide */
    uint64_t at;  /* of the last failure or success */
    uint16_t failures;
    bool good; /* the account has logged in from the address */
} parley_lockout_entry;

typedef struct parley_lockout {
    parley_lockout_entry *entries;
    size_t count;
    parley_lockout_settings settings;
    unsigned char secret[32];
} parley_lockout;

/* One attempt, to be kept until it has succeeded or its session has ended. */
typedef struct parley_lockout_attempt {
    uint64_t keys[3];
} parley_lockout_attempt;

/* Sets an empty table up. `count` entries are the caller's, as long as the table: one attempt
   takes up to three, for `memory`. What does not fit pushes out what is forgotten first: the
   fewest failures, of those the oldest. `secret` are 32 random bytes. PARLEY_MISUSE: too few
   entries, no secret, or a setting of 0 that has no meaning. */
parley_result parley_lockout_init(parley_lockout *l, parley_lockout_entry *entries, size_t count,
                                  const parley_lockout_settings *settings,
                                  const unsigned char *secret);

/* When CREDENTIAL is asked for: `user` as the request has it, `address` whatever stands for one
   host (of IPv6 its /64 network), `now` milliseconds of a clock that does not go back. 0: judge
   it; it is counted. Else the milliseconds to wait: it is not to be judged
   (PARLEY_REFUSE_UNAVAILABLE), and was not counted. */
uint32_t parley_lockout_begin(parley_lockout *l, parley_lockout_attempt *attempt,
                              parley_string user, parley_string address, uint64_t now);

/* On AUTHENTICATED: takes the count of this attempt back, and forgets the failures of the account
   at this address. Those of the address and of the account stay. */
void parley_lockout_succeeded(parley_lockout *l, const parley_lockout_attempt *attempt,
                              uint64_t now);

/* Forgets everything. */
void parley_lockout_wipe(parley_lockout *l);

#ifdef __cplusplus
}
#endif
#endif
