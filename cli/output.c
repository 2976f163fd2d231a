#include "output.h"

#include "report.h"
#include "text.h"

#include <parley/tls.h>
#include <stdio.h>
#include <string.h>

#define NAMESPACE_SASL "urn:ietf:params:xml:ns:xmpp-sasl"

/* Features named in one line. */
#define FEATURES_MOST 64

void output_init(output *o, bool as_json)
{
    o->as_json = as_json;
    o->roster_open = false;
    o->contacts = 0;
}

static void say(parley_string text)
{
    text_print(stdout, TEXT_LINE, text);
}

static void begin_line(output *o, const char *label)
{
    output_roster_end(o);
    printf("%-14s ", label);
}

static void end_line(void)
{
    putchar('\n');
    fflush(stdout);
}

static json begin_json(output *o, const char *event)
{
    json j;

    output_roster_end(o);
    json_open(&j, stdout, "event", event);
    return j;
}

void output_state(output *o, const char *state)
{
    if (o->as_json) {
        json j = begin_json(o, "state");

        json_text(&j, "state", state);
        json_close(&j);
    }
}

static const char *version_name(uint16_t version)
{
    switch (version) {
    case 0x0303:
        return "TLS 1.2";
    case 0x0304:
        return "TLS 1.3";
    default:
        return "TLS";
    }
}

void output_tls(output *o, const parley_tls_info *tls)
{
    static const char digits[] = "0123456789abcdef";
    char pin[2 * sizeof tls->key_hash];
    parley_string hash = {NULL, 0};

    if (tls->has_key_hash) {
        for (size_t i = 0; i < sizeof tls->key_hash; i++) {
            pin[2 * i] = digits[tls->key_hash[i] >> 4];
            pin[2 * i + 1] = digits[tls->key_hash[i] & 15];
        }
        hash = (parley_string){pin, sizeof pin};
    }
    if (o->as_json) {
        json j = begin_json(o, "tls");

        json_text(&j, "version", version_name(tls->version));
        json_text(&j, "suite", parley_tls_suite_name(tls->suite));
        json_bool(&j, "verified", tls->verified);
        json_string(&j, "pin_sha256", hash);
        json_bool(&j, "resumed", tls->resumed);
        json_close(&j);
    } else {
        begin_line(o, "tls");
        printf("%s, %s, %s", version_name(tls->version), parley_tls_suite_name(tls->suite),
               tls->verified ? "verified" : "not verified");
        if (tls->resumed) {
            fputs(" when the session began that this one resumes", stdout);
        }
        if (hash.data != NULL) {
            printf(", pin sha256 %.*s", (int)hash.len, hash.data);
        }
        end_line();
    }
}

/* Steps through the mechanisms that are offered. */
static bool next_mechanism(parley_element features, parley_element *at, bool *begun,
                           parley_string *name)
{
    parley_element list;

    for (;;) {
        if (!*begun) {
            *begun = true;
            if (!parley_element_find(features, "mechanisms", NAMESPACE_SASL, &list) ||
                !parley_element_child(list, at)) {
                return false;
            }
        } else if (!parley_element_next(at)) {
            return false;
        }
        if (parley_element_is(*at, "mechanism", NAMESPACE_SASL) &&
            parley_element_text(*at, name) == PARLEY_OK) {
            return true;
        }
    }
}

static void print_mechanisms(parley_element features)
{
    parley_element at;
    bool begun = false;
    parley_string name;
    bool any = false;

    while (next_mechanism(features, &at, &begun, &name)) {
        fputs(any ? " " : " (", stdout);
        say(name);
        any = true;
    }
    fputs(any ? ")" : "", stdout);
}

static bool is_name(parley_string name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '\0' || strchr(allowed, name.data[i]) == NULL) {
            return false;
        }
    }
    return name.len > 0 && name.len <= 20;
}

void output_mechanisms(parley_element features, char *text, size_t size)
{
    parley_element at;
    bool begun = false;
    parley_string name;
    size_t len = 0;

    text[0] = '\0';
    while (next_mechanism(features, &at, &begun, &name)) {
        if (is_name(name) && len + name.len + 2 < size) {
            len += (size_t)snprintf(text + len, size - len, "%s%.*s", len > 0 ? " " : "",
                                    (int)name.len, name.data);
        }
    }
}

static void print_features(output *o, parley_element features)
{
    parley_element child;
    bool more = parley_element_child(features, &child);
    int printed = 0;

    begin_line(o, "features");
    for (; more && printed < FEATURES_MOST; printed++) {
        fputs(printed > 0 ? ", " : "", stdout);
        say(parley_element_name(child));
        if (parley_element_is(child, "mechanisms", NAMESPACE_SASL)) {
            print_mechanisms(features);
        }
        more = parley_element_next(&child);
    }
    fputs(printed == 0 ? "none" : more ? ", and more" : "", stdout);
    end_line();
}

void output_features(output *o, parley_element features)
{
    parley_element at;
    bool begun = false;
    parley_string name;
    json j;

    if (!o->as_json) {
        print_features(o, features);
        return;
    }
    j = begin_json(o, "features");
    json_array(&j, "mechanisms");
    while (next_mechanism(features, &at, &begun, &name)) {
        json_item(&j, name);
    }
    json_array_end(&j);
    json_close(&j);
}

