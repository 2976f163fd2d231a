%%{
  machine digest_md5;

  # The messages of DIGEST-MD5 (RFC 2831): lists of directives. Names only;
  # machines/digest_md5.rl gives the actions their bodies. Which directives there may
  # be, how often and with what values, is the mechanism's to judge. A quoted string
  # holds octets: charset says what they mean.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: lws | RFC 2831 7.2 | white space, which may stand between words
  #: separators | RFC 2831 7.2 | what ends a token
  #: token | RFC 2831 7.2 | a word without quotes
  #: qdtext | RFC 2831 7.2 | what stands for itself in quotes
  #: quoted_pair | RFC 2831 7.2 | a character that means itself
  #: name | RFC 2831 2.1 | of a directive
  #: unquoted_value | RFC 2831 2.1 | its value: a token
  #: quoted_string | RFC 2831 7.2 | its value in quotes
  #: directive | RFC 2831 2.1 | a name and its value
  #: directives | RFC 2831 7.1 | a list of them, whose elements may be empty

  lws         = [ \t\r\n]*;
  separators  = [()<>@,;:\\"/\[\]?={}];
  token       = ( 0x21..0x7E - separators )+;
  qdtext      = 0x20..0x7E - ["\\] | [\t\r\n] | 0x80..0xFF;
  quoted_pair = "\\" 0x01..0x7F;

  name           = token >name_begin %name_end;
  unquoted_value = token >value_begin %plain_value;
  quoted_string  = '"' @quote ( qdtext | quoted_pair )* '"' @quoted_value;

  directive  = name lws "=" lws ( unquoted_value | quoted_string );
  directives = lws ( directive lws )? ( "," lws ( directive lws )? )*;
}%%
