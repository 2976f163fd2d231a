/* Whether bytes can be ANONYMOUS's message. The grammar is spec/anonymous.rl. */
#ifndef PARLEY_MACHINES_ANONYMOUS_GRAMMAR_H
#define PARLEY_MACHINES_ANONYMOUS_GRAMMAR_H

#include "parley/result.h"

bool parley_anonymous_legal(parley_string message);

#endif
