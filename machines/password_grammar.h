/* Whether bytes can be a password, as far as they are ASCII. The grammar is spec/password.rl. */
#ifndef PARLEY_MACHINES_PASSWORD_GRAMMAR_H
#define PARLEY_MACHINES_PASSWORD_GRAMMAR_H

#include "parley/result.h"

bool parley_password_legal(parley_string password);

#endif
