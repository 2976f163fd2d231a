%%{
  machine xml;

  # XML 1.0 (fifth edition) with Namespaces 1.0, less what RFC 6120 section 11.1
  # forbids. The alphabet is classes of bytes: those that the grammar tells apart
  # have one each. Bytes of 0x80 and over are one class, because well-formed UTF-8
  # and the exact name ranges are checked beside the automaton, as is nesting:
  # content has no stack here.
  #
  # Facts of the states, and how they are drawn together:
  #: group | clause | definition | states
  #: before the root | XML 1.0 2.8 | main | start first_markup prolog prolog_markup
  #: content | XML 1.0 2.4 | main | text text_return one_bracket two_brackets markup
  #: CDATA section | XML 1.0 2.7 | main | cdata cdata_return cdata_bracket cdata_two_brackets
  #: attribute value (single_quoted alike) | XML 1.0 3.3.3 | double_quoted | start after_return
  #: after the root | XML 1.0 2.1 | epilog | start epilog_markup
  #
  # Facts of the rules:
  #: rule | clause | what it is
  #: white | XML 1.0 2.3 | white space (production 3)
  #: decimal | XML 1.0 4.1 | a decimal digit
  #: letter | XML 1.0 2.3 | an ASCII letter
  #: hex | XML 1.0 4.1 | a hexadecimal digit
  #: name_start | XML 1.0 2.3 | how a name begins (4), without the colon
  #: name_char | XML 1.0 2.3 | a name's other characters (4a)
  #: rest | XML 1.0 2.3 | any number of them
  #: local | Namespaces 1.0 3 | a name without a colon: NCName (4)
  #: character | XML 1.0 4.1 | a reference to a character (66)
  #: entity | XML 1.0 4.6 | one of the five predefined entities
  #: reference | XML 1.0 4.1 | either, from its "&" on (67, 68)
  #: white_value | XML 1.0 3.3.3 | white space in a value: each becomes a space
  #: ordinary_value | XML 1.0 2.3 | what stands for itself in a value (10), without quotes
  #: double_quoted | XML 1.0 2.3 | an attribute's value (10)
  #: single_quoted | XML 1.0 2.3 | the same in single quotes
  #: attribute_name | Namespaces 1.0 4 | a qualified name, or a declaration's (7 to 11)
  #: attribute | XML 1.0 3.1 | its name, "=", its value (41)
  #: start_tag | XML 1.0 3.1 | a start tag or an empty element's (40, 44), from after its "<"
  #: end_tag | XML 1.0 3.1 | an end tag (42); whether its name fits is checked as it comes
  #: comment_or_declaration | RFC 6120 11.1 | refused with the byte that makes it certain
  #: instruction | RFC 6120 11.1 | a processing instruction: the same
  #: target | XML 1.0 2.8 | "xml"; another makes it an instruction
  #: equals | XML 1.0 2.8 | "=" with white space around it (25)
  #: version_number | XML 1.0 2.8 | 1.0, or a later 1.x (26)
  #: version | XML 1.0 2.8 | the version (24)
  #: utf_8 | RFC 6120 11.6 | the first letter of the one encoding
  #: tf_8 | RFC 6120 11.6 | the rest of its name
  #: encoding | XML 1.0 4.3.3 | the encoding (80)
  #: yes_or_no | XML 1.0 2.9 | whether the document stands alone
  #: standalone | XML 1.0 2.9 | the word for it (32)
  #: xml_declaration | XML 1.0 2.8 | from after its "<" (23)
  #: ordinary_cdata | XML 1.0 2.7 | what stands for itself in a CDATA section (20)
  #: ordinary_text | XML 1.0 2.4 | what stands for itself in text (14)
  #: cdata_start | XML 1.0 2.7 | from after its "<!" (19)
  #: main | XML 1.0 2.1 | a document up to the end tag of its root (1, 22, 43)
  #: epilog | XML 1.0 2.1 | what may follow the root (27)

  export TAB = 0;
  export LINE_FEED = 1;
  export CARRIAGE_RETURN = 2;
  export SPACE = 3;
  export EXCLAMATION = 4;
  export QUOTE = 5;
  export NUMBER_SIGN = 6;
  export AMPERSAND = 7;
  export APOSTROPHE = 8;
  export SLASH = 9;
  export SEMICOLON = 10;
  export LESS_THAN = 11;
  export EQUALS = 12;
  export GREATER_THAN = 13;
  export QUESTION = 14;
  export OPEN_BRACKET = 15;
  export CLOSE_BRACKET = 16;
  export OTHER = 17;           # the other printable ASCII characters, and DEL
  export COLON = 18;
  export HYPHEN = 19;
  export DOT = 20;
  export DIGIT_1 = 21;
  export DIGIT_8 = 22;
  export DIGIT = 23;           # the other eight
  export LOWER_A = 24;
  export LOWER_B = 25;
  export LOWER_C = 26;
  export LOWER_D = 27;
  export LOWER_E = 28;
  export LOWER_F = 29;
  export UPPER_B = 30;
  export UPPER_C = 31;
  export UPPER_F = 32;
  export UPPER_A = 33;
  export UPPER_D = 34;
  export UPPER_E = 35;
  export UPPER_N = 36;
  export UPPER_T = 37;
  export UPPER_U = 38;
  export LOWER_G = 39;
  export LOWER_I = 40;
  export LOWER_L = 41;
  export LOWER_M = 42;
  export LOWER_N = 43;
  export LOWER_O = 44;
  export LOWER_P = 45;
  export LOWER_Q = 46;
  export LOWER_R = 47;
  export LOWER_S = 48;
  export LOWER_T = 49;
  export LOWER_U = 50;
  export LOWER_V = 51;
  export LOWER_X = 52;
  export LOWER_Y = 53;
  export UNDERSCORE = 54;
  export LETTER = 55;          # the other letters
  export HIGH = 56;            # a byte of a character above U+007F
  export CONTROL = 57;         # not a Char: below 0x20 but for the first three

  white  = SPACE | TAB | LINE_FEED | CARRIAGE_RETURN;
  decimal  = DIGIT_1 | DIGIT_8 | DIGIT;
  letter = UPPER_A | UPPER_B | UPPER_C | UPPER_D | UPPER_E | UPPER_F | UPPER_N | UPPER_T
         | UPPER_U | LOWER_A | LOWER_B | LOWER_C | LOWER_D | LOWER_E | LOWER_F | LOWER_G
         | LOWER_I | LOWER_L | LOWER_M | LOWER_N | LOWER_O | LOWER_P | LOWER_Q | LOWER_R
         | LOWER_S | LOWER_T | LOWER_U | LOWER_V | LOWER_X | LOWER_Y | LETTER;
  hex    = decimal | UPPER_A | UPPER_B | UPPER_C | UPPER_D | UPPER_E | UPPER_F
         | LOWER_A | LOWER_B | LOWER_C | LOWER_D | LOWER_E | LOWER_F;

  # Names (XML 4, 4a; Namespaces 7 to 11): one colon at most, neither part empty.

  name_start = letter | UNDERSCORE | HIGH;
  name_char  = name_start | decimal | HYPHEN | DOT;
  rest       = name_char* $name_run;
  local      = name_start @name_first rest;

  # References (XML 66 to 68): characters, and the five predefined entities. What can
  # be no other than another entity is restricted (RFC 6120 section 11.1).

  character = NUMBER_SIGN ( decimal+ $decimal_digit | LOWER_X hex+ $hexadecimal_digit );

  entity = ( ( LOWER_L @is_less_than LOWER_T
             | LOWER_G @is_greater_than LOWER_T
             | LOWER_A ( LOWER_M @is_ampersand LOWER_P
                       | LOWER_P @is_apostrophe LOWER_O LOWER_S )
             | LOWER_Q @is_quote LOWER_U LOWER_O LOWER_T ) SEMICOLON )
           >err(other_name_start) <>err(other_entity);

  reference = AMPERSAND @reference ( character SEMICOLON | entity );

  # Attribute values (XML 10, 3.3.3): each white space character becomes a space, and
  # a line end is one of them.

  white_value     = ( TAB | LINE_FEED ) @value_space;
  ordinary_value  = ^( CONTROL | TAB | LINE_FEED | CARRIAGE_RETURN | AMPERSAND | LESS_THAN
                     | QUOTE | APOSTROPHE );

  double_quoted = QUOTE (
    start:
      ( ( ordinary_value | APOSTROPHE ) @double_run -> start
      | white_value                                 -> start
      | reference @value_character                  -> start
      | CARRIAGE_RETURN @value_space                -> after_return
      | QUOTE @value_end                            -> final ),
    after_return:
      ( LINE_FEED                                   -> start
      | ( ordinary_value | APOSTROPHE ) @double_run -> start
      | TAB @value_space                            -> start
      | reference @value_character                  -> start
      | CARRIAGE_RETURN @value_space                -> after_return
      | QUOTE @value_end                            -> final )
  );

  single_quoted = APOSTROPHE (
    start:
      ( ( ordinary_value | QUOTE ) @single_run      -> start
      | white_value                                 -> start
      | reference @value_character                  -> start
      | CARRIAGE_RETURN @value_space                -> after_return
      | APOSTROPHE @value_end                       -> final ),
    after_return:
      ( LINE_FEED                                   -> start
      | ( ordinary_value | QUOTE ) @single_run      -> start
      | TAB @value_space                            -> start
      | reference @value_character                  -> start
      | CARRIAGE_RETURN @value_space                -> after_return
      | APOSTROPHE @value_end                       -> final )
  );

  # Tags (XML 40 to 44), from after their '<'. Whether an end tag's name is that of the
  # open element is checked as it comes.

  attribute_name = name_start @attribute_start rest ( COLON @name_colon local )?;

  attribute = attribute_name ( EQUALS @attribute_name_end
                             | white @attribute_name_end white* EQUALS )
              white* ( double_quoted | single_quoted );

  start_tag = name_start @element_start rest ( COLON @name_colon local )?
              ( white+ attribute )* white*
              ( GREATER_THAN @start_tag | SLASH GREATER_THAN @empty_tag );

  end_tag = SLASH name_start @end_start ( name_char | COLON )* $end_run
            ( GREATER_THAN @end_tag | white @end_name_end white* GREATER_THAN @end_tag );

  # What RFC 6120 section 11.1 forbids, from after its '<', as far as the byte that
  # makes it certain: comments, declarations, processing instructions.

  comment_or_declaration = HYPHEN HYPHEN @restricted
                         | ( UPPER_D | UPPER_E | UPPER_A | UPPER_N ) @restricted;
  instruction = QUESTION @restricted;

  # The XML declaration (XML 23 to 26, 32, 80), from after its "<?". Another target than
  # "xml" makes it an instruction. Another encoding than UTF-8 is not supported (RFC 6120
  # section 11.6).

  target = ( LOWER_X LOWER_M LOWER_L ) >err(other_name_start) <>err(other_target)
           ( white >err(other_name) );
  equals = white* EQUALS white*;

  version_number = DIGIT_1 DOT decimal+;
  version = white* LOWER_V LOWER_E LOWER_R LOWER_S LOWER_I LOWER_O LOWER_N equals
            ( QUOTE version_number QUOTE | APOSTROPHE version_number APOSTROPHE );

  utf_8    = ( UPPER_U | LOWER_U ) >err(other_encoding_start);
  tf_8     = ( UPPER_T | LOWER_T ) ( UPPER_F | LOWER_F ) HYPHEN DIGIT_8;
  encoding = white+ LOWER_E LOWER_N LOWER_C LOWER_O LOWER_D LOWER_I LOWER_N LOWER_G equals
             ( QUOTE utf_8 ( tf_8 QUOTE ) @err(other_encoding)
             | APOSTROPHE utf_8 ( tf_8 APOSTROPHE ) @err(other_encoding) );

  # Either answer changes nothing: there is no DTD to look beyond (RFC 6120 section 11.5).
  yes_or_no  = LOWER_Y LOWER_E LOWER_S | LOWER_N LOWER_O;
  standalone = white+ LOWER_S LOWER_T LOWER_A LOWER_N LOWER_D LOWER_A LOWER_L LOWER_O LOWER_N
               LOWER_E equals
               ( QUOTE yes_or_no QUOTE | APOSTROPHE yes_or_no APOSTROPHE );

  xml_declaration = QUESTION target version encoding? standalone? white* QUESTION GREATER_THAN;

  # Content (XML 14, 18 to 21, 43). "]]>" stands nowhere in text; in a CDATA section the
  # brackets that may be the first of its end are held back as states.

  ordinary_cdata = ^( CONTROL | CARRIAGE_RETURN | CLOSE_BRACKET );
  ordinary_text  = ordinary_cdata - ( LESS_THAN | AMPERSAND );

  cdata_start = OPEN_BRACKET UPPER_C UPPER_D UPPER_A UPPER_T UPPER_A OPEN_BRACKET;

  # Ill-formed input has no transition (RFC 6120 section 11.3). U+FEFF is a character like
  # any other, so that none can stand before the root (11.6).
  main := (
    start:
      ( LESS_THAN @markup                              -> first_markup
      | white                                          -> prolog ),
    first_markup:
      ( xml_declaration                                -> prolog
      | start_tag                                      -> text
      | EXCLAMATION comment_or_declaration             -> final ),
    prolog:
      ( LESS_THAN @markup                              -> prolog_markup
      | white                                          -> prolog ),
    prolog_markup:
      ( start_tag                                      -> text
      | EXCLAMATION comment_or_declaration             -> final
      | instruction                                    -> final ),

    text:
      ( ordinary_text @text_run                        -> text
      | reference @text_character                      -> text
      | CARRIAGE_RETURN @text_line_end                 -> text_return
      | CLOSE_BRACKET @text_bracket                    -> one_bracket
      | LESS_THAN @markup                              -> markup ),
    text_return:
      ( LINE_FEED                                      -> text
      | ( ordinary_text - LINE_FEED ) @text_run        -> text
      | reference @text_character                      -> text
      | CARRIAGE_RETURN @text_line_end                 -> text_return
      | CLOSE_BRACKET @text_bracket                    -> one_bracket
      | LESS_THAN @markup                              -> markup ),
    one_bracket:
      ( ordinary_text @text_run                        -> text
      | reference @text_character                      -> text
      | CARRIAGE_RETURN @text_line_end                 -> text_return
      | CLOSE_BRACKET @text_bracket                    -> two_brackets
      | LESS_THAN @markup                              -> markup ),
    two_brackets:
      ( ( ordinary_text - GREATER_THAN ) @text_run     -> text
      | reference @text_character                      -> text
      | CARRIAGE_RETURN @text_line_end                 -> text_return
      | CLOSE_BRACKET @text_bracket                    -> two_brackets
      | LESS_THAN @markup                              -> markup ),
    markup:
      ( start_tag                                      -> text
      | end_tag                                        -> text
      | EXCLAMATION cdata_start                        -> cdata
      | EXCLAMATION comment_or_declaration             -> final
      | instruction                                    -> final ),

    cdata:
      ( ordinary_cdata @cdata_run                      -> cdata
      | CARRIAGE_RETURN @text_line_end                 -> cdata_return
      | CLOSE_BRACKET                                  -> cdata_bracket ),
    cdata_return:
      ( LINE_FEED                                      -> cdata
      | ( ordinary_cdata - LINE_FEED ) @cdata_run      -> cdata
      | CARRIAGE_RETURN @text_line_end                 -> cdata_return
      | CLOSE_BRACKET                                  -> cdata_bracket ),
    cdata_bracket:
      ( ordinary_cdata @held_bracket                   -> cdata
      | CARRIAGE_RETURN @held_bracket                  -> cdata_return
      | CLOSE_BRACKET                                  -> cdata_two_brackets ),
    cdata_two_brackets:
      ( GREATER_THAN                                   -> text
      | ( ordinary_cdata - GREATER_THAN ) @held_two    -> cdata
      | CARRIAGE_RETURN @held_two                      -> cdata_return
      | CLOSE_BRACKET @text_bracket                    -> cdata_two_brackets )
  );

  # After the end tag of the root (XML 1, 27). The host goes here when it has seen it.

  epilog := (
    start:
      ( white                                          -> start
      | LESS_THAN @markup                              -> epilog_markup ),
    epilog_markup:
      ( EXCLAMATION comment_or_declaration             -> final
      | instruction                                    -> final )
  );
}%%
