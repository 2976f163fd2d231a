%%{
  machine jid;

  # JIDs (RFC 7622): the whole address, its characters beyond ASCII, and each part,
  # as entries of their own. Names only; machines/jid.rl gives the actions their
  # bodies. A text must match both `characters` and the entry of its part.
  #
  # Left to C: the 1023 bytes of a part, the rules of DNS labels and of addresses that
  # count (63 characters, reserved hyphens, eight groups), case mapping. What needs Unicode's tables is
  # not judged here.

  include utf8 "utf8.rl";

  # Section 3.1: the first '/' ends the domainpart; before it, '@' ends the localpart.
  run     = ( any - [@/] )+;
  address := ( run "@" @at_sign )? run ( "/" @slash any+ )?;

  # Characters that no PRECIS class allows and no mapping changes (RFC 8264
  # section 8: Controls, PrecisIgnorableProperties, other DISALLOWED).
  c1_controls     = 0xC2 0x80..0x9F;
  soft_hyphen     = 0xC2 0xAD;
  arabic_mark     = 0xD8 0x9C;                                  # U+061C
  zero_width      = 0xE2 0x80 ( 0x8B | 0x8E..0x8F );            # U+200B, U+200E..U+200F
  separators_bidi = 0xE2 0x80 0xA8..0xAE;                       # U+2028..U+202E
  invisible       = 0xE2 0x81 0xA0..0xAF;                       # U+2060..U+206F
  private_use     = 0xEE utf8_tail utf8_tail                    # U+E000..U+F8FF
                  | 0xEF 0x80..0xA3 utf8_tail
                  | 0xF3 0xB0..0xBF utf8_tail utf8_tail         # planes 15 and 16
                  | 0xF4 utf8_tail utf8_tail utf8_tail;
  variation       = 0xEF 0xB8 0x80..0x8F;                       # U+FE00..U+FE0F
  byte_order_mark = 0xEF 0xBB 0xBF;
  annotation      = 0xEF 0xBF 0xB0..0xBB;                       # U+FFF0..U+FFFB
  tags            = 0xF3 0xA0 utf8_tail utf8_tail;              # U+E0000..U+E0FFF
  noncharacters   = 0xEF 0xB7 0x90..0xAF                        # U+FDD0..U+FDEF
                  | 0xEF 0xBF 0xBE..0xBF
                  | 0xF0..0xF3 ( 0x8F | 0x9F | 0xAF | 0xBF ) 0xBF 0xBE..0xBF;

  never = c1_controls | soft_hyphen | arabic_mark | zero_width | separators_bidi | invisible
        | private_use | variation | byte_order_mark | annotation | tags | noncharacters;

  characters := ( 0x00..0x7F | utf8_beyond_ascii - never )*;

  beyond_ascii = 0x80..0xFF;

  # Section 3.3.1 takes these out of what UsernameCaseMapped allows.
  excluded  = ["&'/:<>@];
  localpart := ( ( 0x21..0x7E - excluded ) | beyond_ascii )+;

  # Section 3.4: OpaqueString.
  resourcepart := ( 0x20..0x7E | beyond_ascii )+;

  # Section 3.2: IP-literal / IPv4address / ifqdn. RFC 3986 section 3.2.2 for the
  # addresses, RFC 6874 section 2 for the zone (its '%' as such, or as "%25").
  octet = digit | "1".."9" digit | "1" digit{2} | "2" "0".."4" digit | "25" "0".."5";
  ipv4  = octet ( "." octet ){3};

  # Of an IPv6 address the shape. How many groups there are is counted in C: eight, of which
  # an IPv4 address is two, or fewer where "::" stands for the rest.
  h16  = xdigit{1,4};
  h16s = h16 ( ":" h16 )*;
  tail = ( h16 ":" )* ( h16 | ipv4 );
  ipv6 = tail | h16s? "::" tail?;
  zone = "%" ( alnum | [\-._~] | "%" xdigit{2} )+;

  # LDH labels and U-labels (RFC 5890 section 2.3): no '-' at either end.
  letter   = alnum | beyond_ascii;
  label    = letter ( ( letter | "-" )* letter )?;
  # What looks like an IPv4 address is one (RFC 1123 section 2.1).
  quad     = digit+ ( "." digit+ ){3};
  name     = ( label ( "." label )* ) - quad;

  domainpart := "[" ipv6 zone? "]" | ipv4 | name "."?;
}%%
