#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 20000, SLICE = 1000 };

static const unsigned char secret[32] = "a secret of thirty-two bytes...";

void pair_init(pair *p)
{
    memset(p, 0, sizeof *p);
    parley_client_config_init(&p->client_config);
    parley_server_config_init(&p->server_config);
    p->client_config.domain = parley_string_of("example.com");
    p->client_config.user = parley_string_of("romeo");
    p->client_config.mechanisms = parley_mechanisms_strong;
    p->client_config.mechanism_count = PARLEY_MECHANISMS_STRONG;
    p->server_config.mechanisms = parley_mechanisms_strong;
    p->server_config.mechanism_count = PARLEY_MECHANISMS_STRONG;
    p->server_config.iterations = 4096;
    p->server_config.secret = secret;
    p->password = "r0m30myr0m30";
    p->known = "r0m30myr0m30";
    p->client_tls.verified = true;
    p->client_tls.version = 0x0303;
    p->client_tls.end_point_len = 32;
    memset(p->client_tls.end_point, 0xE5, 32);
    p->client_tls.unique_len = 12;
    memset(p->client_tls.unique, 0x17, 12);
    p->server_tls = p->client_tls;
    p->server_tls.verified = false;
}

static void copy(char *to, size_t size, parley_string text)
{
    assert_true(text.len < size);
    if (text.len > 0) {
        memcpy(to, text.data, text.len);
    }
    to[text.len] = '\0';
}

static parley_answer random_bytes(pair *p, char *bytes, size_t len)
{
    assert_true(len <= 64);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)(++p->counter * 37);
    }
    return (parley_answer){.kind = PARLEY_ANSWER_RANDOM, .bytes = {bytes, len}};
}

static void answer_client(pair *p)
{
    parley_request request;
    parley_answer answer = {.kind = PARLEY_ANSWER_PASSWORD};
    char bytes[64];

    if (!parley_client_request(&p->client, &request)) {
        return;
    }
    if (request.kind == PARLEY_REQUEST_RANDOM) {
        answer = random_bytes(p, bytes, request.random_len);
    } else {
        p->credentials++;
        if (p->password == NULL) {
            assert_int_equal(parley_client_refuse(&p->client, PARLEY_REFUSE_UNKNOWN), PARLEY_OK);
            return;
        }
        if (p->client_keys != NULL && p->misfits == 0) {
            answer.kind = PARLEY_ANSWER_CLIENT_KEYS;
            answer.bytes = (parley_string){(const char *)p->client_keys, sizeof *p->client_keys};
            if (parley_client_answer(&p->client, &answer) == PARLEY_OK) {
                return;
            }
            p->misfits++;
            answer.kind = PARLEY_ANSWER_PASSWORD;
        }
        answer.bytes = parley_string_of(p->password);
    }
    assert_int_not_equal(parley_client_answer(&p->client, &answer), PARLEY_MISUSE);
}

static bool credential(pair *p, const parley_request *request, parley_answer *answer)
{
    copy(p->asked, sizeof p->asked, request->user);
    if (parley_string_equal(request->mechanism, parley_string_of("ANONYMOUS"))) {
        answer->kind = PARLEY_ANSWER_USER;
        answer->bytes = parley_string_of(p->guest != NULL ? p->guest : "");
        return p->guest != NULL;
    }
    if (parley_string_equal(request->mechanism, parley_string_of("EXTERNAL"))) {
        return p->account != NULL &&
               parley_string_equal(request->user, parley_string_of(p->account));
    }
    if (p->keys != NULL) {
        answer->kind = PARLEY_ANSWER_SCRAM;
        answer->keys = p->keys;
        return true;
    }
    answer->kind = PARLEY_ANSWER_PASSWORD;
    answer->bytes = parley_string_of(p->known != NULL ? p->known : "");
    return p->known != NULL;
}

static void answer_server(pair *p)
{
    parley_request request;
    parley_answer answer = {.kind = PARLEY_ANSWER_YES};
    bool granted = true;
    char bytes[64];

    if (!parley_server_request(&p->server, &request)) {
        return;
    }
    switch (request.kind) {
    case PARLEY_REQUEST_RANDOM:
        answer = random_bytes(p, bytes, request.random_len);
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        assert_string_equal(parley_server_state_name(&p->server), "credential");
        granted = credential(p, &request, &answer);
        break;
    case PARLEY_REQUEST_AUTHORIZE:
        granted = p->authorize;
        break;
    case PARLEY_REQUEST_BIND:
        answer.kind = PARLEY_ANSWER_RESOURCE;
        answer.bytes = parley_string_of("balcony");
        break;
    default:
        break;
    }
    if (granted) {
        assert_int_not_equal(parley_server_answer(&p->server, &answer), PARLEY_MISUSE);
    } else {
        assert_int_equal(parley_server_refuse(&p->server, PARLEY_REFUSE_UNKNOWN), PARLEY_OK);
    }
}

