/* An attempt of a SASL mechanism alone, whose calls come in any order. */
#ifndef PARLEY_FUZZ_ATTEMPT_H
#define PARLEY_FUZZ_ATTEMPT_H

#include "common/fuzz.h"
#include "sasl.h"

typedef struct fuzz_attempt {
    const parley_mechanism *mechanism;
    bool server;
    bool over;
    parley_sasl sasl;
    sasl_context context;
    parley_policy policy;
    parley_tls_info tls;
    parley_scram_client_keys kept;
    unsigned calls;
} fuzz_attempt;

/* Settings, three bytes: role, which mechanism, a small scratch, few random bytes, or none, and two
   addresses, preparation, an address left out and a hash of what was offered; binding, keys
   alone, a policy; the scratch's size or the user. */
void fuzz_attempt_begin(fuzz_attempt *a, const uint8_t settings[3]);

/* The call of this number with this text: 0 the start, 1 a step, 2 a password, 3 a server's keys,
   4 a client's, 5 nobody's credential, 6 work, 7 another kind of answer. */
sasl_step fuzz_attempt_call(fuzz_attempt *a, uint8_t what, parley_string text);

#endif
