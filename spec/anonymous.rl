%%{
  machine anonymous;

  # The message of ANONYMOUS (RFC 4505): trace information, as the client likes. Names
  # only; machines/anonymous.rl counts the characters of a token, at most 255.
  #
  # Of RFC 2822 without comments and white space between words, which it advises against,
  # and without its obsolete forms. Not judged: the direction of text (RFC 3454 section 6).
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: other_controls | RFC 4505 3 | RFC 3454 table C.2.2: control characters beyond ASCII
  #: private_use | RFC 4505 3 | table C.3
  #: noncharacters | RFC 4505 3 | table C.4
  #: inappropriate | RFC 4505 3 | table C.6: inappropriate for plain text
  #: display | RFC 4505 3 | table C.8: change how text is displayed, or are deprecated
  #: tags | RFC 4505 3 | table C.9
  #: prohibited | RFC 4505 3 | what the profile "trace" prohibits beyond ASCII
  #: tchar | RFC 4505 2 | a character that is no control and not "@"
  #: token | RFC 4505 2 | a text that means something to who runs the client's domain
  #: atext | RFC 2822 3.2.4 | a character that needs no quotes
  #: dot_atom | RFC 2822 3.2.4 | words with dots between them
  #: quoted_pair | RFC 2822 3.2.2 | a character that means itself
  #: quoted_string | RFC 2822 3.2.5 | words of any characters
  #: domain_literal | RFC 2822 3.4.1 | an address instead of a name
  #: local_part | RFC 2822 3.4.1 | whose mail it is
  #: domain | RFC 2822 3.4.1 | where
  #: email | RFC 4505 2 | an address of mail: addr-spec
  #: message | RFC 4505 2 | one or the other, or nothing

  include utf8 "utf8.rl";

  other_controls = 0xC2 0x80..0x9F
                 | 0xDB 0x9D
                 | 0xDC 0x8F
                 | 0xE1 0xA0 0x8E
                 | 0xE2 0x80 ( 0x8C..0x8D | 0xA8..0xA9 )
                 | 0xE2 0x81 ( 0xA0..0xA3 | 0xAA..0xAF )
                 | 0xEF 0xBB 0xBF
                 | 0xEF 0xBF 0xB9..0xBC
                 | 0xF0 0x9D 0x85 0xB3..0xBA;
  private_use    = 0xEE utf8_tail utf8_tail
                 | 0xEF 0x80..0xA3 utf8_tail
                 | 0xF3 0xB0..0xBF utf8_tail utf8_tail
                 | 0xF4 utf8_tail utf8_tail utf8_tail;
  noncharacters  = 0xEF 0xB7 0x90..0xAF
                 | 0xEF 0xBF 0xBE..0xBF
                 | 0xF0..0xF3 ( 0x8F | 0x9F | 0xAF | 0xBF ) 0xBF 0xBE..0xBF;
  inappropriate  = 0xEF 0xBF 0xB9..0xBD;
  display        = 0xCD 0x80..0x81
                 | 0xE2 0x80 ( 0x8E..0x8F | 0xAA..0xAE )
                 | 0xE2 0x81 0xAA..0xAF;
  tags           = 0xF3 0xA0 ( 0x80 ( 0x81 | 0xA0..0xBF ) | 0x81 utf8_tail );
  prohibited     = other_controls | private_use | noncharacters | inappropriate | display | tags;

  tchar = ( 0x20..0x7E - "@" | utf8_beyond_ascii - prohibited ) @character;
  token = tchar+;

  atext          = alnum | [!#$%&'*+\-/=?^_`{|}~];
  dot_atom       = atext+ ( "." atext+ )*;
  quoted_pair    = "\\" 0x20..0x7E;
  quoted_string  = '"' ( 0x20..0x7E - ["\\] | quoted_pair )* '"';
  domain_literal = "[" ( 0x20..0x7E - [\[\]\\] | quoted_pair )* "]";
  local_part     = dot_atom | quoted_string;
  domain         = dot_atom | domain_literal;
  email          = local_part "@" @at_sign domain;

  message = ( email | token )?;
}%%
