#include "common/given.h"

#include "client_machine.h"
#include "server_machine.h"

void __real_parley_client_machine_step(parley_client *c, enum client_event event);
void __real_parley_server_machine_step(parley_server *s, enum server_event event);
void __wrap_parley_client_machine_step(parley_client *c, enum client_event event);
void __wrap_parley_server_machine_step(parley_server *s, enum server_event event);

void __wrap_parley_client_machine_step(parley_client *c, enum client_event event)
{
    given(false, c->stream.state, (unsigned)event);
    __real_parley_client_machine_step(c, event);
}

void __wrap_parley_server_machine_step(parley_server *s, enum server_event event)
{
    given(true, s->stream.state, (unsigned)event);
    __real_parley_server_machine_step(s, event);
}
