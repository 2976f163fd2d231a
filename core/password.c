/* Passwords: what they may be is judged by the machine (spec/password.rl: UTF-8, no
   control characters) and, beyond ASCII, by SASLprep or OpaqueString. Secrets pass
   here: on refusal nothing of them stays in the buffer. */
#include "parley/mechanism.h"

#include "password_grammar.h"
#include "precis.h"
#include "sasl.h"

static bool map(parley_password_preparation how, bool stored, parley_string password, text_out *out,
                problem *why)
{
    return how == PARLEY_OPAQUE_STRING ? parley_precis_opaque(password, out, why)
                                       : parley_saslprep(password, stored, out, why);
}

/* Judges, and counts the bytes that the mapping gives. */
static bool judge(parley_password_preparation how, bool stored, parley_string password, size_t *len,
                  problem *why)
{
    text_out counter = {NULL, PARLEY_PASSWORD_SIZE, 0};
    bool ascii = parley_is_ascii(password);

    if (!parley_password_legal(password)) {
        return parley_problem(why, 0,
                              "a password is UTF-8 without control characters, and not empty; "
                              "correct it");
    }
    if (ascii && password.len > PARLEY_PASSWORD_SIZE) {
        return parley_problem(why, PARLEY_PASSWORD_SIZE, "the password is too long; shorten it");
    }
    if (!ascii && !map(how, stored, password, &counter, why)) {
        return false;
    }
    *len = ascii ? password.len : counter.len;
    return *len > 0 ||
           parley_problem(why, 0, "nothing is left of the password when it is prepared");
}

parley_result parley_password_prepare(parley_password_preparation how, bool stored,
                                      parley_string password, char *buffer, size_t size,
                                      parley_string *prepared)
{
    text_out out = {buffer, 0, 0};
    problem why;

    if (!judge(how, stored, password, &out.size, &why)) {
        return PARLEY_ILLEGAL;
    }
    if (parley_is_ascii(password)) {
        *prepared = password;
        return PARLEY_OK;
    }
    if (out.size > size) {
        return PARLEY_NO_ROOM;
    }
    (void)map(how, stored, password, &out, &why);
    *prepared = (parley_string){buffer, out.len};
    return PARLEY_OK;
}

const char *parley_password_reason(parley_password_preparation how, bool stored,
                                   parley_string password)
{
    size_t len;
    problem why;

    return judge(how, stored, password, &len, &why) ? NULL : why.reason;
}
