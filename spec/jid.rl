%%{
  machine jid;

  # JIDs (RFC 7622): the whole address, its characters beyond ASCII, and each part,
  # as entries of their own. Names only; machines/jid.rl gives the actions their
  # bodies. A text must match both `characters` and the entry of its part.
  #
  # Left to C: the 1023 bytes of a part, the rules of DNS labels and of addresses that
  # count (63 characters, reserved hyphens, eight groups, numbers to 255), case mapping. What needs
  # Unicode's tables is not judged here.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: run | RFC 7622 3.1 | what has no mark between the parts in it
  #: address | RFC 7622 3.1 | localpart, domainpart, resourcepart: the first "/" ends the second, "@" before it the first
  #: c1_controls | RFC 8264 9.12 | U+0080 to U+009F
  #: soft_hyphen | RFC 8264 9.13 | U+00AD
  #: arabic_mark | RFC 8264 9.13 | U+061C
  #: zero_width | RFC 8264 9.13 | U+200B, U+200E, U+200F
  #: separators_bidi | RFC 8264 8 | U+2028 to U+202E: separators, marks of direction
  #: invisible | RFC 8264 9.13 | U+2060 to U+206F
  #: private_use | RFC 8264 8 | U+E000 to U+F8FF, planes 15 and 16
  #: variation | RFC 8264 9.13 | U+FE00 to U+FE0F
  #: byte_order_mark | RFC 8264 9.13 | U+FEFF
  #: annotation | RFC 8264 8 | U+FFF0 to U+FFFB
  #: tags | RFC 8264 9.13 | U+E0000 to U+E0FFF
  #: noncharacters | RFC 8264 9.13 | U+FDD0 to U+FDEF, and the last two of each plane
  #: never | RFC 8264 8 | what no class of PRECIS allows, and no mapping changes
  #: characters | RFC 7622 4 | well-formed UTF-8 without these
  #: beyond_ascii | RFC 7622 3 | a byte that `characters` judges
  #: excluded | RFC 7622 3.3.1 | what a localpart may not have beside what UsernameCaseMapped forbids
  #: localpart | RFC 7622 3.3 | visible ASCII without these
  #: resourcepart | RFC 7622 3.4 | OpaqueString: printable ASCII
  #: octet | RFC 3986 3.2.2 | 0 to 255, without zeros before it: C judges the number
  #: ipv4 | RFC 3986 3.2.2 | an address in four numbers
  #: h16 | RFC 3986 3.2.2 | a group of an IPv6 address
  #: h16s | RFC 3986 3.2.2 | groups, before "::"
  #: tail | RFC 3986 3.2.2 | groups, the last two perhaps as an IPv4 address
  #: ipv6 | RFC 3986 3.2.2 | the shape; C counts the groups: eight, or fewer where "::" stands for the rest
  #: zone | RFC 6874 2 | which link an address belongs to; its "%" as such, or as "%25"
  #: letter | RFC 5890 2.3.1 | a character at the ends of a label
  #: label | RFC 5890 2.3.1 | an LDH label or a U-label: no "-" at either end
  #: name | RFC 7622 3.2 | a name of DNS; what looks like an IPv4 address is one (RFC 1123 2.1): C judges its numbers
  #: domainpart | RFC 7622 3.2 | an address in brackets, or a name

  include utf8 "utf8.rl";

  run     = ( any - [@/] )+;
  address := ( run "@" @at_sign )? run ( "/" @slash any+ )?;

  c1_controls     = 0xC2 0x80..0x9F;
  soft_hyphen     = 0xC2 0xAD;
  arabic_mark     = 0xD8 0x9C;
  zero_width      = 0xE2 0x80 ( 0x8B | 0x8E..0x8F );
  separators_bidi = 0xE2 0x80 0xA8..0xAE;
  invisible       = 0xE2 0x81 0xA0..0xAF;
  private_use     = 0xEE utf8_tail utf8_tail
                  | 0xEF 0x80..0xA3 utf8_tail
                  | 0xF3 0xB0..0xBF utf8_tail utf8_tail
                  | 0xF4 utf8_tail utf8_tail utf8_tail;
  variation       = 0xEF 0xB8 0x80..0x8F;
  byte_order_mark = 0xEF 0xBB 0xBF;
  annotation      = 0xEF 0xBF 0xB0..0xBB;
  tags            = 0xF3 0xA0 utf8_tail utf8_tail;
  noncharacters   = 0xEF 0xB7 0x90..0xAF
                  | 0xEF 0xBF 0xBE..0xBF
                  | 0xF0..0xF3 ( 0x8F | 0x9F | 0xAF | 0xBF ) 0xBF 0xBE..0xBF;

  never = c1_controls | soft_hyphen | arabic_mark | zero_width | separators_bidi | invisible
        | private_use | variation | byte_order_mark | annotation | tags | noncharacters;

  characters := ( 0x00..0x7F | utf8_beyond_ascii - never )*;

  beyond_ascii = 0x80..0xFF;
  excluded     = ["&'/:<>@];

  localpart    := ( ( 0x21..0x7E - excluded ) | beyond_ascii )+;
  resourcepart := ( 0x20..0x7E | beyond_ascii )+;

  octet = digit{1,3};
  ipv4  = octet ( "." octet ){3};

  h16  = xdigit{1,4};
  h16s = h16 ( ":" h16 )*;
  tail = ( h16 ":" )* ( h16 | ipv4 );
  ipv6 = tail | h16s? "::" tail?;
  zone = "%" ( alnum | [\-._~] | "%" xdigit{2} )+;

  letter = alnum | beyond_ascii;
  label  = letter ( ( letter | "-" )* letter )?;
  name   = label ( "." label )*;

  domainpart := "[" ipv6 zone? "]" | name "."?;
}%%
