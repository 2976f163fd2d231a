/* What a case sets before it begins; README.md lists the names. */
#ifndef PARLEY_TESTS_SETTINGS_H
#define PARLEY_TESTS_SETTINGS_H

#include "common/stages.h"

typedef struct settings {
    parley_client_config client;
    parley_server_config server;
    bool is_server;
    bool secure; /* TLS is up where it starts */
    const parley_mechanism *mechanisms[4];
    size_t mechanism_count;
    char password[1200];
    char resource[64];
    char taken[64];
    char host[64];
    unsigned held;
    unsigned refused;
    bool authorize;
} settings;

/* As stages.h has it for the start state. */
void settings_init(settings *set, bool is_server, const char *start);

/* "NAME VALUE", or "NAME". Fails the test if there is no such setting. */
void settings_apply(settings *set, const char *text);

/* Opens a session and brings it there. */
session *settings_open(settings *set, const char *start, size_t *work_len);

#endif
