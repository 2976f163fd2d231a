/* Messages of any bytes, for Eva: of every length from 0 to 16, and of 2000, flush with the end of
   their memory. A run has one known length: Eva keeps no relation between an unknown one and a
   pointer that runs up to it. Whoever includes this defines parse. */
#ifndef PARLEY_PROOF_MESSAGE_H
#define PARLEY_PROOF_MESSAGE_H

#include <parley/result.h>

#include "utf8.h"

#include "__fc_builtin.h"

#ifndef PROOF_SHORT
#define PROOF_SHORT 16u
#endif
#ifndef PROOF_LONG
#define PROOF_LONG 2000u
#endif

static void parse(parley_string message);

int main(void)
{
    static char bytes[PROOF_LONG];

    Frama_C_make_unknown(bytes, sizeof bytes);
    parse((parley_string){NULL, 0});
    //@ loop unroll PROOF_SHORT + 1;
    for (size_t len = 0; len <= PROOF_SHORT; len++) {
        parse((parley_string){bytes + (PROOF_LONG - len), len});
    }
    parse((parley_string){bytes, PROOF_LONG});
    return 0;
}

#endif
