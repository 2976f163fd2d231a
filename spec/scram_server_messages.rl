%%{
  machine scram_server_messages;

  # What a server sends and a client reads (RFC 5802), each message an entry of its own.
  # A message that it takes is cut at its commas, and bytes in base64 are judged where they are decoded,
  # in C.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: base64 | RFC 5802 7 | bytes in base64: C judges them
  #: mandatory | RFC 5802 5.1 | m=, which makes a message unacceptable wherever it stands: C looks for it
  #: offers_hash | XEP-0474 6.1 | h=, the hash of what the server offered: C sees that the first message has one at most
  #: extension | RFC 5802 7 | an attribute that nothing defines, to be passed over
  #: extensions | RFC 5802 7 | any number of them
  #: reserved_mext | RFC 5802 7 | where a mandatory extension would stand
  #: nonce | RFC 5802 5.1 | r=, the client's random text, and the server's after it
  #: posit_number | RFC 5802 7 | a number, without zeros before it
  #: salt | RFC 5802 5.1 | s=, what the password is hashed with
  #: iteration_count | RFC 5802 5.1 | i=, how often
  #: verifier | RFC 5802 5.1 | v=, that the server knows the password's keys
  #: server_error | RFC 5802 5.1 | e=, why it refuses
  #: server_first_message | RFC 5802 7 | what the client needs for its proof
  #: server_final_message | RFC 5802 7 | the server's own proof, or its refusal

  include scram "scram.rl";

  base64 = ( any - "," )*;

  mandatory     = "m=" value;
  offers_hash   = "h=" value;
  extension     = ( alpha - defined_name - "h" ) "=" value | mandatory | offers_hash;
  extensions    = ( "," extension )*;
  reserved_mext = ( mandatory "," )?;

  nonce           = "r=" printable+;
  posit_number    = "1".."9" digit*;
  salt            = "s=" base64;
  iteration_count = "i=" posit_number;
  verifier        = "v=" base64;
  server_error    = "e=" value;

  server_first_message := reserved_mext nonce "," salt "," iteration_count extensions;
  server_final_message := ( server_error | verifier ) extensions;
}%%
