/* Eva: a server's session in any state of its machine. */
#ifndef PARLEY_PROOF_ANY_SERVER_H
#define PARLEY_PROOF_ANY_SERVER_H

#include "negotiation.h"

#include "server_proof.h"

#include "beside.h"
#include "elements.h"
#include "header_window.h"

static parley_server s;
static parley_server_config config;
static parley_mechanism first, second; /* what the configuration offers */
static const parley_mechanism *const mechanisms[] = {&first, &second};

/* A mechanism: what it sets is in its scratch, of which nothing is known anyhow. */
static sasl_step any_start(parley_sasl *sasl, const sasl_context *context, parley_string message)
{
    //@ assert \initialized(context) && context->tls == &s.tls;
    sasl->out = any_text();
    sasl->user = any_bytes();
    sasl->authzid = any_bytes();
    sasl->code = (parley_code)Frama_C_interval(0, 255);
    return (sasl_step)Frama_C_interval(SASL_SEND, SASL_REFUSED);
}

static void any_mechanism(parley_mechanism *mechanism, const char *name)
{
    mechanism->name = name;
    mechanism->flags = (uint8_t)Frama_C_interval(0, 255);
    mechanism->strength = (uint8_t)Frama_C_interval(0, 255);
    mechanism->random_server = (uint8_t)Frama_C_interval(0, 255);
    mechanism->hash = text;
    mechanism->server_start = any_start;
}

static void any_server(int cs, bool close_sent)
{
    any_stream(&s.stream, SERVER_STATE_COUNT, cs, close_sent);
    any_mechanism(&first, "FIRST");
    any_mechanism(&second, "SECOND");
    config.mechanisms = mechanisms;
    config.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    config.policy.minimum = (parley_strength)Frama_C_interval(0, 255);
    config.policy.attempts = (uint8_t)Frama_C_interval(1, 255);
    config.policy.own_only = Frama_C_interval(0, 1) != 0;
    config.kept = (parley_kept)Frama_C_interval(0, 1);
    config.iterations = (uint32_t)Frama_C_interval(4096, 0x7fffffff);
    config.salt_len = (uint8_t)Frama_C_interval(1, PARLEY_SALT_SIZE);
    config.secret = (const unsigned char *)text;
    config.offer_session = (uint8_t)Frama_C_interval(0, 2);
    s.config = &config;
    s.fact_bits = (uint8_t)Frama_C_interval(0, 255);
    s.failures = (uint8_t)Frama_C_interval(0, 255);
    s.sasl_condition = (uint8_t)Frama_C_interval(0, PARLEY_SASL_CONDITION_COUNT - 1);
    s.bind_error = (uint8_t)Frama_C_interval(0, 3);
    s.id_len = (uint8_t)Frama_C_interval(0, sizeof s.id);
    s.iq_id_len = (uint8_t)Frama_C_interval(0, sizeof s.iq_id);
    s.host_len = (uint16_t)Frama_C_interval(0, sizeof s.host);
    s.user_len = (uint16_t)Frama_C_interval(0, sizeof s.user);
    s.jid_len = (uint16_t)Frama_C_interval(0, sizeof s.jid);
    s.tls.verified = Frama_C_interval(0, 1) != 0;
    s.tls.addresses_left_out = Frama_C_interval(0, 1) != 0;
    s.tls.addresses.len = (size_t)Frama_C_interval(0, 4096);
    Frama_C_make_unknown(s.id, sizeof s.id);
    Frama_C_make_unknown(s.iq_id, sizeof s.iq_id);
    Frama_C_make_unknown(s.host, sizeof s.host);
    Frama_C_make_unknown(s.user, sizeof s.user);
    Frama_C_make_unknown(s.jid, sizeof s.jid);
}

static void check_server(void)
{
    check_stream(&s.stream, SERVER_STATE_COUNT);
    //@ assert s.sasl_condition < PARLEY_SASL_CONDITION_COUNT && s.bind_error <= 3;
    //@ assert s.id_len <= sizeof(s.id) && s.iq_id_len <= sizeof(s.iq_id);
    //@ assert s.host_len <= sizeof(s.host) && s.user_len <= sizeof(s.user);
    //@ assert s.jid_len <= sizeof(s.jid);
}

/* A mechanism is set by the element that is the event AUTH (parley_server_judge_auth), and it is
   used in the states that this leads to. */
#define NEEDS(state) (state) >= SERVER_NONCE && (state) <= SERVER_AUTHORIZING,
static const bool needs_mechanism[] = {PROOF_STATES(NEEDS)};

_Static_assert(sizeof needs_mechanism == SERVER_STATE_COUNT, "each of Ragel's states");

#endif
