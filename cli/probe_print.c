#include "probe_print.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

static void say(const char *text)
{
    text_print(stdout, TEXT_LINE, parley_string_of(text));
}

/* The label on the first line of a block, blanks on the others. */
static void begin(const char *label)
{
    printf("%-14s ", label);
}

static void end(void)
{
    putchar('\n');
    fflush(stdout);
}

void probe_print_note(output *o, const char *text)
{
    if (!o->as_json) {
        begin("");
        say(text);
        end();
    }
}

void probe_print_server(output *o, const char *where, const char *security)
{
    if (o->as_json) {
        json j;

        json_open(&j, stdout, "event", "server");
        json_text(&j, "where", where);
        json_text(&j, "tls", security);
        json_close(&j);
        return;
    }
    begin("server");
    say(where);
    printf(", %s", security);
    end();
}

static void json_attribute(json *j, const char *name, const probe_text *text)
{
    json_text(j, name, text->there ? text->text : NULL);
}

static void say_attribute(const char *name, const probe_text *text)
{
    printf(" %s", name);
    if (text->there) {
        fputs("='", stdout);
        say(text->text);
        putchar('\'');
    } else {
        fputs(" absent", stdout);
    }
}

void probe_print_header(output *o, bool secure, const probe_header *header)
{
    if (o->as_json) {
        json j;

        json_open(&j, stdout, "event", "header");
        json_bool(&j, "encrypted", secure);
        json_attribute(&j, "from", &header->from);
        json_attribute(&j, "to", &header->to);
        json_attribute(&j, "id", &header->id);
        json_attribute(&j, "version", &header->version);
        json_attribute(&j, "lang", &header->language);
        json_close(&j);
        return;
    }
    begin(secure ? "in TLS" : "in the clear");
    fputs("header", stdout);
    say_attribute("from", &header->from);
    if (header->to.there) {
        say_attribute("to", &header->to);
    }
    say_attribute("id", &header->id);
    say_attribute("version", &header->version);
    say_attribute("xml:lang", &header->language);
    end();
}

static void json_names(json *j, const char *name, const probe_names *names)
{
    json_array(j, name);
    for (size_t i = 0; i < names->count && i < PROBE_NAMES; i++) {
        json_item(j, parley_string_of(names->list[i]));
    }
    json_array_end(j);
}

static void json_offer(bool secure, const probe_offer *offer)
{
    json j;

    json_open(&j, stdout, "event", "features");
    json_names(&j, "mechanisms", &offer->mechanisms);
    json_close(&j);
    json_open(&j, stdout, "event", "offer");
    json_bool(&j, "encrypted", secure);
    json_array(&j, "features");
    for (size_t i = 0; i < offer->feature_count && i < PROBE_FEATURES; i++) {
        json_object(&j);
        json_text(&j, "name", offer->features[i].name);
        json_text(&j, "namespace", offer->features[i].space);
        json_text(&j, "known_as", probe_feature_known(offer->features[i].space));
        json_object_end(&j);
    }
    json_array_end(&j);
    json_bool(&j, "starttls", offer->starttls);
    json_bool(&j, "starttls_required", offer->starttls_required);
    json_names(&j, "channel_bindings", &offer->bindings);
    json_names(&j, "sasl2_mechanisms", &offer->mechanisms2);
    json_names(&j, "sasl2_inline", &offer->inlines);
    json_close(&j);
}

static void say_names(const char *before, const probe_names *names)
{
    if (names->count == 0) {
        return;
    }
    begin("");
    fputs(before, stdout);
    for (size_t i = 0; i < names->count && i < PROBE_NAMES; i++) {
        putchar(' ');
        say(names->list[i]);
    }
    fputs(names->count > PROBE_NAMES ? " and more" : "", stdout);
    end();
}

static void say_feature(const probe_offer *offer, const probe_feature *feature)
{
    const char *known = probe_feature_known(feature->space);

    begin("");
    fputs("feature ", stdout);
    say(feature->name);
    fputs(" (", stdout);
    say(known != NULL ? known : feature->space);
    putchar(')');
    if (strcmp(feature->name, "starttls") == 0 && offer->starttls) {
        fputs(offer->starttls_required ? ", required" : ", not required", stdout);
    } else if (strcmp(feature->name, "session") == 0 && offer->session) {
        fputs(offer->session_optional ? ", optional" : ", asked for", stdout);
    }
    end();
}

void probe_print_offer(output *o, bool secure, const probe_offer *offer)
{
    if (o->as_json) {
        json_offer(secure, offer);
        return;
    }
    for (size_t i = 0; i < offer->feature_count && i < PROBE_FEATURES; i++) {
        say_feature(offer, &offer->features[i]);
    }
    if (offer->feature_count == 0 || offer->feature_count > PROBE_FEATURES) {
        begin("");
        printf(offer->feature_count == 0 ? "no features" : "and more features");
        end();
    }
    say_names("mechanisms", &offer->mechanisms);
    say_names("SASL2 mechanisms", &offer->mechanisms2);
    say_names("SASL2 inline", &offer->inlines);
    say_names("channel bindings", &offer->bindings);
}

