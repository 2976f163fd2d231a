/* A stanza's head, answers to its sender, and messages. */
#include "router_parts.h"

#include <string.h>

#define NAME_SIZE 257

static bool is(parley_string a, const char *b)
{
    return parley_string_equal(a, parley_string_of(b));
}

/* Attributes of other namespaces need declarations that the element's copy makes. */
static bool has_foreign_attribute(parley_element e)
{
    parley_attribute a;
    uint32_t next = 0;
    while (parley_element_attributes(e, &next, &a)) {
        if ((a.space.len > 0 && !(is(a.prefix, "xml") && is(a.name, "lang"))) ||
            a.name.len >= NAME_SIZE) {
            return true;
        }
    }
    return false;
}

static void copy_attributes(parley_writer *w, parley_element e, bool own_from)
{
    parley_attribute a;
    uint32_t next = 0;
    while (parley_element_attributes(e, &next, &a)) {
        char name[NAME_SIZE];
        if (a.space.len > 0) {
            parley_writer_attribute(w, "xml:lang", a.value);
        } else if (!is(a.name, "to") && (own_from || !is(a.name, "from"))) {
            memcpy(name, a.name.data, a.name.len);
            name[a.name.len] = '\0';
            parley_writer_attribute(w, name, a.value);
        }
    }
}

/* RFC 6120 4.7.4, 4.8.3, 8.1.1.1, 8.1.2.1, 8.1.5, 8.4. */
void router_write_copy(parley_writer *w, const void *what)
{
    const stanza_copy *copy = what;
    parley_node node;
    uint32_t next = 0;

    if (!copy->to.data || has_foreign_attribute(copy->element)) {
        parley_writer_element(w, copy->element, copy->from);
        return;
    }
    parley_writer_start_string(w, parley_element_name(copy->element),
                               parley_element_namespace(copy->element));
    copy_attributes(w, copy->element, copy->from.data == NULL);
    if (copy->from.data) {
        parley_writer_attribute(w, "from", copy->from);
    }
    parley_writer_attribute(w, "to", copy->to);
    while (parley_element_nodes(copy->element, &next, &node)) {
        if (node.is_text) {
            parley_writer_text(w, node.text);
        } else {
            parley_writer_element(w, node.element, (parley_string){NULL, 0});
        }
    }
    parley_writer_end(w);
}

/* RFC 6120 8.1.2.1, 8.3.1, 8.3.2. */
void router_write_reply(parley_writer *w, const void *what)
{
    const stanza_reply *reply = what;
    parley_writer_start(w, reply->name, NS_CLIENT);
    parley_writer_attribute(w, "type", parley_string_of(reply->condition ? "error" : "result"));
    parley_writer_attribute(w, "id", reply->id);
    parley_writer_attribute(w, "from", reply->from);
    parley_writer_attribute(w, "to", reply->to);
    if (reply->condition) {
        parley_writer_start(w, "error", NULL);
        parley_writer_attribute(w, "type", parley_string_of(reply->error_type));
        parley_writer_start(w, reply->condition, NS_STANZAS);
        parley_writer_end(w);
        parley_writer_end(w);
    }
    parley_writer_end(w);
}

void router_write_presence(parley_writer *w, const void *what)
{
    const presence_note *note = what;
    parley_writer_start(w, "presence", NS_CLIENT);
    parley_writer_attribute(w, "from", note->from);
    parley_writer_attribute(w, "to", note->to);
    parley_writer_attribute(w, "type", note->type);
    parley_writer_end(w);
}

/* RFC 6120 8.3.1, 8.3.2. */
void router_refuse(router *r, const routed *s, const char *error_type, const char *condition)
{
    stanza_reply reply = {.from = s->to_text,
                          .to = router_full(r, s->from),
                          .id = s->id,
                          .error_type = error_type,
                          .condition = condition};
    /* an error or a result is not answered, or two servers would never end */
    if (is(s->type, "error") || is(s->type, "result")) {
        return;
    }
    if (parley_element_is(s->element, "iq", NS_CLIENT)) {
        reply.name = "iq";
    } else if (parley_element_is(s->element, "message", NS_CLIENT)) {
        reply.name = "message";
    } else {
        reply.name = "presence";
    }
    router_deliver(r, s->from, router_write_reply, &reply);
}

/* To every available session with a priority that is not negative: all, not
   the "most available" (RFC 6121 8.5.2.1.1 allows both for normal and chat). */
static bool message_to_all(router *r, const routed *s, uint32_t user)
{
    stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
    parley_string own = router_bare(r, s->from);
    bool delivered = false;

    if (!s->has_to) {
        copy.to = own;
    }
    ROUTER_EACH(r, slot, user)
    {
        if (r->peers[slot].available && r->peers[slot].priority >= 0) {
            delivery how = router_deliver(r, slot, router_write_copy, &copy);
            delivered = delivered || how == DELIVERED || how == DELIVERY_QUEUED;
        }
    }
    return delivered;
}

