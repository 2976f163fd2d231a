%%{
  machine password;

  # Passwords. What goes beyond ASCII is SASLprep's or OpaqueString's to judge, with
  # tables, in C.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: printable | RFC 4013 2.3 | ASCII without its control characters (table C.2.1)
  #: password | RFC 8265 4.2.2 | at least one character

  include utf8 "utf8.rl";

  printable = 0x20..0x7E;
  password  = ( printable | utf8_beyond_ascii )+;
}%%
