/* SCRAM-SHA-1 with channel binding (RFC 5802 section 6). */
#include "scram.h"

const parley_mechanism parley_scram_sha_1_plus =
    PARLEY_SCRAM_PLUS_ROW("SCRAM-SHA-1-PLUS", PARLEY_SHA_1, PARLEY_STRENGTH_SCRAM_SHA_1_PLUS);
