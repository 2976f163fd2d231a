/* Binds the names of spec/plain.rl: a message at once, whole.
   ragel -T0 -o plain.c plain.rl */
#include "packed.h"
#include "plain_grammar.h"

#define END(field) end(fields, &fields->field, p)

static void mark(plain_fields *fields, const unsigned char *p)
{
    fields->mark = (const char *)p;
}

static void end(const plain_fields *fields, parley_string *field, const unsigned char *p)
{
    field->data = fields->mark;
    field->len = (size_t)((const char *)p - fields->mark);
}

%%{
  machine plain;
  alphtype unsigned char;

  action mark    { mark(fields, p); }
  action authzid { END(authzid); }
  action authcid { END(authcid); }
  action passwd  { END(passwd); }

  include plain "../spec/plain.rl";
  main := message;
  write data noerror noentry;
}%%

bool parley_plain_parse(plain_fields *fields, parley_string message)
{
    static const plain_fields none;
    const unsigned char *const begin = message.data != NULL ? (const unsigned char *)message.data
                                                            : (const unsigned char *)"";
    const unsigned char *p = begin;
    const unsigned char *pe = p + message.len;
    const unsigned char *eof = pe;
    int cs;

    *fields = none;
    %% write init;
    %% write exec;
    return cs >= plain_first_final;
}