static bool takes_messages(const router *r, uint32_t user)
{
    ROUTER_EACH(r, slot, user)
    {
        if (r->peers[slot].available && r->peers[slot].priority >= 0) {
            return true;
        }
    }
    return false;
}

/* To a full JID that nobody has. Who would be answered under the bare JID is answered here, and
   nobody else: which resources there are is not for all to know (RFC 6120 13.10.2; RFC 6121
   8.5.3.2.1 allows both). */
static void message_to_none(router *r, const routed *s, uint32_t user)
{
    bool chat = is(s->type, "chat");

    if (is(s->type, "headline") || (chat && message_to_all(r, s, user)) ||
        (!chat && !is(s->type, "groupchat") && takes_messages(r, user))) {
        return;
    }
    router_refuse(r, s, "cancel", "service-unavailable");
}

static void message_to_one(router *r, const routed *s, uint32_t slot)
{
    stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
    delivery how = router_deliver(r, slot, router_write_copy, &copy);
    if (how != DELIVERED && how != DELIVERY_QUEUED) {
        router_refuse(r, s, "cancel", "service-unavailable");
    }
}

/* Asked before any receiver is looked for: who is told does not learn which there are. */
static bool message_fits(router *r, const routed *s)
{
    stanza_copy copy = {.element = s->element, .from = router_full(r, s->from)};
    parley_writer w;
    size_t len = 0;

    parley_writer_init(&w, r->text, r->config.message, parley_string_of(""));
    if (!s->has_to) {
        copy.to = router_bare(r, s->from);
    }
    router_write_copy(&w, &copy);
    return parley_writer_finish(&w, &len) != PARLEY_NO_ROOM;
}

/* RFC 6121 section 8.5, table 1; without storage for later, "O/E" is E (RFC 6120 13.10.2). */
void router_message(router *r, routed *s)
{
    bool bare = !s->has_to || !s->to.resource.data;
    uint32_t user = s->has_to ? users_find(r->config.accounts, s->to.local)
                              : r->peers[s->from].user;
    bool error = is(s->type, "error");
    bool headline = is(s->type, "headline");
    uint32_t slot;

    if (!message_fits(r, s)) {
        router_refuse(r, s, "modify", "policy-violation"); /* RFC 6120 8.3.3.12 */
        return;
    }
    if (user != USERS_NONE && !bare) {
        slot = router_find(r, user, s->to.resource);
        if (slot != ROUTER_NONE) {
            message_to_one(r, s, slot);
        } else {
            message_to_none(r, s, user);
        }
        return;
    }
    if (error || (headline && user == USERS_NONE)) {
        return; /* 8.5.2.1.1: silently ignored */
    }
    if (user == USERS_NONE || is(s->type, "groupchat")) {
        router_refuse(r, s, "cancel", "service-unavailable");
        return;
    }
    if (!message_to_all(r, s, user) && !headline) {
        router_refuse(r, s, "cancel", "service-unavailable");
    }
}

static bool is_remote(const router *r, const routed *s)
{
    return s->has_to && !parley_string_equal(s->to.domain, r->config.domain);
}

static void dispatch(router *r, routed *s)
{
    if (s->to_text.data && !s->has_to) {
        s->to_text = r->config.domain; /* no address to answer from */
        router_refuse(r, s, "modify", "jid-malformed");
    } else if (is_remote(r, s)) {
        /* there are no streams between servers here: RFC 6120 10.4.3 */
        router_refuse(r, s, "cancel", "remote-server-not-found");
    } else if (parley_element_is(s->element, "message", NS_CLIENT)) {
        router_message(r, s);
    } else if (parley_element_is(s->element, "iq", NS_CLIENT)) {
        router_iq(r, s);
    } else {
        router_presence(r, s);
    }
}

void router_stanza(router *r, uint32_t slot, parley_element stanza)
{
    routed s;
    router_peer *p = &r->peers[slot];
    if (!p->core || p->failed) {
        return;
    }
    s.element = stanza;
    s.from = slot;
    s.to_text = parley_element_attribute(stanza, "to");
    s.type = parley_element_attribute(stanza, "type");
    s.id = parley_element_attribute(stanza, "id");
    s.has_to = s.to_text.data &&
               parley_jid_parse(&s.to, s.to_text, s.buffer, sizeof(s.buffer), NULL) == PARLEY_OK;
    r->current = slot;
    dispatch(r, &s);
    r->current = ROUTER_NONE;
    if (p->failed) {
        parley_server_fail(p->core, PARLEY_ERROR_NO_OUTPUT_ROOM, PARLEY_RESOURCE_CONSTRAINT);
    }
}
