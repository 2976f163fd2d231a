/* DIGEST-MD5 with the account's password, from BearSSL's MD5: what a peer that knows the
   password would say (RFC 2831). */
#ifndef PARLEY_FUZZ_DIGEST_H
#define PARLEY_FUZZ_DIGEST_H

#include "common/scram.h"

/* To a server: the <response/> to the last challenge in what it said. To a client: the first
   <challenge/>, or once it has responded what proves the server, in an element of that name.
   Into `out`, FUZZ_SCRAM_SIZE bytes; 0: there is nothing to answer. An edit in the proof changes a
   digit of it. */
size_t fuzz_digest_response(const fuzz_log *said, const fuzz_edit *edit, char *out);
size_t fuzz_digest_proof(const fuzz_log *said, const char *element, const fuzz_edit *edit,
                         char *out);

/* Whether the last message heard is one that only a peer can say which knows the password: to a
   server the response to its challenge, to a client what proves the server (section 2.1). What
   this end has said itself has to be right, too. */
bool fuzz_digest_proved(const fuzz_log *said, const fuzz_heard *heard, bool server);

/* The identity that a response asks for, unquoted, into `out` of FUZZ_SASL_SIZE bytes; its
   length; 0: none. */
size_t fuzz_digest_authzid(const char *response, char *out);

#endif
