#include "common/tree.h"

#include <string.h>

static const char *terminated(char *buffer, size_t size, parley_string string)
{
    FUZZ_CHECK(string.len < size && memchr(string.data, '\0', string.len) == NULL);
    memcpy(buffer, string.data, string.len);
    buffer[string.len] = '\0';
    return buffer;
}

static void check_attributes(parley_element e)
{
    static char name[FUZZ_INPUT + 1], space[6 * FUZZ_INPUT + 1];
    parley_attribute a;
    uint32_t next = 0;

    while (parley_element_attributes(e, &next, &a)) {
        parley_string value;

        terminated(name, sizeof name, a.name);
        terminated(space, sizeof space, a.space);
        value = a.space.len > 0 ? parley_element_attribute_in(e, name, space)
                                : parley_element_attribute(e, name);
        FUZZ_CHECK(value.data != NULL && parley_string_equal(value, a.value));
    }
    FUZZ_CHECK(!parley_element_attributes(e, &next, &a));
    FUZZ_CHECK(parley_element_attribute(e, "no such name").data == NULL);
    FUZZ_CHECK(parley_element_attribute_in(e, "no such name", "").data == NULL);
}

static void check_content(parley_element e)
{
    parley_node node;
    parley_element child;
    parley_string text;
    parley_string only = {NULL, 0};
    uint32_t next = 0;
    size_t children = 0;
    bool after_text = false;
    bool has_child = parley_element_child(e, &child);

    FUZZ_CHECK(parley_element_prefix(e).len == 0 || parley_element_namespace(e).len > 0);

    while (parley_element_nodes(e, &next, &node)) {
        if (node.is_text) {
            FUZZ_CHECK(node.text.len > 0 && !after_text);
            only = node.text;
        } else {
            FUZZ_CHECK(children == 0 ? has_child : parley_element_next(&child));
            FUZZ_CHECK(child.at == node.element.at);
            children++;
        }
        after_text = node.is_text;
    }
    FUZZ_CHECK(children == parley_element_children(e) && (children > 0) == has_child);
    FUZZ_CHECK(children == 0 || !parley_element_next(&child));
    FUZZ_CHECK(parley_element_find(e, NULL, NULL, &child) == has_child);
    if (parley_element_text(e, &text) == PARLEY_OK) {
        FUZZ_CHECK(children == 0 && parley_string_equal(text, only));
    } else {
        FUZZ_CHECK(children > 0);
    }
}

void fuzz_tree_check(parley_element e)
{
    check_attributes(e);
    check_content(e);
}

/* A copy that says who it is from reads the same but for that. */
static void check_from(parley_element e, parley_element copied, parley_string from)
{
    parley_attribute a;
    uint32_t next = 0;
    size_t kept = 0;

    FUZZ_CHECK(parley_string_equal(parley_element_attribute(copied, "from"), from));
    while (parley_element_attributes(e, &next, &a)) {
        kept += a.space.len > 0 || !parley_string_equal(a.name, parley_string_of("from"));
    }
    next = 0;
    while (parley_element_attributes(copied, &next, &a)) {
        kept -= a.space.len > 0 || !parley_string_equal(a.name, parley_string_of("from"));
    }
    FUZZ_CHECK(kept == 0 && parley_element_children(e) == parley_element_children(copied));
}

void fuzz_tree_copy(parley_element e, const char *space, parley_string from)
{
    static fuzz_log want, got;
    static char out[1 << 17];
    static uint32_t memory[1 << 18];
    static const parley_limits limits = {.depth = 2000, .attributes = 60000, .name = 60000};
    parley_writer w;
    parley_xml x;
    parley_xml_token token;
    size_t head, len;
    parley_result result;

    memcpy(out, "<r xmlns='", 10);
    memcpy(out + 10, space, strlen(space));
    memcpy(out + 10 + strlen(space), "'>", 2);
    head = 12 + strlen(space);
    parley_writer_init(&w, out + head, sizeof out - head - 4, parley_string_of(space));
    parley_writer_element(&w, e, from);
    result = parley_writer_finish(&w, &len);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_NO_ROOM || result == PARLEY_REFUSED);
    if (result != PARLEY_OK) {
        return;
    }
    memcpy(out + head + len, "</r>", 4);
    len += head + 4;
    FUZZ_CHECK(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory) == PARLEY_OK);
    parley_xml_set_tree(&x, 1);
    head = parley_xml_push(&x, out, len, &token);
    FUZZ_CHECK(token == PARLEY_XML_START);
    head += parley_xml_push(&x, out + head, len - head, &token);
    FUZZ_CHECK(token == PARLEY_XML_ELEMENT && head == len - 4);
    if (from.data != NULL) {
        check_from(e, parley_xml_element(&x), from);
        return;
    }
    fuzz_log_reset(&want);
    fuzz_log_reset(&got);
    fuzz_log_tree(&want, e);
    fuzz_log_tree(&got, parley_xml_element(&x));
    fuzz_log_same(&want, &got);
}

void fuzz_tree_copy_short(parley_element e, uint8_t first)
{
    parley_writer w;
    size_t len;

    for (size_t room = first; room < 4096; room = 3 * room + 1) {
        parley_writer_init(&w, fuzz_block(2, room, 0xA5), room, parley_string_of("jabber:client"));
        parley_writer_element(&w, e, parley_string_of("mbed@example.com/r"));
        FUZZ_CHECK((parley_writer_finish(&w, &len) == PARLEY_OK) == (len > 0) && len <= room);
    }
}
