/* Binds the names of spec/digest_md5.rl: one message at a time, whole.
   ragel -T0 -o digest_md5.c digest_md5.rl

   `mark` is where the value under way begins. */
#include "digest_md5_grammar.h"
#include "packed.h"

static const char *const names[DIGEST_NAMES] = {
    "realm",    "nonce",  "qop", "stale",      "maxbuf",   "charset", "algorithm", "cipher",
    "username", "cnonce", "nc",  "digest-uri", "response", "rspauth", "authzid"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* By positions, not by a length: in each step it shows that the byte lies in front of `end`. */
static bool same(const char *bytes, size_t at, size_t end, const char *literal)
{
    while (at < end && *literal != '\0' && lower(bytes[at]) == *literal) {
        at++;
        literal++;
    }
    return at == end && *literal == '\0';
}

bool parley_digest_same(parley_string a, const char *literal)
{
    return same(a.data, 0, a.len, literal);
}

static bool is_preferred(const digest_fields *fields, size_t end)
{
    parley_string preferred = fields->preferred_realm;
    size_t at = fields->mark;
    size_t i = 0;

    while (at < end && i < preferred.len && fields->message[at] == preferred.data[i]) {
        at++;
        i++;
    }
    return at == end && i == preferred.len;
}

static size_t at(const digest_fields *fields, const unsigned char *p)
{
    return (size_t)((const char *)p - fields->message);
}

/* The value is from `mark` to `end`. */
static void take(digest_fields *fields, size_t end, bool quoted)
{
    for (unsigned i = 0; i < DIGEST_NAMES; i++) {
        if (same(fields->message, fields->name, fields->name_end, names[i])) {
            if (fields->counts[i] == 0 || (i == DIGEST_REALM && is_preferred(fields, end))) {
                fields->values[i].data = fields->message + fields->mark;
                fields->values[i].len = end - fields->mark;
                fields->quoted[i] = quoted;
            }
            if (fields->counts[i] < UINT8_MAX) {
                fields->counts[i]++;
            }
        }
    }
}

%%{
  machine digest_md5;
  alphtype unsigned char;

  action name_begin   { fields->name = at(fields, p); }
  action name_end     { fields->name_end = at(fields, p); }
  action value_begin  { fields->mark = at(fields, p); }
  action plain_value  { take(fields, at(fields, p), false); }
  action quote        { fields->mark = at(fields, p) + 1; }
  action quoted_value { take(fields, at(fields, p), true); }

  include digest_md5 "../spec/digest_md5.rl";
  main := directives;
  write data noerror noentry;
}%%

bool parley_digest_parse(digest_fields *fields, parley_string message)
{
    const digest_fields fresh = {.preferred_realm = fields->preferred_realm,
                                 .message = message.data};
    const unsigned char *p = (const unsigned char *)message.data;
    const unsigned char *pe = p;
    const unsigned char *eof = p;
    int cs;

    *fields = fresh;
    if (message.len == 0) {
        return false;
    }
    pe = p + message.len;
    eof = pe;
    %% write init;
    %% write exec;
    return cs >= digest_md5_first_final;
}
