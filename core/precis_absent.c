/* In place of the mappings, where Unicode's tables are left out of the build
   (PARLEY_UNICODE=OFF): what is beyond ASCII, or an A-label, is refused. */
#include "precis.h"

static bool refuse(parley_string text, problem *why)
{
    size_t at = 0;
    size_t label = 0;

    while (at < text.len && (unsigned char)text.data[at] < 0x80) {
        at++;
        label = text.data[at - 1] == '.' ? at : label;
        if (at - label == 4 && (text.data[label] | 0x20) == 'x' &&
            (text.data[label + 1] | 0x20) == 'n' && text.data[at - 2] == '-' &&
            text.data[at - 1] == '-') {
            at = label;
            break;
        }
    }
    return parley_problem(why, at,
                          "it goes beyond ASCII, and this build has no Unicode tables; build "
                          "with PARLEY_UNICODE=ON, or use ASCII");
}

bool parley_precis_local(parley_string text, text_out *out, problem *why)
{
    (void)out;
    return refuse(text, why);
}

bool parley_precis_opaque(parley_string text, text_out *out, problem *why)
{
    (void)out;
    return refuse(text, why);
}

parley_result parley_password_map(parley_password_preparation how, bool stored,
                                  parley_string *password, text_out *out, problem *why)
{
    (void)how;
    (void)stored;
    (void)out;
    (void)refuse(*password, why);
    return PARLEY_ILLEGAL;
}

bool parley_precis_domain(parley_string text, text_out *out, problem *why)
{
    (void)out;
    return refuse(text, why);
}

bool parley_precis_domain_ascii(parley_string domain, text_out *out, problem *why)
{
    (void)out;
    return refuse(domain, why);
}
