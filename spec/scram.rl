%%{
  machine scram;

  # The four messages of SCRAM (RFC 5802 section 7), each an entry of its own.
  # Names only; machines/scram.rl gives the actions their bodies.
  #
  # Stricter than the RFC's grammar in two places: an extension may not carry the
  # name of an attribute that section 5.1 defines (duplicates, attributes out of
  # order), and a nonce has at least one character (erratum 2640).

  include utf8 "utf8.rl";

  value_safe_char = (0x01..0x7F - [,=]) | utf8_beyond_ascii;
  value_char      = value_safe_char | "=";
  value           = value_char+;
  printable       = 0x21..0x7E - ",";

  base64_char = alnum | "/" | "+";
  base64_4    = base64_char{4};
  base64_3    = base64_char{3} "=";
  base64_2    = base64_char{2} "==";
  base64      = ( base64_4* ( base64_3 | base64_2 )? ) $err(bad_base64);

  posit_number = ( "1".."9" digit* ) $add_digit;
  saslname     = ( value_safe_char | "=2C" | "=3D" )+;
  cb_name      = ( alnum | "." | "-" )+;

  # m= makes a message unacceptable wherever it stands (section 5.1).
  mandatory     = "m=" @has_mandatory value;
  defined_name  = [anmrcsipve];
  extension     = ( alpha - defined_name ) "=" value | mandatory;
  extensions    = ( "," extension )*;
  reserved_mext = ( mandatory "," )?;

  # XEP-0474: the hash of what the server offered.
  offers_hash       = "h=" @mark value %offers_hash;
  server_extension  = ( alpha - defined_name - "h" ) "=" value | mandatory | offers_hash;
  server_extensions = ( "," server_extension )*;

  cbind_flag = "n" @cbind_none | "y" @cbind_unused | "p=" @mark @cbind_used cb_name %cb_name;
  authzid    = "a=" @mark saslname %authzid;
  gs2_header = cbind_flag "," authzid? "," @gs2_end;

  username        = "n=" @mark saslname %username;
  nonce           = "r=" @mark printable+ %nonce;
  channel_binding = "c=" @mark base64 %channel_binding;
  salt            = "s=" @mark base64 %salt;
  iteration_count = "i=" posit_number;
  proof           = "p" >proof_begin "=" @mark base64 %proof;
  verifier        = "v=" @mark base64 %verifier;
  server_error    = "e=" value;

  client_first_message := gs2_header reserved_mext username "," nonce extensions;
  server_first_message := reserved_mext nonce "," salt "," iteration_count server_extensions;
  client_final_message := channel_binding "," nonce extensions "," proof;
  server_final_message := ( server_error | verifier ) extensions;
}%%
