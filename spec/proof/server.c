/* Eva: one event of the server's machine. */
#include "any_server.h"
#include "elements.h"
#include "reads.h"

static int any_cs(bool mechanism)
{
    int cs = Frama_C_interval(0, SERVER_STATE_COUNT - 1);

    //@ split cs;
    return mechanism || !needs_mechanism[cs] ? cs : 0;
}

_Static_assert(SERVER_EVENT_BIND + 1 == SERVER_EVENT_BIND_REFUSED, "they are a range");

/* `binds`: those two; else all others. Which error a bind is answered with stays apart, since Eva
   keeps no relation between its text and its length. */
static void one_event(bool close_sent, bool mechanism, bool binds)
{
    int cs = any_cs(mechanism);
    int bind_error = Frama_C_interval(0, 3);
    int event = binds ? Frama_C_interval(SERVER_EVENT_BIND, SERVER_EVENT_BIND_REFUSED)
                      : Frama_C_interval(1, SERVER_EVENT_COUNT - 1);

    if ((!mechanism && event == SERVER_EVENT_AUTH) ||
        (!binds && event >= SERVER_EVENT_BIND && event <= SERVER_EVENT_BIND_REFUSED)) {
        return;
    }
    any_server(cs, close_sent);
    //@ dynamic_split s.stream.close_sent;
    s.mechanism = mechanism ? &first : NULL;
    if (binds) {
        //@ split bind_error;
        s.bind_error = (uint8_t)bind_error;
    }
    parley_server_step(&s, (enum server_event)event);
    check_server();
    check_error(&s.stream);
    if (mechanism) {
        //@ assert s.mechanism == &first;
    } else {
        //@ assert needs_mechanism[s.stream.cs] == 0;
    }
}

/* In runs side by side. Only parley_engine_close looks at close_sent, so that without a mechanism
   one of its values will do. */
int main(void)
{
    PROOF_EVENTS;
    return 0;
}
