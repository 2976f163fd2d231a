%%{
  machine digest_md5;

  # The messages of DIGEST-MD5: lists of directives (RFC 2831 section 7). Names only;
  # machines/digest_md5.rl gives the actions their bodies. Which directives there may
  # be, how often and with what values, is the mechanism's to judge.
  #
  # White space may stand between words, and elements of a list may be empty
  # (section 7.1). A quoted string holds octets: charset says what they mean.

  lws        = [ \t\r\n]*;
  separator  = [()<>@,;:\\"/\[\]?={}];
  token      = ( 0x21..0x7E - separator )+;
  text_octet = 0x20..0x7E - ["\\] | [\t\r\n] | 0x80..0xFF;
  escaped    = "\\" 0x01..0x7F;

  name   = token >name_begin %name_end;
  plain  = token >value_begin %plain_value;
  quoted = '"' @quote ( text_octet | escaped )* '"' @quoted_value;

  directive  = name lws "=" lws ( plain | quoted );
  directives = lws ( directive lws )? ( "," lws ( directive lws )? )*;
}%%
