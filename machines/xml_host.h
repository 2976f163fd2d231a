/* What the hosts of the XML machine share; each includes this once, after `write data`. */
#ifndef PARLEY_MACHINES_XML_HOST_H
#define PARLEY_MACHINES_XML_HOST_H

/* The class of each byte, by the numbers that spec/xml.rl exports; in `small`, of ASCII. */
#define C(name) xml_ex_##name
#define HIGH_8  C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH), C(HIGH)
#define HIGH_64 HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8

static const unsigned char byte_class[] = {
    /* clang-format off */
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL), C(CONTROL), C(TAB), C(LINE_FEED), C(CONTROL), C(CONTROL), C(CARRIAGE_RETURN),
    C(CONTROL), C(CONTROL),
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL), C(CONTROL),
    C(CONTROL), C(CONTROL),
    C(SPACE), C(EXCLAMATION), C(QUOTE), C(NUMBER_SIGN), C(OTHER), C(OTHER), C(AMPERSAND),
    C(APOSTROPHE), C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(HYPHEN), C(DOT), C(SLASH),
    C(DIGIT), C(DIGIT_1), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT), C(DIGIT_8),
    C(DIGIT), C(COLON), C(SEMICOLON), C(LESS_THAN), C(EQUALS), C(GREATER_THAN), C(QUESTION),
    C(OTHER), C(UPPER_A), C(UPPER_B), C(UPPER_C), C(UPPER_D), C(UPPER_E), C(UPPER_F), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(UPPER_N), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(LETTER), C(UPPER_T), C(UPPER_U), C(LETTER), C(LETTER),
    C(LETTER), C(LETTER), C(LETTER), C(OPEN_BRACKET), C(OTHER), C(CLOSE_BRACKET), C(OTHER),
    C(UNDERSCORE),
    C(OTHER), C(LOWER_A), C(LOWER_B), C(LOWER_C), C(LOWER_D), C(LOWER_E), C(LOWER_F), C(LOWER_G),
    C(LETTER), C(LOWER_I), C(LETTER), C(LETTER), C(LOWER_L), C(LOWER_M), C(LOWER_N), C(LOWER_O),
    C(LOWER_P), C(LOWER_Q), C(LOWER_R), C(LOWER_S), C(LOWER_T), C(LOWER_U), C(LOWER_V), C(LETTER),
    C(LOWER_X), C(LOWER_Y), C(LETTER), C(OTHER), C(OTHER), C(OTHER), C(OTHER), C(OTHER),
#ifndef XML_SMALL
    HIGH_64, HIGH_64,
#endif
    /* clang-format on */
};

#undef C
#undef HIGH_8
#undef HIGH_64

#ifdef XML_SMALL
static unsigned char class_of(unsigned char byte);

/* The kinds of each class below the letters; the underscore begins a name as they do, and after
   all of them come those that are of no kind. */
#define K(name) [xml_ex_##name]
#define QUOTED  (XML_DOUBLE_QUOTED | XML_SINGLE_QUOTED)
#define TEXT    (XML_TEXT | XML_CDATA)
#define ANY     (QUOTED | TEXT)
#define NAME    (XML_NAME | ANY)

static const unsigned char class_kinds[xml_ex_LOWER_A] = {
    /* clang-format off */
    K(TAB) = TEXT | XML_WHITE, K(LINE_FEED) = TEXT | XML_WHITE, K(CARRIAGE_RETURN) = XML_WHITE,
    K(SPACE) = ANY | XML_WHITE, K(EXCLAMATION) = ANY, K(QUOTE) = XML_SINGLE_QUOTED | TEXT,
    K(NUMBER_SIGN) = ANY, K(AMPERSAND) = XML_CDATA, K(APOSTROPHE) = XML_DOUBLE_QUOTED | TEXT,
    K(HYPHEN) = NAME, K(DOT) = NAME, K(SLASH) = ANY, K(DIGIT_1) = NAME, K(DIGIT_8) = NAME,
    K(DIGIT) = NAME, K(COLON) = ANY, K(SEMICOLON) = ANY, K(LESS_THAN) = XML_CDATA, K(EQUALS) = ANY,
    K(GREATER_THAN) = ANY, K(QUESTION) = ANY, K(OPEN_BRACKET) = ANY, K(CLOSE_BRACKET) = QUOTED,
    K(OTHER) = ANY,
    /* clang-format on */
};

bool parley_xml_is(unsigned char byte, unsigned kind)
{
    unsigned char class = class_of(byte);
    unsigned kinds = class >= xml_ex_HIGH ? 0 : XML_NAME_START | NAME;

    if (class < sizeof class_kinds) {
        kinds = class_kinds[class];
    }
    return (kinds & kind) != 0;
}

#undef K
#undef QUOTED
#undef TEXT
#undef ANY
#undef NAME
#endif

void parley_xml_machine_begin(parley_xml *x)
{
    (void)xml_en_main; /* which xml_start is */
    x->cs = xml_start;
}

void parley_xml_machine_epilog(parley_xml *x)
{
    x->cs = xml_en_epilog;
}

static const unsigned char *machine(parley_xml *x, const unsigned char *p, const unsigned char *pe);

const unsigned char *parley_xml_machine(parley_xml *x, const unsigned char *p,
                                        const unsigned char *pe)
{
#ifdef XML_SMALL
    (void)xml_en_main_text;
#else
    if (x->cs == xml_en_main_text && p < pe) {
        p = parley_xml_content(x, p, pe);
        if (x->stop || p == pe) {
            return p;
        }
    }
#endif
    return machine(x, p, pe);
}

/* The machine stands at p in state cs. An error of its own leaves p on the byte; an error
   that an action raised broke off after the byte. */
static const unsigned char *leave(parley_xml *x, int cs, const unsigned char *p)
{
    x->cs = cs;
    if (cs == xml_error) {
        parley_xml_refuse(x, p);
        return p;
    }
    return x->error != PARLEY_NO_ERROR ? p - 1 : p;
}

#endif
