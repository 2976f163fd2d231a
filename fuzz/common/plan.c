#include "common/plan.h"

#include <string.h>

#define STREAM " xmlns:stream='http://etherx.jabber.org/streams'>" /* what each stream declares */
#define XML    "http://www.w3.org/XML/1998/namespace"

void fuzz_plan_begin(fuzz_plan *p, parley_string space)
{
    fuzz_log_reset(&p->want);
    p->depth = 0;
    p->tag_open = false;
    p->known = true;
    p->space[0] = space;
}

static void start(fuzz_plan *p, parley_writer *w, parley_string name, parley_string space)
{
    p->tag_open = false;
    parley_writer_start_string(w, name, space);
    p->known = p->known && p->depth + 1 < FUZZ_PLAN_DEPTH &&
               !fuzz_has(name.data != NULL ? name.data : "", name.len, ":", 1);
    if (!p->known) {
        return;
    }
    p->space[p->depth + 1] = space.data != NULL ? space : p->space[p->depth];
    p->name[++p->depth] = name;
    fuzz_log_named(&p->want, "\n<", p->space[p->depth], name);
    p->tag_open = true;
}

static void end(fuzz_plan *p, parley_writer *w)
{
    p->tag_open = false;
    parley_writer_end(w);
    if (p->known && p->depth > 0) {
        fuzz_log_named(&p->want, "\n/", p->space[p->depth], p->name[p->depth]);
        p->depth--;
    }
}

/* RFC 5646 2.1: letters and digits, and hyphens between them. */
static bool may_be_language(parley_string text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            (c != '-' || i == 0 || text.data[i - 1] == '-')) {
            return false;
        }
    }
    return text.len > 0 && text.len <= 35 && text.data[text.len - 1] != '-';
}

static void attribute(fuzz_plan *p, parley_writer *w, uint8_t operation, parley_string text)
{
    static const char *const names[] = {"to",   "from",  "xml:lang", "id",
                                        "lang", "xmlns", "a:b",      "xml:space"};
    const char *name = names[operation >> 6 | (operation >> 1 & 4)];
    bool of_xml = strncmp(name, "xml:", 4) == 0;

    if ((operation & 16u) != 0) {
        text.data = NULL; /* none is written */
    }
    parley_writer_attribute(w, name, text);
    FUZZ_CHECK(w->error != PARLEY_OK || strcmp(name, "xml:lang") != 0 || text.data == NULL ||
               may_be_language(text));
    FUZZ_CHECK(w->error != PARLEY_OK || (strcmp(name, "a:b") != 0 && strcmp(name, "xmlns") != 0));
    if (p->tag_open && text.data != NULL) {
        fuzz_log_named(&p->want, " ", parley_string_of(of_xml ? XML : ""),
                       parley_string_of(of_xml ? name + 4 : name));
        fuzz_log_string(&p->want, "=", text);
    }
}

void fuzz_plan_operate(fuzz_plan *p, parley_writer *w, uint8_t operation, parley_string text)
{
    static const char *const names[] = {"a", "message",  "body",     "x-y", "\xC3\xA9",  "1", "a:b",
                                        "",  "stream:a", "stream:1", "1:a", "stream:a:b"};
    static const char *const spaces[] = {"",
                                         "jabber:client",
                                         "urn:x",
                                         "urn:&'<>\"",
                                         "urn:\xC3\xA9",
                                         XML,
                                         "http://www.w3.org/2000/xmlns/"};
    static const parley_string none = {NULL, 0};
    static char coded[PARLEY_BASE64_SIZE(256)];
    parley_string base64 = {coded, PARLEY_BASE64_SIZE(text.len)};
    parley_string space = {NULL, 0};

    switch (operation & 7u) {
    case 0:
        space = (operation & 8u) != 0 ? parley_string_of(spaces[(operation >> 4) % 7]) : none;
        start(p, w, parley_string_of(names[text.len % 12]), space);
        break;
    case 1:
        start(p, w, text, none);
        break;
    case 2:
        attribute(p, w, operation, text);
        break;
    case 3:
        p->tag_open = p->tag_open && text.len == 0; /* no text is no content */
        parley_writer_text(w, text);
        fuzz_log_characters(&p->want, text);
        break;
    case 4:
        p->tag_open = p->tag_open && text.len == 0;
        parley_writer_base64(w, text.data, text.len);
        parley_base64_encode(text.data, text.len, coded);
        fuzz_log_characters(&p->want, base64);
        break;
    default:
        end(p, w);
        break;
    }
}

void fuzz_plan_read_back(const fuzz_plan *p, const char *data, size_t len, const char *space)
{
    static fuzz_log got;
    static char text[1 << 16];
    static uint32_t memory[1 << 17];
    static const parley_limits limits = {.depth = 200, .attributes = 5000, .name = 60000};
    parley_xml_token token;
    parley_xml x;
    size_t head = 11 + strlen(space) + strlen(STREAM);
    size_t at;

    memcpy(text, "<r xmlns='", 10);
    memcpy(text + 10, space, strlen(space));
    memcpy(text + 10 + strlen(space), "'" STREAM, 1 + strlen(STREAM));
    memcpy(text + head, data, len);
    FUZZ_CHECK(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) == PARLEY_OK);
    parley_xml_set_tree(&x, 1);
    at = parley_xml_push(&x, text, head, &token);
    FUZZ_CHECK(token == PARLEY_XML_START);
    at += parley_xml_push(&x, text + at, len, &token);
    FUZZ_CHECK(token == PARLEY_XML_ELEMENT && at == head + len);
    fuzz_log_reset(&got);
    fuzz_log_tree(&got, parley_xml_element(&x));
    if (p->known) {
        fuzz_log_same(&p->want, &got);
    }
}
