%%{
  machine scram;

  # What the four messages of SCRAM are made of (RFC 5802 section 7); those of the
  # client are scram_client_messages.rl, those of the server scram_server_messages.rl.
  # Names only; machines/scram_*_messages.rl give the actions their bodies.
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


  # m= makes a message unacceptable wherever it stands (section 5.1).
  mandatory     = "m=" @has_mandatory value;
  defined_name  = [anmrcsipve];
  extension     = ( alpha - defined_name ) "=" value | mandatory;
  extensions    = ( "," extension )*;
  reserved_mext = ( mandatory "," )?;

  nonce           = "r=" @mark printable+ %nonce;
}%%
