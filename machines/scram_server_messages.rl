/* Binds the names of spec/scram_server_messages.rl: one message at a time, whole.
   ragel -T0 -o scram_server_messages.c scram_server_messages.rl */
#include "packed.h"
#include "scram_fields.h"

%%{
  machine scram_server_messages;
  alphtype unsigned char;

  action mark          { mark(fields, p + 1); }
  action offers_hash   { add_offers(fields, p); }
  action nonce         { END(nonce); }
  action salt          { END(salt); }
  action verifier      { END(verifier); }
  action add_digit     { add_digit(fields, *p); }
  action bad_base64    { fields->bad_base64 = true; }
  action has_mandatory { fields->mandatory = true; }

  include scram_server_messages "../spec/scram_server_messages.rl";
  write data noerror;
}%%

parley_code parley_scram_read_server(scram_fields *fields, bool final, parley_string message)
{
    const unsigned char *const bytes = message.data != NULL ? (const unsigned char *)message.data
                                                            : (const unsigned char *)"";
    const unsigned char *p = bytes;
    const unsigned char *pe = p + message.len;
    const unsigned char *eof = pe;
    int cs = final ? scram_server_messages_en_server_final_message
                   : scram_server_messages_en_server_first_message;

    (void)scram_server_messages_start; /* Ragel's own, of no message */
    begin(fields, message);
    %% write exec;
    return verdict(fields, message, cs >= scram_server_messages_first_final);
}
