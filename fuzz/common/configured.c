/* The fields of a configuration, and what a byte makes of each. */
#include <string.h>

#include "common/configured.h"

static const parley_mechanism *const some[] = {&parley_plain, &parley_external, &parley_anonymous,
                                               &parley_scram_sha_256};
static const parley_mechanism *const twice[] = {&parley_plain, &parley_plain};
static const parley_mechanism *const hole[] = {&parley_plain, NULL};

uint32_t fuzz_number(uint8_t choice)
{
    static const uint32_t numbers[] = {0, 1, 2, 64, 65, 99, 1024, 4096, 65536, UINT32_MAX};

    return numbers[choice % 10];
}

static parley_string text_of(uint8_t value)
{
    static const char *const texts[] = {
        "example.com", "",      "mbed",      "a b", "\xFF", "en-GB",
        "e_n",         "[::1]", "192.0.2.1", "x.",  "T9",   "abcdefghijklmnopqrstuvwxyz0123456789",
        "a@b/c"};
    static const char longest[PARLEY_JID_SIZE + 1] = {'x'};

    if (value == 255) {
        return (parley_string){NULL, 0};
    }
    if (value == 254) {
        return (parley_string){longest, sizeof longest};
    }
    return parley_string_of(texts[value % (sizeof texts / sizeof texts[0])]);
}

static parley_string language_of(uint8_t value)
{
    static const char *const texts[] = {"",
                                        "en",
                                        "EN-gb",
                                        "e_n",
                                        "T9",
                                        "abcdefghijklmnopqrstuvwxyz0123456789",
                                        "x-a",
                                        "X-abc-d",
                                        "i-klingon",
                                        "I-default",
                                        "a-bb",
                                        "a",
                                        "x",
                                        "en-",
                                        "en--GB",
                                        "-en",
                                        "en-x",
                                        "en-x-a",
                                        "en-a-bb",
                                        "en-a",
                                        "abcdefgh",
                                        "abcdefghi",
                                        "en-abcdefghi",
                                        "de-1996",
                                        "1a",
                                        "en-\xC3\xA9",
                                        "en-G\x01",
                                        "en@",
                                        "en[",
                                        "zh-Hant-x-u-v",
                                        "a1-bb",
                                        "en-0123456789",
                                        "en-1234-:",
                                        "en-{"};

    if (value == 255) {
        return (parley_string){NULL, 0};
    }
    return parley_string_of(texts[value % (sizeof texts / sizeof texts[0])]);
}

static void set_mechanisms(const parley_mechanism *const **list, size_t *count, uint8_t value)
{
    const parley_mechanism *const *const lists[] = {NULL, twice, hole, some, some + 1};

    *list = lists[value % 5];
    *count = value % 5 == 4 ? 2 : value % 5 == 3 ? value / 5 % 5 : 2;
}

void fuzz_change_limits(parley_limits *limits, uint8_t field, uint8_t value)
{
    uint32_t number = fuzz_number(value);

    switch (field % 11) {
    case 0:
        limits->element = number;
        break;
    case 1:
        limits->element_early = number;
        break;
    case 2:
        limits->total_early = number;
        break;
    case 3:
        limits->depth = (uint16_t)number;
        break;
    case 4:
        limits->attributes = (uint16_t)number;
        break;
    case 5:
        limits->name = (uint16_t)number;
        break;
    case 6:
        limits->elements = (uint16_t)number;
        break;
    case 7:
        limits->depth_early = (uint16_t)number;
        break;
    case 8:
        limits->attributes_early = (uint16_t)number;
        break;
    case 9:
        limits->name_early = (uint16_t)number;
        break;
    default:
        limits->elements_early = (uint16_t)number;
        break;
    }
}

static void change_core(fuzz_configured *s, uint8_t field, uint8_t value)
{
    uint32_t number = fuzz_number(value);

    switch (field) {
    case 0:
        s->client.domain = text_of(value);
        break;
    case 1:
        s->client.user = text_of(value);
        break;
    case 2:
        s->client.resource = text_of(value);
        break;
    case 3:
        s->client.authzid = text_of(value);
        break;
    case 4:
        s->client.language = language_of(value);
        break;
    case 5:
        set_mechanisms(&s->client.mechanisms, &s->client.mechanism_count, value);
        set_mechanisms(&s->server.mechanisms, &s->server.mechanism_count, value);
        break;
    case 6:
        s->client.policy.iterations_maximum = number;
        s->server.iterations = number;
        break;
    case 7:
        s->client.policy.iterations_minimum = number;
        s->server.policy.attempts = (uint8_t)number;
        break;
    case 8:
        s->client.output = s->server.output = number < 70000 ? number : 70000;
        break;
    case 9:
        s->server.salt_len = value;
        break;
    case 10:
        s->server.secret = NULL;
        break;
    default:
        fuzz_change_limits(&s->client.limits, (uint8_t)(field - 11u), value);
        fuzz_change_limits(&s->server.limits, (uint8_t)(field - 11u), value);
        break;
    }
}

