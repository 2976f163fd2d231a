#include "probe_facts.h"

#include <stdlib.h>
#include <string.h>

#define NAMESPACE_STREAM  "http://etherx.jabber.org/streams"
#define NAMESPACE_TLS     "urn:ietf:params:xml:ns:xmpp-tls"
#define NAMESPACE_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define NAMESPACE_SASL2   "urn:xmpp:sasl:2"
#define NAMESPACE_BINDING "urn:xmpp:sasl-cb:0"
#define NAMESPACE_SESSION "urn:ietf:params:xml:ns:xmpp-session"
#define NAMESPACE_XML     "http://www.w3.org/XML/1998/namespace"

/* More than a session takes of a features element. */
#define ELEMENT_MOST 262144u

/* A certificate beyond this is not kept, and told as unreadable. */
#define CERTIFICATE_MOST 65536u

static void keep(char *out, size_t size, parley_string value)
{
    size_t len = value.len < size - 1 ? value.len : size - 1;

    if (len > 0) {
        memcpy(out, value.data, len);
    }
    out[len] = '\0';
}

static probe_text text_of(parley_string value)
{
    probe_text text = {value.data != NULL, ""};

    keep(text.text, sizeof text.text, value);
    return text;
}

static void add_name(probe_names *names, parley_string value)
{
    if (names->count < PROBE_NAMES) {
        keep(names->list[names->count], sizeof names->list[0], value);
    }
    names->count++;
}

/* The texts of the children of that name. */
static void add_texts(probe_names *names, parley_element parent, const char *name,
                      const char *space)
{
    parley_element child;
    parley_string text;
    bool more;

    for (more = parley_element_child(parent, &child); more; more = parley_element_next(&child)) {
        if (parley_element_is(child, name, space) &&
            parley_element_text(child, &text) == PARLEY_OK) {
            add_name(names, text);
        }
    }
}

static void add_bindings(probe_names *names, parley_element parent)
{
    parley_element child;
    bool more;

    for (more = parley_element_child(parent, &child); more; more = parley_element_next(&child)) {
        if (parley_element_is(child, "channel-binding", NAMESPACE_BINDING)) {
            add_name(names, parley_element_attribute(child, "type"));
        }
    }
}

/* XEP-0388: what can be done in one go with the login. */
static void add_inlines(probe_names *names, parley_element authentication)
{
    parley_element list;
    parley_element child;
    bool more;

    if (!parley_element_find(authentication, "inline", NAMESPACE_SASL2, &list)) {
        return;
    }
    for (more = parley_element_child(list, &child); more; more = parley_element_next(&child)) {
        add_name(names, parley_element_namespace(child));
    }
}

static void take_feature(probe_offer *offer, parley_element feature)
{
    parley_element child;

    if (parley_element_is(feature, "starttls", NAMESPACE_TLS)) {
        offer->starttls = true;
        offer->starttls_required = parley_element_find(feature, "required", NAMESPACE_TLS, &child);
    } else if (parley_element_is(feature, "mechanisms", NAMESPACE_SASL)) {
        offer->sasl = true;
        add_texts(&offer->mechanisms, feature, "mechanism", NAMESPACE_SASL);
    } else if (parley_element_is(feature, "authentication", NAMESPACE_SASL2)) {
        offer->sasl2 = true;
        add_texts(&offer->mechanisms2, feature, "mechanism", NAMESPACE_SASL2);
        add_inlines(&offer->inlines, feature);
    } else if (parley_element_is(feature, "sasl-channel-binding", NAMESPACE_BINDING)) {
        offer->binds = true;
        add_bindings(&offer->bindings, feature);
    } else if (parley_element_is(feature, "session", NAMESPACE_SESSION)) {
        offer->session = true;
        offer->session_optional = parley_element_find(feature, "optional", NAMESPACE_SESSION,
                                                      &child);
    }
    if (offer->feature_count < PROBE_FEATURES) {
        probe_feature *known = &offer->features[offer->feature_count];

        keep(known->name, sizeof known->name, parley_element_name(feature));
        keep(known->space, sizeof known->space, parley_element_namespace(feature));
    }
    offer->feature_count++;
}

