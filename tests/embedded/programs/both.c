/* Everything: a client and a server with TLS and every mechanism, in one program. */
#include <parley/tls.h>

#include "wire.h"

static const parley_mechanism *const mechanisms[] = {EVERY_MECHANISM};
static parley_client_config client_config;
static parley_server_config server_config;
static parley_tls_client client;
static parley_tls_server server;
static parley_tls_cache cache;
static parley_tls_cache_entry entries[4];
static parley_tls_session kept;
static uint64_t work[1024];
static unsigned char records[PARLEY_TLS_BUFFER_MINIMUM];
extern const br_x509_trust_anchor anchors[1];
extern const br_x509_certificate chain[1];
extern const br_ec_private_key key;

static int run_client(parley_tls_session_input *input)
{
    static const parley_tls_client_config config = {.core = &client_config,
                                                    .anchors = anchors,
                                                    .anchor_count = 1};
    char data[64];
    unsigned state;

    parley_client_config_init(&client_config);
    client_config.mechanisms = mechanisms;
    client_config.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    if (parley_tls_client_init(&client, sizeof client, &config, input, NULL) != PARLEY_OK) {
        return 1;
    }
    parley_tls_client_resume(&client, &kept);
    do {
        size_t len;
        parley_event event;
        parley_request request;
        parley_answer answer = {PARLEY_ANSWER_PASSWORD, {data, sizeof data}, NULL};
        parley_writer writer;

        state = parley_tls_client_run(&client);
        parley_client_event(&client.core, &event);
        parley_client_request(&client.core, &request);
        parley_client_answer(&client.core, &answer);
        parley_client_work(&client.core, 1);
        parley_client_stanza(&client.core, &writer);
        parley_writer_element(&writer, event.element, event.jid);
        parley_client_send(&client.core, &writer);
        wire_write(parley_tls_client_out_buf(&client, &len), len);
        parley_tls_client_out_ack(&client, len);
        parley_tls_client_push(&client, data, wire_read(data, sizeof data));
        parley_tls_client_session(&client, &kept);
    } while ((state & PARLEY_IS_CLOSED) == 0);
    return 0;
}

static int run_server(parley_tls_session_input *input)
{
    static const parley_tls_server_config config = {.core = &server_config,
                                                    .chain = chain,
                                                    .chain_len = 1,
                                                    .ec_key = &key,
                                                    .client_anchors = anchors,
                                                    .client_anchor_count = 1,
                                                    .cache = &cache};
    char data[64];
    unsigned state;

    parley_server_config_init(&server_config);
    server_config.mechanisms = mechanisms;
    server_config.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    parley_tls_cache_init(&cache, sizeof cache, entries, 4, 3600);
    if (parley_tls_server_init(&server, sizeof server, &config, input, NULL) != PARLEY_OK) {
        return 1;
    }
    do {
        size_t len;
        parley_event event;
        parley_request request;
        parley_answer answer = {PARLEY_ANSWER_PASSWORD, {data, sizeof data}, NULL};
        parley_writer writer;

        state = parley_tls_server_run(&server);
        parley_server_event(&server.core, &event);
        parley_server_request(&server.core, &request);
        parley_server_answer(&server.core, &answer);
        parley_server_refuse(&server.core, PARLEY_REFUSE_UNKNOWN);
        parley_server_work(&server.core, 1);
        parley_server_stanza(&server.core, &writer);
        parley_writer_element(&writer, event.element, event.jid);
        parley_server_send(&server.core, &writer);
        wire_write(parley_tls_server_out_buf(&server, &len), len);
        parley_tls_server_out_ack(&server, len);
        parley_tls_server_push(&server, data, wire_read(data, sizeof data));
    } while ((state & PARLEY_IS_CLOSED) == 0);
    return 0;
}

int main(void)
{
    unsigned char seed[32];
    parley_tls_session_input input = {work, sizeof work, records,    sizeof records,
                                      seed, sizeof seed, wire_time()};

    wire_random(seed, sizeof seed);
    return run_client(&input) + run_server(&input);
}
