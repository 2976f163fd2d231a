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
  #: defined_name | RFC 5802 5.1 | the attributes that have a meaning, and so one place

  value_safe_char = 0x01..0xFF - [,=];
  value_char      = value_safe_char | "=";
  value           = value_char+;
  printable       = 0x21..0x7E - ",";

  defined_name = [anmrcsipve];
}%%
