/* Binds the names of spec/xml.rl to the XML layer. Every action is one call; one that
   has to stop leaves `stop` set, and the machine breaks off after that byte. */
#include "xml_internal.h"

%%{
  machine xml;
  alphtype unsigned char;
  getkey byte_class[*p];

  action markup          { parley_xml_markup(x); }
  action reference       { parley_xml_reference(x); }
  action restricted      { parley_xml_fail(x, PARLEY_ERROR_XML_RESTRICTED); fbreak; }

  action element_start   { parley_xml_element_start(x, p); if (x->stop) fbreak; }
  action attribute_start { parley_xml_attribute_start(x); if (x->stop) fbreak; }
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
  action character_end   { parley_xml_character_end(x); if (x->stop) fbreak; }
  action is_less_than    { x->character = '<'; }
  action is_greater_than { x->character = '>'; }
  action is_ampersand    { x->character = '&'; }
  action is_apostrophe   { x->character = '\''; }
  action is_quote        { x->character = '"'; }

  action other_name_start     { parley_xml_other_name(x, *p, true); }
  action other_name           { parley_xml_other_name(x, *p, false); }
  action other_entity         { parley_xml_other_entity(x, *p); }
  action other_encoding_start { parley_xml_other_encoding(x, *p, true); }
  action other_encoding       { parley_xml_other_encoding(x, *p, false); }

  include xml "../spec/xml.rl";

  write exports;
  write data nofinal;
}%%



#define C(name) xml_ex_##name
#define HIGH_8 C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH)
#define HIGH_64 HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8

/* The class of each byte; eight to a row of the ASCII table's columns. */
static const unsigned char byte_class[256] = {
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL),
    C(CONTROL), C(TAB), C(LINE_FEED), C(CONTROL), C(CONTROL), C(CARRIAGE_RETURN), C(CONTROL),
    C(CONTROL),
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL),
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL),
    C(SPACE), C(EXCLAMATION), C(QUOTE), C(NUMBER_SIGN), C(OTHER), C(OTHER), C(AMPERSAND),
    C(APOSTROPHE),
    C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(HYPHEN), C(DOT), C(SLASH),
    C(DIGIT), C(DIGIT_1), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT),
    C(DIGIT_8), C(DIGIT), C(COLON), C(SEMICOLON), C(LESS_THAN), C(EQUALS), C(GREATER_THAN),
    C(QUESTION),
    C(OTHER), C(UPPER_A), C(UPPER_B), C(UPPER_C), C(UPPER_D), C(UPPER_E), C(UPPER_F), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(UPPER_N), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(UPPER_T), C(UPPER_U), C(LETTER), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(OPEN_BRACKET), C(OTHER), C(CLOSE_BRACKET), C(OTHER),
    C(UNDERSCORE),
    C(OTHER), C(LOWER_A), C(LOWER_B), C(LOWER_C), C(LOWER_D), C(LOWER_E), C(LOWER_F), C(LOWER_G),
    C(LETTER), C(LOWER_I), C(LETTER), C(LETTER), C(LOWER_L), C(LOWER_M), C(LOWER_N), C(LOWER_O),
    C(LOWER_P), C(LOWER_Q), C(LOWER_R), C(LOWER_S), C(LOWER_T), C(LOWER_U), C(LOWER_V), C(LETTER),
    C(LOWER_X), C(LOWER_Y), C(LETTER), C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(OTHER),
    HIGH_64, HIGH_64,
};

void parley_xml_machine_begin(parley_xml *x)
{
    (void)xml_en_main; /* which xml_start is */
    x->cs = xml_start;
}

void parley_xml_machine_epilog(parley_xml *x)
{
    x->cs = xml_en_epilog;
}

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
    const unsigned char *const eof = NULL; /* the end of input is parley_xml_finish's */
    int cs = x->cs;

    %% write exec;

    x->cs = cs;
    if (cs == xml_error) {
        parley_xml_refuse(x, p);
        return p;
    }
    /* Broken off after the byte that raised the error: p is one past it. */
    return x->error != PARLEY_NO_ERROR ? p - 1 : p;
}