void output_authenticated(output *o, parley_string mechanism, parley_string binding,
                          bool server_verified)
{
    if (o->as_json) {
        json j = begin_json(o, "authenticated");

        json_string(&j, "mechanism", mechanism);
        json_bool(&j, "server_verified", server_verified);
        if (binding.data != NULL) {
            json_string(&j, "channel_binding", binding);
        }
        json_close(&j);
    } else {
        begin_line(o, "authenticated");
        say(mechanism);
        if (binding.data != NULL) {
            fputs(", bound to the TLS connection by ", stdout);
            say(binding);
        }
        fputs(server_verified ? ", and the server proved that it knows the password" : "", stdout);
        end_line();
    }
}

void output_bound(output *o, parley_string jid)
{
    if (o->as_json) {
        json j = begin_json(o, "bound");

        json_string(&j, "jid", jid);
        json_close(&j);
    } else {
        begin_line(o, "bound");
        say(jid);
        end_line();
    }
}

void output_roster(output *o)
{
    output_roster_end(o);
    o->roster_open = true;
    o->contacts = 0;
    if (o->as_json) {
        json_open(&o->line, stdout, "event", "roster");
        json_array(&o->line, "items");
    }
}

static bool next_group(parley_element item, parley_element *at, bool *begun, parley_string *name)
{
    for (;;) {
        bool found = *begun ? parley_element_next(at) : parley_element_child(item, at);

        *begun = true;
        if (!found) {
            return false;
        }
        if (parley_element_is(*at, "group", "jabber:iq:roster") &&
            parley_element_text(*at, name) == PARLEY_OK) {
            return true;
        }
    }
}

static void contact_members(json *j, parley_element item)
{
    parley_element at;
    bool begun = false;
    parley_string group;

    json_string(j, "jid", parley_element_attribute(item, "jid"));
    json_string(j, "name", parley_element_attribute(item, "name"));
    json_string(j, "subscription", parley_element_attribute(item, "subscription"));
    json_array(j, "groups");
    while (next_group(item, &at, &begun, &group)) {
        json_item(j, group);
    }
    json_array_end(j);
}

static void say_contact(parley_element item)
{
    parley_string name = parley_element_attribute(item, "name");
    parley_string subscription = parley_element_attribute(item, "subscription");
    parley_element at;
    bool begun = false;
    parley_string group;
    const char *before = "  in ";

    say(parley_element_attribute(item, "jid"));
    fputs("  ", stdout);
    say(subscription.data != NULL ? subscription : parley_string_of("none"));
    if (name.len > 0) {
        fputs("  \"", stdout);
        text_print(stdout, TEXT_QUOTED, name);
        putchar('"');
    }
    while (next_group(item, &at, &begun, &group)) {
        fputs(before, stdout);
        say(group);
        before = ", ";
    }
    end_line();
}

void output_roster_item(output *o, parley_element item)
{
    o->contacts++;
    if (o->as_json) {
        json_object(&o->line);
        contact_members(&o->line, item);
        json_object_end(&o->line);
        return;
    }
    printf("%-14s ", "roster");
    say_contact(item);
}

void output_push(output *o, parley_element item)
{
    if (o->as_json) {
        json j = begin_json(o, "push");

        contact_members(&j, item);
        json_close(&j);
    } else {
        begin_line(o, "push");
        say_contact(item);
    }
}

void output_roster_end(output *o)
{
    if (!o->roster_open) {
        return;
    }
    o->roster_open = false;
    if (o->as_json) {
        json_array_end(&o->line);
        json_close(&o->line);
    } else {
        printf("%-14s %zu %s\n", "roster", o->contacts, o->contacts == 1 ? "contact" : "contacts");
        fflush(stdout);
    }
}

void output_retry(output *o, unsigned number, unsigned most, int64_t milliseconds, const failure *f,
                  const char *state)
{
    if (o->as_json) {
        json j = begin_json(o, "retry");

        json_number(&j, "number", number);
        json_number(&j, "most", most);
        json_number(&j, "wait_ms", (uint64_t)milliseconds);
        json_text(&j, "outcome", f->outcome);
        json_text(&j, "state", state);
        json_text(&j, "reason", f->text);
        json_close(&j);
    } else {
        begin_line(o, "retry");
        printf("%u of %u, in %lld.%lld s", number, most, (long long)milliseconds / 1000,
               (long long)milliseconds % 1000 / 100);
        end_line();
    }
}

void output_redirect(output *o, const char *host, uint16_t port, unsigned number, unsigned most)
{
    if (o->as_json) {
        json j = begin_json(o, "redirect");

        json_number(&j, "number", number);
        json_number(&j, "most", most);
        json_text(&j, "host", host);
        json_number(&j, "port", port);
        json_close(&j);
    } else {
        begin_line(o, "redirect");
        printf("%u of %u, to ", number, most);
        say(parley_string_of(host));
        if (port != 0) {
            printf(", port %u", port);
        }
        end_line();
    }
}

void output_closed(output *o, const char *outcome, const char *state, const char *reason,
                   bool in_order)
{
    if (o->as_json) {
        json j = begin_json(o, "closed");

        json_text(&j, "outcome", outcome);
        json_text(&j, "state", state);
        json_text(&j, "reason", reason);
        json_close(&j);
    } else if (in_order) {
        begin_line(o, "closed");
        say(parley_string_of(reason));
        end_line();
    } else {
        output_roster_end(o);
    }
}
