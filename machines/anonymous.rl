/* Binds the names of spec/anonymous.rl: a message at once, whole.
   ragel -T0 -o anonymous.c anonymous.rl */
#include "anonymous_grammar.h"
#include "packed.h"

/* RFC 4505 section 2: of a token. An address has none but SASL's own limits. */
#define CHARACTERS 255u

%%{
  machine anonymous;
  alphtype unsigned char;

  action character { characters++; }
  action at_sign { address = true; }

  include anonymous "../spec/anonymous.rl";
  main := message;
  write data noerror noentry;
}%%

bool parley_anonymous_legal(parley_string message)
{
    const unsigned char *p = (const unsigned char *)message.data;
    const unsigned char *pe = p;
    size_t characters = 0;
    bool address = false;
    int cs;

    if (message.len == 0) {
        return true;
    }
    pe = p + message.len;
    %% write init;
    %% write exec;
    return cs >= anonymous_first_final && (address || characters <= CHARACTERS);
}