static void take_features(probe_reader *r, parley_element features)
{
    probe_offer *offer = r->secure ? &r->look->secure.offer : &r->look->clear.offer;
    parley_element feature;
    bool more;

    if (offer->seen) {
        return; /* not a second time: the session judges that */
    }
    offer->seen = true;
    for (more = parley_element_child(features, &feature); more;
         more = parley_element_next(&feature)) {
        take_feature(offer, feature);
    }
    if (r->on_offer != NULL) {
        r->on_offer(r->context, r->secure, offer);
    }
}

static void take_header(probe_reader *r, parley_element e)
{
    probe_header *header = r->secure ? &r->look->secure.header : &r->look->clear.header;

    header->seen = true;
    header->from = text_of(parley_element_attribute(e, "from"));
    header->to = text_of(parley_element_attribute(e, "to"));
    header->id = text_of(parley_element_attribute(e, "id"));
    header->version = text_of(parley_element_attribute(e, "version"));
    header->language = text_of(parley_element_attribute_in(e, "lang", NAMESPACE_XML));
    if (r->on_header != NULL) {
        r->on_header(r->context, r->secure, header);
    }
}

static void take(probe_reader *r, parley_xml_token token)
{
    parley_element element = parley_xml_element(&r->xml);

    switch (token) {
    case PARLEY_XML_START: /* the root's: what is below comes as trees */
        take_header(r, element);
        break;
    case PARLEY_XML_ELEMENT:
        if (parley_element_is(element, "features", NAMESPACE_STREAM)) {
            take_features(r, element);
        } else if (parley_element_is(element, "proceed", NAMESPACE_TLS)) {
            r->secure = true;
            parley_xml_restart(&r->xml);
        }
        break;
    case PARLEY_XML_END:
        r->look->answered = r->look->closing;
        break;
    case PARLEY_XML_LARGE:
    case PARLEY_XML_ERROR:
        r->failed = true;
        break;
    default:
        break;
    }
}

void probe_reader_bytes(void *context, bool sent, const char *state, const void *data, size_t len)
{
    probe_reader *r = context;
    const char *bytes = data;
    parley_xml_token token = PARLEY_XML_START;

    (void)state;
    while (!sent && !r->failed && token != PARLEY_XML_MORE) {
        size_t taken = parley_xml_push(&r->xml, bytes, len, &token);

        bytes += taken;
        len -= taken;
        take(r, token);
    }
}

static void read_certificate(probe_reader *r, probe_certificate *c)
{
    c->whole = true;
    c->readable = parley_certificate_read(c->der, c->len, &c->facts, c->names, PROBE_ALTNAMES) ==
                  PARLEY_OK;
    for (size_t i = 0; c->readable && i < c->facts.names && i < PROBE_ALTNAMES; i++) {
        c->judged[i] = parley_certificate_name_judge(r->domain, &c->names[i]);
    }
}

static void grow(probe_certificate *c, const void *data, size_t len)
{
    if (c->size - c->len < len) {
        size_t size = (c->len + len) * 2;
        unsigned char *der = size > CERTIFICATE_MOST ? NULL : realloc(c->der, size);

        if (der == NULL) {
            return; /* what lacks a piece will not be read */
        }
        c->der = der;
        c->size = size;
    }
    memcpy(c->der + c->len, data, len);
    c->len += len;
}

void probe_reader_certificate(void *context, const void *data, size_t len)
{
    probe_reader *r = context;
    size_t index = r->look->chain_count;
    probe_certificate *c = &r->look->chain[index < PROBE_CHAIN ? index : PROBE_CHAIN - 1];

    if (data != NULL) {
        if (index < PROBE_CHAIN) {
            grow(c, data, len);
        }
        return;
    }
    r->look->chain_count++;
    if (index < PROBE_CHAIN) {
        read_certificate(r, c);
        if (r->on_certificate != NULL) {
            r->on_certificate(r->context, index, c);
        }
    }
}

