/* SCRAM-SHA-256 (RFC 7677). */
#include "scram.h"

const parley_mechanism parley_scram_sha_256 = PARLEY_SCRAM_ROW("SCRAM-SHA-256", PARLEY_SHA_256,
                                                               PARLEY_STRENGTH_SCRAM_SHA_256);
