/* Eva: which event of the client's machine an input is, of any session; afterwards what client.c
   takes for granted of an event holds. */
#include "any_client.h"
#include "judge.h"

#include "../../core/client.c"

static void any_session(void)
{
    any_client(0, any_bool());
    any_rows();
    config.mechanisms = listed;
    config.mechanism_count = PROOF_MECHANISMS;
    config.policy.minimum = (parley_strength)Frama_C_interval(0, 255);
    config.policy.as_listed = any_bool();
    c.user_len = (uint16_t)Frama_C_interval(0, sizeof c.user);
    c.jid_len = (uint16_t)Frama_C_interval(0, sizeof c.jid);
    Frama_C_make_unknown(c.user, sizeof c.user);
    Frama_C_make_unknown(c.domain, sizeof c.domain);
    Frama_C_make_unknown(c.jid, sizeof c.jid);
    Frama_C_make_unknown(c.request_id, sizeof c.request_id);
    c.request_id[sizeof c.request_id - 1] = '\0';
}

int main(void)
{
    unsigned char hash[PARLEY_HASH_SIZE];
    enum client_event event;

    any_session();
    c.mechanism = NULL;
    c.stream.state = (uint8_t)Frama_C_interval(0, CLIENT_STATE_COUNT - 1);
    /* The states behind FEATURES_SASL_ALLOWED use its mechanism. */
    if ((c.stream.state >= CLIENT_MECHANISM && c.stream.state <= CLIENT_PROVED) || any_bool()) {
        c.mechanism = listed[Frama_C_interval(0, PROOF_MECHANISMS - 1)];
    }
    event = judge_input(&c, any_input(&c.stream));
    check_stream(&c.stream, CLIENT_STATE_COUNT);
    //@ assert event < CLIENT_EVENT_COUNT;
    //@ assert c.mechanism == \null || c.mechanism \in {&rows[0], &rows[1], &rows[2]};
    if (event == CLIENT_EVENT_FEATURES_SASL_ALLOWED) {
        //@ assert c.mechanism != \null;
        (void)parley_client_offer_hash(&c, hash);
    }
    //@ assert c.jid_len <= sizeof(c.jid) && c.domain_len <= sizeof(c.domain);
    //@ assert c.user_len <= sizeof(c.user);
    return 0;
}