bool probe_reader_open(probe_reader *r, probe_look *look, parley_string domain, bool direct)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    size_t size = PARLEY_XML_MEMORY(ELEMENT_MOST);

    memset(r, 0, sizeof *r);
    r->look = look;
    r->domain = domain;
    r->secure = direct;
    limits.element = ELEMENT_MOST;
    limits.elements = 0;
    limits.depth = 1024;
    limits.attributes = 1024;
    limits.name = 4096;
    r->memory = malloc(size);
    if (r->memory == NULL ||
        parley_xml_init(&r->xml, sizeof r->xml, &limits, r->memory, size) != PARLEY_OK) {
        probe_reader_close(r);
        return false;
    }
    parley_xml_set_tree(&r->xml, 1);
    return true;
}

void probe_reader_close(probe_reader *r)
{
    free(r->memory);
    r->memory = NULL;
}

void probe_look_free(probe_look *look)
{
    for (size_t i = 0; i < PROBE_CHAIN; i++) {
        free(look->chain[i].der);
    }
    memset(look, 0, sizeof *look);
}

bool probe_names_has(const probe_names *names, const char *name)
{
    for (size_t i = 0; i < names->count && i < PROBE_NAMES; i++) {
        if (strcmp(names->list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool probe_names_bind(const probe_names *names)
{
    for (size_t i = 0; i < names->count && i < PROBE_NAMES; i++) {
        size_t len = strlen(names->list[i]);

        if (len > 5 && strcmp(names->list[i] + len - 5, "-PLUS") == 0) {
            return true;
        }
    }
    return false;
}

bool probe_names_scram(const probe_names *names)
{
    for (size_t i = 0; i < names->count && i < PROBE_NAMES; i++) {
        if (strncmp(names->list[i], "SCRAM-", 6) == 0) {
            return true;
        }
    }
    return false;
}

bool probe_offer_has(const probe_offer *offer, const char *space)
{
    for (size_t i = 0; i < offer->feature_count && i < PROBE_FEATURES; i++) {
        if (strcmp(offer->features[i].space, space) == 0) {
            return true;
        }
    }
    return false;
}

const char *probe_feature_known(const char *space)
{
    static const struct {
        const char *space;
        const char *what;
    } known[] = {
        {NAMESPACE_TLS, "RFC 6120 STARTTLS"},
        {NAMESPACE_SASL, "RFC 6120 SASL"},
        {NAMESPACE_SASL2, "XEP-0388 SASL2"},
        {NAMESPACE_BINDING, "XEP-0440 channel-binding types"},
        {NAMESPACE_SESSION, "RFC 3921 session"},
        {"urn:ietf:params:xml:ns:xmpp-bind", "RFC 6120 resource binding"},
        {"urn:xmpp:bind:0", "XEP-0386 Bind 2"},
        {"urn:xmpp:fast:0", "XEP-0484 FAST"},
        {"urn:xmpp:sm:2", "XEP-0198 stream management"},
        {"urn:xmpp:sm:3", "XEP-0198 stream management"},
        {"urn:xmpp:csi:0", "XEP-0352 client state indication"},
        {"urn:xmpp:ssdp:0", "XEP-0474 SCRAM downgrade protection"},
        {"urn:xmpp:stream-limits:0", "XEP-0478 stream limits"},
        {"urn:xmpp:features:rosterver", "RFC 6121 roster versions"},
        {"urn:xmpp:features:pre-approval", "RFC 6121 subscription pre-approval"},
        {"urn:xmpp:features:dialback", "XEP-0220 dialback"},
        {"urn:xmpp:features:bidi", "XEP-0288 bidirectional streams"},
        {"urn:xmpp:domain-based-name:1", "XEP-0233 Kerberos names"},
        {"urn:xmpp:caps", "XEP-0390 capabilities"},
        {"http://jabber.org/protocol/caps", "XEP-0115 capabilities"},
        {"http://jabber.org/features/compress", "XEP-0138 compression"},
        {"http://jabber.org/features/iq-auth", "XEP-0078 authentication of old"},
        {"http://jabber.org/features/iq-register", "XEP-0077 in-band registration"},
        {"urn:xmpp:ibr-token:0", "XEP-0445 registration by invitation"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].space, space) == 0) {
            return known[i].what;
        }
    }
    return NULL;
}
