/* Eva: a client's session in any state of its machine. */
#ifndef PARLEY_PROOF_ANY_CLIENT_H
#define PARLEY_PROOF_ANY_CLIENT_H

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

#endif
