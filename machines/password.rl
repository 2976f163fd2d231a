/* Binds spec/password.rl, which needs no action.
   ragel -G2 -o password.c password.rl */
#include "password_grammar.h"

%%{
  machine password;
  alphtype unsigned char;

  include password "../spec/password.rl";
  main := password;
  write data noerror noentry;
}%%

bool parley_password_legal(parley_string password)
{
    const unsigned char *const begin = password.data != NULL ? (const unsigned char *)password.data
                                                             : (const unsigned char *)"";
    const unsigned char *p = begin;
    const unsigned char *pe = p + password.len;
    int cs;

    %% write init;
    %% write exec;
    return cs >= password_first_final;
}
