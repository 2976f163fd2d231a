#include "text_file.h"

#include "entropy.h"
#include "status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_stream(text_file *file, FILE *in, failure *f)
{
    size_t size = 4096;
    file->data = malloc(size);
    while (file->data) {
        size_t taken = fread(file->data + file->len, 1, size - file->len, in);
        file->len += taken;
        if (taken == 0) {
            break;
        }
        if (file->len == size) {
            char *larger = size < TEXT_FILE_LONGEST ? malloc(2 * size) : NULL;
            if (!larger) {
                break;
            }
            memcpy(larger, file->data, file->len);
            entropy_wipe(file->data, file->len);
            free(file->data);
            file->data = larger;
            size *= 2;
        }
    }
    if (!file->data) {
        return failure_set(f, STATUS_LOCAL, "file", "%s: no memory to read it", file->path);
    }
    if (ferror(in)) {
        return failure_set(f, STATUS_LOCAL, "file", "%s: cannot be read: %s", file->path,
                           strerror(errno));
    }
    if (file->len == size) {
        return failure_set(f, STATUS_LOCAL, "file", "%s: longer than %u bytes; split it",
                           file->path, TEXT_FILE_LONGEST);
    }
    return true;
}

bool text_file_read(text_file *file, const char *path, failure *f)
{
    FILE *in = fopen(path, "rb");
    bool ok;
    *file = (text_file){.path = path};
    if (!in) {
        return failure_set(f, STATUS_LOCAL, "file", "%s: cannot be opened: %s", path,
                           strerror(errno));
    }
    setvbuf(in, NULL, _IONBF, 0); /* no second copy of the passwords */
    ok = read_stream(file, in, f);
    fclose(in);
    if (!ok) {
        text_file_free(file);
    }
    return ok;
}

bool text_file_line(text_file *file, parley_string *line)
{
    while (file->at < file->len) {
        const char *start = file->data + file->at;
        size_t left = file->len - file->at;
        const char *end = memchr(start, '\n', left);
        size_t len = end ? (size_t)(end - start) : left;
        size_t blank = 0;

        file->at += end ? len + 1 : len;
        file->line++;
        if (len > 0 && start[len - 1] == '\r') {
            len--;
        }
        while (blank < len && (start[blank] == ' ' || start[blank] == '\t')) {
            blank++;
        }
        if (blank < len && start[0] != '#') {
            *line = (parley_string){start, len};
            return true;
        }
    }
    return false;
}

bool text_file_fault(const text_file *file, failure *f, const char *outcome, const char *format,
                     ...)
{
    char text[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return failure_set(f, STATUS_LOCAL, outcome, "%s:%u: %s", file->path, file->line, text);
}

void text_file_free(text_file *file)
{
    if (file->data) {
        entropy_wipe(file->data, file->len);
    }
    free(file->data);
    *file = (text_file){.path = file->path, .line = file->line};
}
