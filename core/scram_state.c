/* SCRAM: what both roles do alike.

   `state` holds positions and counters, never a secret; messages and secrets
   lie in scratch (scram.h). `phase` names the one call that is due; any other
   is refused as out of step. begin writes all of state; each phase's function
   writes what it learns and the next phase. */
#include "scram.h"

#include "apart.h"
#include "base64_size.h"
#include "channel_binding.h"

#include "parley/base64.h"

#include <string.h>

scram_state *parley_scram_state(parley_sasl *s)
{
    return (scram_state *)(void *)&s->state;
}

PARLEY_APART scram_secrets *parley_scram_secrets(const parley_sasl *s)
{
    unsigned char *end = s->scratch + s->scratch_len;

    return (scram_secrets *)(void *)(end - (uintptr_t)end % _Alignof(scram_secrets)) - 1;
}

parley_code parley_scram_begin(parley_sasl *s, const sasl_context *context)
{
    scram_state *state = parley_scram_state(s);
    scram_secrets *secrets;

    s->code = PARLEY_NO_ERROR;
    memset(state, 0, sizeof *state);
    state->scratch = parley_scratch_of(s, 0, SCRAM_SECRETS_SIZE);
    if (s->scratch == NULL || state->scratch.full) {
        return PARLEY_ERROR_CONFIG_MEMORY;
    }
    if (context->random.data == NULL || context->random.len != SCRAM_RANDOM) {
        return PARLEY_ERROR_NO_ENTROPY;
    }
    state->tls = context->tls;
    state->policy = context->policy;
    secrets = parley_scram_secrets(s);
    memset(secrets, 0, sizeof *secrets);
#ifdef SASL_HASHES_OFFERS
    if (context->offers.data != NULL && context->offers.len <= sizeof secrets->offers) {
        memcpy(secrets->offers, context->offers.data, context->offers.len);
        secrets->offers_len = (uint8_t)context->offers.len;
    }
#endif
    return PARLEY_NO_ERROR;
}

bool parley_scram_bind(parley_sasl *s, sasl_binding binding)
{
    scram_secrets *secrets = parley_scram_secrets(s);
    parley_string data = parley_binding_data(binding, parley_scram_state(s)->tls);

    if (data.len == 0 || data.len > sizeof secrets->binding) {
        return false;
    }
    memcpy(secrets->binding, data.data, data.len);
    secrets->binding_len = (uint8_t)data.len;
    return true;
}

/* Bytes of channel-binding data. */
static size_t bound(const parley_sasl *s)
{
    return parley_mechanism_is(s->mechanism, SASL_BINDS) ? parley_scram_secrets(s)->binding_len : 0;
}

static parley_string gs2_header(parley_sasl *s)
{
    const scram_state *state = parley_scram_state(s);

    return parley_bytes(s->scratch + state->gs2, state->bare - state->gs2);
}

void parley_scram_put_binding(parley_sasl *s)
{
    parley_scratch *scratch = &parley_scram_state(s)->scratch;
    parley_string header = gs2_header(s);
    size_t data = bound(s);
    size_t size = header.len + data;
    char *raw;

    if (data == 0) {
        parley_scratch_put_base64(scratch, header);
        return;
    }
    if (scratch->full || scratch->size - scratch->used < parley_base64_size(size) + size) {
        scratch->full = true;
        return;
    }
    /* The two lie apart: they meet behind the place of their text. */
    raw = scratch->bytes + scratch->used + parley_base64_size(size);
    memcpy(raw, header.data, header.len);
    memcpy(raw + header.len, parley_scram_secrets(s)->binding, data);
    parley_scratch_put_base64(scratch, (parley_string){raw, size});
    memset(raw, 0, size);
}

void parley_scram_put_name(parley_scratch *scratch, parley_string name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.data[i];
        const bool escaped = c == ',' || c == '=';
        const char *as = c == ',' ? "=2C" : "=3D";

        parley_scratch_put(scratch, (parley_string){escaped ? as : name.data + i, escaped ? 3 : 1});
    }
}

void parley_scram_put_unescaped(parley_scratch *scratch, parley_string saslname)
{
    size_t i = 0;

    /* The grammar lets nothing but 2C and 3D follow a '='. */
    while (i < saslname.len) {
        if (saslname.data[i] != '=') {
            parley_scratch_put(scratch, (parley_string){saslname.data + i, 1});
            i++;
            continue;
        }
        parley_scratch_put(scratch, (parley_string){saslname.data[i + 1] == '2' ? "," : "=", 1});
        i += 3;
    }
}

parley_string parley_scram_auth_message(parley_sasl *s)
{
    const scram_state *state = parley_scram_state(s);

    return parley_bytes(s->scratch + state->bare, state->end - state->bare);
}

bool parley_scram_binding_matches(parley_sasl *s, parley_string text)
{
    parley_scratch *scratch = &parley_scram_state(s)->scratch;
    uint32_t begin = scratch->used;
    parley_string due;

    parley_scram_put_binding(s);
    due = parley_scratch_from(scratch, begin);
    scratch->used = begin;
    return !scratch->full && parley_string_equal(due, text);
}

void parley_scram_signature(parley_sasl *s, const unsigned char *key, unsigned char *signature)
{
    const void *hash = parley_mechanism_of(s->mechanism)->hash;
    parley_string message = parley_scram_auth_message(s);
    parley_hmac_key *hmac = &parley_scram_secrets(s)->derivation.key;

    parley_hmac_key_init(hmac, hash, parley_bytes(key, parley_scram_hash_size(s)));
    parley_hmac_bytes(hmac, message.data, message.len, signature);
    parley_wipe(hmac, sizeof *hmac);
}

parley_code parley_scram_decode(parley_string text, unsigned char *out, size_t len,
                                parley_code other)
{
    size_t decoded = 0;

    switch (parley_base64_decode(text.data, text.len, out, len, &decoded)) {
    case PARLEY_OK:
        return decoded == len ? PARLEY_NO_ERROR : other;
    case PARLEY_NO_ROOM:
        return other;
    default:
        return PARLEY_ERROR_SASL_ENCODING;
    }
}

static bool is_deriving(const scram_state *state)
{
#ifndef PARLEY_WITHOUT_CLIENT
    if (state->phase == SCRAM_CLIENT_DERIVING) {
        return true;
    }
#endif
#ifndef PARLEY_WITHOUT_SERVER
    if (state->phase == SCRAM_SERVER_DERIVING) {
        return true;
    }
#endif
    return false;
}

sasl_step parley_scram_work(parley_sasl *s, uint32_t iterations)
{
    scram_state *state = parley_scram_state(s);

    if (!is_deriving(state)) {
        return parley_sasl_refuse(s, PARLEY_ERROR_SASL_OUT_OF_STEP);
    }
    state->left = parley_derivation_run(&parley_scram_secrets(s)->derivation, state->left,
                                        iterations);
    if (state->left > 0) {
        return SASL_WORK;
    }
#if defined(PARLEY_WITHOUT_SERVER)
    return parley_scram_client_derived(s);
#elif defined(PARLEY_WITHOUT_CLIENT)
    return parley_scram_server_derived(s);
#else
    return state->phase == SCRAM_CLIENT_DERIVING ? parley_scram_client_derived(s)
                                                 : parley_scram_server_derived(s);
#endif
}
