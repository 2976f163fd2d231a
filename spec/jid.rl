%%{
  machine jid;

  # JIDs (RFC 7622): the whole address and each part, as entries of their own. Names only;
  # machines/jid.rl gives the actions their bodies.
  #
  # Left to C: the 1023 bytes of a part, the rules of DNS labels and of addresses that
  # count (63 characters, reserved hyphens, eight groups, numbers to 255), case mapping, and which
  # characters beyond ASCII no part may hold.
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: run | RFC 7622 3.1 | what has no mark between the parts in it
  #: address | RFC 7622 3.1 | localpart, domainpart, resourcepart: the first "/" ends the second, "@" before it the first
  #: beyond_ascii | RFC 7622 3 | a byte of a character that C judges
  #: excluded | RFC 7622 3.3.1 | what a localpart may not have beside what UsernameCaseMapped forbids
  #: localpart | RFC 7622 3.3 | visible ASCII without these
  #: resourcepart | RFC 7622 3.4 | OpaqueString: printable ASCII
  #: groups | RFC 3986 3.2.2 | groups of an IPv6 address and the ":" between them: C judges how they stand
  #: ipv4 | RFC 3986 3.2.2 | behind the first number of an IPv4 address the other three: C judges the numbers
  #: ipv6 | RFC 3986 3.2.2 | C counts the groups: eight, or fewer where "::" stands for the rest
  #: zone | RFC 6874 2 | which link an address belongs to; its "%" as such, or as "%25"
  #: letter | RFC 5890 2.3.1 | a character at the ends of a label
  #: label | RFC 5890 2.3.1 | an LDH label or a U-label: no "-" at either end
  #: name | RFC 7622 3.2 | a name of DNS; what looks like an IPv4 address is one (RFC 1123 2.1): C judges its numbers
  #: domainpart | RFC 7622 3.2 | an address in brackets, or a name

  run     = ( any - [@/] )+;
  address := ( run "@" @at_sign )? run ( "/" @slash any+ )?;

  beyond_ascii = 0x80..0xFF;
  excluded     = ["&'/:<>@];

  localpart    := ( ( 0x21..0x7E - excluded ) | beyond_ascii )+;
  resourcepart := ( 0x20..0x7E | beyond_ascii )+;

  groups = ( xdigit | ":" )+;
  ipv4   = ( "." digit+ ){3};
  ipv6   = groups ipv4?;
  zone   = "%" ( alnum | [\-._~] | "%" xdigit{2} )+;

  letter = alnum | beyond_ascii;
  label  = letter ( ( letter | "-" )* letter )?;
  name   = label ( "." label )*;

  domainpart := "[" ipv6 zone? "]" | name "."?;
}%%
