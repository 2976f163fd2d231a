/* SCRAM-SHA-256 with the account's password, from BearSSL's parts: what a peer that knows
   the password would say. */
#ifndef PARLEY_FUZZ_SCRAM_H
#define PARLEY_FUZZ_SCRAM_H

#include "common/fuzz.h"

const parley_scram_keys *fuzz_scram_keys(void);

#define FUZZ_SCRAM_SIZE 2048

/* To a server: the <auth/> that opens an attempt. */
extern const char fuzz_scram_auth[];

/* To a server: the <response/> to the last challenge in what it said. To a client: the
   <challenge/> to the nonce of its last <auth/>, and the <success/> to its last
   <response/>. Into `out`; 0: there is nothing to answer. */
size_t fuzz_scram_response(const fuzz_log *said, char *out);
size_t fuzz_scram_challenge(const fuzz_log *said, char *out);
size_t fuzz_scram_success(const fuzz_log *said, char *out);

#endif
