/* A client: a whole session, one message sent, what arrives read. CLIENT_TLS: with BearSSL;
   without, another TLS stack says when it is up. The mechanisms are those of CLIENT_MECHANISMS. */
#ifdef CLIENT_TLS
#include <parley/tls.h>
#else
#include <parley/client.h>
#endif

#include "wire.h"

/* The least output, SASL, and a kilobyte for XML; in a handshake the same is TLS's. */
#define WORK (PARLEY_OUTPUT_MINIMUM + PARLEY_SASL_SIZE + 1024)

static const parley_mechanism *const mechanisms[] = {CLIENT_MECHANISMS};
static parley_client_config config;
static uint64_t work[WORK / 8];

#ifdef CLIENT_TLS
static parley_tls_client session;
static unsigned char records[PARLEY_TLS_BUFFER_MINIMUM];
extern const br_x509_trust_anchor anchors[1];
static const parley_tls_client_config tls_config = {.core = &config,
                                                    .anchors = anchors,
                                                    .anchor_count = 1};

#define CORE (&session.core)

_Static_assert(sizeof(parley_tls_handshake) <= sizeof work, "the handshake does not fit");

static parley_result begin(void)
{
    unsigned char seed[32];
    parley_tls_session_input input = {work, sizeof work, records,    sizeof records,
                                      seed, sizeof seed, wire_time()};

    wire_random(seed, sizeof seed);
    return parley_tls_client_init(&session, sizeof session, &tls_config, &input, NULL);
}

static void input(const char *data, size_t len)
{
    parley_tls_client_push(&session, data, len);
}

static void output(void)
{
    size_t len;
    const void *data = parley_tls_client_out_buf(&session, &len);

    if (data != NULL) {
        parley_tls_client_out_ack(&session, wire_write(data, len));
    }
}

static unsigned state(void)
{
    return parley_tls_client_run(&session);
}
#else
static parley_client session;

#define CORE (&session)

static parley_result begin(void)
{
    parley_result result = parley_client_init(&session, sizeof session, &config, work, sizeof work,
                                              NULL);

    return result == PARLEY_OK ? parley_client_begin(&session) : result;
}

static void input(const char *data, size_t len)
{
    parley_client_push(&session, data, len);
}

static void output(void)
{
    size_t len;
    const void *data = parley_client_out_buf(&session, &len);

    if (data != NULL) {
        parley_client_out_ack(&session, wire_write(data, len));
    }
}

static unsigned state(void)
{
    unsigned now = parley_client_state(&session);

    if ((now & PARLEY_WAITS_TLS) != 0) {
        parley_tls_info info = {.verified = true};
        parley_client_tls_up(&session, &info);
    }
    return now;
}
#endif

static void answer(const parley_request *request)
{
    char bytes[64];
    parley_answer given = {PARLEY_ANSWER_PASSWORD, {bytes, 8}, NULL};

    wire_random(bytes, sizeof bytes);
    if (request->kind == PARLEY_REQUEST_RANDOM) {
        given.kind = PARLEY_ANSWER_RANDOM;
        given.bytes.len = request->random_len;
    }
    parley_client_answer(CORE, &given);
}

static void say(void)
{
    parley_writer writer;

    if (parley_client_stanza(CORE, &writer) == PARLEY_OK) {
        parley_writer_start(&writer, "message", NULL);
        parley_writer_attribute(&writer, "to", parley_client_jid(CORE));
        parley_writer_end(&writer);
        parley_client_send(CORE, &writer);
    }
    parley_client_close(CORE);
}

int main(void)
{
    char data[64];

    parley_client_config_init(&config);
    config.domain = parley_string_of("example.com");
    config.user = parley_string_of("device");
    config.mechanisms = mechanisms;
    config.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    config.output = PARLEY_OUTPUT_MINIMUM;
    if (begin() != PARLEY_OK) {
        return 1;
    }
    for (unsigned now = state(); (now & PARLEY_IS_CLOSED) == 0; now = state()) {
        parley_event event;
        parley_request request;

        output();
        if (parley_client_event(CORE, &event)) {
            parley_string name = parley_element_name(event.element);
            wire_write(name.data, name.len);
        } else if (parley_client_request(CORE, &request)) {
            answer(&request);
        } else if ((now & PARLEY_HAS_WORK) != 0) {
            parley_client_work(CORE, 64);
        } else if ((now & PARLEY_IS_READY) != 0) {
            say();
        } else {
            input(data, wire_read(data, sizeof data));
        }
    }
    return (int)parley_client_outcome(CORE)->code;
}
