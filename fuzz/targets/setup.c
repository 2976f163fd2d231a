/* Configurations, right ones and wrong ones: a refusal names what is wrong, what is accepted
   begins, and neither writes beside its memory. Input: which role, with TLS or without; then a
   byte for each field to change, and the byte that says into what. */
#include <string.h>

#include "common/wire_keys.h"

enum { CLIENT, SERVER, TLS_CLIENT, TLS_SERVER, XML, REST, ROLES };

typedef struct setup {
    parley_client_config client;
    parley_server_config server;
    parley_tls_client_config tls_client;
    parley_tls_server_config tls_server;
    parley_tls_session_input input;
    fuzz_identity identity;
    size_t size;    /* less or more than the struct's */
    bool no_object; /* NULL */
    bool no_config;
    bool no_input;
    bool no_why;
    unsigned char pin[32];
    void *last; /* that was set up */
} setup;

static const parley_mechanism *const some[] = {&parley_plain, &parley_external, &parley_anonymous,
                                               &parley_scram_sha_256};
static const parley_mechanism *const twice[] = {&parley_plain, &parley_plain};
static const parley_mechanism *const hole[] = {&parley_plain, NULL};

static const uint32_t numbers[] = {0, 1, 2, 64, 65, 99, 1024, 4096, 65536, UINT32_MAX};

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

static void change_limits(parley_limits *limits, uint8_t field, uint8_t value)
{
    uint32_t number = numbers[value % 10];

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

static void change_core(setup *s, uint8_t field, uint8_t value)
{
    uint32_t number = numbers[value % 10];

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
        change_limits(&s->client.limits, (uint8_t)(field - 11u), value);
        change_limits(&s->server.limits, (uint8_t)(field - 11u), value);
        break;
    }
}

static void change_tls(setup *s, uint8_t field, uint8_t value)
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

static void change_rest(setup *s, uint8_t field, uint8_t value)
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

static void usual(setup *s)
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

static parley_result init(setup *s, unsigned role, parley_code *why)
{
    static const size_t sizes[] = {sizeof(parley_client), sizeof(parley_server),
                                   sizeof(parley_tls_client), sizeof(parley_tls_server)};
    size_t size = sizes[role] + s->size;
    void *object = s->no_object ? NULL : fuzz_block(1, sizes[role], 0xA5);
    const parley_tls_session_input *input = s->no_input ? NULL : &s->input;

    s->last = object;
    if (role == CLIENT) {
        return parley_client_init(object, size, s->no_config ? NULL : &s->client, s->input.work,
                                  s->input.work_len, why);
    }
    if (role == SERVER) {
        return parley_server_init(object, size, s->no_config ? NULL : &s->server, s->input.work,
                                  s->input.work_len, why);
    }
    if (role == TLS_CLIENT) {
        return parley_tls_client_init(object, size, s->no_config ? NULL : &s->tls_client, input,
                                      why);
    }
    return parley_tls_server_init(object, size, s->no_config ? NULL : &s->tls_server, input, why);
}

/* What has not begun can be closed, and says nothing. */
static void close_early(setup *s, unsigned role)
{
    parley_client *client = s->last;
    parley_server *server = s->last;
    size_t len;

    if (role == CLIENT) {
        parley_client_close(client);
        FUZZ_CHECK(parley_client_out_buf(client, &len) == NULL);
    } else {
        parley_server_close(server);
        FUZZ_CHECK(parley_server_out_buf(server, &len) == NULL);
    }
}

/* Over TLS, where nobody watches: a few bytes, none, and more said to have left than there are. */
static void begin_tls(setup *s, unsigned role)
{
    parley_tls_client *client = s->last;
    parley_tls_server *server = s->last;
    size_t len;

    if (role == TLS_CLIENT) {
        FUZZ_CHECK(parley_tls_client_push(client, fuzz_flush("", 0), 0) == 0);
        parley_tls_client_out_ack(client, 0);
        (void)parley_tls_client_run(client);
        parley_tls_client_out_ack(client, SIZE_MAX);
        FUZZ_CHECK(parley_tls_client_out_buf(client, &len) == NULL && len == 0);
        (void)parley_tls_client_push(client, fuzz_flush("<a", 2), 2);
    } else {
        FUZZ_CHECK(parley_tls_server_push(server, fuzz_flush("<a", 2), 2) <= 2);
        FUZZ_CHECK(parley_tls_server_push(server, fuzz_flush("", 0), 0) == 0);
        (void)parley_tls_server_run(server);
        parley_tls_server_out_ack(server, SIZE_MAX);
        FUZZ_CHECK(parley_tls_server_out_buf(server, &len) == NULL && len == 0);
    }
}

static void judge(setup *s, unsigned role)
{
    size_t work = role == CLIENT || role == TLS_CLIENT ? parley_client_work_size(&s->client)
                                                       : parley_server_work_size(&s->server);
    parley_code why = PARLEY_NO_ERROR;
    parley_result result;

    if (work > 400000) {
        return; /* limits that a block of ours has no room for */
    }
    s->input.work_len = s->input.work_len < work ? s->input.work_len : work;
    s->input.work = s->input.work != NULL ? fuzz_block(0, s->input.work_len, 0xA5) : NULL;
    result = init(s, role, s->no_why ? NULL : &why);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_MISUSE);
    if (result == PARLEY_OK && role <= SERVER) {
        close_early(s, role);
    } else if (result == PARLEY_OK) {
        begin_tls(s, role);
    }
    FUZZ_CHECK(s->no_why || (result == PARLEY_OK) == (why == PARLEY_NO_ERROR));
    FUZZ_CHECK(parley_code_name(why)[0] != '\0' && parley_code_text(why)[0] != '\0');
    FUZZ_CHECK(result == PARLEY_OK || s->no_why || parley_code_layer(why) != PARLEY_LAYER_NONE);
    fuzz_blocks_check();
}

