%%{
  machine scram;

  # What the four messages of SCRAM are made of (RFC 5802); those of the client are
  # scram_client_messages.rl, those of the server scram_server_messages.rl. Names only;
  # machines/scram_*_messages.rl give the actions their bodies.
  #
  # A message is UTF-8 (RFC 3629); that is judged beside it, in C.
  #
  # Stricter than the RFC's grammar in two places: an extension may not carry the
  # name of an attribute that section 5.1 defines (duplicates, attributes out of
  # order), and a nonce has at least one character (erratum 2640).
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: value_safe_char | RFC 5802 7 | any character but NUL, "=" and ","
  #: value_char | RFC 5802 7 | a character of a value: "=" too
  #: value | RFC 5802 7 | what an attribute carries
  #: printable | RFC 5802 7 | a character of a nonce: visible ASCII but ","
  #: base64_char | RFC 5802 7 | a digit of base64
  #: base64_4 | RFC 5802 7 | three bytes
  #: base64_3 | RFC 5802 7 | the last two bytes
  #: base64_2 | RFC 5802 7 | the last byte
  #: base64 | RFC 5802 7 | bytes in base64, padded
  #: mandatory | RFC 5802 5.1 | m=, which makes a message unacceptable wherever it stands
  #: defined_name | RFC 5802 5.1 | the attributes that have a meaning, and so one place
  #: extension | RFC 5802 7 | an attribute that nothing defines, to be passed over
  #: extensions | RFC 5802 7 | any number of them
  #: reserved_mext | RFC 5802 7 | where a mandatory extension would stand
  #: nonce | RFC 5802 5.1 | r=, the client's random text, and the server's after it

  value_safe_char = 0x01..0xFF - [,=];
  value_char      = value_safe_char | "=";
  value           = value_char+;
  printable       = 0x21..0x7E - ",";

  base64_char = alnum | "/" | "+";
  base64_4    = base64_char{4};
  base64_3    = base64_char{3} "=";
  base64_2    = base64_char{2} "==";
  base64      = ( base64_4* ( base64_3 | base64_2 )? ) $err(bad_base64);

  mandatory     = "m=" @has_mandatory value;
  defined_name  = [anmrcsipve];
  extension     = ( alpha - defined_name ) "=" value | mandatory;
  extensions    = ( "," extension )*;
  reserved_mext = ( mandatory "," )?;

  nonce = "r=" @mark printable+ %nonce;
}%%
