%%{
  machine scram_server_messages;

  # What a server sends and a client reads, each message an entry of its own.

  include scram "scram.rl";

  # XEP-0474: the hash of what the server offered.
  offers_hash       = "h=" @mark value %offers_hash;
  server_extension  = ( alpha - defined_name - "h" ) "=" value | mandatory | offers_hash;
  server_extensions = ( "," server_extension )*;

  posit_number    = ( "1".."9" digit* ) $add_digit;
  salt            = "s=" @mark base64 %salt;
  iteration_count = "i=" posit_number;
  verifier        = "v=" @mark base64 %verifier;
  server_error    = "e=" value;

  server_first_message := reserved_mext nonce "," salt "," iteration_count server_extensions;
  server_final_message := ( server_error | verifier ) extensions;
}%%
