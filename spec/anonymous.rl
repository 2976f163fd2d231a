%%{
  machine anonymous;

  # The message of ANONYMOUS (RFC 4505 section 2): trace information, as the client
  # likes, without control characters. machines/anonymous.rl counts.

  include utf8 "utf8.rl";

  trace = ( ( 0x20..0x7E | utf8_beyond_ascii ) @character )*;
}%%
