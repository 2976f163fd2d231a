/* Presence (RFC 6121 section 4): broadcast, directed, probes, and the end of a
   session. peers[a].saw holds the slots that were shown a's presence and not yet
   its end; who is subscribed and available is shown anyway. */
#include "router_parts.h"

#include <string.h>

static bool is(parley_string a, const char *b)
{
    return parley_string_equal(a, parley_string_of(b));
}

/* A decimal number from -128 to 127 (RFC 6121 4.7.2.3). No <priority/>: 0. */
static bool priority_of(parley_element presence, int8_t *priority)
{
    parley_element e;
    parley_string text;
    bool negative = false;
    size_t at = 0;
    int value = 0;

    *priority = 0;
    if (!parley_element_find(presence, "priority", NS_CLIENT, &e)) {
        return true;
    }
    if (parley_element_text(e, &text) != PARLEY_OK) {
        return false;
    }
    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        negative = text.data[0] == '-';
        at = 1;
    }
    if (at == text.len || text.len - at > 3) {
        return false;
    }
    for (; at < text.len; at++) {
        if (text.data[at] < '0' || text.data[at] > '9') {
            return false;
        }
        value = value * 10 + (text.data[at] - '0');
    }
    value = negative ? -value : value;
    if (value < -128 || value > 127) {
        return false;
    }
    *priority = (int8_t)value;
    return true;
}

/* Whether what `slot` broadcasts goes to `other`. */
static bool in_broadcast(const router *r, uint32_t slot, uint32_t other)
{
    const router_peer *p = &r->peers[slot];
    const router_peer *q = &r->peers[other];
    return q->core && q->available && router_shares(r, q->user, p->user);
}

static void broadcast(router *r, uint32_t slot, parley_element presence, bool available)
{
    router_peer *p = &r->peers[slot];
    stanza_copy copy = {.element = presence, .from = router_full(r, slot)};
    for (uint32_t i = 0; i < r->config.sessions; i++) {
        bool meant = p->available && in_broadcast(r, slot, i);
        if (!meant && (available || !router_bit(p->saw, i))) {
            continue;
        }
        copy.to = router_bare(r, i);
        if (router_deliver(r, i, router_write_copy, &copy) != DELIVERY_GONE) {
            router_set_bit(p->saw, i, available);
        }
    }
}

/* Keeps the presence for who comes later. False: it is too long. */
static bool keep(router *r, uint32_t slot, parley_element presence)
{
    router_peer *p = &r->peers[slot];
    stanza_copy copy = {.element = presence, .from = router_full(r, slot)};
    parley_writer w;
    size_t len;

    parley_writer_init(&w, r->text,
                       r->config.stanza < ROUTER_PRESENCE_SIZE ? r->config.stanza
                                                               : ROUTER_PRESENCE_SIZE,
                       parley_string_of(""));
    router_write_copy(&w, &copy);
    if (parley_writer_finish(&w, &len) != PARLEY_OK) {
        return false;
    }
    memcpy(p->presence, r->text, len);
    p->presence_len = (uint16_t)len;
    return true;
}

/* RFC 6121 4.2.2 and 4.4.2. */
static void available(router *r, routed *s)
{
    router_peer *p = &r->peers[s->from];
    bool initial = !p->available;
    int8_t priority;

    if (!priority_of(s->element, &priority)) {
        router_refuse(r, s, "modify", "bad-request");
        return;
    }
    if (!keep(r, s->from, s->element)) {
        router_refuse(r, s, "modify", "policy-violation");
        return;
    }
    p->priority = priority;
    p->available = true;
    broadcast(r, s->from, s->element, true);
    if (initial) {
        p->sync = SYNC_PRESENCE;
        p->sync_at = 0;
    }
}

/* RFC 6121 4.5.2. A session that is not available may have sent directed presence. */
static void unavailable(router *r, uint32_t slot, parley_element presence)
{
    router_peer *p = &r->peers[slot];
    broadcast(r, slot, presence, false);
    p->available = false;
    p->presence_len = 0;
    p->priority = 0;
    p->sync = SYNC_DONE;
}

void router_presence_end(router *r, uint32_t slot)
{
    router_peer *p = &r->peers[slot];
    presence_note note = {.from = router_full(r, slot), .type = parley_string_of("unavailable")};
    for (uint32_t i = 0; i < r->config.sessions; i++) {
        if (i == slot || !r->peers[i].core ||
            (!router_bit(p->saw, i) && !(p->available && in_broadcast(r, slot, i)))) {
            continue;
        }
        note.to = router_bare(r, i);
        router_deliver(r, i, router_write_presence, &note);
        router_set_bit(p->saw, i, false);
    }
    p->available = false;
    p->presence_len = 0;
    p->sync = SYNC_DONE;
}