/* The tokenizer's own limits and memory, the writer's room, the cache's, and the names of codes
   that there are not. */
static void judge_xml(const uint8_t *data, size_t size)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint8_t which = fuzz_byte(&data, &size);
    size_t len = (size_t)fuzz_byte(&data, &size) * 16;
    char *memory = fuzz_block(0, len + 16, 0xA5);
    parley_xml *x = fuzz_block(1, sizeof *x, 0xA5);
    parley_xml_token token;

    for (; size > 1; data += 2, size -= 2) {
        change_limits(&limits, data[0], data[1]);
    }
    if (parley_xml_init((which & 1u) != 0 ? NULL : x, sizeof *x - (which >> 1 & 1u),
                        (which & 4u) != 0 ? NULL : &limits,
                        (which & 8u) != 0 ? NULL : memory + (which >> 4 & 1u), len) == PARLEY_OK) {
        FUZZ_CHECK(parley_xml_skip(x) == PARLEY_MISUSE && parley_xml_park(x) == PARLEY_MISUSE);
        FUZZ_CHECK(parley_xml_memory(x, memory + 1, len) == PARLEY_MISUSE);
        FUZZ_CHECK(parley_xml_memory(x, NULL, 0) == PARLEY_OK);
        (void)parley_xml_push(x, fuzz_flush("\n \n \t", 5), 5, &token);
        (void)parley_xml_push(x, fuzz_flush("\n", 1), 1, &token);
        FUZZ_CHECK(parley_xml_memory(x, memory, len) == PARLEY_OK || !parley_xml_idle(x));
        (void)parley_xml_push(x, fuzz_flush("<a>b", 4), 4, &token);
        FUZZ_CHECK(parley_xml_memory(x, memory, len) == PARLEY_MISUSE || parley_xml_idle(x));
        FUZZ_CHECK(parley_xml_init(x, sizeof *x, &limits, memory + (which >> 4 & 1u), len) ==
                   PARLEY_OK);
        (void)parley_xml_push(x, fuzz_flush("<a>", 3), 3, &token);
        if (parley_xml_park(x) == PARLEY_OK && parley_xml_memory(x, NULL, 0) == PARLEY_OK) {
            (void)parley_xml_push(x, fuzz_flush("\n", 1), 1, &token);
            (void)parley_xml_push(x, fuzz_flush("\n", 1), 1, &token);
            FUZZ_CHECK(token == PARLEY_XML_TEXT || token == PARLEY_XML_MORE);
        }
    }
    fuzz_blocks_check();
}

static void judge_rest(const uint8_t *data, size_t size)
{
    static parley_tls_cache_entry entries[4];
    parley_tls_cache cache;
    parley_writer w;
    uint8_t which = fuzz_byte(&data, &size);
    uint32_t lifetime = numbers[fuzz_byte(&data, &size) % 10];
    size_t count = (which & 1u) != 0 ? SIZE_MAX : which >> 1 & 3u;
    parley_result result = parley_tls_cache_init((which & 8u) != 0 ? NULL : &cache,
                                                 sizeof cache - (which >> 4 & 1u),
                                                 (which & 32u) != 0 ? NULL : entries, count,
                                                 lifetime);

    FUZZ_CHECK(result == PARLEY_MISUSE ||
               (count > 0 && lifetime > 0 && lifetime <= PARLEY_TLS_SESSION_SECONDS));
    parley_writer_init(&w, NULL, which, parley_string_of("jabber:client"));
    parley_writer_element(&w, (parley_element){NULL, 0}, (parley_string){NULL, 0});
    FUZZ_CHECK(parley_writer_finish(&w, &count) != PARLEY_OK && count == 0);
    for (unsigned code = which * 8u; code < which * 8u + 8; code++) {
        FUZZ_CHECK(parley_code_name((parley_code)code)[0] != '\0');
        FUZZ_CHECK(parley_code_text((parley_code)code)[0] != '\0');
        (void)parley_code_layer((parley_code)code);
        FUZZ_CHECK(parley_condition_name((parley_condition)code) != NULL);
        FUZZ_CHECK(parley_sasl_condition_name((parley_sasl_condition)code) != NULL);
        FUZZ_CHECK(parley_redirect_name((parley_redirect_verdict)code)[0] != '\0');
        FUZZ_CHECK(parley_redirect_text((parley_redirect_verdict)code)[0] != '\0');
    }
    for (unsigned suite = 0; suite < 256; suite++) {
        FUZZ_CHECK(parley_tls_suite_name((uint16_t)(0xC000u + suite))[0] != '\0');
        FUZZ_CHECK(parley_tls_suite_name((uint16_t)(0xCC00u + suite))[0] != '\0');
    }
}

FUZZ_TARGET(setup)
{
    static setup s;
    unsigned role = fuzz_byte(&data, &size) % ROLES;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    if (role == XML) {
        judge_xml(data, size);
        return 0;
    }
    if (role == REST) {
        judge_rest(data, size);
        return 0;
    }
    usual(&s);
    for (; size > 1; data += 2, size -= 2) {
        uint8_t field = data[0] % 44;

        if (field < 22) {
            change_core(&s, field, data[1]);
        } else if (field < 32) {
            change_tls(&s, field - 22, data[1]);
        } else {
            change_rest(&s, field - 32, data[1]);
        }
    }
    judge(&s, role);
    return 0;
}
