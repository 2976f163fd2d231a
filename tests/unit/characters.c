/* UTF-8 and the character classes: every code point, the vectors, and the
   productions of the recommendations as they are written there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "characters.h"
#include "common/guard.h"
#include "common/rows.h"

/* XML 1.0 fifth edition, productions 2, 4 and 4a, the colon left out. */
static const char production_char[] =
    "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]";
static const char production_name_start[] =
    "[#x41-#x5A] | #x5F | [#x61-#x7A] | [#xC0-#xD6] | [#xD8-#xF6] | [#xF8-#x2FF] | "
    "[#x370-#x37D] | [#x37F-#x1FFF] | [#x200C-#x200D] | [#x2070-#x218F] | [#x2C00-#x2FEF] | "
    "[#x3001-#xD7FF] | [#xF900-#xFDCF] | [#xFDF0-#xFFFD] | [#x10000-#xEFFFF]";
static const char production_name_more[] =
    "#x2D | #x2E | [#x30-#x39] | #xB7 | [#x0300-#x036F] | [#x203F-#x2040]";

static unsigned char set[0x110000];

/* Adds the characters of a production to `set`. */
static void add(const char *production, unsigned char bit)
{
    const char *at = production;

    while ((at = strstr(at, "#x")) != NULL) {
        char *end;
        unsigned long first = strtoul(at + 2, &end, 16);
        unsigned long last = *end == '-' ? strtoul(end + 3, &end, 16) : first;

        for (unsigned long c = first; c <= last; c++) {
            set[c] |= bit;
        }
        at = end;
    }
}

static void every_code_point(void **state)
{
    (void)state;
    memset(set, 0, sizeof set);
    add(production_char, 1);
    add(production_name_start, 2 | 4);
    add(production_name_more, 4);
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[4];
        size_t len = rows_utf8(c, text);
        uint32_t decoded = 0;
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;

        assert_int_equal(parley_utf8_decode(text, 4, &decoded), surrogate ? 0 : len);
        if (!surrogate) {
            assert_int_equal(decoded, c);
            for (size_t cut = 1; cut < len; cut++) {
                assert_int_equal(parley_utf8_decode(text, cut, &decoded), 0);
            }
        }
        if (parley_is_xml_character(c) != ((set[c] & 1) != 0) ||
            parley_is_name_start(c) != ((set[c] & 2) != 0) ||
            parley_is_name_character(c) != ((set[c] & 4) != 0)) {
            fail_msg("U+%04X", c);
        }
    }
    assert_false(parley_is_xml_character(0x110000));
    assert_false(parley_is_name_start(0x110000));
    assert_false(parley_is_name_character(0xFFFFFFFF));
}

/* Every sequence of two bytes, and of three and four with the bytes at which
   RFC 3629 section 4 turns. */
static void every_sequence(void **state)
{
    static const unsigned char turns[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xFF};
    unsigned accepted[5] = {0};

    (void)state;
    for (unsigned lead = 0; lead < 256; lead++) {
        for (unsigned second = 0; second < 256; second++) {
            for (size_t third = 0; third < sizeof turns; third++) {
                for (size_t fourth = 0; fourth < sizeof turns; fourth++) {
                    char text[4] = {(char)lead, (char)second, (char)turns[third],
                                    (char)turns[fourth]};
                    char again[4];
                    uint32_t c = 0;
                    size_t len = parley_utf8_decode(text, 4, &c);

                    if (len > 0) { /* what is taken is the shortest way to write it */
                        assert_int_equal(rows_utf8(c, again), len);
                        assert_memory_equal(text, again, len);
                    }
                    accepted[len]++;
                }
            }
        }
    }
    /* By RFC 3629 section 4: second bytes a lead takes, times 6 tails among the turns. */
    assert_int_equal(accepted[1], 128u * 256 * 144);
    assert_int_equal(accepted[2], 30u * 64 * 144);
    assert_int_equal(accepted[3], (32u + 12 * 64 + 32 + 2 * 64) * 6 * 12);
    assert_int_equal(accepted[4], (48u + 3 * 64 + 16) * 6 * 6);
}

static void vectors(void **state)
{
    rows r;
    char buffer[64];

    (void)state;
    rows_open(&r, "vectors/utf8.tsv");
    while (rows_next(&r)) {
        parley_string bytes = rows_unhex(r.field[0], buffer, sizeof buffer);
        bool utf8 = true;
        bool xml = true;
        size_t at = 0;
        guard g;
        const char *text = guard_copy(&g, bytes.data, bytes.len);

        while (at < bytes.len && utf8) {
            uint32_t c = 0;
            size_t len = parley_utf8_decode(text + at, bytes.len - at, &c);

            utf8 = len > 0;
            xml = xml && utf8 && parley_is_xml_character(c);
            at += len;
        }
        guard_close(&g);
        if (utf8 != (strcmp(r.field[1], "valid") == 0)) {
            fail_msg("row %u: %s", r.number, r.field[3]);
        }
        /* Character data is less than Char: '<', '&' and "]]>" are the writer's to escape. */
        if (strcmp(r.field[2], "accept") == 0) {
            assert_true(xml);
        }
    }
    assert_int_equal(r.number, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(every_sequence),
        cmocka_unit_test(vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
