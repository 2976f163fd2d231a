/* A file of its own, so that who lists fewer mechanisms does not link them all. */
#include "sasl.h"

/* RFC 6120 6.3.4, 13.8.3. */
const parley_mechanism *const parley_mechanisms_strong[PARLEY_MECHANISMS_STRONG] = {
    &parley_scram_sha_512_plus, &parley_scram_sha_256_plus, &parley_scram_sha_1_plus,
    &parley_scram_sha_512,      &parley_scram_sha_256,      &parley_scram_sha_1,
};
