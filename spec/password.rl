%%{
  machine password;

  # Passwords. That they are UTF-8 is judged in C; what goes beyond ASCII is SASLprep's or
  # OpaqueString's to judge, with tables.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: printable | RFC 4013 2.3 | ASCII without its control characters (table C.2.1)
  #: beyond_ascii | RFC 8265 4.2.2 | a byte of what the tables judge
  #: password | RFC 8265 4.2.2 | at least one character

  printable    = 0x20..0x7E;
  beyond_ascii = 0x80..0xFF;
  password     = ( printable | beyond_ascii )+;
}%%
