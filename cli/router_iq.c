/* iq: what the server answers itself (roster, ping, discovery), and what it
   passes on between full JIDs. */
#include "router_parts.h"

#include <string.h>

#define NS_PING  "urn:xmpp:ping"
#define NS_INFO  "http://jabber.org/protocol/disco#info"
#define NS_ITEMS "http://jabber.org/protocol/disco#items"

static bool is(parley_string a, const char *b)
{
    return parley_string_equal(a, parley_string_of(b));
}

typedef struct roster_result {
    const router *r;
    const routed *s;
} roster_result;

static void write_roster(parley_writer *w, const void *what)
{
    const roster_result *result = what;
    uint64_t cursor = 0;
    roster_item item;

    parley_writer_start(w, "iq", NS_CLIENT);
    parley_writer_attribute(w, "type", parley_string_of("result"));
    parley_writer_attribute(w, "id", result->s->id);
    parley_writer_attribute(w, "to", router_full(result->r, result->s->from));
    parley_writer_start(w, "query", NS_ROSTER);
    while (roster_next(result->r->config.rosters, result->r->peers[result->s->from].user, &cursor,
                       &item)) {
        if (item.state & ROSTER_LISTED) {
            roster_write(w, &item, false);
        }
    }
    parley_writer_end(w);
    parley_writer_end(w);
}

typedef struct roster_push {
    parley_string to;
    const roster_item *item;
    uint32_t number;
    bool removed;
} roster_push;

static void write_push(parley_writer *w, const void *what)
{
    const roster_push *push = what;
    char id[16] = "push";
    uint32_t number = push->number;
    for (size_t i = 4; i < 12; i++) {
        id[i] = (char)('a' + (number & 15));
        number >>= 4;
    }
    parley_writer_start(w, "iq", NS_CLIENT);
    parley_writer_attribute(w, "type", parley_string_of("set"));
    parley_writer_attribute(w, "id", parley_string_of(id));
    parley_writer_attribute(w, "to", push->to);
    parley_writer_start(w, "query", NS_ROSTER);
    roster_write(w, push->item, push->removed);
    parley_writer_end(w);
    parley_writer_end(w);
}

void router_push(router *r, uint32_t user, const roster_item *item, bool removed)
{
    roster_push push = {.item = item, .removed = removed};
    ROUTER_EACH(r, slot, user)
    {
        if (r->peers[slot].interested) {
            push.to = router_full(r, slot);
            push.number = r->pushes++;
            router_deliver(r, slot, write_push, &push);
        }
    }
}

static void result(router *r, const routed *s)
{
    stanza_reply reply = {.name = "iq",
                          .from = s->to_text,
                          .to = router_full(r, s->from),
                          .id = s->id};
    router_deliver(r, s->from, router_write_reply, &reply);
}

/* The groups of an item, each with a NUL behind it. NULL: fine; else what is
   wrong, by RFC 6121 2.3.3. */
static const char *read_groups(parley_element item, char *groups, size_t size, size_t *len)
{
    parley_element e;
    bool more = parley_element_child(item, &e);
    for (*len = 0; more; more = parley_element_next(&e)) {
        parley_string text;
        if (!parley_element_is(e, "group", NS_ROSTER)) {
            continue;
        }
        if (parley_element_text(e, &text) != PARLEY_OK) {
            return "bad-request";
        }
        if (text.len == 0 || text.len >= size - *len) {
            return "not-acceptable";
        }
        for (size_t at = 0; at < *len; at += strlen(groups + at) + 1) {
            if (is(text, groups + at)) {
                return "bad-request"; /* the same group twice */
            }
        }
        memcpy(groups + *len, text.data, text.len);
        groups[*len + text.len] = '\0';
        *len += text.len + 1;
    }
    return NULL;
}

static void remove_item(router *r, const routed *s, roster_item *item)
{
    uint32_t own = r->peers[s->from].user;
    if (!roster_find(r->config.rosters, own, item) || !(item->state & ROSTER_LISTED)) {
        router_refuse(r, s, "modify", "item-not-found");
        return;
    }
    if (item->contact != USERS_NONE) {
        router_unsubscribe_both(r, own, item->contact);
    }
    if (!roster_remove(r->config.rosters, own, item)) {
        router_refuse(r, s, "wait", "resource-constraint");
        return;
    }
    result(r, s);
    router_push(r, own, item, true);
}

static void set_item(router *r, const routed *s, parley_element e, roster_item *item)
{
    uint32_t own = r->peers[s->from].user;
    char groups[ROSTER_TEXT_SIZE];
    size_t len;
    const char *wrong = read_groups(e, groups, sizeof(groups), &len);
    parley_result put;

    if (wrong) {
        router_refuse(r, s, "modify", wrong);
        return;
    }
    item->name = parley_element_attribute(e, "name");
    item->groups = (parley_string){groups, len};
    put = roster_put(r->config.rosters, own, item);
    if (put == PARLEY_NO_ROOM) {
        router_refuse(r, s, "modify", "not-acceptable");
    } else if (put != PARLEY_OK) {
        router_refuse(r, s, "wait", "resource-constraint");
    } else {
        result(r, s);
        if (roster_find(r->config.rosters, own, item)) {
            router_push(r, own, item, false);
        }
    }
}

