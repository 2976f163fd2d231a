/* Sessions, delivery, queues, and what waits for a session.

   A slot's core is set by join and cleared by leave. `failed` is set here alone,
   when the router ends a session; the transport notices, and calls leave.
   While a stanza is handled (`current`), its sender's core may be written to but
   not run: running it could take input, and the stanza would be gone. */
#include "router_parts.h"

#include "status.h"

#include <stdlib.h>
#include <string.h>

/* A small stanza may enter a queue that a large one would not. */
#define LENGTH_SIZE 4u

bool router_init(router *r, const router_config *config, failure *f)
{
    size_t sessions = config->sessions;
    size_t bits = (sessions + 7) / 8;
    size_t each = ROUTER_PRESENCE_SIZE + config->stanza + LENGTH_SIZE + bits;
    size_t scratch = PARLEY_XML_MEMORY(config->stanza);
    parley_limits limits = PARLEY_LIMITS_DEFAULT;

    *r = (router){.config = *config, .current = ROUTER_NONE};
    r->peers = calloc(sessions, sizeof(*r->peers));
    r->first = malloc(config->accounts->count * sizeof(*r->first));
    r->scratch_memory = malloc(scratch);
    r->text = malloc(config->stanza);
    r->block = calloc(sessions, each);
    r->memory = sessions * (sizeof(*r->peers) + each) +
                config->accounts->count * sizeof(*r->first) + scratch + config->stanza;
    /* what is read back was taken by a session's tokenizer, and written out with a few
       attributes more */
    limits.element = (uint32_t)config->stanza;
    limits.elements = 0;
    limits.attributes = (uint16_t)(2 * limits.attributes);
    if (!r->peers || !r->first || !r->scratch_memory || !r->text || !r->block ||
        parley_xml_init(&r->scratch, sizeof(r->scratch), &limits, r->scratch_memory, scratch) !=
            PARLEY_OK) {
        router_free(r);
        return failure_set(f, STATUS_LOCAL, "memory",
                           "no memory for %zu sessions; give a smaller --sessions", sessions);
    }
    for (uint32_t i = 0; i < config->accounts->count; i++) {
        r->first[i] = ROUTER_NONE;
    }
    for (uint32_t i = 0; i < sessions; i++) {
        char *at = r->block + i * each;
        r->peers[i].presence = at;
        r->peers[i].queue = at + ROUTER_PRESENCE_SIZE;
        r->peers[i].saw = (uint8_t *)(at + ROUTER_PRESENCE_SIZE + config->stanza + LENGTH_SIZE);
        r->peers[i].held_by = ROUTER_NONE;
    }
    return true;
}

void router_free(router *r)
{
    free(r->peers);
    free(r->first);
    free(r->scratch_memory);
    free(r->text);
    free(r->block);
    r->peers = NULL;
    r->first = NULL;
    r->scratch_memory = NULL;
    r->text = NULL;
    r->block = NULL;
}

size_t router_memory(const router *r)
{
    return r->memory;
}

void router_set_bit(uint8_t *bits, uint32_t which, bool value)
{
    uint8_t bit = (uint8_t)(1u << (which % 8));
    bits[which / 8] = (uint8_t)(value ? bits[which / 8] | bit : bits[which / 8] & ~bit);
}

bool router_bit(const uint8_t *bits, uint32_t which)
{
    return (bits[which / 8] >> (which % 8)) & 1;
}

parley_string router_full(const router *r, uint32_t slot)
{
    return parley_server_jid(r->peers[slot].core);
}

parley_string router_bare(const router *r, uint32_t slot)
{
    parley_string jid = router_full(r, slot);
    const char *slash = memchr(jid.data, '/', jid.len);
    return (parley_string){jid.data, slash ? (size_t)(slash - jid.data) : jid.len};
}

bool router_live(const router *r, uint32_t slot)
{
    const router_peer *p = &r->peers[slot];
    return p->core && !p->failed && (parley_server_state(p->core) & PARLEY_IS_READY);
}

