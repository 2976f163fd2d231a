/* Binds the names of spec/scram_client_messages.rl: one message at a time, whole.
   ragel -T0 -o scram_client_messages.c scram_client_messages.rl */
#include "packed.h"
#include "scram_fields.h"

%%{
  machine scram_client_messages;
  alphtype unsigned char;

  action mark            { mark(fields, p + 1); }
  action authzid         { END(authzid); }
  action cb_name         { END(binding_name); }
  action username        { END(username); }
  action nonce           { END(nonce); }
  action channel_binding { END(channel_binding); }
  action proof           { END(proof); }
  action gs2_end         { cut(fields, &fields->gs2_header, p + 1); }
  action proof_begin     { cut(fields, &fields->without_proof, p - 1); }
  action cbind_none      { fields->binding = SCRAM_BINDING_NONE; }
  action cbind_unused    { fields->binding = SCRAM_BINDING_UNUSED; }
  action cbind_used      { fields->binding = SCRAM_BINDING_USED; }
  action bad_base64      { fields->bad_base64 = true; }
  action has_mandatory   { fields->mandatory = true; }

  include scram_client_messages "../spec/scram_client_messages.rl";
  write data noerror;
}%%

parley_code parley_scram_read_client(scram_fields *fields, bool final, parley_string message)
{
    const unsigned char *const bytes = message.data != NULL ? (const unsigned char *)message.data
                                                            : (const unsigned char *)"";
    const unsigned char *p = bytes;
    const unsigned char *pe = p + message.len;
    const unsigned char *eof = pe;
    int cs = final ? scram_client_messages_en_client_final_message
                   : scram_client_messages_en_client_first_message;

    (void)scram_client_messages_start; /* Ragel's own, of no message */
    begin(fields, message);
    %% write exec;
    return verdict(fields, message, cs >= scram_client_messages_first_final);
}
