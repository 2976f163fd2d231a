#include <stdio.h>
#include <string.h>

#include "common/calls.h"
#include "common/configured.h"

#define MEMORY_PLACE   0
#define DOCUMENT_PLACE 1

static parley_xml_token push(parley_xml *x, const char *text)
{
    parley_xml_token token;
    size_t len = strlen(text);
    size_t taken = 0;
    size_t now;

    do {
        now = parley_xml_push(x, fuzz_flush(text + taken, len - taken), len - taken, &token);
        FUZZ_CHECK(now <= len - taken);
        taken += now;
    } while (now > 0 && taken < len);
    return token;
}

/* Memory that is taken away is away: white space is taken, and nothing else. */
static void without_memory(parley_xml *x, void *memory, size_t len)
{
    parley_xml_token token;

    if (!parley_xml_idle(x)) {
        FUZZ_CHECK(parley_xml_memory(x, NULL, 0) == PARLEY_MISUSE);
        return;
    }
    FUZZ_CHECK(parley_xml_memory(x, NULL, 0) == PARLEY_OK);
    token = push(x, "\n \n \t");
    FUZZ_CHECK(token == PARLEY_XML_TEXT || token == PARLEY_XML_MORE);
    for (unsigned i = 0; i < 4; i++) { /* a byte, the token that it left due, a byte */
        (void)push(x, i % 2 != 0 ? "\n" : " ");
        (void)parley_xml_push(x, NULL, 0, &token);
        FUZZ_CHECK(token != PARLEY_XML_ELEMENT && token != PARLEY_XML_START);
    }
    FUZZ_CHECK(parley_xml_memory(x, (char *)memory + 1, len) == PARLEY_MISUSE);
    FUZZ_CHECK(parley_xml_memory(x, memory, len) == PARLEY_OK || !parley_xml_idle(x));
}

/* The root is kept as a tree, or parked; not both. Whether it has room. */
static bool root(parley_xml *x, bool tree_first)
{
    parley_result parked;

    if (push(x, "<a b='c'>") != PARLEY_XML_START) {
        return false;
    }
    if (tree_first) {
        parley_xml_set_tree(x, 0);
        FUZZ_CHECK(parley_xml_park(x) == PARLEY_MISUSE);
        return true;
    }
    parked = parley_xml_park(x);
    FUZZ_CHECK(parked == PARLEY_OK && parley_xml_park(x) == PARLEY_MISUSE);
    parley_xml_set_tree(x, 0);
    return true;
}

/* A document, its memory away at each rest, and after its end. */
static void whole(parley_xml *x, void *memory, size_t len, bool tree_first)
{
    static const char long_text[] =
        "<b>a text that has to end somewhere, and a text that has to end somewhere, and a text "
        "that has to end somewhere, and a text that has to end somewhere, and one more</b>";
    parley_xml_token token;

    without_memory(x, memory, len);
    (void)root(x, tree_first);
    without_memory(x, memory, len);
    (void)push(x, "<b>c</b>");
    without_memory(x, memory, len);
    (void)push(x, "</a>");
    without_memory(x, memory, len);
    (void)push(x, " ");
    parley_xml_restart(x);
    if (root(x, false)) {
        parley_xml_set_tree(x, 1);
        token = push(x, long_text);
        FUZZ_CHECK(token == PARLEY_XML_ELEMENT || token == PARLEY_XML_LARGE ||
                   token == PARLEY_XML_ERROR);
    }
    parley_xml_restart(x);
    (void)push(x, "<a>");
}

void fuzz_call_tokenizer(const uint8_t *data, size_t size)
{
    parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint8_t which = fuzz_byte(&data, &size);
    size_t len = (size_t)fuzz_byte(&data, &size) * 16;
    char *memory = fuzz_block(MEMORY_PLACE, len + 16, 0xA5);
    parley_xml *x = fuzz_block(DOCUMENT_PLACE, sizeof *x, 0xA5);

    for (; size > 1; data += 2, size -= 2) {
        fuzz_change_limits(&limits, data[0], data[1]);
    }
    FUZZ_CHECK(parley_xml_init(x, sizeof *x, &limits, memory, (size_t)1 << 29) == PARLEY_MISUSE);
    if (parley_xml_init((which & 1u) != 0 ? NULL : x, sizeof *x - (which >> 1 & 1u),
                        (which & 4u) != 0 ? NULL : &limits,
                        (which & 8u) != 0 ? NULL : memory + (which >> 4 & 1u), len) == PARLEY_OK) {
        FUZZ_CHECK(parley_xml_skip(x) == PARLEY_MISUSE && parley_xml_park(x) == PARLEY_MISUSE);
        whole(x, memory, len, (which & 32u) != 0);
    }
    fuzz_blocks_check();
}

