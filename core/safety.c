/* What may be believed of a stanza, and what may be answered.

   No state but a request's own. A `from` is compared as prepared (likeness.h). Namespaces and
   names decide, prefixes never. */
#include "parley/safety.h"

#include <string.h>

#include "likeness.h"

#define NAMESPACE_CLIENT  "jabber:client"
#define NAMESPACE_ROSTER  "jabber:iq:roster"
#define NAMESPACE_CARBONS "urn:xmpp:carbons:2"
#define NAMESPACE_FORWARD "urn:xmpp:forward:0"
#define NAMESPACE_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

parley_sender parley_sender_of(parley_string own, parley_element stanza)
{
    parley_string from;
    parley_likeness same;

    if (own.len == 0 || stanza.xml == NULL) {
        return PARLEY_SENDER_NOBODY;
    }
    from = parley_element_attribute(stanza, "from");
    if (from.data == NULL) {
        return PARLEY_SENDER_ACCOUNT;
    }
    if (!parley_likeness_of(from, own, &same)) {
        return PARLEY_SENDER_NOBODY;
    }
    if (!same.domain || (same.has_local && !same.local)) {
        return PARLEY_SENDER_OTHER;
    }
    if (!same.has_local) {
        return same.has_resource ? PARLEY_SENDER_OTHER : PARLEY_SENDER_SERVER;
    }
    if (!same.has_resource) {
        return PARLEY_SENDER_ACCOUNT;
    }
    return same.resource ? PARLEY_SENDER_SELF : PARLEY_SENDER_RESOURCE;
}

bool parley_is_from(parley_element stanza, parley_string jid, bool bare)
{
    parley_string from = parley_element_attribute(stanza, "from");
    parley_likeness same;

    return from.data != NULL && parley_likeness_of(from, jid, &same) && same.domain && same.local &&
           (bare || same.resource);
}

/* Types. */

static bool has_type(parley_element stanza, const char *type)
{
    parley_string value = parley_element_attribute(stanza, "type");

    return value.data != NULL && parley_string_is(value, type);
}

static bool is_request(parley_element iq)
{
    return has_type(iq, "get") || has_type(iq, "set");
}

/* The first child, if there is but one. */
static bool only_child(parley_element e, const char *name, const char *space, parley_element *child)
{
    return parley_element_children(e) == 1 && parley_element_find(e, name, space, child);
}

/* Requests. */

parley_result parley_iq_sent(parley_iq_request *request, const char *id, parley_string to)
{
    parley_string text = parley_string_of(id);

    memset(request, 0, sizeof *request);
    if (text.len == 0 || text.len >= sizeof request->id) {
        return PARLEY_MISUSE;
    }
    memcpy(request->id, text.data, text.len);
    request->to = to;
    request->pending = true;
    return PARLEY_OK;
}

static bool is_the_one_asked(const parley_iq_request *request, parley_string own, parley_element iq)
{
    if (request->to.data == NULL) {
        return parley_sender_of(own, iq) == PARLEY_SENDER_ACCOUNT;
    }
    return parley_is_from(iq, request->to, false);
}

/* RFC 6120 8.3.1. */
parley_iq_answer parley_iq_answered(parley_iq_request *request, parley_string own,
                                    parley_element stanza, bool whole)
{
    parley_string id = parley_element_attribute(stanza, "id");
    bool result = has_type(stanza, "result");
    parley_element child;

    if (!request->pending || !parley_element_is(stanza, "iq", NAMESPACE_CLIENT) ||
        (!result && !has_type(stanza, "error")) || id.data == NULL ||
        !parley_string_is(id, request->id) || !is_the_one_asked(request, own, stanza)) {
        return PARLEY_IQ_UNRELATED;
    }
    request->pending = false;
    if (whole && (result ? parley_element_children(stanza) > 1
                         : !parley_element_find(stanza, "error", NAMESPACE_CLIENT, &child))) {
        return PARLEY_IQ_BROKEN;
    }
    return result ? PARLEY_IQ_RESULT : PARLEY_IQ_ERROR;
}

/* The roster. */

static bool has_jid(parley_element item)
{
    parley_string jid = parley_element_attribute(item, "jid");

    return jid.data != NULL && parley_jid_reason(jid) == NULL;
}

parley_push parley_roster_push(parley_string own, parley_element stanza, parley_element *item)
{
    parley_element query;

    if (!parley_element_is(stanza, "iq", NAMESPACE_CLIENT) || !has_type(stanza, "set") ||
        !parley_element_find(stanza, "query", NAMESPACE_ROSTER, &query)) {
        return PARLEY_PUSH_NONE;
    }
    if (parley_sender_of(own, stanza) != PARLEY_SENDER_ACCOUNT) {
        return PARLEY_PUSH_FORGED;
    }
    if (!only_child(stanza, "query", NAMESPACE_ROSTER, &query) ||
        !only_child(query, "item", NAMESPACE_ROSTER, item) || !has_jid(*item)) {
        return PARLEY_PUSH_BROKEN;
    }
    return PARLEY_PUSH_ITEM;
}

/* Carbon copies. */

bool parley_carbon(parley_string own, parley_element stanza, parley_element *message, bool *sent)
{
    parley_element copy;
    parley_element forwarded;

    if (!parley_element_is(stanza, "message", NAMESPACE_CLIENT) ||
        parley_sender_of(own, stanza) != PARLEY_SENDER_ACCOUNT) {
        return false;
    }
    *sent = parley_element_find(stanza, "sent", NAMESPACE_CARBONS, &copy);
    return (*sent || parley_element_find(stanza, "received", NAMESPACE_CARBONS, &copy)) &&
           only_child(copy, "forwarded", NAMESPACE_FORWARD, &forwarded) &&
           parley_element_find(forwarded, "message", NAMESPACE_CLIENT, message);
}

/* Answers. */

static parley_reply reply_to_iq(parley_element iq)
{
    if (has_type(iq, "result") || has_type(iq, "error") ||
        parley_element_attribute(iq, "id").data == NULL) {
        return PARLEY_REPLY_NONE;
    }
    return is_request(iq) && parley_element_children(iq) == 1 ? PARLEY_REPLY_DUE
                                                              : PARLEY_REPLY_BAD_REQUEST;
}

parley_reply parley_reply_to(parley_element stanza)
{
    parley_string from = parley_element_attribute(stanza, "from");

    if (!parley_element_is(stanza, NULL, NAMESPACE_CLIENT) ||
        (from.data != NULL && parley_jid_reason(from) != NULL)) {
        return PARLEY_REPLY_NONE;
    }
    if (parley_element_is(stanza, "iq", NULL)) {
        return reply_to_iq(stanza);
    }
    return has_type(stanza, "error") ? PARLEY_REPLY_NONE : PARLEY_REPLY_MAY;
}

void parley_iq_reply(parley_writer *w, parley_element iq, const char *type)
{
    parley_writer_start(w, "iq", NULL);
    parley_writer_attribute(w, "type", parley_string_of(type));
    parley_writer_attribute(w, "id", parley_element_attribute(iq, "id"));
    parley_writer_attribute(w, "to", parley_element_attribute(iq, "from"));
}

void parley_iq_reply_error(parley_writer *w, parley_element iq, const char *type,
                           const char *condition)
{
    parley_iq_reply(w, iq, "error");
    parley_writer_start(w, "error", NULL);
    parley_writer_attribute(w, "type", parley_string_of(type));
    parley_writer_start(w, condition, NAMESPACE_STANZAS);
    parley_writer_end(w);
    parley_writer_end(w);
    parley_writer_end(w);
}
