/* What the files of the router share. */
#ifndef PARLEY_CLI_ROUTER_PARTS_H
#define PARLEY_CLI_ROUTER_PARTS_H

#include "router.h"

#define NS_CLIENT  "jabber:client"
#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_ROSTER  "jabber:iq:roster"

/* A stanza's head, read once. */
typedef struct routed {
    parley_element element;
    uint32_t from; /* slot */
    bool has_to;
    parley_jid to; /* when has_to */
    parley_string to_text;
    parley_string type; /* data NULL: none */
    parley_string id;
    char buffer[PARLEY_JID_SIZE];
} routed;

typedef enum delivery {
    DELIVERED,
    DELIVERY_QUEUED,
    DELIVERY_TOO_LARGE, /* no room even in an empty output */
    DELIVERY_GONE       /* the receiver is ending */
} delivery;

/* Writes one whole stanza; it gives every namespace it uses, jabber:client too. */
typedef void (*stanza_writer)(parley_writer *w, const void *what);

/* To one session. The present sender is held back if it had to be queued. */
delivery router_deliver(router *r, uint32_t slot, stanza_writer write, const void *what);

/* A copy of an element with `from` and `to` put in; data NULL: as they are. */
typedef struct stanza_copy {
    parley_element element;
    parley_string from;
    parley_string to;
} stanza_copy;
void router_write_copy(parley_writer *w, const void *copy);

/* An answer to a stanza: swaps the addresses. `condition` NULL: an empty result. */
typedef struct stanza_reply {
    const char *name;   /* iq, message, presence */
    parley_string from; /* data NULL: none */
    parley_string to;
    parley_string id;
    const char *error_type; /* RFC 6120 8.3.2: auth, cancel, modify, wait */
    const char *condition;  /* RFC 6120 8.3.3 */
} stanza_reply;
void router_write_reply(parley_writer *w, const void *reply);

/* A presence without content, from one address to another. */
typedef struct presence_note {
    parley_string from;
    parley_string to;
    parley_string type; /* data NULL: none */
} presence_note;
void router_write_presence(parley_writer *w, const void *note);

/* Answers the sender with a stanza error, unless the stanza is one that is
   never answered (RFC 6120 8.3.1). */
void router_refuse(router *r, const routed *s, const char *error_type, const char *condition);

/* The session's addresses. */
parley_string router_full(const router *r, uint32_t slot);
parley_string router_bare(const router *r, uint32_t slot);

/* The live session with that full JID; ROUTER_NONE. */
uint32_t router_find(const router *r, uint32_t user, parley_string resource);

/* The user's sessions in turn: start with r->first[user]. */
#define ROUTER_EACH(r, slot, user) \
    for (uint32_t slot = (r)->first[user]; slot != ROUTER_NONE; slot = (r)->peers[slot].next)

/* `a` may know of `b`'s presence: own sessions, and subscriptions. */
bool router_shares(const router *r, uint32_t watcher, uint32_t watched);

/* Reads one stanza of XML text back; it lives until the next call. */
bool router_parse(router *r, const char *text, size_t len, parley_element *element);

/* The kinds, one a file. */
void router_message(router *r, routed *s);
void router_iq(router *r, routed *s);
void router_presence(router *r, routed *s);
void router_subscription(router *r, routed *s, uint32_t contact);

/* The session is over: unavailable presence to whoever saw it. */
void router_presence_end(router *r, uint32_t slot);
/* Shows an available session's last presence to another session. */
delivery router_show(router *r, uint32_t watched, uint32_t slot);
/* All sessions of a user to all of another, or takes them from their sight. */
void router_show_all(router *r, uint32_t watched, uint32_t watcher);
void router_hide_all(router *r, uint32_t watched, uint32_t watcher);

/* Roster push (RFC 6121 2.1.6) of an item to the user's interested sessions. */
void router_push(router *r, uint32_t user, const roster_item *item, bool removed);

/* Ends every subscription between the two, as when an item is removed. */
void router_unsubscribe_both(router *r, uint32_t user, uint32_t contact);

void router_set_bit(uint8_t *bits, uint32_t which, bool value);
bool router_bit(const uint8_t *bits, uint32_t which);

/* Stages of router_peer.sync. */
enum {
    SYNC_DONE,
    SYNC_PRESENCE, /* sync_at: the next slot */
    SYNC_REQUESTS  /* sync_at: roster cursor */
};

#endif
