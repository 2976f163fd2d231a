/* Eva: one event of the client's machine. */
#include "negotiation.h"

#include "header_window.h"

static parley_client c;
static parley_client_config config;
static const parley_mechanism proves = {.name = "PROVES", .flags = SASL_SERVER_PROVES};
static const parley_mechanism plain = {.name = "PLAIN", .flags = SASL_NEEDS_TLS};

static void one_event(bool close_sent)
{
    any_stream(&c.stream, CLIENT_STATE_COUNT, CLIENT_STATE_COUNT - 1, close_sent);
    config.language = any_text();
    config.resource = any_text();
    c.config = &config;
    c.mechanism = Frama_C_interval(0, 1) != 0 ? &proves : &plain;
    c.fact_bits = (uint8_t)Frama_C_interval(0, 255);
    c.bind_attempts = (uint8_t)Frama_C_interval(0, 255);
    c.id_count = (uint32_t)Frama_C_interval(0, 0x7fffffff);
    Frama_C_make_unknown(c.id, sizeof c.id);
    c.id[PARLEY_BASE64_SIZE(PARLEY_ID_RANDOM)] = '\0';
    c.domain_len = (uint16_t)Frama_C_interval(0, sizeof c.domain);
    //@ dynamic_split c.stream.close_sent;
    parley_client_step(&c, (enum client_event)Frama_C_interval(1, CLIENT_EVENT_COUNT - 1));
    check_stream(&c.stream, CLIENT_STATE_COUNT);
}

int main(void)
{
    Frama_C_make_unknown((char *)work, sizeof work);
    one_event(false);
    one_event(true);
    return 0;
}
