/* A file of its own, so that who lists fewer mechanisms does not link them all. */
#include "sasl.h"

/* RFC 6120 6.3.4, 13.8.3. */
const parley_mechanism *const parley_mechanisms_strong[PARLEY_MECHANISMS_STRONG] = {
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512_PLUS
    &parley_scram_sha_512_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256_PLUS
    &parley_scram_sha_256_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1_PLUS
    &parley_scram_sha_1_plus,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_512
    &parley_scram_sha_512,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_256
    &parley_scram_sha_256,
#endif
#ifndef PARLEY_WITHOUT_SCRAM_SHA_1
    &parley_scram_sha_1,
#endif
};
