/* Notes. The reference is made once and is clean: lower-case letters, digits,
   hyphens and underscores in labels of 1 to 63 bytes. So a presented name can
   match only if it is as clean; it needs no checks of its own but for the
   wildcard. NUL, bytes beyond ASCII, empty labels and a trailing dot never match. */
#include "identity.h"

#include <string.h>

#include "a_label.h"

#define LABEL_SIZE  63
#define DOMAIN_SIZE 253 /* RFC 1035 section 2.3.4, as text */

static char identity_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool identity_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Writes one label; 0: it cannot stand in a DNS name. */
static size_t identity_label(parley_string label, char *out, size_t room)
{
    bool ascii = true;

    for (size_t i = 0; i < label.len; i++)
        ascii = ascii && (unsigned char)label.data[i] < 0x80;
    if (!ascii)
        return parley_a_label(label, out, room < LABEL_SIZE ? room : LABEL_SIZE);
    if (label.len == 0 || label.len > LABEL_SIZE || label.len > room)
        return 0;
    for (size_t i = 0; i < label.len; i++) {
        char c = identity_lower(label.data[i]);

        if (!(c >= 'a' && c <= 'z') && !identity_is_digit(c) && c != '-' && c != '_')
            return 0;
        out[i] = c;
    }
    return label.len;
}

/* A last label of digits alone makes it an IPv4 literal (RFC 1123 section 2.1). */
static bool identity_is_address(const char *name, size_t len)
{
    while (len > 0 && identity_is_digit(name[len - 1]))
        len--;
    return len == 0 || name[len - 1] == '.';
}

bool parley_identity_reference(parley_string domain, char out[PARLEY_TLS_NAME_SIZE])
{
    size_t used = 0;
    size_t at = 0;

    memset(out, 0, PARLEY_TLS_NAME_SIZE);
    if (domain.len > 0 && domain.data[domain.len - 1] == '.')
        domain.len--;
    while (at <= domain.len) {
        parley_string label = {domain.data == NULL ? NULL : domain.data + at, 0};
        size_t written;

        while (at + label.len < domain.len && label.data[label.len] != '.')
            label.len++;
        written = identity_label(label, out + used, DOMAIN_SIZE - used);
        used += written;
        at += label.len + 1;
        if (written == 0 || (at <= domain.len && used == DOMAIN_SIZE)) {
            used = 0;
            break;
        }
        if (at <= domain.len)
            out[used++] = '.';
    }
    if (used == 0 || identity_is_address(out, used)) {
        memset(out, 0, PARLEY_TLS_NAME_SIZE);
        return false;
    }
    return true;
}

static bool identity_same(const char *reference, const char *presented, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (reference[i] == '\0' || reference[i] != identity_lower(presented[i]))
            return false;
    }
    return reference[len] == '\0';
}

bool parley_identity_match(const char *reference, parley_string presented)
{
    const char *rest = reference;
    bool two_labels = false;

    if (reference[0] == '\0' || presented.data == NULL || presented.len == 0)
        return false;
    if (identity_same(reference, presented.data, presented.len))
        return true;
    if (presented.len < 2 || presented.data[0] != '*' || presented.data[1] != '.')
        return false;
    while (*rest != '\0' && *rest != '.')
        rest++;
    if (*rest == '\0')
        return false;
    for (const char *p = rest + 1; *p != '\0'; p++)
        two_labels = two_labels || *p == '.';
    /* "*.com" covers what no one owner holds. */
    return two_labels && identity_same(rest, presented.data + 1, presented.len - 1);
}
