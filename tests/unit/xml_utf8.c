/* UTF-8 and character ranges, in text, CDATA, attribute values and names: the vectors, every
   sequence of two and three bytes, many of four, and every code point near an edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/rows.h"
#include "common/xml_trace.h"

static xml_bench bench;

static int open_bench(void **state)
{
    (void)state;
    xml_bench_open(&bench);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    xml_bench_close(&bench);
    return 0;
}

static const char *const frames[][2] = {
    {"<a>", "</a>"},   {"<a><![CDATA[", "]]></a>"}, {"<a><![CDATA[]", "]]></a>"},
    {"<a b='", "'/>"}, {"<a b=\"", "\"/>"},
};

static size_t put(char *buffer, const char *before, parley_string middle, const char *after)
{
    size_t len = strlen(before);

    memcpy(buffer, before, len);
    memcpy(buffer + len, middle.data, middle.len);
    len += middle.len;
    memcpy(buffer + len, after, strlen(after));
    return len + strlen(after);
}

static void vectors(void **state)
{
    static rows r;
    xml_setup setup = xml_setup_default();

    (void)state;
    rows_open(&r, "vectors/utf8.tsv");
    while (rows_next(&r)) {
        char bytes[256], document[512];
        parley_string middle = rows_unhex(r.field[0], bytes, sizeof bytes);
        bool accepted = strcmp(r.field[2], "accept") == 0;

        for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
            size_t len = put(document, frames[i][0], middle, frames[i][1]);
            xml_bench_every_cut(&bench, &setup, document, len, r.field[0]);
            assert_int_equal(bench.trace.verdict, accepted ? PARLEY_OK : PARLEY_ILLEGAL);
            assert_int_equal(bench.trace.condition,
                             accepted ? PARLEY_CONDITION_NONE : PARLEY_NOT_WELL_FORMED);
        }
    }
    assert_true(r.number > 90);
}

/* The tokenizer alone, in one piece and small memory. */
static parley_result judge(const char *document, size_t len)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    uint32_t memory[32];
    parley_xml_token token;
    parley_xml x;
    size_t at = 0;

    assert_int_equal(parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory), PARLEY_OK);
    do {
        at += parley_xml_push(&x, document + at, len - at, &token);
    } while (token != PARLEY_XML_MORE && token != PARLEY_XML_ERROR);
    return parley_xml_finish(&x);
}

/* Whether the bytes are one character, by encoding the value that its bits give. */
static bool is_character(const unsigned char *bytes, size_t len, unsigned long *character)
{
    char encoded[4];

    *character = bytes[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        *character = *character << 6 | (bytes[i] & 0x3F);
    }
    return *character >= 0x80 && *character <= 0x10FFFF &&
           (*character < 0xD800 || *character > 0xDFFF) && rows_utf8(*character, encoded) == len &&
           memcmp(encoded, bytes, len) == 0;
}

static void check_sequence(const unsigned char *bytes, size_t len)
{
    char document[32];
    parley_string middle = {(const char *)bytes, len};
    unsigned long character;
    bool legal = is_character(bytes, len, &character) && character != 0xFFFE && character != 0xFFFF;

    len = put(document, "<a>", middle, "</a>");
    assert_int_equal(judge(document, len), legal ? PARLEY_OK : PARLEY_ILLEGAL);
}

static void sequences(void **state)
{
    static const unsigned char edges[] = {0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBD, 0xBE, 0xBF, 0xC0, 0xED, 0xFF};
    unsigned char b[4];

    (void)state;
    for (unsigned lead = 0x80; lead <= 0xFF; lead++) {
        for (unsigned second = 0x20; second <= 0xFF; second++) {
            b[0] = (unsigned char)lead;
            b[1] = (unsigned char)second;
            if (lead < 0xE0) {
                check_sequence(b, 2);
                continue;
            }
            for (size_t i = 0; i < sizeof edges; i++) {
                b[2] = edges[i];
                if (lead < 0xF0) {
                    check_sequence(b, 3);
                    continue;
                }
                for (size_t k = 0; k < sizeof edges; k++) {
                    b[3] = edges[k];
                    check_sequence(b, 4);
                }
            }
        }
    }
}

/* XML 1.0 fifth edition, productions 2, 4 and 4a without ':', each as its edges. */
static const unsigned long chars[][2] = {
    {0x9, 0xA}, {0xD, 0xD}, {0x20, 0xD7FF}, {0xE000, 0xFFFD}, {0x10000, 0x10FFFF}};
static const unsigned long starts[][2] = {{'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                                          {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},
                                          {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},
                                          {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
                                          {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
static const unsigned long others[][2] = {
    {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

static bool among(unsigned long character, const unsigned long (*ranges)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (character >= ranges[i][0] && character <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

#define AMONG(character, ranges) among(character, ranges, sizeof ranges / sizeof ranges[0])

static void check_in(const char *before, parley_string middle, const char *after, bool accepted,
                     unsigned long character)
{
    char document[64];
    size_t len = put(document, before, middle, after);

    if ((judge(document, len) == PARLEY_OK) != accepted) {
        fail_msg("U+%04lX in %s...%s", character, before, after);
    }
}

static void check_code_point(unsigned long character)
{
    char bytes[4];
    parley_string middle = {bytes, rows_utf8(character, bytes)};
    bool is_char = AMONG(character, chars);
    bool is_start = AMONG(character, starts);
    bool is_name = is_start || AMONG(character, others);
    /* What has a meaning of its own there. */
    bool is_markup = character == '<' || character == '&';

    check_in("<a>", middle, "</a>", is_char && !is_markup, character);
    check_in("<a b='", middle, "'/>", is_char && !is_markup && character != '\'', character);
    if (character > 0x7F || is_name) {
        check_in("<", middle, "/>", is_start, character);
        check_in("<a", middle, "/>", is_name, character);
        check_in("<a ", middle, "=''/>", is_start, character);
        check_in("<a b", middle, "=''/>", is_name, character);
        check_in("<x:a xmlns:x='u' x:", middle, "=''/>", is_start, character);
    }
}

static void code_points(void **state)
{
    unsigned long checked = 0;

    (void)state;
    for (unsigned long character = 1; character <= 0x10FFFF; character++) {
        bool is_edge = character < 0x400 || (character & 0xFFF) < 2 || (character & 0xFFF) > 0xFFD;
        for (unsigned long near = character - 1; near <= character + 1; near++) {
            is_edge = is_edge || AMONG(near, chars) != AMONG(character, chars) ||
                      AMONG(near, starts) != AMONG(character, starts) ||
                      AMONG(near, others) != AMONG(character, others);
        }
        if (is_edge || character % 97 == 0) {
            check_code_point(character);
            checked++;
        }
    }
    printf("figures: %lu code points\n", checked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(sequences),
        cmocka_unit_test(code_points),
    };

    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
