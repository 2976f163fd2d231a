/* Eva: one event of the client's machine. */
#include "negotiation.h"

#include "client_proof.h"

#include "header_window.h"

static parley_client c;
static parley_client_config config;
static const parley_mechanism proves = {.name = "PROVES", .flags = SASL_SERVER_PROVES};
static const parley_mechanism plain = {.name = "PLAIN", .flags = SASL_NEEDS_TLS};

static void any_client(int cs, bool close_sent)
{
    any_stream(&c.stream, CLIENT_STATE_COUNT, cs, close_sent);
    config.language = any_text();
    config.resource = any_text();
    c.config = &config;
    c.fact_bits = (uint8_t)Frama_C_interval(0, 255);
    c.bind_attempts = (uint8_t)Frama_C_interval(0, 255);
    c.id_count = (uint32_t)Frama_C_interval(0, 0x7fffffff);
    Frama_C_make_unknown(c.id, sizeof c.id);
    c.id[PARLEY_BASE64_SIZE(PARLEY_ID_RANDOM)] = '\0';
    c.domain_len = (uint16_t)Frama_C_interval(0, sizeof c.domain);
}

/* A mechanism is chosen (parley_client_judge_offer) before the event that leads to its states. */
#define NEEDS(state) (state) >= CLIENT_MECHANISM && (state) <= CLIENT_PROVED,
static const bool needs_mechanism[] = {PROOF_STATES(NEEDS)};

_Static_assert(sizeof needs_mechanism == CLIENT_STATE_COUNT, "each of Ragel's states");

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
