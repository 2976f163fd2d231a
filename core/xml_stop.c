/* What stops the machine: an error, the first of which sticks, or a token. And what bytes that
   the machine has no transition for mean: they can be what RFC 6120 11.1 forbids. */
#include "xml_internal.h"

void parley_xml_fail(parley_xml *x, parley_code code)
{
    if (x->error == PARLEY_NO_ERROR) {
        x->error = code;
    }
    x->stop = true;
}

/* Not well-formed (RFC 6120 11.3), unless it is another encoding (11.6). */
void parley_xml_refuse(parley_xml *x, const unsigned char *p)
{
    uint64_t offset = x->offset + (uint64_t)(p - x->chunk);
    /* UTF-16 and UTF-32: a byte order mark, or a first character below U+0100. */
    bool is_wide = (offset == 0 && *p >= 0xFE) || (offset <= 1 && *p == 0);

    parley_xml_fail(x, is_wide ? PARLEY_ERROR_XML_ENCODING : PARLEY_ERROR_XML_NOT_WELL_FORMED);
}

static bool is_letter(unsigned char byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

void parley_xml_other_name(parley_xml *x, unsigned char byte, bool first)
{
    bool is_name = byte >= 0x80 ||
                   (parley_xml_kinds[byte] & (first ? XML_NAME_START : XML_NAME)) != 0;

    if (is_name) {
        parley_xml_fail(x, PARLEY_ERROR_XML_RESTRICTED);
    }
}

void parley_xml_other_target(parley_xml *x, unsigned char byte)
{
    if (byte == '?' || (byte < 0x80 && (parley_xml_kinds[byte] & XML_WHITE) != 0)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_RESTRICTED);
    }
    parley_xml_other_name(x, byte, false);
}

void parley_xml_other_encoding(parley_xml *x, unsigned char byte, bool first)
{
    bool is_quote = byte == '"' || byte == '\'';

    if (is_letter(byte) ||
        (!first && (is_quote || (byte < 0x80 && (parley_xml_kinds[byte] & XML_NAME) != 0)))) {
        parley_xml_fail(x, PARLEY_ERROR_XML_ENCODING);
    }
}

void parley_xml_give(parley_xml *x, parley_xml_token token, uint32_t element)
{
    x->token = token;
    x->element = element;
    x->stop = true;
}
