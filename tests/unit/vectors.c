#include "vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Cuts the line at file->at into cells; false at the end of the file. */
static bool cut_line(vector_file *file, char **cells)
{
    char *line = file->at;
    size_t column = 0;

    for (size_t i = 0; i < VECTOR_COLUMNS; i++) {
        cells[i] = NULL;
    }
    if (*line == '\0') {
        return false;
    }
    file->at = line + strcspn(line, "\n");
    if (*file->at == '\n') {
        *file->at++ = '\0';
    }
    while (line != NULL) {
        assert_true(column < VECTOR_COLUMNS);
        cells[column++] = line;
        line = strchr(line, '\t');
        if (line != NULL) {
            *line++ = '\0';
        }
    }
    return true;
}

void vector_open(vector_file *file, const char *name)
{
    char path[512];
    long size;
    FILE *stream;

    (void)snprintf(path, sizeof path, "%s/vectors/%s", PARLEY_TEST_DATA, name);
    stream = fopen(path, "rb");
    if (stream == NULL) {
        fail_msg("cannot open %s", path);
    }
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    size = ftell(stream);
    assert_true(size > 0);
    rewind(stream);
    file->text = malloc((size_t)size + 1);
    assert_non_null(file->text);
    assert_int_equal(fread(file->text, 1, (size_t)size, stream), size);
    file->text[size] = '\0';
    (void)fclose(stream);
    file->at = file->text;
    assert_true(cut_line(file, file->header));
}

bool vector_next(vector_file *file)
{
    return cut_line(file, file->row);
}

void vector_close(vector_file *file)
{
    free(file->text);
}

const char *vector_text(const vector_file *file, const char *column)
{
    for (size_t i = 0; i < VECTOR_COLUMNS && file->header[i] != NULL; i++) {
        if (strcmp(file->header[i], column) == 0) {
            return file->row[i] == NULL ? "" : file->row[i];
        }
    }
    fail_msg("no column %s", column);
    return "";
}

static unsigned long number(const char *digits, size_t len)
{
    char text[8] = "";
    char *end;
    unsigned long value;

    memcpy(text, digits, len);
    value = strtoul(text, &end, 16);
    assert_true(*end == '\0' && strlen(text) == len);
    return value;
}

parley_string vector_bytes(const vector_file *file, const char *column, char *buffer, size_t size)
{
    const char *text = vector_text(file, column);
    size_t len = 0;

    while (*text != '\0') {
        assert_true(len + 3 <= size);
        if (strncmp(text, "\\x", 2) == 0) {
            buffer[len++] = (char)number(text + 2, 2);
            text += 4;
        } else if (strncmp(text, "\\u", 2) == 0) {
            unsigned long code = number(text + 2, 4);

            if (code >= 0x800) {
                buffer[len++] = (char)(0xE0 | code >> 12);
                buffer[len++] = (char)(0x80 | (code >> 6 & 0x3F));
            } else {
                assert_true(code >= 0x80);
                buffer[len++] = (char)(0xC0 | code >> 6);
            }
            buffer[len++] = (char)(0x80 | (code & 0x3F));
            text += 6;
        } else {
            buffer[len++] = *text++;
        }
    }
    return (parley_string){buffer, len};
}

parley_string vector_hex(const vector_file *file, const char *column, char *buffer, size_t size)
{
    const char *text = vector_text(file, column);
    size_t len = strlen(text) / 2;

    assert_true(strlen(text) % 2 == 0 && len <= size);
    for (size_t i = 0; i < len; i++) {
        buffer[i] = (char)number(text + 2 * i, 2);
    }
    return (parley_string){buffer, len};
}
