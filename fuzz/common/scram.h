/* SCRAM with the account's password, of the mechanism that was named, from BearSSL's parts: what a
   peer that knows the password, and what TLS has to bind to, would say. */
#ifndef PARLEY_FUZZ_SCRAM_H
#define PARLEY_FUZZ_SCRAM_H

#include "common/heard.h"

/* Of SCRAM-SHA-256, as a server keeps them. */
const parley_scram_keys *fuzz_scram_keys(void);

/* The same as a client keeps them. */
void fuzz_scram_client_keys(parley_scram_client_keys *out);

#define FUZZ_SCRAM_SIZE 2048

/* The decoded, terminated content of the last element that begins so; false: none, or it
   decodes to nothing. */
bool fuzz_scram_last(const fuzz_log *said, const char *tag, char out[FUZZ_SCRAM_SIZE]);

/* The same of the last one that decodes to something with this text in it. */
bool fuzz_scram_last_with(const fuzz_log *said, const char *tag, const char *text,
                          char out[FUZZ_SCRAM_SIZE]);

/* An element of SASL around the text; its length. */
size_t fuzz_scram_element(char *out, const char *name, const char *text, size_t len);

/* To a server: the <auth/> that opens an attempt; and one that asks for another identity. */
extern const char fuzz_scram_auth[];
size_t fuzz_scram_first(parley_string authzid, char *out);

/* To a server: the <response/> to the last challenge in what it said. To a client: the
   <challenge/> to the nonce of its last <auth/>, and the <success/> to its last
   <response/>. Into `out`; 0: there is nothing to answer. What was heard tells whose identity the
   last <auth/> asked for.

   An edit changes the byte at `at` of the response, before it is signed, or of the challenge; or
   it puts another character into the proof. NULL: none. The success is made for the challenge
   number `which` of what was heard, 0 for the one that fuzz_scram_challenge makes; with no such
   challenge there is none. */
typedef struct fuzz_edit {
    uint8_t at, change;
    bool in_proof;
    uint16_t iterations; /* what the challenge asks for in place of the byte; 0: what is right */
} fuzz_edit;

size_t fuzz_scram_response(const fuzz_log *said, const fuzz_log *heard, const parley_tls_info *tls,
                           const fuzz_edit *edit, char *out);
size_t fuzz_scram_challenge(const fuzz_log *said, const fuzz_edit *edit, char *out);
size_t fuzz_scram_success(const fuzz_log *said, const fuzz_log *heard, unsigned which,
                          const fuzz_edit *edit, char *out);

/* Whether the last message heard is one that only a peer can say which knows the password: to a
   server the proof, to a client the signature of what was said and heard, by the hash of the
   mechanism (RFC 5802 section 5); and whether the last response has the nonce, the header and what
   TLS has to bind to that are due, whole, and the header's flag is the mechanism's: "y" where no
   -PLUS was offered (section 6). */
bool fuzz_scram_proved(const fuzz_log *said, const fuzz_heard *heard, const parley_tls_info *tls,
                       parley_string mechanism, bool server);

/* Whether the nonce of each response said begins with that of the <auth/> before it, and goes
   on (RFC 5802 section 5). */
bool fuzz_scram_nonces(const fuzz_log *said);

#endif
