#include "router_rig.h"

#include <parley/client.h>
#include <parley/insecure.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define DOMAIN   "example.org"
#define PASSWORD "mirror"

static const unsigned char secret[32];

static void touch(void *context, uint32_t slot)
{
    rig *g = context;
    g->touched[slot] = true;
}

rig *rig_open(const char *roster_path)
{
    static const char *const names[RIG_USERS] = {"benvolio", "juliet", "romeo"};
    rig *g = calloc(1, sizeof *g);
    failure f;
    router_config config = {.sessions = RIG_SESSIONS,
                            .stanza = RIG_STANZA,
                            .message = RIG_STANZA - ROUTER_OUTPUT_OWN};

    assert_non_null(g);
    for (int i = 0; i < RIG_USERS; i++) {
        g->list[i].name = parley_string_of(names[i]);
        g->list[i].password = parley_string_of(PASSWORD);
    }
    g->people = (users){.list = g->list, .count = RIG_USERS};
    parley_server_config_init(&g->config);
    g->config.secret = secret;
    g->config.iterations = PARLEY_ITERATIONS_MINIMUM;
    g->config.output = RIG_STANZA;
    config.touch = touch;
    config.context = g;
    config.accounts = &g->people;
    config.rosters = &g->rosters;
    config.domain = parley_string_of(DOMAIN);
    if (!roster_init(&g->rosters, &g->people, config.domain, roster_path, &f) ||
        !router_init(&g->routes, &config, &f)) {
        fail_msg("%s", f.text);
    }
    return g;
}

void rig_close(rig *g)
{
    for (uint32_t i = 0; i < RIG_SESSIONS; i++) {
        router_leave(&g->routes, i);
        free(g->work[i]);
    }
    router_free(&g->routes);
    roster_free(&g->rosters);
    free(g);
}

/* Events of a server core: bound ones join, stanzas are routed. */
static bool take_event(rig *g, uint32_t slot, uint32_t who)
{
    parley_server *s = &g->cores[slot];
    parley_event event;
    if (router_held(&g->routes, slot) || !parley_server_event(s, &event)) {
        return false;
    }
    if (event.kind == PARLEY_EVENT_BOUND) {
        router_join(&g->routes, slot, s, who);
    } else if (event.kind == PARLEY_EVENT_STANZA) {
        router_stanza(&g->routes, slot, event.element);
    }
    return true;
}

static bool answer_server(parley_server *s, const char *resource)
{
    static unsigned counter;
    char bytes[256];
    parley_request request;
    parley_answer answer = {.kind = PARLEY_ANSWER_YES};

    if (!parley_server_request(s, &request)) {
        return false;
    }
    if (request.kind == PARLEY_REQUEST_RANDOM) {
        memset(bytes, (int)(++counter & 0x7F), sizeof bytes);
        answer = (parley_answer){.kind = PARLEY_ANSWER_RANDOM,
                                 .bytes = {bytes, request.random_len}};
    } else if (request.kind == PARLEY_REQUEST_CREDENTIAL) {
        answer = (parley_answer){.kind = PARLEY_ANSWER_PASSWORD,
                                 .bytes = parley_string_of(PASSWORD)};
    } else if (request.kind == PARLEY_REQUEST_BIND) {
        answer = (parley_answer){.kind = PARLEY_ANSWER_RESOURCE,
                                 .bytes = parley_string_of(resource)};
    }
    assert_int_equal(parley_server_answer(s, &answer), PARLEY_OK);
    return true;
}

static bool answer_client(parley_client *c)
{
    char bytes[256];
    parley_request request;
    parley_answer answer = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = parley_string_of(PASSWORD)};

    if (!parley_client_request(c, &request)) {
        return false;
    }
    if (request.kind == PARLEY_REQUEST_RANDOM) {
        memset(bytes, 'r', sizeof bytes);
        answer = (parley_answer){.kind = PARLEY_ANSWER_RANDOM,
                                 .bytes = {bytes, request.random_len}};
    }
    assert_int_equal(parley_client_answer(c, &answer), PARLEY_OK);
    return true;
}

static bool carry(parley_client *c, parley_server *s)
{
    parley_event event;
    size_t len = 0;
    size_t taken = 0;
    const void *data = parley_client_out_buf(c, &len);
    if (data) {
        taken = parley_server_push(s, data, len);
        parley_client_out_ack(c, taken);
    }
    data = parley_server_out_buf(s, &len);
    if (data) {
        len = parley_client_push(c, data, len);
        parley_server_out_ack(s, len);
        taken += len;
    }
    parley_client_work(c, 100000);
    parley_server_work(s, 100000);
    return taken > 0 || parley_client_event(c, &event);
}

void rig_login(rig *g, uint32_t slot, uint32_t who, const char *resource)
{
    parley_server *s = &g->cores[slot];
    parley_client *c = calloc(1, sizeof *c);
    parley_client_config config;
    size_t size = parley_server_work_size(&g->config);
    void *work;
    int rounds = 0;

    parley_client_config_init(&config);
    config.domain = parley_string_of(DOMAIN);
    config.user = g->list[who].name;
    config.resource = parley_string_of(resource);
    work = malloc(parley_client_work_size(&config));
    free(g->work[slot]);
    g->work[slot] = malloc(size);
    assert_non_null(c);
    assert_int_equal(parley_server_init(s, sizeof *s, &g->config, g->work[slot], size, NULL),
                     PARLEY_OK);
    assert_int_equal(parley_client_init(c, sizeof *c, &config, work,
                                        parley_client_work_size(&config), NULL),
                     PARLEY_OK);
    assert_int_equal(parley_server_begin_insecure(s), PARLEY_OK);
    assert_int_equal(parley_client_begin_insecure(c), PARLEY_OK);
    while ((carry(c, s) || answer_client(c) || answer_server(s, resource) ||
            take_event(g, slot, who)) &&
           rounds++ < 1000) {
    }
    assert_true(parley_client_state(c) & PARLEY_IS_READY);
    assert_true(router_live(&g->routes, slot));
    free(work);
    free(c);
}

void rig_pump(rig *g, uint32_t slot)
{
    while (take_event(g, slot, 0)) {
    }
    if (g->routes.peers[slot].core && !(parley_server_state(&g->cores[slot]) & PARLEY_IS_READY)) {
        router_leave(&g->routes, slot);
    }
    (void)router_pump(&g->routes, slot);
}

void rig_say(rig *g, uint32_t slot, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        size_t taken = parley_server_push(&g->cores[slot], text, len);
        bool moved = take_event(g, slot, 0);
        assert_true(taken > 0 || moved);
        text += taken;
        len -= taken;
    }
    rig_pump(g, slot);
}

const char *rig_said(rig *g, uint32_t slot)
{
    char *said = g->said[slot];
    size_t used = 0;
    size_t len = 0;
    const void *data;
    do {
        while ((data = parley_server_out_buf(&g->cores[slot], &len)) != NULL && len > 0) {
            assert_true(used + len < sizeof g->said[slot]);
            memcpy(said + used, data, len);
            used += len;
            parley_server_out_ack(&g->cores[slot], len);
        }
    } while (router_pump(&g->routes, slot));
    said[used] = '\0';
    return said;
}

void rig_forget(rig *g)
{
    for (uint32_t i = 0; i < RIG_SESSIONS; i++) {
        if (g->routes.peers[i].core) {
            (void)rig_said(g, i);
        }
    }
}

void rig_cut(rig *g, uint32_t slot)
{
    parley_server_finish(&g->cores[slot]);
    rig_pump(g, slot);
}
