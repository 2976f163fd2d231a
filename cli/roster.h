/* Rosters in memory (RFC 6121 section 2), all of them in one table.

   Without a file each user is in every other's with subscription "both"; that
   is a rule and takes no memory. With one, a line is

       OWNER CONTACT SUBSCRIPTION [NAME]

   SUBSCRIPTION: none, to, from or both, as the owner sees it. CONTACT: a user's
   name or a bare JID; a user of this server gets the owner's name into the own
   roster with the reverse subscription. NAME: the rest of the line.
   What clients change holds until the server ends. */
#ifndef PARLEY_CLI_ROSTER_H
#define PARLEY_CLI_ROSTER_H

#include "users.h"

#include <parley/jid.h>
#include <parley/writer.h>

/* Bytes of an item's JID, name and groups together. */
#define ROSTER_TEXT_SIZE 384
#define ROSTER_END       UINT32_MAX

/* Subscription states (RFC 6121 appendix A), as the owner sees them. */
enum {
    ROSTER_TO = 1,     /* the owner receives the contact's presence */
    ROSTER_FROM = 2,   /* the contact receives the owner's */
    ROSTER_ASK = 4,    /* the owner has asked: "pending out" */
    ROSTER_ASKED = 8,  /* the contact has asked: "pending in" */
    ROSTER_LISTED = 16 /* an item of the owner's roster */
};

typedef struct roster_record {
    uint32_t contact; /* index of the user; USERS_NONE: another domain's, or unknown */
    uint32_t next;    /* of the owner's list, or of the free ones */
    uint8_t state;
    uint16_t jid_len; /* of USERS_NONE contacts */
    uint16_t name_len;
    uint16_t groups_len;
    char text[ROSTER_TEXT_SIZE]; /* JID | name | groups, each terminated */
} roster_record;

typedef struct roster {
    const users *accounts;
    parley_string domain;
    bool mesh; /* who has no record of another has "both" */
    uint32_t *first;
    roster_record *records;
    uint32_t size;
    uint32_t unused;
} roster;

/* An item, or the wish for one. Strings live until the roster changes. */
typedef struct roster_item {
    parley_jid jid; /* bare */
    uint32_t contact;
    unsigned state;
    parley_string name;   /* empty: none */
    parley_string groups; /* each with a NUL behind it */
} roster_item;

/* `path` NULL: everybody with everybody. All memory is taken here. */
bool roster_init(roster *r, const users *accounts, parley_string domain, const char *path,
                 failure *f);
void roster_free(roster *r);

/* Bytes taken by roster_init. */
size_t roster_memory(const roster *r);

/* Bytes of the longest roster result that a client can be sent at the start. */
size_t roster_result_size(const roster *r);

/* The state between two users; 0: none. */
unsigned roster_state(const roster *r, uint32_t owner, uint32_t contact);

/* False: no room for another record. */
bool roster_set_state(roster *r, uint32_t owner, uint32_t contact, unsigned state);

/* The items in turn; `cursor` starts at 0. Items that are not LISTED are given
   too. False: no more. */
bool roster_next(const roster *r, uint32_t owner, uint64_t *cursor, roster_item *item);

/* Fills in contact, state, name and groups of the item with item->jid. False:
   there is none. */
bool roster_find(const roster *r, uint32_t owner, roster_item *item);

/* Puts name and groups of a LISTED item in, whose jid stands in `item`; the
   state is kept. PARLEY_NO_ROOM: they are too long; PARLEY_REFUSED: the table
   is full. */
parley_result roster_put(roster *r, uint32_t owner, const roster_item *item);

/* Takes the item and its state out. False: the table is full. */
bool roster_remove(roster *r, uint32_t owner, const roster_item *item);

/* <item/> of jabber:iq:roster; `removed`: with subscription="remove". */
void roster_write(parley_writer *w, const roster_item *item, bool removed);

#endif
