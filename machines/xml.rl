%%{
  # Binds the names of spec/xml.rl to the XML layer. Every action is one call; one that may
  # have to stop leaves `stop` set, and the machine breaks off after that byte. The hosts,
  # one an output style of Ragel, are xml_small.rl, xml_table.rl and xml_fast.rl.
  machine xml;
  # fentry: so that Ragel writes this state's number, for xml_host.h.
  action markup          { (void)fentry(main::text); parley_xml_markup(x); }
  action reference       { parley_xml_reference(x); }
  action restricted      { parley_xml_fail(x, PARLEY_ERROR_XML_RESTRICTED); fbreak; }

  action element_start   { p = parley_xml_element_start(x, p, pe); if (x->stop) fbreak; }
  action attribute_start { p = parley_xml_attribute_start(x, p, pe); if (x->stop) fbreak; }
  action name_first      { p = parley_xml_name_first(x, p, pe); if (x->stop) fbreak; }
  action name_run        { p = parley_xml_name_run(x, p, pe); if (x->stop) fbreak; }
  action name_colon      { parley_xml_name_colon(x); if (x->stop) fbreak; }
  action attribute_name_end { parley_xml_attribute_name_end(x); if (x->stop) fbreak; }
  action start_tag       { parley_xml_start_tag(x); if (x->stop) fbreak; }
  action empty_tag       { parley_xml_empty_tag(x); if (x->stop) fbreak; }
  action end_start       { p = parley_xml_end_start(x, p, pe); if (x->stop) fbreak; }
  action end_run         { p = parley_xml_end_run(x, p, pe); if (x->stop) fbreak; }
  action end_name_end    { parley_xml_end_name_end(x); if (x->stop) fbreak; }
  action end_tag         { parley_xml_end_tag(x); if (x->stop) fbreak; }

  action double_run      { p = parley_xml_value_run(x, p, pe, XML_DOUBLE_QUOTED); if (x->stop) fbreak; }
  action single_run      { p = parley_xml_value_run(x, p, pe, XML_SINGLE_QUOTED); if (x->stop) fbreak; }
  action value_space     { parley_xml_value_byte(x, ' '); if (x->stop) fbreak; }
  action value_character { parley_xml_value_character(x); if (x->stop) fbreak; }
  action value_end       { parley_xml_value_end(x); if (x->stop) fbreak; }

  action text_run        { p = parley_xml_text_run(x, p, pe, XML_TEXT); if (x->stop) fbreak; }
  action cdata_run       { p = parley_xml_text_run(x, p, pe, XML_CDATA); if (x->stop) fbreak; }
  action text_bracket    { parley_xml_text_held(x, 0, *p); if (x->stop) fbreak; }
  action held_bracket    { parley_xml_text_held(x, 1, *p); if (x->stop) fbreak; }
  action held_two        { parley_xml_text_held(x, 2, *p); if (x->stop) fbreak; }
  action text_line_end   { parley_xml_text_held(x, 0, *p); if (x->stop) fbreak; }
  action text_character  { parley_xml_text_character(x); if (x->stop) fbreak; }

  action decimal_digit     { parley_xml_digit(x, 10, *p); if (x->stop) fbreak; }
  action hexadecimal_digit { parley_xml_digit(x, 16, *p); if (x->stop) fbreak; }
  action is_less_than    { x->character = '<'; }
  action is_greater_than { x->character = '>'; }
  action is_ampersand    { x->character = '&'; }
  action is_apostrophe   { x->character = '\''; }
  action is_quote        { x->character = '"'; }

  action other_name_start     { parley_xml_other_name(x, *p, XML_NAME_START, '_'); }
  action other_name           { parley_xml_other_name(x, *p, XML_NAME, '_'); }
  action other_target         { parley_xml_other_name(x, *p, XML_NAME | XML_WHITE, '?'); }
  action other_entity         { parley_xml_other_name(x, *p, XML_NAME, ';'); }
  action other_encoding_start { parley_xml_other_encoding(x, *p, true); }
  action other_encoding       { parley_xml_other_encoding(x, *p, false); }

  include xml "../spec/xml.rl";
}%%