/* Certificates. */

static void hex_of(const unsigned char hash[32], char text[65])
{
    for (size_t i = 0; i < 32; i++) {
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    }
}

static const char *time_of(int64_t value, char text[40])
{
    if (value == 0) {
        return NULL;
    }
    probe_time_text(value, text, 40);
    return text;
}

static void json_certificate(size_t index, const probe_certificate *c)
{
    const parley_certificate_facts *facts = &c->facts;
    char text[512];
    char pin[65];
    char when[40];
    json j;

    json_open(&j, stdout, "event", "certificate");
    json_number(&j, "index", index);
    json_bool(&j, "readable", c->readable);
    if (c->readable) {
        (void)parley_certificate_name_text(facts->subject, text, sizeof text);
        json_text(&j, "subject", text);
        (void)parley_certificate_name_text(facts->issuer, text, sizeof text);
        json_text(&j, "issuer", text);
        json_array(&j, "names");
        for (size_t i = 0; i < facts->names && i < PROBE_ALTNAMES; i++) {
            json_object(&j);
            json_text(&j, "kind", probe_kind_name(c->names[i].kind));
            json_string(&j, "name", c->names[i].value);
            json_bool(&j, "matches", c->judged[i] == 0);
            json_object_end(&j);
        }
        json_array_end(&j);
        json_number(&j, "name_count", facts->names);
        json_text(&j, "not_before", time_of(facts->not_before, when));
        json_text(&j, "not_after", time_of(facts->not_after, when));
        json_text(&j, "key", facts->key_name);
        json_number(&j, "key_bits", facts->key_bits);
        json_text(&j, "signature", facts->signature);
        json_bool(&j, "authority", facts->authority);
        hex_of(facts->key_hash, pin);
        json_text(&j, "pin_sha256", pin);
    }
    json_close(&j);
}

static void say_distinguished(const char *before, parley_string name)
{
    char text[512];

    (void)parley_certificate_name_text(name, text, sizeof text);
    fputs(before, stdout);
    say(*text != '\0' ? text : "(no name)");
}

static void say_names_of(const probe_certificate *c, bool leaf)
{
    for (size_t i = 0; i < c->facts.names && i < PROBE_ALTNAMES; i++) {
        begin("");
        printf("name %s ", probe_kind_name(c->names[i].kind));
        text_print(stdout, TEXT_LINE, c->names[i].value);
        fputs(leaf && c->judged[i] == 0 ? ", the domain's" : "", stdout);
        end();
    }
    if (c->facts.names > PROBE_ALTNAMES) {
        begin("");
        printf("and %zu more names", c->facts.names - PROBE_ALTNAMES);
        end();
    }
}

static void say_uses(unsigned uses)
{
    static const char *const names[] = {"servers", "clients", "any purpose", "XMPP",
                                        "other purposes"};
    const char *between = ", for ";

    for (unsigned i = 0; i < 5; i++) {
        if ((uses & (1u << i)) != 0) {
            printf("%s%s", between, names[i]);
            between = ", ";
        }
    }
}

void probe_print_certificate(output *o, size_t index, const probe_certificate *c)
{
    const parley_certificate_facts *facts = &c->facts;
    char label[24];
    char from[40];
    char to[40];
    char pin[65];

    if (o->as_json) {
        json_certificate(index, c);
        return;
    }
    snprintf(label, sizeof label, "certificate %zu", index + 1);
    begin(label);
    if (!c->readable) {
        fputs("cannot be read", stdout);
        end();
        return;
    }
    say_distinguished("", facts->subject);
    say_distinguished(", issued by ", facts->issuer);
    end();
    say_names_of(c, index == 0);
    begin("");
    printf("valid from %s to %s",
           time_of(facts->not_before, from) != NULL ? from : "an unknown time",
           time_of(facts->not_after, to) != NULL ? to : "an unknown time");
    end();
    begin("");
    printf("key %s, %u bits, signed with %s%s",
           facts->key_name != NULL ? facts->key_name : "of an unknown kind", facts->key_bits,
           facts->signature != NULL ? facts->signature : "an unknown algorithm",
           facts->authority ? ", an authority" : "");
    say_uses(facts->uses);
    end();
    hex_of(facts->key_hash, pin);
    begin("");
    printf("pin sha256 %s", pin);
    end();
}

/* Verdicts. */

void probe_print_verdicts(output *o, const probe_verdicts *v)
{
    for (size_t i = 0; i < v->count; i++) {
        const probe_verdict *verdict = &v->list[i];

        if (o->as_json) {
            json j;

            json_open(&j, stdout, "event", "verdict");
            json_text(&j, "verdict", probe_word_name(verdict->word));
            json_text(&j, "point", verdict->point);
            json_text(&j, "text", verdict->text);
            json_text(&j, "reference", verdict->reference);
            json_close(&j);
            continue;
        }
        begin(probe_word_name(verdict->word));
        printf("%s: ", verdict->point);
        say(verdict->text);
        printf(" (%s)", verdict->reference);
        end();
    }
}