delivery router_show(router *r, uint32_t watched, uint32_t slot)
{
    router_peer *p = &r->peers[watched];
    stanza_copy copy = {.to = router_bare(r, slot)};
    delivery how;
    if (!p->available || !router_parse(r, p->presence, p->presence_len, &copy.element)) {
        return DELIVERED;
    }
    how = router_deliver(r, slot, router_write_copy, &copy);
    if (how != DELIVERY_GONE) {
        router_set_bit(p->saw, slot, true);
    }
    return how;
}

void router_show_all(router *r, uint32_t watched, uint32_t watcher)
{
    ROUTER_EACH(r, slot, watched)
    {
        ROUTER_EACH(r, other, watcher)
        {
            if (r->peers[other].available) {
                router_show(r, slot, other);
            }
        }
    }
}

void router_hide_all(router *r, uint32_t watched, uint32_t watcher)
{
    ROUTER_EACH(r, slot, watched)
    {
        presence_note note = {.from = router_full(r, slot),
                              .type = parley_string_of("unavailable")};
        ROUTER_EACH(r, other, watcher)
        {
            if (r->peers[other].available && r->peers[slot].available) {
                note.to = router_bare(r, other);
                router_deliver(r, other, router_write_presence, &note);
                router_set_bit(r->peers[slot].saw, other, false);
            }
        }
    }
}

/* To one address (RFC 6121 4.6.3); nobody there: silently ignored (8.5.3.2.2). */
static void directed(router *r, routed *s, uint32_t user, bool shown)
{
    router_peer *p = &r->peers[s->from];
    stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
    ROUTER_EACH(r, slot, user)
    {
        bool meant = s->to.resource.data ? slot == router_find(r, user, s->to.resource)
                                         : r->peers[slot].available;
        if (meant && router_deliver(r, slot, router_write_copy, &copy) != DELIVERY_GONE) {
            router_set_bit(p->saw, slot, shown);
        }
    }
}

/* RFC 6121 4.3.2, 4.6.6. Who may not know learns the same whether the account
   exists or not (RFC 6120 13.10.2). */
static void probe(router *r, routed *s, uint32_t user)
{
    router_peer *p = &r->peers[s->from];
    presence_note note = {.to = router_full(r, s->from)};
    char bare[2 * PARLEY_PART_SIZE + 1];
    parley_jid jid = s->to;
    size_t len = 0;
    bool any = false;

    if (user != USERS_NONE) {
        ROUTER_EACH(r, slot, user)
        {
            bool meant = !s->to.resource.data || slot == router_find(r, user, s->to.resource);
            bool shared = router_shares(r, p->user, user);
            if (!meant || !(shared || router_bit(r->peers[slot].saw, s->from))) {
                continue;
            }
            any = true;
            note.from = router_full(r, slot);
            if (s->to.resource.data || !shared) {
                router_deliver(r, s->from, router_write_presence, &note);
            } else if (r->peers[slot].available) {
                router_show(r, slot, s->from);
            }
        }
    }
    (void)parley_jid_write(&jid, true, bare, sizeof(bare), &len);
    note.from = (parley_string){bare, len};
    if (user == USERS_NONE || (!any && !router_shares(r, p->user, user))) {
        note.type = parley_string_of("unsubscribed");
        router_deliver(r, s->from, router_write_presence, &note);
    } else if (!any) {
        note.type = parley_string_of("unavailable");
        router_deliver(r, s->from, router_write_presence, &note);
    }
}

void router_presence(router *r, routed *s)
{
    bool plain = !s->type.data;
    bool gone = is(s->type, "unavailable");
    uint32_t user;

    if (!s->has_to) {
        if (plain) {
            available(r, s);
        } else if (gone) {
            unavailable(r, s->from, s->element);
        } else if (!is(s->type, "error")) {
            router_refuse(r, s, "modify", "bad-request");
        }
        return;
    }
    user = users_find(r->config.accounts, s->to.local);
    if (is(s->type, "probe")) {
        probe(r, s, user);
    } else if (is(s->type, "subscribe") || is(s->type, "subscribed") ||
               is(s->type, "unsubscribe") || is(s->type, "unsubscribed")) {
        router_subscription(r, s, user);
    } else if (plain || gone) {
        if (user != USERS_NONE) {
            directed(r, s, user, plain);
        }
    } else if (is(s->type, "error")) {
        uint32_t slot = user != USERS_NONE && s->to.resource.data
                            ? router_find(r, user, s->to.resource)
                            : ROUTER_NONE;
        stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
        if (slot != ROUTER_NONE) {
            router_deliver(r, slot, router_write_copy, &copy);
        }
    } else {
        router_refuse(r, s, "modify", "bad-request");
    }
}
