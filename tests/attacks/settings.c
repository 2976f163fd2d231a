#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attacks/settings.h"

void settings_init(settings *set, bool is_server, const char *start)
{
    memset(set, 0, sizeof *set);
    set->is_server = is_server;
    set->secure = strncmp(start, "plain_", 6) != 0 && strcmp(start, "proceed") != 0 &&
                  strcmp(start, "start") != 0 && strcmp(start, "handshake") != 0 &&
                  strncmp(start, "insecure_", 9) != 0;
    stage_client_config(&set->client, start);
    stage_server_config(&set->server);
    (void)strcpy(set->password, "mirror");
}

static void add_mechanism(settings *set, const char *name, size_t len)
{
    static const parley_mechanism *const known[] = {&parley_scram_sha_256, &parley_scram_sha_1,
                                                    &parley_scram_sha_512, &parley_plain,
                                                    &parley_digest_md5,    &parley_external,
                                                    &parley_anonymous};
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *its = parley_mechanism_name(known[i]);
        if (strlen(its) == len && memcmp(its, name, len) == 0) {
            assert_true(set->mechanism_count < 4);
            set->mechanisms[set->mechanism_count++] = known[i];
            return;
        }
    }
    fail_msg("no such mechanism: %.*s", (int)len, name);
}

static bool set_mechanisms(settings *set, const char *names)
{
    while (*names != '\0') {
        size_t len = strcspn(names, " ");
        add_mechanism(set, names, len);
        names += len + strspn(names + len, " ");
    }
    set->client.mechanisms = set->mechanisms;
    set->client.mechanism_count = set->mechanism_count;
    set->server.mechanisms = set->mechanisms;
    set->server.mechanism_count = set->mechanism_count;
    return true;
}

static bool set_text(settings *set, const char *name, const char *value)
{
    const struct {
        const char *name;
        char *room;
        size_t size;
    } texts[] = {{"password", set->password, sizeof set->password},
                 {"resource", set->resource, sizeof set->resource},
                 {"taken", set->taken, sizeof set->taken},
                 {"host", set->host, sizeof set->host}};
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i].name, name) == 0) {
            assert_true(strlen(value) < texts[i].size);
            (void)strcpy(texts[i].room, value);
            return true;
        }
    }
    return false;
}

static bool set_flag(settings *set, const char *name, const char *value)
{
    if (strcmp(name, "direct") == 0) {
        set->client.security = PARLEY_DIRECT_TLS;
        set->server.security = PARLEY_DIRECT_TLS;
    } else if (strcmp(name, "stepwise") == 0) {
        set->client.stepwise = true;
        set->server.stepwise = true;
    } else if (strcmp(name, "skip_large") == 0) {
        set->server.skip_large = true;
    } else if (strcmp(name, "authorize") == 0) {
        set->authorize = true;
    } else if (strcmp(name, "refuse") == 0) {
        set->refused |= strcmp(value, "random") == 0       ? 1u << PARLEY_REQUEST_RANDOM
                        : strcmp(value, "credential") == 0 ? 1u << PARLEY_REQUEST_CREDENTIAL
                        : strcmp(value, "host") == 0       ? 1u << PARLEY_REQUEST_HOST
                                                           : 1u << PARLEY_REQUEST_BIND;
    } else {
        return false;
    }
    return true;
}

static bool set_number(settings *set, const char *name, const char *value)
{
    unsigned long number = strtoul(value, NULL, 10);
    parley_limits *limits = set->is_server ? &set->server.limits : &set->client.limits;
    parley_timeouts *timeouts = set->is_server ? &set->server.timeouts : &set->client.timeouts;

    if (strcmp(name, "element") == 0) {
        limits->element = (uint32_t)number;
    } else if (strcmp(name, "element_early") == 0) {
        limits->element_early = (uint32_t)number;
    } else if (strcmp(name, "total_early") == 0) {
        limits->total_early = (uint32_t)number;
    } else if (strcmp(name, "depth") == 0) {
        limits->depth = (uint16_t)number;
    } else if (strcmp(name, "attributes") == 0) {
        limits->attributes = (uint16_t)number;
    } else if (strcmp(name, "name") == 0) {
        limits->name = (uint16_t)number;
    } else if (strcmp(name, "elements") == 0) {
        limits->elements = (uint16_t)number;
    } else if (strcmp(name, "depth_early") == 0) {
        limits->depth_early = (uint16_t)number;
    } else if (strcmp(name, "attributes_early") == 0) {
        limits->attributes_early = (uint16_t)number;
    } else if (strcmp(name, "name_early") == 0) {
        limits->name_early = (uint16_t)number;
    } else if (strcmp(name, "elements_early") == 0) {
        limits->elements_early = (uint16_t)number;
    } else if (strcmp(name, "silence") == 0) {
        timeouts->ready = (uint32_t)number;
    } else if (strcmp(name, "attempts") == 0) {
        set->server.policy.attempts = (uint8_t)number;
    } else if (strcmp(name, "session") == 0) {
        set->server.offer_session = (uint8_t)number;
    } else if (strcmp(name, "iterations") == 0) {
        set->server.iterations = (uint32_t)number;
        set->client.policy.iterations_maximum = (uint32_t)number;
    } else {
        return false;
    }
    return true;
}

void settings_apply(settings *set, const char *text)
{
    char name[32];
    size_t len = strcspn(text, " ");
    const char *value = text + len + (text[len] == ' ' ? 1 : 0);

    assert_true(len < sizeof name);
    memcpy(name, text, len);
    name[len] = '\0';
    if (strcmp(name, "mechanisms") == 0
            ? !set_mechanisms(set, value)
            : !set_text(set, name, value) && !set_flag(set, name, value) &&
                  !set_number(set, name, value)) {
        fail_msg("no such setting: %s", name);
    }
}

session *settings_open(settings *set, const char *start, size_t *work_len)
{
    session *s;

    if (set->resource[0] != '\0' && !set->is_server) {
        set->client.resource = session_string(set->resource);
    }
    s = set->is_server ? session_open_server(&set->server, set->password)
                       : session_open_client(&set->client, set->password);
    *work_len = set->is_server ? parley_server_work_size(&set->server)
                               : parley_client_work_size(&set->client);
    s->taken = set->taken[0] != '\0' ? set->taken : NULL;
    s->host = set->host[0] != '\0' ? set->host : NULL;
    s->authorize = set->authorize;
    stage_reach(s, start);
    s->refused = set->refused; /* from where the case begins */
    return s;
}
