/* Configurations, and cores in guarded memory. */
#include <string.h>

#include "common/step.h"

enum { CLIENT_PLACE = 2, CLIENT_WORK_PLACE, SERVER_PLACE, SERVER_WORK_PLACE };

void fuzz_client_config(parley_client_config *config, const fuzz_settings *settings)
{
    parley_client_config_init(config);
    config->domain = parley_string_of(FUZZ_HOST);
    config->user = parley_string_of(FUZZ_USER);
    if ((settings->variant & 1u) != 0) {
        config->authzid = parley_string_of("boss@" FUZZ_HOST);
    }
    if ((settings->variant & 2u) != 0) {
        config->resource = parley_string_of("r");
    }
    if ((settings->variant & 4u) != 0) {
        config->language = parley_string_of("en");
    }
    config->security = settings->direct ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
    config->mechanisms = settings->mechanisms;
    config->mechanism_count = settings->mechanism_count;
    config->policy.iterations_maximum = PARLEY_ITERATIONS_MINIMUM;
    if (settings->is_strict && settings->mechanism_count > 1) {
        config->policy.minimum = PARLEY_STRENGTH_SCRAM_SHA_256;
        config->policy.as_listed = true;
    }
    config->limits.element = settings->small ? 600 : 10000;
    config->limits.element_early = settings->small ? 600 : 8192;
    config->limits.total_early = settings->small ? 2000 : 20000;
    config->limits.depth = settings->small ? 5 : 64;
    config->limits.depth_early = settings->small ? 5 : 16;
    config->limits.elements = settings->small ? 20 : 1000;
    config->limits.elements_early = settings->small ? 10 : 100;
    /* Or as long as it likes. */
    config->timeouts.ready = settings->small && settings->variant == 6 ? 0 : 60000;
    config->output = settings->small ? PARLEY_OUTPUT_MINIMUM : 4096;
    config->stepwise = settings->stepwise;
}

void fuzz_server_config(parley_server_config *config, const fuzz_settings *settings)
{
    parley_server_config_init(config);
    config->security = settings->direct ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
    config->mechanisms = settings->mechanisms;
    config->mechanism_count = settings->mechanism_count;
    config->iterations = PARLEY_ITERATIONS_MINIMUM;
    config->kept = settings->keeps_keys ? PARLEY_KEEPS_KEYS : PARLEY_KEEPS_PASSWORDS;
    config->secret = (const unsigned char *)FUZZ_SECRET;
    config->limits.element = PARLEY_STANZA_MINIMUM;
    config->limits.element_early = settings->small ? 600 : 8192;
    config->limits.total_early = settings->small ? 2000 : 20000;
    config->limits.depth = settings->small ? 5 : 64;
    config->limits.depth_early = settings->small ? 5 : 16;
    config->limits.elements = settings->small ? 20 : 1000;
    config->limits.elements_early = settings->small ? 10 : 100;
    /* Or as long as it likes. */
    config->timeouts.ready = settings->small && settings->variant == 6 ? 0 : 60000;
    config->output = settings->small ? PARLEY_OUTPUT_MINIMUM : 4096;
    config->policy.own_only = settings->is_strict;
    config->offer_session = (uint8_t)(settings->variant % 3);
    config->skip_large = settings->skip_large;
    config->stepwise = settings->stepwise;
}

void fuzz_open_client(fuzz_party *p, const fuzz_settings *settings, uint8_t fill)
{
    static parley_client_config config;
    size_t work_len;
    parley_code why;

    fuzz_client_config(&config, settings);
    work_len = parley_client_work_size(&config);
    memset(p, 0, sizeof *p);
    p->limits = config.limits;
    p->client = fuzz_block(CLIENT_PLACE, sizeof *p->client, fill);
    FUZZ_CHECK(parley_client_init(p->client, sizeof *p->client, &config,
                                  fuzz_block(CLIENT_WORK_PLACE, work_len, fill), work_len,
                                  &why) == PARLEY_OK);
}

void fuzz_open_server(fuzz_party *p, const fuzz_settings *settings, uint8_t fill)
{
    static parley_server_config config;
    size_t work_len;
    parley_code why;

    fuzz_server_config(&config, settings);
    work_len = parley_server_work_size(&config);
    memset(p, 0, sizeof *p);
    p->attempts = 3; /* what the policy is unless it is set */
    p->limits = config.limits;
    p->server = fuzz_block(SERVER_PLACE, sizeof *p->server, fill);
    FUZZ_CHECK(parley_server_init(p->server, sizeof *p->server, &config,
                                  fuzz_block(SERVER_WORK_PLACE, work_len, fill), work_len,
                                  &why) == PARLEY_OK);
}

void *fuzz_core_block(const fuzz_party *p, unsigned which, size_t *len)
{
    return fuzz_block_now((p->server != NULL ? SERVER_PLACE : CLIENT_PLACE) + which, len);
}

void fuzz_tls_up(fuzz_party *p, bool verified, fuzz_binding binding)
{
    bool due = (FUZZ_CALL0(p, state) & PARLEY_WAITS_TLS) != 0;
    parley_tls_info info;
    parley_result result;

    memset(&info, 0, sizeof info);
    info.verified = verified;
    info.version = 0x0303;
    info.suite = 0xC02B;
    info.addresses = p->addresses;
    if (binding != FUZZ_BINDS_NOTHING) {
        memset(info.end_point, 'E', 32);
        info.end_point_len = binding != FUZZ_BINDS_UNIQUE ? 32 : 0;
        memset(info.unique, 'U', sizeof info.unique);
        info.unique_len = binding != FUZZ_BINDS_END_POINT ? sizeof info.unique : 0;
        info.resumed = binding == FUZZ_BINDS_RESUMED;
    }
    result = FUZZ_CALL1(p, tls_up, &info);
    FUZZ_CHECK((result == PARLEY_OK) == due && (due || result == PARLEY_MISUSE));
    fuzz_party_run(p);
    FUZZ_CHECK(!due || p->client == NULL || verified || p->closed);
}

parley_result fuzz_put(fuzz_party *p, size_t body_len)
{
    static char body[8192];
    bool ready = (FUZZ_CALL0(p, state) & PARLEY_IS_READY) != 0;
    parley_string text = {body, body_len};
    char id[24] = "s";
    parley_writer w;
    parley_result result = FUZZ_CALL1(p, stanza, &w);

    FUZZ_CHECK((result == PARLEY_OK) == ready);
    if (!ready) {
        memset(&w, 0, sizeof w);
        FUZZ_CHECK(FUZZ_CALL1(p, send, &w) == PARLEY_MISUSE);
        return result;
    }
    memset(body, '&', sizeof body);
    if (p->client != NULL) {
        parley_client_id(p->client, id);
        FUZZ_CHECK(strlen(id) > 2);
    }
    parley_writer_start(&w, "message", NULL);
    parley_writer_attribute(&w, "id", parley_string_of(id));
    parley_writer_attribute(&w, "to", parley_string_of("juliet@" FUZZ_HOST));
    parley_writer_start(&w, "body", NULL);
    parley_writer_text(&w, text);
    parley_writer_end(&w);
    parley_writer_end(&w);
    result = FUZZ_CALL1(p, send, &w);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_NO_ROOM);
    FUZZ_CHECK(result != PARLEY_OK || FUZZ_CALL1(p, send, &w) == PARLEY_MISUSE);
    return result;
}

parley_result fuzz_send(fuzz_party *p, size_t body_len)
{
    parley_result result = fuzz_put(p, body_len);

    fuzz_party_run(p);
    return result;
}
