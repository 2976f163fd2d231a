%%{
  machine utf8;

  # Characters beyond ASCII in UTF-8: no overlong forms, no surrogates, nothing above
  # U+10FFFF. Definitions for other machines to include.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: utf8_tail | RFC 3629 4 | any byte of a character but its first
  #: utf8_2 | RFC 3629 4 | U+0080 to U+07FF
  #: utf8_3 | RFC 3629 4 | U+0800 to U+FFFF, without the surrogates
  #: utf8_4 | RFC 3629 4 | U+10000 to U+10FFFF
  #: utf8_beyond_ascii | RFC 3629 4 | a character that is not ASCII

  utf8_tail = 0x80..0xBF;
  utf8_2    = 0xC2..0xDF utf8_tail;
  utf8_3    = 0xE0 0xA0..0xBF utf8_tail
            | 0xE1..0xEC utf8_tail utf8_tail
            | 0xED 0x80..0x9F utf8_tail
            | 0xEE..0xEF utf8_tail utf8_tail;
  utf8_4    = 0xF0 0x90..0xBF utf8_tail utf8_tail
            | 0xF1..0xF3 utf8_tail utf8_tail utf8_tail
            | 0xF4 0x80..0x8F utf8_tail utf8_tail;

  utf8_beyond_ascii = utf8_2 | utf8_3 | utf8_4;
}%%
