/* Routing between the sessions of one server: messages, iq, presence, rosters
   (RFC 6121). It knows sessions as server cores in numbered slots and does no
   I/O: whoever owns the transport gives it stanza events, pumps it, and moves
   what it wrote.

   Nothing that can be delivered is lost silently. A stanza goes into the receiver's output at once,
   or into the receiver's bounded queue, and then the sender is held back
   (router_held) until the queue is empty; a receiver whose queue overflows, or
   that takes nothing for too long (the transport's to judge), is ended with
   resource-constraint, and messages and requests still queued go back to their
   senders as errors.

   All memory is taken by router_init. */
#ifndef PARLEY_CLI_ROUTER_H
#define PARLEY_CLI_ROUTER_H

#include "roster.h"
#include "users.h"

#include <parley/server.h>
#include <parley/xml.h>

#define ROUTER_NONE UINT32_MAX
/* Bytes of a session's output that no stanza gets: it keeps them for its end. */
#define ROUTER_OUTPUT_OWN 256u
/* Bytes of the longest presence that is kept for contacts who come later. */
#define ROUTER_PRESENCE_SIZE 4096u

typedef struct router_peer {
    parley_server *core; /* NULL: no session is bound in this slot */
    uint32_t user;
    uint32_t next;    /* slot of the same user's next session */
    uint32_t held_by; /* slot whose full queue holds this one's input back */
    uint32_t queue_len;
    uint16_t presence_len;
    bool available;
    bool interested; /* has asked for the roster: gets pushes (RFC 6121 2.2) */
    bool failed;     /* ended by the router: gets nothing more */
    int8_t priority;
    uint8_t sync; /* what a newcomer still has to be told: enum in router.c */
    uint64_t sync_at;
    char *presence; /* the last one broadcast, as XML */
    char *queue;    /* stanzas as XML, each behind its length */
    uint8_t *saw;   /* a bit a slot: has seen this session's presence */
} router_peer;

typedef struct router_config {
    const users *accounts;
    roster *rosters;
    parley_string domain;
    uint32_t sessions;
    size_t stanza;  /* bytes of the longest stanza, as a session's output takes it */
    size_t message; /* of the longest message: an empty output takes it, whosever it is */
    /* Moves a session's output on, to make room. May be NULL. It must not take
       events from the session. */
    void (*flush)(void *context, uint32_t slot);
    /* A session got output, was ended, or is held back no longer: it wants
       attention. May be NULL. */
    void (*touch)(void *context, uint32_t slot);
    void *context;
} router_config;

typedef struct router {
    router_config config;
    router_peer *peers;
    uint32_t *first;    /* slot of each user's first session */
    uint32_t current;   /* slot whose stanza is being handled */
    uint32_t pushes;    /* counts roster pushes, for their ids */
    parley_xml scratch; /* reads stanzas back that were kept as XML */
    void *scratch_memory;
    char *text;  /* config.stanza bytes: a stanza on its way */
    char *block; /* presences, queues, bits */
    size_t memory;
} router;

bool router_init(router *r, const router_config *config, failure *f);
void router_free(router *r);

/* Bytes taken by router_init. */
size_t router_memory(const router *r);

/* Whether a session of the user is bound to that resource. */
bool router_bound(const router *r, uint32_t user, parley_string resource);

/* Whether the slot holds a session that can take a stanza. */
bool router_live(const router *r, uint32_t slot);

/* A session is ready: its core is bound to a JID of `user`. */
void router_join(router *r, uint32_t slot, parley_server *core, uint32_t user);

/* A stanza event of that session. */
void router_stanza(router *r, uint32_t slot, parley_element stanza);

/* The session is no longer ready, for whatever reason: contacts are told
   (RFC 6121 section 4.5.2). No effect when it is not in. */
void router_leave(router *r, uint32_t slot);

/* Writes what waits for this session, as far as there is room. True: it wrote
   something. Not during router_stanza. */
bool router_pump(router *r, uint32_t slot);

/* Whether something still waits for this session. */
bool router_waits(const router *r, uint32_t slot);

/* Whether this session's events are to be left alone for now; config.touch says
   when not any more. */
bool router_held(const router *r, uint32_t slot);

/* Ends a session that takes nothing: resource-constraint. */
void router_end_slow(router *r, uint32_t slot);

#endif
