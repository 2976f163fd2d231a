/* The writer: what it says it has written is read back as what was asked for; what it
   refuses is refused for good. Input: a room, a choice of namespace, operations: a byte
   says which, the next how many bytes it takes. */
#include <string.h>

#include "common/xml.h"

#define DEPTH 80

typedef struct plan {
    fuzz_log want;
    parley_string space[DEPTH];
    parley_string name[DEPTH];
    unsigned depth;
    bool tag_open;
    bool known; /* what the reader must find */
} plan;

static void start(plan *p, parley_writer *w, parley_string name, parley_string space)
{
    p->tag_open = false;
    parley_writer_start_string(w, name, space);
    p->known = p->known && p->depth + 1 < DEPTH &&
               !fuzz_has(name.data != NULL ? name.data : "", name.len, ":", 1);
    if (!p->known) {
        return;
    }
    p->space[p->depth + 1] = space.data != NULL ? space : p->space[p->depth];
    p->name[++p->depth] = name;
    fuzz_log_named(&p->want, "\n<", p->space[p->depth], name);
    p->tag_open = true;
}

static void end(plan *p, parley_writer *w)
{
    p->tag_open = false;
    parley_writer_end(w);
    if (p->known && p->depth > 0) {
        fuzz_log_named(&p->want, "\n/", p->space[p->depth], p->name[p->depth]);
        p->depth--;
    }
}

static void operate(plan *p, parley_writer *w, uint8_t operation, parley_string text)
{
    static const char *const names[] = {"a", "message", "body", "x-y", "\xC3\xA9", "1", "a:b", ""};
    static const char *const spaces[] = {"", "jabber:client", "urn:x", "urn:&'<>\"",
                                         "urn:\xC3\xA9"};
    static const char *const attributes[] = {"to", "from", "xml:lang", "id"};
    static const parley_string none = {NULL, 0};
    static char coded[PARLEY_BASE64_SIZE(256)];
    parley_string base64 = {coded, PARLEY_BASE64_SIZE(text.len)};
    parley_string space = {NULL, 0};

    switch (operation & 7u) {
    case 0:
        space = (operation & 8u) != 0 ? parley_string_of(spaces[(operation >> 4) % 5]) : none;
        start(p, w, parley_string_of(names[text.len % 8]), space);
        break;
    case 1:
        start(p, w, text, none);
        break;
    case 2:
        parley_writer_attribute(w, attributes[operation >> 6], text);
        if (p->tag_open) {
            parley_string xml = parley_string_of("http://www.w3.org/XML/1998/namespace");
            bool lang = operation >> 6 == 2;

            fuzz_log_named(&p->want, " ", lang ? xml : parley_string_of(""),
                           parley_string_of(lang ? "lang" : attributes[operation >> 6]));
            fuzz_log_string(&p->want, "=", text);
        }
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

static void read_back(const plan *p, const char *data, size_t len, const char *space)
{
    static fuzz_log got;
    static char text[1 << 16];
    static uint32_t memory[1 << 17];
    static const parley_limits limits = {.depth = 200, .attributes = 5000, .name = 60000};
    parley_xml_token token;
    parley_xml x;
    size_t head = 12 + strlen(space);
    size_t at;

    memcpy(text, "<r xmlns='", 10);
    memcpy(text + 10, space, strlen(space));
    memcpy(text + 10 + strlen(space), "'>", 2);
    memcpy(text + head, data, len);
    FUZZ_CHECK(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) == PARLEY_OK);
    parley_xml_set_tree(&x, 1);
    at = parley_xml_push(&x, text, head, &token);
    FUZZ_CHECK(token == PARLEY_XML_START);
    at += parley_xml_push(&x, text + at, len, &token);
    if (!p->known && parley_xml_error(&x) == PARLEY_ERROR_XML_NAMESPACE) {
        return; /* a prefix that the stream would have to declare */
    }
    FUZZ_CHECK(token == PARLEY_XML_ELEMENT && at == head + len);
    fuzz_log_reset(&got);
    fuzz_log_tree(&got, parley_xml_element(&x));
    if (p->known) {
        fuzz_log_same(&p->want, &got);
    }
}

FUZZ_TARGET(writer)
{
    static plan p;
    size_t room = (size_t)fuzz_byte(&data, &size) * 16;
    const char *space = (fuzz_byte(&data, &size) & 1u) != 0 ? "jabber:client" : "";
    parley_writer *w = fuzz_block(1, sizeof *w, 0xA5);
    char *out = fuzz_block(0, room, 0xA5);
    size_t len = 1;
    parley_result result;

    if (size > FUZZ_INPUT) {
        return 0;
    }
    fuzz_log_reset(&p.want);
    p.depth = 0;
    p.tag_open = false;
    p.known = true;
    p.space[0] = parley_string_of(space);
    parley_writer_init(w, out, room, p.space[0]);
    while (size > 0) {
        uint8_t operation = fuzz_byte(&data, &size);
        size_t take = fuzz_byte(&data, &size);
        parley_string text = {(const char *)data, take < size ? take : size};

        operate(&p, w, operation, text);
        data += text.len;
        size -= text.len;
    }
    result = parley_writer_finish(w, &len);
    FUZZ_CHECK(result == PARLEY_OK ? len > 0 && len <= room : len == 0);
    if (result == PARLEY_OK) {
        read_back(&p, out, len, space);
    } else if (result != PARLEY_MISUSE) {
        parley_writer_text(w, parley_string_of("more"));
        parley_writer_end(w);
        FUZZ_CHECK(parley_writer_finish(w, &len) == result && len == 0);
    }
    fuzz_blocks_check();
    return 0;
}
