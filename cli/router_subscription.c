/* Subscriptions between users of this server (RFC 6121 section 3): both ends'
   states change at once, since both are here. A request that nobody has answered
   is told again when a session of the contact becomes available. */
#include "router_parts.h"

static bool is(parley_string a, const char *b)
{
    return parley_string_equal(a, parley_string_of(b));
}

/* The addresses of two users, for stanzas between their bare JIDs. */
typedef struct bare_pair {
    char from_buffer[2 * PARLEY_PART_SIZE + 1];
    char to_buffer[2 * PARLEY_PART_SIZE + 1];
    parley_string from;
    parley_string to;
} bare_pair;

static parley_string write_bare(const router *r, uint32_t who, char *buffer, size_t size)
{
    parley_jid jid = {.local = r->config.accounts->list[who].name, .domain = r->config.domain};
    size_t len = 0;
    (void)parley_jid_write(&jid, true, buffer, size, &len);
    return (parley_string){buffer, len};
}

static void pair_of(const router *r, uint32_t from, uint32_t to, bare_pair *pair)
{
    pair->from = write_bare(r, from, pair->from_buffer, sizeof(pair->from_buffer));
    pair->to = write_bare(r, to, pair->to_buffer, sizeof(pair->to_buffer));
}

/* Sets one end, and pushes the item if it is in the roster. */
static bool change(router *r, uint32_t owner, uint32_t contact, unsigned state)
{
    roster_item item = {
        .jid = {.local = r->config.accounts->list[contact].name, .domain = r->config.domain}};
    if (state == roster_state(r->config.rosters, owner, contact)) {
        return true;
    }
    if (!roster_set_state(r->config.rosters, owner, contact, state)) {
        return false;
    }
    if ((state & ROSTER_LISTED) && roster_find(r->config.rosters, owner, &item)) {
        router_push(r, owner, &item, false);
    }
    return true;
}

/* The stanza, from bare JID to bare JID, to the contact's available sessions. */
static void tell(router *r, const routed *s, const bare_pair *pair, uint32_t contact)
{
    stanza_copy copy = {.element = s->element, .from = pair->from, .to = pair->to};
    ROUTER_EACH(r, slot, contact)
    {
        if (r->peers[slot].available) {
            router_deliver(r, slot, router_write_copy, &copy);
        }
    }
}

/* RFC 6121 3.1.2 and 3.1.3. */
static bool subscribe(router *r, const routed *s, uint32_t own, uint32_t contact)
{
    unsigned mine = roster_state(r->config.rosters, own, contact);
    unsigned theirs = roster_state(r->config.rosters, contact, own);
    bare_pair pair;

    if (theirs & ROSTER_FROM) {
        presence_note note = {.type = parley_string_of("subscribed")};
        pair_of(r, contact, own, &pair); /* approved already: the server answers */
        note.from = pair.from;
        note.to = pair.to;
        router_deliver(r, s->from, router_write_presence, &note);
        return true;
    }
    if (!change(r, contact, own, theirs | ROSTER_ASKED) ||
        !change(r, own, contact, mine | ROSTER_ASK | ROSTER_LISTED)) {
        return false;
    }
    pair_of(r, own, contact, &pair);
    tell(r, s, &pair, contact);
    return true;
}

/* RFC 6121 3.1.5 and 3.1.6. Approval before a request is not kept (3.4 is a MAY). */
static bool subscribed(router *r, const routed *s, uint32_t own, uint32_t contact)
{
    unsigned mine = roster_state(r->config.rosters, own, contact);
    unsigned theirs = roster_state(r->config.rosters, contact, own);
    bare_pair pair;

    if (!(mine & ROSTER_ASKED)) {
        return true;
    }
    if (!change(r, own, contact, (mine & ~(unsigned)ROSTER_ASKED) | ROSTER_FROM | ROSTER_LISTED)) {
        return false;
    }
    pair_of(r, own, contact, &pair);
    tell(r, s, &pair, contact);
    if (!change(r, contact, own, (theirs & ~(unsigned)ROSTER_ASK) | ROSTER_TO | ROSTER_LISTED)) {
        return false;
    }
    router_show_all(r, own, contact);
    return true;
}

/* RFC 6121 3.3.2 and 3.3.3. `s` NULL: an item was removed. */
static bool unsubscribe(router *r, const routed *s, uint32_t own, uint32_t contact)
{
    unsigned mine = roster_state(r->config.rosters, own, contact);
    unsigned theirs = roster_state(r->config.rosters, contact, own);
    bare_pair pair;

    if (!change(r, own, contact, mine & ~(unsigned)(ROSTER_TO | ROSTER_ASK))) {
        return false;
    }
    if (!(theirs & (ROSTER_FROM | ROSTER_ASKED))) {
        return true;
    }
    pair_of(r, own, contact, &pair);
    if (s) {
        tell(r, s, &pair, contact);
    }
    router_hide_all(r, contact, own);
    return change(r, contact, own, theirs & ~(unsigned)(ROSTER_FROM | ROSTER_ASKED));
}

/* RFC 6121 3.2.2 and 3.2.3. */
static bool unsubscribed(router *r, const routed *s, uint32_t own, uint32_t contact)
{
    unsigned mine = roster_state(r->config.rosters, own, contact);
    unsigned theirs = roster_state(r->config.rosters, contact, own);
    bare_pair pair;

    if (!(mine & (ROSTER_FROM | ROSTER_ASKED))) {
        return true;
    }
    if (!change(r, own, contact, mine & ~(unsigned)(ROSTER_FROM | ROSTER_ASKED))) {
        return false;
    }
    router_hide_all(r, own, contact);
    pair_of(r, own, contact, &pair);
    if (s) {
        tell(r, s, &pair, contact);
    }
    return change(r, contact, own, theirs & ~(unsigned)(ROSTER_TO | ROSTER_ASK));
}

void router_unsubscribe_both(router *r, uint32_t own, uint32_t contact)
{
    static const char *const types[2] = {"unsubscribe", "unsubscribed"};
    unsigned mine = roster_state(r->config.rosters, own, contact);
    presence_note note;
    bare_pair pair;

    pair_of(r, own, contact, &pair);
    note.from = pair.from;
    note.to = pair.to;
    for (unsigned i = 0; i < 2; i++) {
        if (!(mine & (i == 0 ? ROSTER_TO | ROSTER_ASK : ROSTER_FROM | ROSTER_ASKED))) {
            continue;
        }
        note.type = parley_string_of(types[i]);
        ROUTER_EACH(r, slot, contact)
        {
            if (r->peers[slot].available) {
                router_deliver(r, slot, router_write_presence, &note);
            }
        }
    }
    (void)unsubscribe(r, NULL, own, contact);
    (void)unsubscribed(r, NULL, own, contact);
}

void router_subscription(router *r, routed *s, uint32_t contact)
{
    uint32_t own = r->peers[s->from].user;
    bool done;

    if (contact == USERS_NONE || contact == own) {
        return; /* RFC 6121 8.5.1: silently ignored */
    }
    if (is(s->type, "subscribe")) {
        done = subscribe(r, s, own, contact);
    } else if (is(s->type, "subscribed")) {
        done = subscribed(r, s, own, contact);
    } else if (is(s->type, "unsubscribe")) {
        done = unsubscribe(r, s, own, contact);
    } else {
        done = unsubscribed(r, s, own, contact);
    }
    if (!done) {
        router_refuse(r, s, "wait", "resource-constraint");
    }
}
