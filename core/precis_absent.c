/* In place of the mappings, where Unicode's tables are left out of the build
   (PARLEY_UNICODE=OFF): what is beyond ASCII, or an A-label, is refused. */
#include "precis.h"

bool parley_precis_allows(parley_string text, size_t end, problem *why)
{
    for (size_t i = 0; i < text.len && i < end; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return parley_problem(why, i,
                                  "it goes beyond ASCII, and this build has no Unicode tables; "
                                  "build with PARLEY_UNICODE=ON, or use ASCII");
        }
    }
    return true;
}

const char parley_reserved_hyphens[] =
    "a label of the domain has hyphens in third and fourth place, which are reserved; correct it, "
    "or for xn-- build with PARLEY_UNICODE=ON";

/* What would be is refused before, beyond ASCII, or after, as an A-label has reserved hyphens. */
bool parley_precis_maps(parley_jid_part part, parley_string text, text_out *out, problem *why,
                        bool *taken)
{
    (void)part;
    (void)text;
    (void)out;
    (void)why;
    (void)taken;
    return false;
}

parley_result parley_password_map(parley_password_preparation how, bool stored,
                                  parley_string *password, text_out *out, problem *why)
{
    (void)how;
    (void)stored;
    (void)out;
    (void)parley_precis_allows(*password, password->len, why);
    return PARLEY_ILLEGAL;
}

bool parley_precis_domain_ascii(parley_string domain, text_out *out, problem *why)
{
    (void)out;
    return parley_precis_allows(domain, domain.len, why);
}
