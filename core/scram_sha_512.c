/* SCRAM-SHA-512, with the hash in the place of RFC 7677's SHA-256. */
#include "scram.h"

const parley_mechanism parley_scram_sha_512 = PARLEY_SCRAM_ROW("SCRAM-SHA-512", PARLEY_SHA_512,
                                                               PARLEY_STRENGTH_SCRAM_SHA_512);
