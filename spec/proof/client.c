/* Eva: one event of the client's machine. */
#include "any_client.h"
#include "elements.h"
#include "reads.h"

static int any_cs(bool mechanism)
{
    int cs = Frama_C_interval(0, CLIENT_STATE_COUNT - 1);

    //@ split cs;
    return mechanism || !needs_mechanism[cs] ? cs : 0;
}

static void one_event(bool close_sent, bool mechanism)
{
    int cs = any_cs(mechanism);
    enum client_event event = (enum client_event)Frama_C_interval(1, CLIENT_EVENT_COUNT - 1);

    if (!mechanism && event == CLIENT_EVENT_FEATURES_SASL_ALLOWED) {
        return;
    }
    any_client(cs, close_sent);
    //@ dynamic_split c.stream.close_sent;
    c.mechanism = !mechanism ? NULL : Frama_C_interval(0, 1) != 0 ? &proves : &plain;
    parley_client_step(&c, event);
    check_stream(&c.stream, CLIENT_STATE_COUNT);
    check_error(&c.stream);
    if (mechanism) {
        //@ assert c.mechanism == &proves || c.mechanism == &plain;
    } else {
        //@ assert needs_mechanism[c.stream.cs] == 0;
    }
    //@ assert c.id[PARLEY_BASE64_SIZE(PARLEY_ID_RANDOM)] == 0;
    //@ assert c.domain_len <= sizeof(c.domain);
}

/* In runs side by side. Only parley_engine_close looks at close_sent, so that without a mechanism
   one of its values will do. */
int main(void)
{
    PROOF_EVENTS;
    return 0;
}
