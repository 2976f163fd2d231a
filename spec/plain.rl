%%{
  machine plain;

  # The message of PLAIN (RFC 4616 section 2). Names only; machines/plain.rl gives
  # the actions their bodies.

  include utf8 "utf8.rl";

  safe = 0x01..0x7F | utf8_beyond_ascii;

  authzid = ( safe >mark safe* ) %authzid;
  authcid = ( safe >mark safe* ) %authcid;
  passwd  = ( safe >mark safe* ) %passwd;

  message = authzid? 0x00 authcid 0x00 passwd;
}%%
