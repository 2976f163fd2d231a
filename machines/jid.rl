/* Binds the names of spec/jid.rl: one text at a time, whole.
   ragel -T0 -o jid.c jid.rl */
#include "jid_grammar.h"
#include "packed.h"

%%{
  machine jid;
  alphtype unsigned char;

  action at_sign { marks->at_sign = (const char *)p; }
  action slash   { marks->slash = (const char *)p; }

  include jid "../spec/jid.rl";
  write data noerror;
}%%

/* RFC 3986 3.2.2: from `at` on, where numbers from 0 to 255 without zeros before them, and dots
   between them, end. */
static size_t past_octets(const unsigned char *text, size_t at, size_t len)
{
    const unsigned none = 256; /* no digit of it so far */
    unsigned number = none;

    for (; at < len; at++) {
        const unsigned digit = text[at] - (unsigned)'0';

        if (text[at] == '.') {
            number = none;
            continue;
        }
        if (digit > 9 || number == 0) {
            break;
        }
        number = digit + (number == none ? 0 : number * 10);
        if (number > 255) {
            break;
        }
    }
    return at;
}

static bool is_after_address(unsigned char c)
{
    return c == ']' || c == '%';
}

/* RFC 3986 3.2.2: where the address in brackets goes wrong, by its groups or by the numbers of an
   IPv4 address at its end; `len` if nothing is wrong. So far it holds what may be in one. */
static size_t miscounted(const unsigned char *text, size_t len)
{
    unsigned groups = 0;
    unsigned most = 8;
    size_t group = 1; /* where the present group begins */
    size_t gap = 0;   /* where the one behind "::" does */
    size_t i;

    for (i = 1; i < len && !is_after_address(text[i]); i++) {
        const size_t count = i - group; /* of its digits, so far */

        if (text[i] == '.') { /* an address: two groups, and the last */
            const size_t at = past_octets(text, group, len);

            if (at < i || count == 0 || (gap > 0 ? groups > 6 : groups != 7)) {
                return i;
            }
            return at < len && !is_after_address(text[at]) ? at : len;
        }
        if (text[i] != ':') {
            if (count == 4 || (count == 0 && (i == 2 || groups == most))) {
                return i;
            }
            groups += count == 0;
            continue;
        }
        if (count > 0 ? groups == most : gap > 0) {
            return i;
        }
        group = i + 1;
        if (count == 0 && i > 1) {
            gap = group;
            most = 7;
        }
    }
    return i == len || ((gap > 0 || groups == 8) && (i > group || group == gap)) ? len : i;
}

/* RFC 1123 2.1: whether a name looks like an IPv4 address and is none, the dot at its end left out
   (RFC 7622 3.2). Its labels are right. */
static bool misnumbered(const unsigned char *name, size_t len)
{
    unsigned dots = 0;

    len -= name[len - 1] == '.';
    for (size_t i = 0; i < len; i++) {
        if (name[i] != '.' && (name[i] < '0' || name[i] > '9')) {
            return false;
        }
        dots += name[i] == '.';
    }
    return dots == 3 && past_octets(name, 0, len) < len;
}

static int entry(jid_grammar grammar)
{
    switch (grammar) {
    case JID_ADDRESS: return jid_en_address;
    case JID_LOCALPART: return jid_en_localpart;
    case JID_DOMAINPART: return jid_en_domainpart;
    default: return jid_en_resourcepart;
    }
}

size_t parley_jid_match(jid_grammar grammar, parley_string text, jid_marks *marks)
{
    const unsigned char *const begin = (const unsigned char *)text.data;
    const unsigned char *p = begin;
    const unsigned char *pe = p + text.len;
    size_t at;
    int cs;

    %% write init;
    cs = entry(grammar); /* there is no main: init alone would refuse everything */
    %% write exec;
    at = (size_t)(p - begin);
    if (grammar == JID_DOMAINPART) {
        if (*begin == '[') {
            const size_t wrong = miscounted(begin, at);

            if (wrong < at) {
                return wrong;
            }
        } else if (cs >= jid_first_final && misnumbered(begin, text.len)) {
            return at;
        }
    }
    return cs >= jid_first_final ? text.len + 1 : at;
}
