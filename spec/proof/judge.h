/* Eva: what the judging of the input calls beside elements. */
#ifndef PARLEY_PROOF_JUDGE_H
#define PARLEY_PROOF_JUDGE_H

#include "beside.h"
#include "elements.h"
#include "reads.h"

#define PROOF_MECHANISMS 3

static parley_mechanism rows[PROOF_MECHANISMS];
static const parley_mechanism *const listed[] = {&rows[0], &rows[1], &rows[2]};

/* A mechanism takes a message and leaves its own strings and verdict. */
static sasl_step any_step(parley_sasl *sasl, parley_string message)
{
    //@ assert message.len == 0 || \valid_read(message.data + (0 .. message.len - 1));
    sasl->out = any_text();
    sasl->user = any_bytes();
    sasl->authzid = any_bytes();
    sasl->code = (parley_code)Frama_C_interval(0, 255);
    return (sasl_step)Frama_C_interval(SASL_SEND, SASL_REFUSED);
}

static void any_rows(void)
{
    for (unsigned i = 0; i < PROOF_MECHANISMS; i++) {
        rows[i].name = i == 0 ? "ONE" : i == 1 ? "TWO" : "THREE";
        rows[i].flags = (uint8_t)Frama_C_interval(0, 255);
        rows[i].strength = (uint8_t)Frama_C_interval(0, 255);
        rows[i].hash = text;
        rows[i].client_step = any_step;
        rows[i].server_step = any_step;
    }
}

static engine_input any_input(parley_stream *s)
{
    s->descended = (uint16_t)Frama_C_interval(0, 65535);
    return (engine_input)Frama_C_interval(ENGINE_MORE, ENGINE_ILLEGAL);
}

#endif
