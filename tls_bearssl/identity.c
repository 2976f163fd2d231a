/* Notes. The reference is made once and is clean: lower-case letters, digits and
   hyphens in labels of 1 to 63 bytes. So a presented name can match only if it is as
   clean; it needs no checks of its own but for the wildcard. NUL, bytes beyond ASCII,
   empty labels and a trailing dot never match. */
#include "identity.h"

#include <string.h>

#include <parley/jid.h>

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

/* Whether labels of DNS are all there is, and puts them into lower case. */
static bool identity_is_clean(char *name, size_t len)
{
    size_t label = 0;

    for (size_t i = 0; i < len; i++) {
        char c = identity_lower(name[i]);

        if (c == '.' ? label == 0
                     : label == LABEL_SIZE ||
                           !((c >= 'a' && c <= 'z') || identity_is_digit(c) || c == '-'))
            return false;
        label = c == '.' ? 0 : label + 1;
        name[i] = c;
    }
    return label > 0;
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
    parley_string name = {NULL, 0};

    memset(out, 0, PARLEY_TLS_NAME_SIZE);
    if (domain.len > 0 && domain.data[domain.len - 1] == '.')
        domain.len--;
    if (domain.len == 0 || parley_jid_domain_ascii(domain, out, DOMAIN_SIZE, &name) != PARLEY_OK ||
        !identity_is_clean(out, name.len) || identity_is_address(out, name.len)) {
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

static bool identity_is_suffix_label(const char *label, size_t len)
{
    static const char labels[][5] = {"ac",  "co", "com", "edu", "go", "gob", "gouv", "gov", "ltd",
                                     "mil", "ne", "net", "nom", "or", "org", "plc",  "sch"};

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        size_t n = 0;

        while (n < sizeof labels[i] && labels[i][n] != '\0')
            n++;
        if (n == len && memcmp(labels[i], label, len) == 0)
            return true;
    }
    return false;
}

/* Whether no one owner holds what is below: "com", "co.uk" (docs/decisions.md). */
static bool identity_is_public(const char *domain)
{
    size_t first = 0, second = 0;

    while (domain[first] != '\0' && domain[first] != '.')
        first++;
    if (domain[first] == '\0')
        return true;
    while (domain[first + 1 + second] != '\0' && domain[first + 1 + second] != '.')
        second++;
    return domain[first + 1 + second] == '\0' && second == 2 &&
           identity_is_suffix_label(domain, first);
}

static bool identity_holds(parley_string text, char wanted)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == wanted)
            return true;
    }
    return false;
}

/* What stands in the way of a name that is not the reference. */
static int identity_difference(parley_string presented)
{
    for (size_t i = 0; i < presented.len; i++) {
        unsigned char c = (unsigned char)presented.data[i];

        if (c < 0x21 || c > 0x7E)
            return PARLEY_TLS_NAME_BYTES;
    }
    return identity_holds(presented, '*') ? PARLEY_TLS_NAME_WILDCARD : PARLEY_TLS_NAME_OTHER;
}

/* RFC 6120 13.7.1.2.1. */
static int identity_judge_dns(const char *reference, parley_string presented)
{
    const char *rest = reference;

    if (identity_same(reference, presented.data, presented.len))
        return 0;
    while (*rest != '\0' && *rest != '.')
        rest++;
    if (presented.len > 2 && presented.data[0] == '*' && presented.data[1] == '.' &&
        *rest != '\0' && !identity_is_public(rest + 1) &&
        identity_same(rest, presented.data + 1, presented.len - 1))
        return 0;
    return identity_difference(presented);
}

/* "_Service.Name" (RFC 4985 section 2; RFC 6120 13.7.1.2.1). */
static int identity_judge_service(const char *reference, parley_string presented)
{
    static const char service[] = "_xmpp-client.";
    const size_t prefix = sizeof service - 1;
    size_t name = 0;

    if (presented.len > prefix &&
        identity_same(reference, presented.data + prefix, presented.len - prefix)) {
        while (name < prefix && identity_lower(presented.data[name]) == service[name])
            name++;
        if (name == prefix)
            return 0;
    }
    for (name = 0; name < presented.len && presented.data[name] != '.'; name++)
        continue;
    if (name < presented.len && presented.data[0] == '_' &&
        identity_same(reference, presented.data + name + 1, presented.len - name - 1))
        return PARLEY_TLS_NAME_SERVICE;
    return identity_difference(presented);
}

/* UTF-8: a bare domain, compared as a JID's is: U-labels or A-labels, whatever their
   case and composition (RFC 6120 section 13.7.1.4, RFC 7622 section 3.2). */
static int identity_judge_address(const char *reference, parley_string presented)
{
    char room[PARLEY_TLS_NAME_SIZE];
    char made[PARLEY_TLS_NAME_SIZE];
    parley_string domain;
    size_t len = 0;

    if (parley_jid_prepare(PARLEY_JID_DOMAIN, presented, room, sizeof room, &domain, NULL) !=
            PARLEY_OK ||
        !parley_identity_reference(domain, made))
        return PARLEY_TLS_NAME_OTHER;
    while (made[len] != '\0')
        len++;
    return identity_same(reference, made, len) ? 0 : PARLEY_TLS_NAME_OTHER;
}

int parley_identity_judge(const char *reference, const parley_name *presented)
{
    if (reference[0] == '\0')
        return PARLEY_TLS_NAME_LITERAL;
    if (presented->value.data == NULL || presented->value.len == 0)
        return PARLEY_TLS_NAME_OTHER;
    switch (presented->kind) {
    case PARLEY_NAME_DNS:
        return identity_judge_dns(reference, presented->value);
    case PARLEY_NAME_SRV:
        return identity_judge_service(reference, presented->value);
    default:
        return identity_judge_address(reference, presented->value);
    }
}