static parley_string resource_of(const router *r, uint32_t slot)
{
    parley_string jid = router_full(r, slot);
    size_t bare = router_bare(r, slot).len;
    return bare < jid.len ? (parley_string){jid.data + bare + 1, jid.len - bare - 1}
                          : (parley_string){NULL, 0};
}

uint32_t router_find(const router *r, uint32_t user, parley_string resource)
{
    ROUTER_EACH(r, slot, user)
    {
        if (parley_string_equal(resource_of(r, slot), resource) && router_live(r, slot)) {
            return slot;
        }
    }
    return ROUTER_NONE;
}

bool router_bound(const router *r, uint32_t user, parley_string resource)
{
    ROUTER_EACH(r, slot, user)
    {
        if (parley_string_equal(resource_of(r, slot), resource)) {
            return true;
        }
    }
    return false;
}

bool router_shares(const router *r, uint32_t watcher, uint32_t watched)
{
    return watcher == watched ||
           (roster_state(r->config.rosters, watched, watcher) & ROSTER_FROM) != 0;
}

static void touch(const router *r, uint32_t slot)
{
    if (r->config.touch) {
        r->config.touch(r->config.context, slot);
    }
}

/* Nothing holds up those who wrote to this session any more. */
static void release(router *r, uint32_t slot)
{
    for (uint32_t i = 0; i < r->config.sessions; i++) {
        if (r->peers[i].held_by == slot) {
            r->peers[i].held_by = ROUTER_NONE;
            touch(r, i);
        }
    }
}

void router_end_slow(router *r, uint32_t slot)
{
    router_peer *p = &r->peers[slot];
    if (p->core && !p->failed) {
        p->failed = true;
        if (slot != r->current) { /* else when its stanza is no longer needed */
            parley_server_fail(p->core, PARLEY_ERROR_NO_OUTPUT_ROOM, PARLEY_RESOURCE_CONSTRAINT);
        }
        touch(r, slot);
        release(r, slot);
    }
}

/* Straight into the core's output. */
static parley_result write_now(parley_server *core, stanza_writer write, const void *what)
{
    parley_writer w;
    parley_result result = parley_server_stanza(core, &w);
    if (result == PARLEY_OK) {
        write(&w, what);
        result = parley_server_send(core, &w);
    }
    return result;
}

static bool output_empty(const parley_server *core)
{
    size_t len = 0;
    parley_server_out_buf(core, &len);
    return len == 0;
}

static delivery enqueue(router *r, uint32_t slot, stanza_writer write, const void *what)
{
    router_peer *p = &r->peers[slot];
    size_t room = r->config.stanza + LENGTH_SIZE - p->queue_len;
    parley_writer w;
    size_t len = 0;
    uint32_t stored;
    parley_result result = PARLEY_NO_ROOM;

    if (room > LENGTH_SIZE) {
        parley_writer_init(&w, p->queue + p->queue_len + LENGTH_SIZE, room - LENGTH_SIZE,
                           parley_string_of(""));
        write(&w, what);
        result = parley_writer_finish(&w, &len);
    }
    if (result != PARLEY_OK) {
        if (p->queue_len == 0) {
            return DELIVERY_TOO_LARGE;
        }
        router_end_slow(r, slot);
        return DELIVERY_GONE;
    }
    stored = (uint32_t)len;
    memcpy(p->queue + p->queue_len, &stored, LENGTH_SIZE);
    p->queue_len += (uint32_t)(LENGTH_SIZE + len);
    if (r->current != ROUTER_NONE) {
        r->peers[r->current].held_by = slot;
    }
    touch(r, slot);
    return DELIVERY_QUEUED;
}

