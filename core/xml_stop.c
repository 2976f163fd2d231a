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
    /* Counted from the first byte, if they are among the first two. */
    size_t at = (size_t)x->offset + (size_t)(p - x->chunk);
    /* UTF-16 and UTF-32: a byte order mark, or a first character below U+0100. */
    bool is_wide = x->offset <= 1 && (*p == 0 ? at <= 1 : at == 0 && *p >= 0xFE);

    parley_xml_fail(x, is_wide ? PARLEY_ERROR_XML_ENCODING : PARLEY_ERROR_XML_NOT_WELL_FORMED);
}

void parley_xml_other_name(parley_xml *x, unsigned char byte, unsigned kinds, unsigned char also)
{
    if (byte >= 0x80 || byte == also || XML_IS(byte, kinds)) {
        parley_xml_fail(x, PARLEY_ERROR_XML_RESTRICTED);
    }
}

void parley_xml_other_encoding(parley_xml *x, unsigned char byte, bool first)
{
    bool is_other = first ? XML_IS(byte, XML_NAME_START) && byte != '_'
                          : XML_IS(byte, XML_NAME) || byte == '"' || byte == '\'';

    if (is_other) {
        parley_xml_fail(x, PARLEY_ERROR_XML_ENCODING);
    }
}

void parley_xml_give(parley_xml *x, parley_xml_token token, uint32_t element)
{
    x->token = token;
    x->element = element;
    x->stop = true;
}
