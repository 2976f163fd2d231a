/* SCRAM-SHA-512 with channel binding (RFC 5802 section 6). */
#include "scram.h"

const parley_mechanism parley_scram_sha_512_plus =
    PARLEY_SCRAM_PLUS_ROW("SCRAM-SHA-512-PLUS", PARLEY_SHA_512, PARLEY_STRENGTH_SCRAM_SHA_512_PLUS);
