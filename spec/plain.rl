%%{
  machine plain;

  # The message of PLAIN (RFC 4616). Names only; machines/plain.rl gives the actions
  # their bodies.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: nul | RFC 4616 2 | what stands between the parts, and in none of them
  #: safe | RFC 4616 2 | any character but NUL
  #: authzid | RFC 4616 2 | who the client wants to act as; left out, who it is
  #: authcid | RFC 4616 2 | whose password it is
  #: passwd | RFC 4616 2 | the password
  #: message | RFC 4616 2 | all that the client says

  include utf8 "utf8.rl";

  nul     = 0x00;
  safe    = 0x01..0x7F | utf8_beyond_ascii;
  authzid = ( safe >mark safe* ) %authzid;
  authcid = ( safe >mark safe* ) %authcid;
  passwd  = ( safe >mark safe* ) %passwd;
  message = authzid? nul authcid nul passwd;
}%%
