/* SASL mechanisms are table rows: a configuration lists the ones it wants, in
   order of preference, and only those are linked. */
#ifndef PARLEY_MECHANISM_H
#define PARLEY_MECHANISM_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct parley_mechanism parley_mechanism;

/* With channel binding (RFC 5802 section 6) to what TLS gives of RFC 5929:
   tls-server-end-point, else tls-unique. A client uses one if the server offers
   it and has a type of ours: by XEP-0440's list, or without a list tls-unique,
   RFC 5802's default. A server offers them while TLS has a binding; CREDENTIAL
   then says "-PLUS" too, and is answered with the same password or keys. */
extern const parley_mechanism parley_scram_sha_512_plus;
extern const parley_mechanism parley_scram_sha_256_plus;
extern const parley_mechanism parley_scram_sha_1_plus;

extern const parley_mechanism parley_scram_sha_512; /* RFC 7677 with SHA-512 */
extern const parley_mechanism parley_scram_sha_256; /* RFC 7677 */
extern const parley_mechanism parley_scram_sha_1;   /* RFC 5802 */
extern const parley_mechanism parley_plain;         /* RFC 4616; only inside verified TLS */

/* RFC 4422 and XEP-0178: the TLS client certificate. A client lists it when it has
   a certificate. A server offers it where one was verified that has addresses
   (parley_tls_info); CREDENTIAL with its name asks whether `user` may log in, and
   is answered YES. */
extern const parley_mechanism parley_external;

/* RFC 4505. A server's CREDENTIAL is answered with PARLEY_ANSWER_USER: a localpart
   of the application's making. A client needs no localpart of its own. */
extern const parley_mechanism parley_anonymous;

/* RFC 2831, retired by RFC 6331: for old servers and clients that have nothing
   better, and in no default list. A server has to have the password itself. */
extern const parley_mechanism parley_digest_md5;

/* All of SCRAM that the build has, strongest first. Naming it links all three hashes. */
extern const parley_mechanism *const parley_mechanisms_strong[];

/* Places in that list, and how many there are. */
enum {
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512_PLUS
    PARLEY_STRONG_SCRAM_SHA_512_PLUS,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256_PLUS
    PARLEY_STRONG_SCRAM_SHA_256_PLUS,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1_PLUS
    PARLEY_STRONG_SCRAM_SHA_1_PLUS,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512
    PARLEY_STRONG_SCRAM_SHA_512,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256
    PARLEY_STRONG_SCRAM_SHA_256,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1
    PARLEY_STRONG_SCRAM_SHA_1,
#endif
    PARLEY_MECHANISMS_STRONG
};

/* A server that keeps keys answers PLAIN with those of SCRAM-SHA-256, the hash
   that PLAIN's row links. PLAIN runs as many iterations for a password, or for
   nobody, as the server's configuration tells SCRAM clients. */

/* How strong a mechanism is, weakest first. A list's order is the application's
   preference; strength is for its lower bound. */
typedef enum parley_strength {
    PARLEY_STRENGTH_ANY = 0,
    PARLEY_STRENGTH_ANONYMOUS,  /* proves nothing */
    PARLEY_STRENGTH_PLAIN,      /* the server learns the password */
    PARLEY_STRENGTH_DIGEST_MD5, /* RFC 6331 says what is wrong with it */
    PARLEY_STRENGTH_SCRAM_SHA_1,
    PARLEY_STRENGTH_SCRAM_SHA_256,
    PARLEY_STRENGTH_SCRAM_SHA_512,
    PARLEY_STRENGTH_SCRAM_SHA_1_PLUS,
    PARLEY_STRENGTH_SCRAM_SHA_256_PLUS,
    PARLEY_STRENGTH_SCRAM_SHA_512_PLUS,
    PARLEY_STRENGTH_EXTERNAL /* no password at all */
} parley_strength;

parley_strength parley_mechanism_strength(const parley_mechanism *mechanism);

/* What SASL may do, in both roles, beside the list of mechanisms, which alone allows any: PLAIN,
   DIGEST-MD5 and ANONYMOUS have to be named there. docs/sasl.md has it as a table. */
typedef struct parley_policy {
    parley_strength minimum; /* weaker ones are neither used nor offered. To pin the one that was
                                used last, keep its strength and make it the minimum; by XEP-0474
                                section 6 at least PARLEY_STRENGTH_SCRAM_SHA_1 once SCRAM was */
    bool as_listed;          /* client: of those that may be used the first of the list; else the
                                strongest */
    uint32_t iterations_minimum; /* client: what SCRAM's server may ask for; below
                                    PARLEY_ITERATIONS_MINIMUM it counts as that */
    uint32_t iterations_maximum;
    uint8_t attempts; /* server: failed ones that end the stream. A client makes one a session */
    bool own_only;    /* server: who authenticates acts as itself, and AUTHORIZE is not asked */
} parley_policy;

typedef enum parley_policy_topic {
    PARLEY_POLICY_MECHANISM,  /* mechanism, tls, binding: may it be used, or offered? */
    PARLEY_POLICY_ITERATIONS, /* iterations: may the server ask for so many? */
    PARLEY_POLICY_ATTEMPT,    /* failures: may there be another attempt after so many? */
    PARLEY_POLICY_AUTHZID     /* own: may one act as that account of the host? */
} parley_policy_topic;

typedef struct parley_policy_question {
    parley_policy_topic topic;
    const parley_mechanism *mechanism;
    bool tls;     /* up, and on a client verified */
    bool binding; /* a channel-binding type that both ends have */
    bool own;     /* the account is the user's own */
    uint32_t failures;
    uint64_t iterations;
} parley_policy_question;

