/* XEP-0106: a localpart for a name that has characters no localpart may hold. */
#include "parley/jid.h"

static const char escaped_characters[] = " \"&'/:<>@\\";
static const char digits[] = "0123456789abcdef";

/* The character that the escape at `text` stands for; 0: it is none. */
static char escape_at(const char *text, size_t len)
{
    if (len < 3 || text[0] != '\\') {
        return 0;
    }
    for (const char *c = escaped_characters; *c != '\0'; c++) {
        if (text[1] == digits[(unsigned char)*c >> 4] && text[2] == digits[*c & 15]) {
            return *c;
        }
    }
    return 0;
}

/* Whether the character at `text` must be escaped: a backslash only if it would be
   read as the beginning of an escape. */
static bool needs_escape(const char *text, size_t len)
{
    if (*text == '\\') {
        return escape_at(text, len) != 0;
    }
    for (const char *c = escaped_characters; *c != '\0'; c++) {
        if (*text == *c) {
            return true;
        }
    }
    return false;
}

parley_result parley_jid_escape(parley_string text, char *buffer, size_t size,
                                parley_string *escaped)
{
    size_t len = 0;

    if (text.len > 0 && (text.data[0] == ' ' || text.data[text.len - 1] == ' ')) {
        return PARLEY_ILLEGAL;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool escapes = needs_escape(text.data + i, text.len - i);
        size_t needed = escapes ? 3 : 1;

        if (needed > size - len) {
            return PARLEY_NO_ROOM;
        }
        buffer[len] = escapes ? '\\' : text.data[i];
        if (escapes) {
            buffer[len + 1] = digits[(unsigned char)text.data[i] >> 4];
            buffer[len + 2] = digits[text.data[i] & 15];
        }
        len += needed;
    }
    *escaped = (parley_string){buffer, len};
    return PARLEY_OK;
}

parley_result parley_jid_unescape(parley_string local, char *buffer, size_t size,
                                  parley_string *text)
{
    size_t len = 0;

    for (size_t i = 0; i < local.len; i++) {
        char character = escape_at(local.data + i, local.len - i);

        /* Section 4.2: an escaped space at either end is none. */
        if (character == ' ' && (i == 0 || i + 3 == local.len)) {
            character = 0;
        }
        if (len == size) {
            return PARLEY_NO_ROOM;
        }
        buffer[len++] = character != 0 ? character : local.data[i];
        i += character != 0 ? 2 : 0;
    }
    *text = (parley_string){buffer, len};
    return PARLEY_OK;
}
