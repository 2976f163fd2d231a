/* Passwords: what they may be is judged by the machine (spec/password.rl: no control
   characters); one that is ASCII is taken as it is, others are UTF-8 and mapped
   (core/password_mapped.c). Secrets pass here: on refusal nothing of them stays in
   the buffer. */
#include "parley/mechanism.h"

#include "password_grammar.h"
#include "precis.h"

const char parley_not_password[] =
    "a password is UTF-8 without control characters, and not empty; correct it";

/* `*password` becomes the prepared one. */
static parley_result prepare(parley_password_preparation how, bool stored, parley_string *password,
                             text_out *out, problem *why)
{
    if (!parley_password_legal(*password)) {
        (void)parley_problem(why, 0, parley_not_password);
        return PARLEY_ILLEGAL;
    }
    if (!parley_is_ascii(*password)) {
        return parley_password_map(how, stored, password, out, why);
    }
    if (password->len > PARLEY_PASSWORD_SIZE) {
        (void)parley_problem(why, PARLEY_PASSWORD_SIZE, "the password is too long; shorten it");
        return PARLEY_ILLEGAL;
    }
    return PARLEY_OK;
}

parley_result parley_password_prepare(parley_password_preparation how, bool stored,
                                      parley_string password, char *buffer, size_t size,
                                      parley_string *prepared)
{
    text_out out = {buffer, size, 0};
    problem why;
    parley_result result = prepare(how, stored, &password, &out, &why);

    if (result == PARLEY_OK) {
        *prepared = password;
    }
    return result;
}

const char *parley_password_reason(parley_password_preparation how, bool stored,
                                   parley_string password)
{
    text_out out = {NULL, 0, 0};
    problem why;

    return prepare(how, stored, &password, &out, &why) == PARLEY_ILLEGAL
               ? parley_problem_reason(&why)
               : NULL;
}
