/* Passwords beyond ASCII (RFC 4013; RFC 8265 section 4.2): mapped twice, so that nothing is
   written of one that is refused or does not fit. */
#include "characters.h"
#include "precis.h"

static bool map(parley_password_preparation how, bool stored, parley_string password, text_out *out,
                problem *why)
{
    return how == PARLEY_OPAQUE_STRING ? parley_precis_opaque(password, out, why)
                                       : parley_saslprep(password, stored, out, why);
}

parley_result parley_password_map(parley_password_preparation how, bool stored,
                                  parley_string *password, text_out *out, problem *why)
{
    text_out counter = {NULL, PARLEY_PASSWORD_SIZE, 0};

    if (!parley_is_utf8(*password)) {
        (void)parley_problem(why, 0, parley_not_password);
        return PARLEY_ILLEGAL;
    }
    if (!map(how, stored, *password, &counter, why)) {
        return PARLEY_ILLEGAL;
    }
    if (counter.len == 0) {
        (void)parley_problem(why, 0, "nothing is left of the password when it is prepared");
        return PARLEY_ILLEGAL;
    }
    if (counter.len > out->size) {
        return PARLEY_NO_ROOM;
    }
    (void)map(how, stored, *password, out, why);
    *password = (parley_string){out->bytes, out->len};
    return PARLEY_OK;
}
