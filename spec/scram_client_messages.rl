%%{
  machine scram_client_messages;

  # What a client sends and a server reads (RFC 5802), each message an entry of its own.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: base64_char | RFC 5802 7 | a digit of base64
  #: base64_4 | RFC 5802 7 | three bytes
  #: base64_3 | RFC 5802 7 | the last two bytes
  #: base64_2 | RFC 5802 7 | the last byte
  #: base64 | RFC 5802 7 | bytes in base64, padded
  #: mandatory | RFC 5802 5.1 | m=, which makes a message unacceptable wherever it stands
  #: extension | RFC 5802 7 | an attribute that nothing defines, to be passed over
  #: extensions | RFC 5802 7 | any number of them
  #: reserved_mext | RFC 5802 7 | where a mandatory extension would stand
  #: nonce | RFC 5802 5.1 | r=, the client's random text, and the server's after it
  #: saslname | RFC 5802 7 | a name; its "," and "=" as =2C and =3D
  #: cb_name | RFC 5802 7 | the kind of a channel binding
  #: gs2_cbind_flag | RFC 5802 6 | whether the client binds: no, could but the server offers none, or with what
  #: authzid | RFC 5802 5.1 | a=, who the client wants to act as
  #: gs2_header | RFC 5802 7 | what the binding covers besides the channel
  #: username | RFC 5802 5.1 | n=, whose password it is
  #: channel_binding | RFC 5802 5.1 | c=, the header again and the channel's bytes
  #: proof | RFC 5802 5.1 | p=, that the client knows the password
  #: client_first_message_bare | RFC 5802 7 | the first message without its header: signed by both
  #: client_final_message_without_proof | RFC 5802 7 | the last one without its proof: signed by both
  #: client_first_message | RFC 5802 7 | how the client begins
  #: client_final_message | RFC 5802 7 | how it proves itself

  include scram "scram.rl";

  base64_char = alnum | "/" | "+";
  base64_4    = base64_char{4};
  base64_3    = base64_char{3} "=";
  base64_2    = base64_char{2} "==";
  base64      = ( base64_4* ( base64_3 | base64_2 )? ) $err(bad_base64);

  mandatory     = "m=" @has_mandatory value;
  extension     = ( alpha - defined_name ) "=" value | mandatory;
  extensions    = ( "," extension )*;
  reserved_mext = ( mandatory "," )?;

  nonce = "r=" @mark printable+ %nonce;

  saslname = ( value_safe_char | "=2C" | "=3D" )+;
  cb_name  = ( alnum | "." | "-" )+;

  gs2_cbind_flag = "n" @cbind_none | "y" @cbind_unused | "p=" @mark @cbind_used cb_name %cb_name;
  authzid        = "a=" @mark saslname %authzid;
  gs2_header     = gs2_cbind_flag "," authzid? "," @gs2_end;

  username        = "n=" @mark saslname %username;
  channel_binding = "c=" @mark base64 %channel_binding;
  proof           = "p" >proof_begin "=" @mark base64 %proof;

  client_first_message_bare          = reserved_mext username "," nonce extensions;
  client_final_message_without_proof = channel_binding "," nonce extensions;

  client_first_message := gs2_header client_first_message_bare;
  client_final_message := client_final_message_without_proof "," proof;
}%%
