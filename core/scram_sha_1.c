/* SCRAM-SHA-1 (RFC 5802). */
#include "scram.h"

/* RFC 6120 13.8.1. */
const parley_mechanism parley_scram_sha_1 = PARLEY_SCRAM_ROW("SCRAM-SHA-1", PARLEY_SHA_1,
                                                             PARLEY_STRENGTH_SCRAM_SHA_1);