delivery router_deliver(router *r, uint32_t slot, stanza_writer write, const void *what)
{
    router_peer *p = &r->peers[slot];
    parley_result result;

    if (!router_live(r, slot)) {
        return DELIVERY_GONE;
    }
    if (p->queue_len > 0) {
        return enqueue(r, slot, write, what);
    }
    result = write_now(p->core, write, what);
    if (result == PARLEY_NO_ROOM && slot != r->current && r->config.flush) {
        r->config.flush(r->config.context, slot);
        if (!router_live(r, slot)) {
            return DELIVERY_GONE;
        }
        result = write_now(p->core, write, what);
    }
    if (result == PARLEY_OK) {
        touch(r, slot);
        return DELIVERED;
    }
    if (result != PARLEY_NO_ROOM || output_empty(p->core)) {
        return result == PARLEY_MISUSE ? DELIVERY_GONE : DELIVERY_TOO_LARGE;
    }
    return enqueue(r, slot, write, what);
}

bool router_parse(router *r, const char *text, size_t len, parley_element *element)
{
    parley_xml_token token = PARLEY_XML_MORE;
    size_t at = 0;

    parley_xml_restart(&r->scratch);
    parley_xml_set_tree(&r->scratch, 0);
    while (at < len && token == PARLEY_XML_MORE) {
        at += parley_xml_push(&r->scratch, text + at, len - at, &token);
    }
    if (token != PARLEY_XML_ELEMENT) {
        return false;
    }
    *element = parley_xml_element(&r->scratch);
    return true;
}

/* An error for the sender of a stanza that was queued for `slot` and cannot be delivered.
   Who may not see that user learns what it would if nobody were there (RFC 6120 8.3.3.13). */
static void bounce(router *r, uint32_t slot, const char *text, size_t len)
{
    char buffer[PARLEY_JID_SIZE];
    parley_jid from;
    stanza_reply reply = {.error_type = "wait", .condition = "recipient-unavailable"};
    parley_element e;
    parley_string type;
    uint32_t user;
    uint32_t sender;

    if (!router_parse(r, text, len, &e)) {
        return;
    }
    type = parley_element_attribute(e, "type");
    if (parley_element_is(e, "message", NS_CLIENT)) {
        reply.name = "message";
        if (parley_string_equal(type, parley_string_of("error"))) {
            return;
        }
    } else if (parley_element_is(e, "iq", NS_CLIENT)) {
        reply.name = "iq";
        if (!parley_string_equal(type, parley_string_of("get")) &&
            !parley_string_equal(type, parley_string_of("set"))) {
            return;
        }
    } else {
        return; /* presence is told anew to who asks */
    }
    reply.to = parley_element_attribute(e, "from");
    reply.from = parley_element_attribute(e, "to");
    reply.id = parley_element_attribute(e, "id");
    if (parley_jid_parse(&from, reply.to, buffer, sizeof(buffer), NULL) != PARLEY_OK ||
        !parley_string_equal(from.domain, r->config.domain)) {
        return; /* the server's own: a push */
    }
    user = users_find(r->config.accounts, from.local);
    sender = user != USERS_NONE ? router_find(r, user, from.resource) : ROUTER_NONE;
    if (sender == ROUTER_NONE) {
        return;
    }
    if (!router_shares(r, user, r->peers[slot].user)) {
        reply.error_type = "cancel";
        reply.condition = "service-unavailable";
    }
    router_deliver(r, sender, router_write_reply, &reply);
}

void router_join(router *r, uint32_t slot, parley_server *core, uint32_t user)
{
    router_peer *p = &r->peers[slot];
    p->core = core;
    p->user = user;
    p->next = r->first[user];
    r->first[user] = slot;
    p->held_by = ROUTER_NONE;
    p->queue_len = 0;
    p->presence_len = 0;
    p->available = false;
    p->interested = false;
    p->failed = false;
    p->priority = 0;
    p->sync = SYNC_DONE;
    memset(p->saw, 0, (r->config.sessions + 7) / 8);
}

void router_leave(router *r, uint32_t slot)
{
    router_peer *p = &r->peers[slot];
    uint32_t *link;
    uint32_t at = 0;

    if (!p->core) {
        return;
    }
    p->failed = true;
    router_presence_end(r, slot);
    link = &r->first[p->user];
    while (*link != slot) {
        link = &r->peers[*link].next;
    }
    *link = p->next;
    p->core = NULL;
    while (at < p->queue_len) {
        uint32_t len;
        memcpy(&len, p->queue + at, LENGTH_SIZE);
        bounce(r, slot, p->queue + at + LENGTH_SIZE, len);
        at += LENGTH_SIZE + len;
    }
    p->queue_len = 0;
    release(r, slot);
    for (uint32_t i = 0; i < r->config.sessions; i++) {
        router_set_bit(r->peers[i].saw, slot, false);
    }
}

