/* The entries without TLS. A library of its own holds this file alone, so that
   a product which does not link it has no way past TLS. */
#include "parley/insecure.h"

#include "roles.h"

#ifndef PARLEY_WITHOUT_CLIENT
parley_result parley_client_begin_insecure(parley_client *c)
{
    if (c->stream.state != CLIENT_START) {
        return PARLEY_MISUSE;
    }
    c->fact_bits |= FACT_INSECURE;
    parley_client_step(c, CLIENT_EVENT_BEGIN_INSECURE);
    return PARLEY_OK;
}
#endif

#ifndef PARLEY_WITHOUT_SERVER
parley_result parley_server_begin_insecure(parley_server *s)
{
    if (s->stream.state != SERVER_START) {
        return PARLEY_MISUSE;
    }
    s->fact_bits |= FACT_INSECURE;
    parley_server_step(s, SERVER_EVENT_BEGIN_INSECURE);
    return PARLEY_OK;
}
#endif