static void change_tls(fuzz_configured *s, uint8_t field, uint8_t value)
{
    bool odd = (value & 1u) != 0;

    switch (field) {
    case 0:
        s->tls_client.anchors = odd ? NULL : s->tls_client.anchors;
        s->tls_client.anchor_count = 0;
        break;
    case 1:
        s->tls_client.pin_only = true;
        s->tls_client.pin = odd ? s->pin : NULL;
        break;
    case 2:
        s->tls_client.ec_key = odd ? s->identity.ec_key : NULL;
        s->tls_server.ec_key = odd ? s->identity.ec_key : NULL;
        break;
    case 3:
        fuzz_wire_identity(&s->identity, 1, 0, NULL, 0);
        s->tls_client.rsa_key = s->tls_server.rsa_key = s->identity.rsa_key;
        break;
    case 4:
        s->tls_client.chain = odd ? s->identity.chain : NULL;
        s->tls_client.chain_len = (value & 2u) != 0;
        break;
    case 5:
        s->tls_server.chain = odd ? NULL : s->tls_server.chain;
        s->tls_server.chain_len = (value & 2u) != 0;
        break;
    case 6:
        s->tls_server.client_anchors = fuzz_wire_anchors();
        s->tls_server.client_anchor_count = value % (FUZZ_ANCHORS + 1);
        break;
    case 7:
        s->tls_client.core = NULL;
        s->tls_server.core = NULL;
        break;
    case 8:
        s->identity.chain[0].data_len = value;
        break;
    default:
        s->input.unix_time = odd ? INT64_MAX : -1;
        break;
    }
}

static void change_rest(fuzz_configured *s, uint8_t field, uint8_t value)
{
    switch (field) {
    case 0:
        s->size = value;
        break;
    case 1:
        s->no_object = true;
        break;
    case 2:
        s->no_config = true;
        break;
    case 3:
        s->no_input = true;
        break;
    case 4:
        s->no_why = true;
        break;
    case 5:
        s->input.work_len = (size_t)value * 64;
        break;
    case 6:
        s->input.work = NULL;
        break;
    case 7:
        s->input.buffer = NULL;
        break;
    case 8:
        s->input.buffer_len = (size_t)value * 16;
        break;
    case 9:
        s->input.seed = NULL;
        break;
    default:
        s->input.seed_len = value;
        break;
    }
}

void fuzz_configure(fuzz_configured *s)
{
    memset(s, 0, sizeof *s);
    parley_client_config_init(&s->client);
    s->client.domain = parley_string_of("example.com");
    s->client.user = parley_string_of("mbed");
    s->client.limits.element = 16384;
    parley_server_config_init(&s->server);
    s->server.limits.element = 16384;
    s->server.secret = (const unsigned char *)"a secret that only fuzzers know.";
    fuzz_wire_identity(&s->identity, 0, 0, NULL, 0);
    s->tls_client.core = &s->client;
    s->tls_client.anchors = fuzz_wire_anchors();
    s->tls_client.anchor_count = FUZZ_ANCHORS;
    s->tls_server.core = &s->server;
    s->tls_server.chain = s->identity.chain;
    s->tls_server.chain_len = 1;
    s->tls_server.ec_key = s->identity.ec_key;
    s->input.work_len = SIZE_MAX;
    s->input.work = s;
    s->input.buffer = fuzz_block(2, 4096, 0xA5);
    s->input.buffer_len = 4096;
    s->input.seed = "the same seed for every session.";
    s->input.seed_len = 32;
    s->input.unix_time = 1767225600;
}

void fuzz_configure_field(fuzz_configured *s, uint8_t field, uint8_t value)
{
    if (field < 22) {
        change_core(s, field, value);
    } else if (field < 32) {
        change_tls(s, (uint8_t)(field - 22), value);
    } else {
        change_rest(s, (uint8_t)(field - 32), value);
    }
}