bool router_held(const router *r, uint32_t slot)
{
    return r->peers[slot].held_by != ROUTER_NONE;
}

bool router_waits(const router *r, uint32_t slot)
{
    const router_peer *p = &r->peers[slot];
    return p->core && !p->failed && (p->queue_len > 0 || p->sync != SYNC_DONE);
}

/* Moves queued stanzas into the output. False: no room for all. */
static bool pump_queue(router *r, uint32_t slot, bool *wrote)
{
    router_peer *p = &r->peers[slot];
    uint32_t at = 0;
    bool room = true;

    while (room && at < p->queue_len) {
        uint32_t len;
        stanza_copy copy = {0};
        parley_result result = PARLEY_ILLEGAL;
        memcpy(&len, p->queue + at, LENGTH_SIZE);
        if (router_parse(r, p->queue + at + LENGTH_SIZE, len, &copy.element)) {
            result = write_now(p->core, router_write_copy, &copy);
        }
        if (result == PARLEY_NO_ROOM && !output_empty(p->core)) {
            room = false;
            break;
        }
        if (result != PARLEY_OK) {
            bounce(r, slot, p->queue + at + LENGTH_SIZE, len);
        }
        *wrote = *wrote || result == PARLEY_OK;
        at += LENGTH_SIZE + len;
    }
    if (at > 0) {
        memmove(p->queue, p->queue + at, p->queue_len - at);
        p->queue_len -= at;
        if (p->queue_len == 0) {
            release(r, slot);
        }
    }
    return room;
}

/* Presence of one contact's session for a newcomer. False: no room yet. */
static bool sync_presence(router *r, uint32_t slot, bool *wrote)
{
    router_peer *p = &r->peers[slot];
    while (p->sync_at < r->config.sessions) {
        uint32_t other = (uint32_t)p->sync_at;
        delivery how = DELIVERED;
        p->sync_at++;
        if (other != slot && router_live(r, other) && r->peers[other].available &&
            router_shares(r, p->user, r->peers[other].user)) {
            how = router_show(r, other, slot);
            *wrote = true;
        }
        if (how == DELIVERY_QUEUED || how == DELIVERY_GONE) {
            return false;
        }
    }
    p->sync = SYNC_REQUESTS;
    p->sync_at = 0;
    return true;
}

/* Subscription requests that wait for an answer (RFC 6121 3.1.3). */
static bool sync_requests(router *r, uint32_t slot, bool *wrote)
{
    router_peer *p = &r->peers[slot];
    roster_item item;
    while (roster_next(r->config.rosters, p->user, &p->sync_at, &item)) {
        char from[2 * PARLEY_PART_SIZE + 1];
        size_t len = 0;
        presence_note note = {.to = router_bare(r, slot), .type = parley_string_of("subscribe")};
        if (!(item.state & ROSTER_ASKED) ||
            parley_jid_write(&item.jid, true, from, sizeof(from), &len) != PARLEY_OK) {
            continue;
        }
        note.from = (parley_string){from, len};
        *wrote = true;
        if (router_deliver(r, slot, router_write_presence, &note) != DELIVERED) {
            return false;
        }
    }
    p->sync = SYNC_DONE;
    return true;
}

bool router_pump(router *r, uint32_t slot)
{
    router_peer *p = &r->peers[slot];
    bool wrote = false;
    if (!router_live(r, slot) || !pump_queue(r, slot, &wrote)) {
        return wrote;
    }
    if (p->sync == SYNC_PRESENCE && !sync_presence(r, slot, &wrote)) {
        return wrote;
    }
    if (p->sync == SYNC_REQUESTS) {
        sync_requests(r, slot, &wrote);
    }
    return wrote;
}
