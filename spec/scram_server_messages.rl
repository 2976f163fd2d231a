%%{
  machine scram_server_messages;

  # What a server sends and a client reads (RFC 5802), each message an entry of its own.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: offers_hash | XEP-0474 6.1 | h=, the hash of what the server offered
  #: server_extension | RFC 5802 7 | as extension, and the hash
  #: server_extensions | RFC 5802 7 | any number of them
  #: posit_number | RFC 5802 7 | a number, without zeros before it
  #: salt | RFC 5802 5.1 | s=, what the password is hashed with
  #: iteration_count | RFC 5802 5.1 | i=, how often
  #: verifier | RFC 5802 5.1 | v=, that the server knows the password's keys
  #: server_error | RFC 5802 5.1 | e=, why it refuses
  #: server_first_message | RFC 5802 7 | what the client needs for its proof
  #: server_final_message | RFC 5802 7 | the server's own proof, or its refusal

  include scram "scram.rl";

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
