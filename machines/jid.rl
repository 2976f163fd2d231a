/* Binds the names of spec/jid.rl: one text at a time, whole.
   ragel -T0 -o jid.c jid.rl

   The pieces of an address grow at its end: domain is all of the text until an
   '@' makes what came before it the local, and a '/' cuts the rest off. */
#include "jid_grammar.h"

#include <limits.h>

static void at_sign(parley_jid *parts, const char *p, const char *end)
{
    parts->local.data = parts->domain.data;
    parts->local.len = (size_t)(p - parts->domain.data);
    parts->domain.data = p + 1;
    parts->domain.len = (size_t)(end - (p + 1));
}

static void slash(parley_jid *parts, const char *p, const char *end)
{
    parts->domain.len = (size_t)(p - parts->domain.data);
    parts->resource.data = p + 1;
    parts->resource.len = (size_t)(end - (p + 1));
}

%%{
  machine jid;
  alphtype unsigned char;

  action at_sign { at_sign(parts, (const char *)p, (const char *)pe); }
  action slash   { slash(parts, (const char *)p, (const char *)pe); }

  include jid "../spec/jid.rl";
  write data;
}%%

static bool is_digit(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

#define NO_NUMBER UINT_MAX

/* RFC 3986 3.2.2: the number that a further digit makes. One over 255, or with a zero before it, is
   none of an IPv4 address, and becomes none. */
static unsigned append(unsigned number, unsigned char digit)
{
    if (number == NO_NUMBER) {
        return (unsigned)(digit - '0');
    }
    return number == 0 || number > 255 ? 256 : number * 10 + (unsigned)(digit - '0');
}

/* RFC 3986 3.2.2: where the address in brackets has one group too many, ends with too few, or has a
   number that is none of IPv4; `len` if nothing is wrong. So far its shape is right. */
static size_t miscounted(const unsigned char *text, size_t len)
{
    unsigned groups = 0;
    bool gap = false, address = false, inside = false;
    unsigned number = NO_NUMBER;

    for (size_t i = 1; i < len; i++) {
        const unsigned most = gap ? 7 : 8;
        const bool digit = is_digit(text[i]);

        if (text[i] == ']' || text[i] == '%') {
            return gap || groups == 8 ? len : i;
        }
        if (text[i] == ':' && groups == most) {
            return i;
        }
        if (text[i] == '.' && !address) {
            address = true; /* two groups, and the last */
            groups++;
            if ((!gap && groups != 8) || number > 255) {
                return i;
            }
        }
        groups += digit && !inside && !address;
        number = digit ? append(number, text[i]) : NO_NUMBER;
        if (groups > most || (address && digit && number > 255)) {
            return i;
        }
        gap |= text[i] == ':' && text[i - 1] == ':';
        inside = digit;
    }
    return len;
}

/* RFC 1123 2.1: whether a name looks like an IPv4 address and is none. Its labels are right. */
static bool misnumbered(const unsigned char *name, size_t len)
{
    const bool dot = name[len - 1] == '.'; /* which no address has at its end */
    bool octets = true;
    unsigned dots = 0, number = NO_NUMBER;

    len -= dot;
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '.') {
            dots++;
            number = NO_NUMBER;
        } else if (name[i] < '0' || name[i] > '9') {
            return false;
        } else {
            number = append(number, name[i]);
            octets = octets && number <= 255;
        }
    }
    return dots == 3 && (dot || !octets);
}

static int entry(jid_grammar grammar)
{
    switch (grammar) {
    case JID_ADDRESS: return jid_en_address;
    case JID_CHARACTERS: return jid_en_characters;
    case JID_LOCALPART: return jid_en_localpart;
    case JID_DOMAINPART: return jid_en_domainpart;
    default: return jid_en_resourcepart;
    }
}

bool parley_jid_match(jid_grammar grammar, parley_string text, parley_jid *parts,
                      size_t *error_at)
{
    static const parley_jid none;
    const unsigned char *const begin = text.data != NULL ? (const unsigned char *)text.data
                                                         : (const unsigned char *)"";
    const unsigned char *p = begin;
    const unsigned char *pe = p + text.len;
    int cs;

    if (grammar == JID_ADDRESS) {
        *parts = none;
        parts->domain = text;
    }
    %% write init;
    cs = entry(grammar); /* there is no main: init alone would refuse everything */
    %% write exec;
    *error_at = (size_t)(p - begin);
    if (grammar == JID_DOMAINPART && text.len > 0 && *begin == '[') {
        size_t at = miscounted(begin, *error_at);

        cs = at < *error_at ? jid_error : cs;
        *error_at = at;
    } else if (grammar == JID_DOMAINPART && cs >= jid_first_final && misnumbered(begin, text.len)) {
        cs = jid_error;
    }
    return cs >= jid_first_final;
}
