/* Stanzas, and what is believed of them (parley/safety.h). */
#include "output.h"

#include "report.h"
#include "text.h"

#include <parley/safety.h>
#include <stdio.h>

#define NAMESPACE_CLIENT  "jabber:client"
#define NAMESPACE_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"

static const char *sender_name(parley_sender sender)
{
    switch (sender) {
    case PARLEY_SENDER_ACCOUNT:
        return "account";
    case PARLEY_SENDER_SERVER:
        return "server";
    case PARLEY_SENDER_SELF:
        return "self";
    case PARLEY_SENDER_RESOURCE:
        return "resource";
    case PARLEY_SENDER_OTHER:
        return "other";
    default:
        return "nobody";
    }
}

static parley_string body_of(parley_element stanza)
{
    parley_element body;
    parley_string text = {NULL, 0};

    if (parley_element_find(stanza, "body", NAMESPACE_CLIENT, &body) &&
        parley_element_text(body, &text) != PARLEY_OK) {
        text.data = NULL;
    }
    return text;
}

/* The condition of an error stanza (RFC 6120 section 8.3.2); data NULL: it has none. */
static parley_string condition_of(parley_element stanza)
{
    parley_element error;
    parley_element child;
    bool more = parley_element_find(stanza, "error", NAMESPACE_CLIENT, &error) &&
                parley_element_child(error, &child);

    for (; more; more = parley_element_next(&child)) {
        if (parley_element_is(child, NULL, NAMESPACE_STANZAS) &&
            !parley_element_is(child, "text", NULL)) {
            return parley_element_name(child);
        }
    }
    return (parley_string){NULL, 0};
}

/* ", LABEL VALUE", if there is a value. */
static void say_also(const char *label, parley_string value)
{
    if (value.data != NULL) {
        fputs(label, stdout);
        text_print(stdout, TEXT_LINE, value);
    }
}

static void say_name(parley_string name)
{
    text_print(stdout, TEXT_LINE, name);
    for (size_t i = name.len; i < 14; i++) {
        putchar(' ');
    }
}

static void end_line(void)
{
    putchar('\n');
    fflush(stdout);
}

static void print_stanza(parley_string own, parley_element stanza, bool whole)
{
    parley_string name = parley_element_name(stanza);
    parley_string from = parley_element_attribute(stanza, "from");
    parley_element child;

    say_name(name);
    say_also(" from ", from.data != NULL ? from : parley_string_of("the own account"));
    if (parley_sender_of(own, stanza) == PARLEY_SENDER_NOBODY) {
        fputs(" (nobody's address)", stdout);
    }
    say_also(", ", parley_element_attribute(stanza, "type"));
    if (!whole) {
        fputs(", left out: too large", stdout);
    } else {
        say_also(", ", condition_of(stanza));
        say_also(": ", body_of(stanza));
        if (parley_string_equal(name, parley_string_of("iq")) &&
            parley_element_child(stanza, &child)) {
            say_also(", ", parley_element_name(child));
            say_also(" ", parley_element_namespace(child));
        }
    }
    end_line();
}

static void json_stanza(parley_string own, parley_element stanza, parley_string body)
{
    json j;

    json_open(&j, stdout, "event", "stanza");
    json_string(&j, "name", parley_element_name(stanza));
    json_string(&j, "from", parley_element_attribute(stanza, "from"));
    json_text(&j, "sender", sender_name(parley_sender_of(own, stanza)));
    json_string(&j, "to", parley_element_attribute(stanza, "to"));
    json_string(&j, "type", parley_element_attribute(stanza, "type"));
    json_string(&j, "id", parley_element_attribute(stanza, "id"));
    json_string(&j, "body", body);
    json_close(&j);
}

/* Of a copy that the account made (XEP-0280). Another's is a stanza like the others, and what is
   inside is not shown as if somebody had said it. */
static void output_copy(const output *o, parley_element message, bool sent)
{
    json j;

    if (!o->as_json) {
        say_name(parley_string_of(sent ? "copy, sent" : "copy, received"));
        say_also(" from ", parley_element_attribute(message, "from"));
        say_also(" to ", parley_element_attribute(message, "to"));
        say_also(", ", parley_element_attribute(message, "type"));
        say_also(": ", body_of(message));
        end_line();
        return;
    }
    json_open(&j, stdout, "event", "copy");
    json_bool(&j, "sent", sent);
    json_string(&j, "from", parley_element_attribute(message, "from"));
    json_string(&j, "to", parley_element_attribute(message, "to"));
    json_string(&j, "type", parley_element_attribute(message, "type"));
    json_string(&j, "id", parley_element_attribute(message, "id"));
    json_string(&j, "body", body_of(message));
    json_close(&j);
}

void output_stanza(output *o, parley_string own, parley_element stanza)
{
    parley_element message;
    bool sent;

    output_roster_end(o);
    if (parley_carbon(own, stanza, &message, &sent)) {
        output_copy(o, message, sent);
    } else if (o->as_json) {
        json_stanza(own, stanza, body_of(stanza));
    } else {
        print_stanza(own, stanza, true);
    }
}

void output_too_large(output *o, parley_string own, parley_element stanza)
{
    parley_string name = parley_element_name(stanza);

    output_roster_end(o);
    if (o->as_json) {
        json_stanza(own, stanza, (parley_string){NULL, 0});
    } else {
        print_stanza(own, stanza, false);
    }
    report("warning: the content of one %.*s was left out: it is over the limit of a stanza",
           (int)name.len, name.data);
}

void output_error(parley_element stanza, char *text, size_t size)
{
    parley_string condition = condition_of(stanza);
    parley_string said = {NULL, 0};
    parley_element child;
    int len;

    text[0] = '\0';
    if (condition.data == NULL) {
        return;
    }
    len = snprintf(text, size, "%.*s", (int)condition.len, condition.data);
    if (parley_element_find(stanza, "error", NAMESPACE_CLIENT, &child) &&
        parley_element_find(child, "text", NAMESPACE_STANZAS, &child) &&
        parley_element_text(child, &said) == PARLEY_OK && said.len > 0 && (size_t)len < size) {
        snprintf(text + len, size - (size_t)len, ", '%.*s'", (int)said.len, said.data);
    }
}

void output_returned(parley_string own, const char *to, parley_element stanza)
{
    parley_string condition = condition_of(stanza);

    report("warning: the message to %s was not delivered: %s says %.*s", to,
           parley_sender_of(own, stanza) == PARLEY_SENDER_OTHER ? "its address" : "our server",
           condition.data != NULL ? (int)condition.len : 2,
           condition.data != NULL ? condition.data : "so");
}
