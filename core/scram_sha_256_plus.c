/* SCRAM-SHA-256 with channel binding (RFC 5802 section 6). */
#include "scram.h"

const parley_mechanism parley_scram_sha_256_plus =
    PARLEY_SCRAM_PLUS_ROW("SCRAM-SHA-256-PLUS", PARLEY_SHA_256, PARLEY_STRENGTH_SCRAM_SHA_256_PLUS);
