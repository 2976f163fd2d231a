/* The peers: Expat with namespaces, libxml2's push parser, iksemel, and libstrophe's parser, which
   makes a stanza of each first-level element. Each does what its users do: it delivers names,
   attributes and text. */
#include <stdlib.h>
#include <string.h>

#include <expat.h>
#include <iksemel.h>
#include <libxml/parser.h>
#include <strophe.h>

#include "bench.h"

/* Expat gives the namespace name, a space and the local name. */
static void expat_start(void *seen, const XML_Char *name, const XML_Char **attributes)
{
    const char *local = strrchr(name, ' ');

    (void)attributes;
    local = local != NULL ? local + 1 : name;
    bench_start(seen, local, strlen(local));
}

static void expat_start_timed(void *seen, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    bench_start(seen, name, 0);
}

static void expat_end(void *seen, const XML_Char *name)
{
    (void)name;
    bench_end(seen);
}

static void expat_text(void *seen, const XML_Char *data, int len)
{
    bench_text(seen, data, (size_t)len);
}

static bool expat(const char *data, size_t len, size_t step, bench_seen *seen)
{
    XML_Parser parser = XML_ParserCreateNS(NULL, ' ');
    bool good = true;

    XML_SetUserData(parser, seen);
    XML_SetElementHandler(parser, seen->checking ? expat_start : expat_start_timed, expat_end);
    XML_SetCharacterDataHandler(parser, expat_text);
    for (size_t at = 0; good && at < len; at += step) {
        size_t part = len - at < step ? len - at : step;
        good = XML_Parse(parser, data + at, (int)part, at + part == len) == XML_STATUS_OK;
    }
    XML_ParserFree(parser);
    return good;
}

static void libxml_start(void *seen, const xmlChar *name, const xmlChar *prefix,
                         const xmlChar *space, int spaces, const xmlChar **declared, int attributes,
                         int defaulted, const xmlChar **attribute)
{
    (void)prefix, (void)space, (void)spaces, (void)declared;
    (void)attributes, (void)defaulted, (void)attribute;
    bench_start(seen, (const char *)name,
                ((bench_seen *)seen)->checking ? strlen((const char *)name) : 0);
}

static void libxml_end(void *seen, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    (void)name, (void)prefix, (void)space;
    bench_end(seen);
}

static void libxml_text(void *seen, const xmlChar *data, int len)
{
    bench_text(seen, (const char *)data, (size_t)len);
}

static bool libxml(const char *data, size_t len, size_t step, bench_seen *seen)
{
    xmlSAXHandler handler;
    xmlParserCtxtPtr parser;
    bool good = true;

    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = libxml_start;
    handler.endElementNs = libxml_end;
    handler.characters = libxml_text;
    handler.ignorableWhitespace = libxml_text;
    handler.cdataBlock = libxml_text;
    parser = xmlCreatePushParserCtxt(&handler, seen, NULL, 0, NULL);
    xmlCtxtUseOptions(parser, XML_PARSE_HUGE);
    for (size_t at = 0; good && at < len; at += step) {
        size_t part = len - at < step ? len - at : step;
        good = xmlParseChunk(parser, data + at, (int)part, at + part == len) == 0;
    }
    xmlFreeParserCtxt(parser);
    return good;
}

static int iks_tag(void *seen, char *name, char **attributes, int type)
{
    const char *local = strchr(name, ':');

    (void)attributes;
    local = local != NULL ? local + 1 : name;
    if (type != IKS_CLOSE) {
        bench_start(seen, local, ((bench_seen *)seen)->checking ? strlen(local) : 0);
    }
    if (type != IKS_OPEN) {
        bench_end(seen);
    }
    return IKS_OK;
}

static int iks_text(void *seen, char *data, size_t len)
{
    bench_text(seen, data, len);
    return IKS_OK;
}

static bool iksemel(const char *data, size_t len, size_t step, bench_seen *seen)
{
    iksparser *parser = iks_sax_new(seen, iks_tag, iks_text);
    bool good = true;

    for (size_t at = 0; good && at < len; at += step) {
        size_t part = len - at < step ? len - at : step;
        good = iks_parse(parser, data + at, part, 0) == IKS_OK;
    }
    iks_parser_delete(parser);
    return good;
}

/* In libstrophe's archive, but not in its header. */
typedef struct _parser_t parser_t;
parser_t *parser_new(xmpp_ctx_t *ctx, void (*start)(char *name, char **attributes, void *seen),
                     void (*end)(char *name, void *seen),
                     void (*stanza)(xmpp_stanza_t *stanza, void *seen), void *seen);
void parser_free(parser_t *parser);
int parser_feed(parser_t *parser, char *data, int len);

static void strophe_start(char *name, char **attributes, void *seen)
{
    (void)attributes;
    bench_start(seen, name, strlen(name));
}

static void strophe_end(char *name, void *seen)
{
    (void)name;
    bench_end(seen);
}

static void strophe_see(xmpp_stanza_t *stanza, bench_seen *seen)
{
    const char *string = xmpp_stanza_get_name(stanza);

    bench_start(seen, string, strlen(string));
    for (xmpp_stanza_t *child = xmpp_stanza_get_children(stanza); child != NULL;
         child = xmpp_stanza_get_next(child)) {
        if (xmpp_stanza_is_text(child)) {
            string = xmpp_stanza_get_text_ptr(child);
            bench_text(seen, string, strlen(string));
        } else {
            strophe_see(child, seen);
        }
    }
    bench_end(seen);
}

static void strophe_stanza(xmpp_stanza_t *stanza, void *seen)
{
    if (((bench_seen *)seen)->checking) {
        strophe_see(stanza, seen);
    } else {
        ((bench_seen *)seen)->elements++;
    }
}

static bool strophe(const char *data, size_t len, size_t step, bench_seen *seen)
{
    xmpp_ctx_t *context = xmpp_ctx_new(NULL, NULL);
    parser_t *parser = parser_new(context, strophe_start, strophe_end, strophe_stanza, seen);
    bool good = true;

    for (size_t at = 0; good && at < len; at += step) {
        size_t part = len - at < step ? len - at : step;
        good = parser_feed(parser, (char *)(uintptr_t)(data + at), (int)part) != 0;
    }
    parser_free(parser);
    xmpp_ctx_free(context);
    return good;
}

const bench_parser bench_parsers[] = {
    {"expat", expat}, {"libxml2", libxml}, {"iksemel", iksemel}, {"strophe", strophe}, {NULL, NULL},
};
