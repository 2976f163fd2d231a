%%{
  machine password;

  # Passwords: UTF-8 without ASCII's control characters (SASLprep's table C.2.1,
  # RFC 4013 section 2.3), at least one character. What goes beyond ASCII is
  # SASLprep's or OpaqueString's to judge, with tables, in C.

  include utf8 "utf8.rl";

  password = ( 0x20..0x7E | utf8_beyond_ascii )+;
}%%