/* RFC 6121 2.3 to 2.5. */
static void roster_set(router *r, const routed *s, parley_element query)
{
    const parley_jid own = {.local = r->config.accounts->list[r->peers[s->from].user].name,
                            .domain = r->config.domain};
    char buffer[PARLEY_JID_SIZE];
    roster_item item = {0};
    parley_element e;

    if (parley_element_children(query) != 1 || !parley_element_find(query, "item", NS_ROSTER, &e) ||
        parley_jid_parse(&item.jid, parley_element_attribute(e, "jid"), buffer, sizeof(buffer),
                         NULL) != PARLEY_OK) {
        router_refuse(r, s, "modify", "bad-request");
        return;
    }
    item.jid.resource = (parley_string){NULL, 0}; /* items are bare: RFC 6121 2.1.2.3 */
    if (parley_jid_equal(&item.jid, &own, true)) {
        router_refuse(r, s, "cancel", "not-allowed");
    } else if (is(parley_element_attribute(e, "subscription"), "remove")) {
        remove_item(r, s, &item);
    } else {
        set_item(r, s, e, &item);
    }
}

static void roster_get(router *r, const routed *s)
{
    roster_result what = {r, s};
    r->peers[s->from].interested = true;
    if (router_deliver(r, s->from, write_roster, &what) == DELIVERY_TOO_LARGE) {
        router_refuse(r, s, "wait", "resource-constraint");
    }
}

typedef struct discovery {
    const routed *s;
    parley_string to;
    bool server; /* or the account */
    bool items;
} discovery;

static void write_feature(parley_writer *w, const char *feature)
{
    parley_writer_start(w, "feature", NULL);
    parley_writer_attribute(w, "var", parley_string_of(feature));
    parley_writer_end(w);
}

/* XEP-0030: what is here. */
static void write_discovery(parley_writer *w, const void *what)
{
    const discovery *d = what;
    parley_writer_start(w, "iq", NS_CLIENT);
    parley_writer_attribute(w, "type", parley_string_of("result"));
    parley_writer_attribute(w, "id", d->s->id);
    parley_writer_attribute(w, "from", d->s->to_text);
    parley_writer_attribute(w, "to", d->to);
    parley_writer_start(w, "query", d->items ? NS_ITEMS : NS_INFO);
    if (!d->items) {
        parley_writer_start(w, "identity", NULL);
        parley_writer_attribute(w, "category", parley_string_of(d->server ? "server" : "account"));
        parley_writer_attribute(w, "type", parley_string_of(d->server ? "im" : "registered"));
        if (d->server) {
            parley_writer_attribute(w, "name", parley_string_of("parley serve"));
        }
        parley_writer_end(w);
        write_feature(w, NS_INFO);
        write_feature(w, NS_ITEMS);
        if (d->server) {
            write_feature(w, NS_ROSTER);
        }
        write_feature(w, NS_PING);
    }
    parley_writer_end(w);
    parley_writer_end(w);
}

/* To the server, or to the own account. */
static void answer(router *r, const routed *s, parley_element payload, bool server)
{
    bool get = is(s->type, "get");
    bool info = parley_element_is(payload, "query", NS_INFO);
    bool items = parley_element_is(payload, "query", NS_ITEMS);

    if (parley_element_is(payload, "query", NS_ROSTER) && !server) {
        if (get) {
            roster_get(r, s);
        } else {
            roster_set(r, s, payload);
        }
    } else if (get && parley_element_is(payload, "ping", NS_PING)) {
        result(r, s);
    } else if (get && (info || items)) {
        discovery what = {.s = s, .to = router_full(r, s->from), .server = server, .items = items};
        if (parley_element_attribute(payload, "node").data) {
            router_refuse(r, s, "cancel", "item-not-found");
        } else {
            router_deliver(r, s->from, write_discovery, &what);
        }
    } else {
        router_refuse(r, s, "cancel", "service-unavailable");
    }
}

/* Between full JIDs (RFC 6121 8.5.3; RFC 6120 8.3.3.7, 8.3.3.19). */
static void pass_on(router *r, const routed *s, uint32_t user, bool request)
{
    uint32_t slot = router_find(r, user, s->to.resource);
    stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
    delivery how = DELIVERY_GONE;

    /* who does not share presence looks as if not there: 8.5.3.1 */
    if (slot != ROUTER_NONE && (!request || router_shares(r, r->peers[s->from].user, user) ||
                                router_bit(r->peers[slot].saw, s->from))) {
        how = router_deliver(r, slot, router_write_copy, &copy);
    }
    if (how == DELIVERY_TOO_LARGE) {
        router_refuse(r, s, "modify", "resource-constraint");
    } else if (how == DELIVERY_GONE) {
        router_refuse(r, s, "cancel", "service-unavailable");
    }
}

/* RFC 6120 8.3.1. */
void router_iq(router *r, routed *s)
{
    bool request = is(s->type, "get") || is(s->type, "set");
    bool response = is(s->type, "result") || is(s->type, "error");
    uint32_t own = r->peers[s->from].user;
    uint32_t user;
    parley_element payload;

    /* RFC 6120 8.2.3: an id, a type, one payload in a request */
    if (!s->id.data || !(request || response) ||
        (request && parley_element_children(s->element) != 1)) {
        router_refuse(r, s, "modify", "bad-request");
        return;
    }
    user = s->has_to ? users_find(r->config.accounts, s->to.local) : own;
    if (user != USERS_NONE && s->has_to && s->to.resource.data) {
        pass_on(r, s, user, request);
        return;
    }
    if (!request || !parley_element_child(s->element, &payload)) {
        return; /* an answer to a push, or to nothing: RFC 6120 10.3.3 */
    }
    if (s->has_to && !s->to.local.data && !s->to.resource.data) {
        answer(r, s, payload, true);
    } else if (user == own) {
        answer(r, s, payload, false);
    } else if (user != USERS_NONE && is(s->type, "set") &&
               parley_element_is(payload, "query", NS_ROSTER)) {
        router_refuse(r, s, "auth", "forbidden");
    } else {
        router_refuse(r, s, "cancel", "service-unavailable");
    }
}