typedef enum parley_policy_verdict {
    PARLEY_POLICY_REFUSED = 0,
    PARLEY_POLICY_ALLOWED,
    PARLEY_POLICY_ASK /* the application decides (AUTHORIZE) */
} parley_policy_verdict;

/* Pure. Both cores ask nothing else. */
parley_policy_verdict parley_policy_judge(const parley_policy *policy,
                                          const parley_policy_question *question);

/* "SCRAM-SHA-256" and so on; static. */
const char *parley_mechanism_name(const parley_mechanism *mechanism);

/* Bounds of SCRAM's iteration count (RFC 7677 section 4, RFC 5802 section 9). */
#define PARLEY_ITERATIONS_MINIMUM 4096u
#ifndef PARLEY_ITERATIONS_MAXIMUM
#define PARLEY_ITERATIONS_MAXIMUM 200000u
#endif

/* Longest password, bytes. RFC 4616 section 2 asks for 255 at least.

   Passwords are UTF-8 without control characters. What goes beyond ASCII is
   prepared before it is used, as parley_password_preparation says; the prepared
   form is at most as long. */
#ifndef PARLEY_PASSWORD_SIZE
#define PARLEY_PASSWORD_SIZE 1023u
#endif

/* How passwords beyond ASCII are prepared. SASLprep is what RFC 5802 and RFC 4616
   ask for; it knows the characters of Unicode 3.2 alone and refuses others in
   SCRAM and in what a server stores (emoji, for one). OpaqueString takes those of
   Unicode 15.0. Both sides must prepare alike. Built with PARLEY_UNICODE=OFF both
   refuse what goes beyond ASCII. */
typedef enum parley_password_preparation {
    PARLEY_SASLPREP,     /* RFC 4013 */
    PARLEY_OPAQUE_STRING /* RFC 8265 section 4.2 */
} parley_password_preparation;

/* The prepared password: in `buffer`, or the password itself, if it is ASCII.
   `stored`: as RFC 4013 says of stored strings, and RFC 5802 of all; else as of
   queries. PARLEY_OK, PARLEY_ILLEGAL (prohibited or not UTF-8, empty, too long),
   PARLEY_NO_ROOM (PARLEY_PASSWORD_SIZE bytes always do). The buffer is the
   caller's to wipe. */
parley_result parley_password_prepare(parley_password_preparation how, bool stored,
                                      parley_string password, char *buffer, size_t size,
                                      parley_string *prepared);

/* Why the password cannot be used and what to do about it, one line, static;
   NULL: it can. Built with PARLEY_REASONS=OFF the line is empty. */
const char *parley_password_reason(parley_password_preparation how, bool stored,
                                   parley_string password);

/* Longest hash output of a mechanism in this version, bytes. */
#define PARLEY_HASH_SIZE 64

/* What a server keeps of a password for SCRAM (RFC 5802 section 3). The keys
   have the length of the mechanism's hash; at least PARLEY_ITERATIONS_MINIMUM
   iterations. */
typedef struct parley_scram_keys {
    parley_string salt;
    uint32_t iterations;
    parley_string stored_key;
    parley_string server_key;
} parley_scram_keys;

/* Longest salt that a client keeps and a server makes, bytes. */
#ifndef PARLEY_SALT_SIZE
#define PARLEY_SALT_SIZE 64
#endif

/* What a server's application answers CREDENTIAL with. An unknown user
   (PARLEY_REFUSE_UNKNOWN) takes the way of all others and fails at its end: as many
   turns, the same derivation, a salt and an iteration count of the configuration's.
   So an application that keeps keys makes them with that count and that length of
   salt. What it takes to look a name up is the application's own to level. */
typedef enum parley_kept {
    PARLEY_KEEPS_PASSWORDS = 0, /* or keys for some: every attempt derives */
    PARLEY_KEEPS_KEYS           /* alone: SCRAM derives nothing, and a password is misuse
                                   (but for DIGEST-MD5, which has to have it) */
} parley_kept;

/* What a client may keep of a login with SCRAM in place of the password, and
   answer with later (PARLEY_ANSWER_CLIENT_KEYS), which also saves the derivation
   (RFC 5802 section 5.1, "i="). It is a secret: with it one can log in to the one
   server, by the one hash, until the password or its salt changes. Plain bytes,
   for the application to store; key_len 0: nothing. */
typedef struct parley_scram_client_keys {
    uint32_t iterations;
    uint8_t salt_len;
    uint8_t key_len; /* of the hash: which one follows from it */
    unsigned char salt[PARLEY_SALT_SIZE];
    unsigned char client_key[PARLEY_HASH_SIZE];
    unsigned char server_key[PARLEY_HASH_SIZE];
} parley_scram_client_keys;

/* Derives StoredKey and ServerKey in one go, for tools that add users; a
   session slices the same work. Each output has PARLEY_HASH_SIZE bytes,
   `*hash_len` of them used. PARLEY_MISUSE: not a SCRAM mechanism, no salt, or
   an iteration count of 0. PARLEY_REFUSED: the password holds a character that
   SASLprep prohibits. */
parley_result parley_scram_derive(const parley_mechanism *mechanism, parley_string password,
                                  parley_string salt, uint32_t iterations,
                                  unsigned char *stored_key, unsigned char *server_key,
                                  size_t *hash_len);

/* The same of a password that parley_password_prepare gave, for other preparations
   than SASLprep; only its length is looked at. */
parley_result parley_scram_derive_prepared(const parley_mechanism *mechanism,
                                           parley_string prepared, parley_string salt,
                                           uint32_t iterations, unsigned char *stored_key,
                                           unsigned char *server_key, size_t *hash_len);

#ifdef __cplusplus
}
#endif
#endif
