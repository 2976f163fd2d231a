/* Reads vectors with stdio; a file that is not as it should be fails the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/rows.h"

void rows_open(rows *r, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", PARLEY_TEST_DATA, name);
    memset(r, 0, sizeof *r);
    r->file = fopen(path, "rb");
    if (r->file == NULL) {
        fail_msg("cannot open %s", path);
    }
    assert_non_null(fgets(r->line, (int)sizeof r->line, r->file));
}

int rows_next(rows *r)
{
    char *at = r->line;

    if (fgets(r->line, (int)sizeof r->line, r->file) == NULL) {
        fclose(r->file);
        return 0;
    }
    assert_true(strchr(r->line, '\n') != NULL || feof(r->file));
    r->line[strcspn(r->line, "\n")] = '\0';
    r->number++;
    for (r->count = 0; at != NULL; r->count++) {
        char *tab = strchr(at, '\t');

        assert_true(r->count < ROW_FIELDS);
        r->field[r->count] = at;
        if (tab != NULL) {
            *tab++ = '\0';
        }
        at = tab;
    }
    return 1;
}

size_t rows_utf8(unsigned long character, char *buffer)
{
    static const unsigned leads[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t len = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

    for (size_t i = len - 1; i > 0; i--) {
        buffer[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    buffer[0] = (char)(leads[len] | character);
    return len;
}

static unsigned long hexadecimal(const char *digits, size_t count)
{
    char copy[9] = {0};
    char *end;
    unsigned long value;

    assert_true(strlen(digits) >= count);
    memcpy(copy, digits, count);
    value = strtoul(copy, &end, 16);
    assert_ptr_equal(end, copy + count);
    return value;
}

parley_string rows_unescape(const char *field, char *buffer, size_t size)
{
    parley_string text = {buffer, 0};

    while (*field != '\0') {
        char kind = field[0] == '\\' ? field[1] : '\0';

        assert_true(text.len + 4 <= size);
        if (kind == 'x') {
            buffer[text.len++] = (char)hexadecimal(field + 2, 2);
            field += 4;
        } else if (kind == 'u' || kind == 'U') {
            size_t digits = kind == 'u' ? 4 : 8;
            text.len += rows_utf8(hexadecimal(field + 2, digits), buffer + text.len);
            field += 2 + digits;
        } else if (kind != '\0') {
            static const char names[] = "nrt\\";
            static const char values[] = "\n\r\t\\";
            const char *name = strchr(names, kind);

            assert_non_null(name);
            buffer[text.len++] = values[name - names];
            field += 2;
        } else {
            buffer[text.len++] = *field++;
        }
    }
    return text;
}

parley_string rows_unhex(const char *field, char *buffer, size_t size)
{
    parley_string text = {buffer, strlen(field) / 2};

    assert_true(text.len <= size && strlen(field) % 2 == 0);
    for (size_t i = 0; i < text.len; i++) {
        buffer[i] = (char)hexadecimal(field + 2 * i, 2);
    }
    return text;
}
