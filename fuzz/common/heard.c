#include <string.h>

#include "common/heard.h"

void fuzz_heard_open(fuzz_heard *h, bool reads)
{
    fuzz_log_reset(&h->log);
    h->reads = reads;
    h->is_illegal = false;
    h->is_whole = false;
    h->sasl.len = h->sasl_before.len = 0;
    fuzz_heard_restart(h);
}

void fuzz_heard_restart(fuzz_heard *h)
{
    static const parley_limits limits = {.depth = UINT16_MAX,
                                         .attributes = UINT16_MAX,
                                         .name = UINT16_MAX};

    h->from = h->log.len;
    h->behind = h->from;
    h->size = 0;
    if (!h->reads) {
        return;
    }
    FUZZ_CHECK(parley_xml_init(&h->xml, sizeof h->xml, &limits, h->memory, sizeof h->memory) ==
               PARLEY_OK);
    parley_xml_set_tree(&h->xml, 1);
    h->is_whole = false;
}

static void keep_sasl(fuzz_heard *h, parley_element e)
{
    static const char space[] = "urn:ietf:params:xml:ns:xmpp-sasl";
    fuzz_sasl now;
    parley_string text;

    if (!parley_string_equal(parley_element_namespace(e), parley_string_of(space)) ||
        parley_element_text(e, &text) != PARLEY_OK || text.len == 0 ||
        parley_base64_decode(text.data, text.len, now.text, sizeof now.text - 1, &now.len) !=
            PARLEY_OK ||
        now.len == 0) {
        return;
    }
    now.text[now.len] = '\0';
    h->sasl_before = h->sasl;
    h->sasl = now;
}

/* White space before an element is no part of it. */
static void measure(fuzz_heard *h)
{
    while (h->behind < h->log.len && memchr(" \t\r\n", h->log.bytes[h->behind], 4) != NULL) {
        h->behind++;
    }
    h->size = h->at - h->behind;
}

/* A token that is due without a byte is left until there is one: it would void the element. */
static void read(fuzz_heard *h, const char *data, size_t len)
{
    parley_xml_token token;

    while (len > 0 && h->reads && !h->is_illegal) {
        size_t taken = parley_xml_push(&h->xml, data, len, &token);

        h->is_whole = token == PARLEY_XML_ELEMENT;
        h->at += taken;
        if (h->is_whole) {
            measure(h);
            keep_sasl(h, parley_xml_element(&h->xml));
        }
        h->is_illegal = token == PARLEY_XML_ERROR;
        if (h->is_whole || token == PARLEY_XML_START || token == PARLEY_XML_END) {
            h->behind = h->at;
        }
        data += taken;
        len -= taken;
        if (token == PARLEY_XML_LARGE) { /* no session shows one as long */
            FUZZ_CHECK(parley_xml_skip(&h->xml) == PARLEY_OK);
        }
        if (token == PARLEY_XML_START && parley_xml_depth(&h->xml) == 1) {
            h->is_illegal = parley_xml_park(&h->xml) != PARLEY_OK; /* to a session too */
        }
    }
}

void fuzz_heard_bytes(fuzz_heard *h, const void *data, size_t len)
{
    h->at = h->log.len;
    fuzz_log_bytes(&h->log, data, len);
    read(h, data, len);
}

bool fuzz_heard_element(const fuzz_heard *h, parley_element *e)
{
    if (!h->reads || h->is_illegal || !h->is_whole) {
        return false;
    }
    *e = parley_xml_element(&h->xml);
    return true;
}
