/* What all mechanisms share: the end of an attempt. It ends refused (wiped whole,
   `code` says why), or proved (secrets wiped; `user`, `authzid` and `out` stay
   until the negotiation wipes them). */
#include "sasl.h"

#include "apart.h"

void parley_sasl_wipe(parley_sasl *s)
{
    const parley_string none = {NULL, 0};

    if (s->scratch != NULL) {
        parley_wipe(s->scratch, s->scratch_len);
    }
    parley_wipe(&s->state, sizeof s->state);
    s->mechanism = NULL;
    s->out = none;
    s->user = none;
    s->authzid = none;
}

PARLEY_APART sasl_step parley_sasl_refuse(parley_sasl *s, parley_code code)
{
    parley_sasl_wipe(s);
    s->code = code;
    return SASL_REFUSED;
}

sasl_step parley_sasl_ask_first(parley_sasl *s)
{
    s->out = (parley_string){"", 0};
    return SASL_SEND;
}

const char *parley_mechanism_name(const parley_mechanism *mechanism)
{
    return mechanism->name;
}