static void take_events(pair *p)
{
    parley_event event;

    while (parley_client_event(&p->client, &event)) {
        if (event.kind == PARLEY_EVENT_AUTHENTICATED) {
            copy(p->mechanism, sizeof p->mechanism, event.mechanism);
            p->server_proved = event.server_verified;
        }
    }
    while (parley_server_event(&p->server, &event)) {
        if (event.kind == PARLEY_EVENT_AUTHENTICATED) {
            copy(p->user, sizeof p->user, event.user);
        }
    }
}

static void note(char *said, size_t size, const void *data, size_t len)
{
    size_t at = strlen(said);

    assert_true(at + len < size);
    memcpy(said + at, data, len);
    said[at + len] = '\0';
}

static size_t at_most(const pair *p, size_t len)
{
    if (p->cut > p->passed && p->passed + len > p->cut) {
        return p->cut - p->passed;
    }
    return p->piece > 0 && p->piece < len ? p->piece : len;
}

static void to_server(pair *p)
{
    size_t len;
    const char *out = parley_client_out_buf(&p->client, &len);

    if (out != NULL && (parley_server_state(&p->server) & PARLEY_WANTS_INPUT) != 0) {
        len = parley_server_push(&p->server, out, p->piece > 0 && p->piece < len ? p->piece : len);
        note(p->client_said, sizeof p->client_said, out, len);
        parley_client_out_ack(&p->client, len);
    }
}

/* All that the server says at once is changed at once; then it passes in pieces. */
static void to_client(pair *p)
{
    static char text[16384];
    size_t len;
    size_t at = 0;
    const char *out = parley_server_out_buf(&p->server, &len);
    char *found;

    if (out == NULL || (parley_client_state(&p->client) & PARLEY_WANTS_INPUT) == 0) {
        return;
    }
    assert_true(len + 1024 < sizeof text);
    memcpy(text, out, len);
    text[len] = '\0';
    parley_server_out_ack(&p->server, len);
    if (p->from != NULL && (found = strstr(text, p->from)) != NULL) {
        memmove(found + strlen(p->to), found + strlen(p->from),
                strlen(found + strlen(p->from)) + 1);
        memcpy(found, p->to, strlen(p->to));
        len = strlen(text);
    }
    note(p->server_said, sizeof p->server_said, text, len);
    for (unsigned i = 0; at < len && i < ROUNDS; i++) {
        size_t taken = parley_client_push(&p->client, text + at, at_most(p, len - at));

        at += taken;
        p->passed += taken;
        take_events(p);
        answer_client(p);
        if (taken == 0 && (parley_client_state(&p->client) & PARLEY_IS_CLOSED) != 0) {
            return;
        }
    }
}

static void start_tls(pair *p)
{
    if ((parley_client_state(&p->client) & parley_server_state(&p->server) & PARLEY_WAITS_TLS) !=
        0) {
        assert_int_equal(parley_client_tls_up(&p->client, &p->client_tls), PARLEY_OK);
        assert_int_equal(parley_server_tls_up(&p->server, &p->server_tls), PARLEY_OK);
    }
}

static bool is_over(pair *p)
{
    unsigned client = parley_client_state(&p->client);
    unsigned server = parley_server_state(&p->server);

    p->ready = (client & server & PARLEY_IS_READY) != 0;
    /* Two that distrust each other wait for their deadlines. */
    return p->ready || ((client | server) & PARLEY_IS_CLOSED) != 0 ||
           (parley_client_outcome(&p->client)->code != PARLEY_NO_ERROR &&
            ((client | server) & PARLEY_HAS_OUTPUT) == 0);
}

static bool holds(const pair *p, const void *memory, size_t size)
{
    const unsigned char *bytes = memory;

    for (size_t i = 0; p->sought != NULL && i + p->sought_len <= size; i++) {
        if (memcmp(bytes + i, p->sought, p->sought_len) == 0) {
            return true;
        }
    }
    return false;
}

void pair_run(pair *p)
{
    size_t client_size = parley_client_work_size(&p->client_config);
    size_t server_size = parley_server_work_size(&p->server_config);
    unsigned i;

    p->client_work = malloc(client_size);
    p->server_work = malloc(server_size);
    assert_int_equal(parley_client_init(&p->client, sizeof p->client, &p->client_config,
                                        p->client_work, client_size, NULL),
                     PARLEY_OK);
    assert_int_equal(parley_server_init(&p->server, sizeof p->server, &p->server_config,
                                        p->server_work, server_size, NULL),
                     PARLEY_OK);
    if (!p->without_keys) {
        parley_client_keep_keys(&p->client, p->keep);
    }
    (void)parley_server_begin(&p->server);
    (void)parley_client_begin(&p->client);
    for (i = 0; i < ROUNDS && !is_over(p); i++) {
        take_events(p);
        answer_client(p);
        answer_server(p);
        parley_client_work(&p->client, SLICE);
        parley_server_work(&p->server, SLICE);
        to_server(p);
        to_client(p);
        start_tls(p);
    }
    take_events(p);
    assert_int_not_equal(i, ROUNDS);
    p->found_in_client = holds(p, &p->client, sizeof p->client) ||
                         holds(p, p->client_work, client_size);
    p->found_in_server = holds(p, &p->server, sizeof p->server) ||
                         holds(p, p->server_work, server_size);
    free(p->client_work);
    free(p->server_work);
}
