/* A file of its own, so that who keeps no keys does not link what it takes. */
#include "roles.h"

void parley_client_keep_keys(parley_client *c, parley_scram_client_keys *keys)
{
#ifdef SASL_SCRAM
    c->stream.sasl.keep = keys;
    c->stream.sasl.keeper = &parley_scram_keeper;
#else
    (void)c;
    (void)keys;
#endif
}
