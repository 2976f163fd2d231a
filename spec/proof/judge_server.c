/* Eva: which event of the server's machine an input is, of any session; afterwards what server.c
   takes for granted of an event holds. */
#include "any_server.h"
#include "judge.h"

#include "../../core/server.c"

int main(void)
{
    enum server_event event;

    any_server(0, any_bool());
    any_rows();
    config.mechanisms = listed;
    config.mechanism_count = PROOF_MECHANISMS;
    s.mechanism = NULL;
    s.stream.state = (uint8_t)Frama_C_interval(0, SERVER_STATE_COUNT - 1);
    /* The states behind AUTH use its mechanism. */
    if ((s.stream.state >= SERVER_NONCE && s.stream.state <= SERVER_AUTHORIZING) || any_bool()) {
        s.mechanism = listed[Frama_C_interval(0, PROOF_MECHANISMS - 1)];
    }
    event = judge_input(&s, any_input(&s.stream));
    check_server();
    //@ assert event < SERVER_EVENT_COUNT;
    //@ assert s.mechanism == \null || s.mechanism \in {&rows[0], &rows[1], &rows[2]};
    if (event == SERVER_EVENT_AUTH) {
        //@ assert s.mechanism != \null;
    }
    return 0;
}
