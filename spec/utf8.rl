%%{
  machine utf8;

  # Characters beyond ASCII in UTF-8 (RFC 3629 section 4): no overlong forms, no
  # surrogates, nothing above U+10FFFF. Definitions for other machines to include.

  utf8_tail = 0x80..0xBF;

  utf8_2 = 0xC2..0xDF utf8_tail;

  utf8_3 = 0xE0 0xA0..0xBF utf8_tail
         | 0xE1..0xEC utf8_tail utf8_tail
         | 0xED 0x80..0x9F utf8_tail
         | 0xEE..0xEF utf8_tail utf8_tail;

  utf8_4 = 0xF0 0x90..0xBF utf8_tail utf8_tail
         | 0xF1..0xF3 utf8_tail utf8_tail utf8_tail
         | 0xF4 0x80..0x8F utf8_tail utf8_tail;

  utf8_beyond_ascii = utf8_2 | utf8_3 | utf8_4;
}%%
