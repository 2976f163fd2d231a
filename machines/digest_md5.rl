/* Binds the names of spec/digest_md5.rl: one message at a time, whole.
   ragel -T0 -o digest_md5.c digest_md5.rl

   `mark` is where the word under way begins. */
#include "digest_md5_grammar.h"

#include <string.h>

static const char *const names[DIGEST_NAMES] = {
    "realm",    "nonce",  "qop", "stale",      "maxbuf",   "charset", "algorithm", "cipher",
    "username", "cnonce", "nc",  "digest-uri", "response", "rspauth", "authzid"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool parley_digest_same(parley_string a, const char *literal)
{
    parley_string b = parley_string_of(literal);

    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

static parley_string since(const char *begin, const unsigned char *p)
{
    return (parley_string){begin, (size_t)((const char *)p - begin)};
}

static void take(digest_fields *fields, parley_string value, bool quoted)
{
    for (unsigned i = 0; i < DIGEST_NAMES; i++) {
        if (parley_digest_same(fields->name, names[i])) {
            if (fields->counts[i] == 0 ||
                (i == DIGEST_REALM && parley_string_equal(value, fields->preferred_realm))) {
                fields->values[i] = value;
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

  action name_begin   { fields->mark = (const char *)p; }
  action name_end     { fields->name = since(fields->mark, p); }
  action value_begin  { fields->mark = (const char *)p; }
  action plain_value  { take(fields, since(fields->mark, p), false); }
  action quote        { fields->mark = (const char *)p + 1; }
  action quoted_value { take(fields, since(fields->mark, p), true); }

  include digest_md5 "../spec/digest_md5.rl";
  main := directives;
  write data noerror noentry;
}%%

bool parley_digest_parse(digest_fields *fields, parley_string message)
{
    const digest_fields fresh = {.preferred_realm = fields->preferred_realm};
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
