/* Sessions of one router in memory: each is a server core in the clear, logged in by a client
   core that is thrown away then. A test says stanzas as text, and reads as text what the router
   wrote to each session. Nothing is flushed but by rig_said, so that a full output is at hand. */
#ifndef PARLEY_TESTS_ROUTER_RIG_H
#define PARLEY_TESTS_ROUTER_RIG_H

#include "router.h"

#define RIG_SESSIONS 5u
#define RIG_STANZA   6000u

/* Accounts, by index: they are sorted by name. */
enum { BENVOLIO, JULIET, ROMEO, RIG_USERS };

typedef struct rig {
    users people;
    account list[RIG_USERS];
    roster rosters;
    router routes;
    parley_server_config config;
    parley_server cores[RIG_SESSIONS];
    void *work[RIG_SESSIONS];
    bool touched[RIG_SESSIONS]; /* the router said that the session wants attention */
    char said[RIG_SESSIONS][1 << 20];
} rig;

/* `roster_path` NULL: everybody knows everybody. */
rig *rig_open(const char *roster_path);
void rig_close(rig *g);

/* Binds slot `slot` to `who`@example.org/`resource`. */
void rig_login(rig *g, uint32_t slot, uint32_t who, const char *resource);

/* The session says this text; its stanzas are routed, unless the session is held back. */
void rig_say(rig *g, uint32_t slot, const char *text);

/* Routes what the session has said and could not be routed yet, and pumps it. */
void rig_pump(rig *g, uint32_t slot);

/* All that was written to the session since the last call; terminated. */
const char *rig_said(rig *g, uint32_t slot);

/* rig_said of every session, thrown away. */
void rig_forget(rig *g);

/* The session is over, as when its connection is cut. */
void rig_cut(rig *g, uint32_t slot);

#endif