void fuzz_call_rest(const uint8_t *data, size_t size)
{
    static parley_tls_cache_entry entries[4];
    parley_tls_cache cache;
    parley_writer w;
    char room[16];
    uint8_t which = fuzz_byte(&data, &size);
    uint32_t lifetime = fuzz_number(fuzz_byte(&data, &size));
    size_t count = (which & 1u) != 0 ? SIZE_MAX : which >> 1 & 3u;
    parley_result result = parley_tls_cache_init((which & 8u) != 0 ? NULL : &cache,
                                                 sizeof cache - (which >> 4 & 1u),
                                                 (which & 32u) != 0 ? NULL : entries, count,
                                                 lifetime);

    FUZZ_CHECK(result == PARLEY_MISUSE ||
               (count > 0 && lifetime > 0 && lifetime <= PARLEY_TLS_SESSION_SECONDS));
    parley_writer_init(&w, NULL, which, parley_string_of("jabber:client"));
    parley_writer_element(&w, (parley_element){NULL, 0}, (parley_string){NULL, 0});
    FUZZ_CHECK(parley_writer_finish(&w, &count) != PARLEY_OK && count == 0);
    parley_writer_init(&w, room, SIZE_MAX, parley_string_of("jabber:client")); /* as it says */
    parley_writer_start(&w, "a", NULL);
    parley_writer_end(&w);
    FUZZ_CHECK(parley_writer_finish(&w, &count) == PARLEY_OK && count == 4);
    for (unsigned code = which * 8u; code < which * 8u + 8; code++) {
        FUZZ_CHECK(parley_code_name((parley_code)code)[0] != '\0');
        FUZZ_CHECK(parley_code_text((parley_code)code)[0] != '\0');
        (void)parley_code_layer((parley_code)code);
        FUZZ_CHECK(parley_condition_name((parley_condition)code) != NULL);
        FUZZ_CHECK(parley_sasl_condition_name((parley_sasl_condition)code) != NULL);
        FUZZ_CHECK(parley_redirect_name((parley_redirect_verdict)code)[0] != '\0');
        FUZZ_CHECK(parley_redirect_text((parley_redirect_verdict)code)[0] != '\0');
    }
    for (unsigned suite = 0; suite < 256; suite++) {
        FUZZ_CHECK(parley_tls_suite_name((uint16_t)(0xC000u + suite))[0] != '\0');
        FUZZ_CHECK(parley_tls_suite_name((uint16_t)(0xCC00u + suite))[0] != '\0');
    }
}

void fuzz_call_long_tag(uint8_t count, uint16_t len, uint8_t last)
{
    static const parley_limits limits = {.depth = 2, .attributes = 300, .name = 10};
    static char text[1 << 19];
    size_t memory_len = (size_t)1250000; /* so that it is taken whole */
    size_t value = len % 4500u * 64u;
    parley_xml *x = fuzz_block(DOCUMENT_PLACE, sizeof *x, 0xA5);
    int at = snprintf(text, sizeof text, "<r><a a0='");

    FUZZ_CHECK(parley_xml_init(x, sizeof *x, &limits, fuzz_block(MEMORY_PLACE, memory_len, 0xA5),
                               memory_len) == PARLEY_OK);
    memset(text + at, 'v', value);
    at += (int)value;
    at += snprintf(text + at, sizeof text - (size_t)at, "'");
    for (unsigned i = 1; i < count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " a%u=''", i);
    }
    (void)snprintf(text + at, sizeof text - (size_t)at, " a%u=''>", (unsigned)last);
    FUZZ_CHECK(push(x, "<r>") == PARLEY_XML_START);
    /* Named twice or not; in one piece. */
    FUZZ_CHECK(push(x, text + 3) ==
               (last < (count > 0 ? count : 1) ? PARLEY_XML_ERROR : PARLEY_XML_START));
    fuzz_blocks_check();
}
