/* The tokenizer with namespaces, without trees. */
#include <parley/xml.h>

#include "wire.h"

static parley_xml tokenizer;
static uint32_t memory[512];

int main(void)
{
    static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
    char data[64];
    parley_xml_token token = PARLEY_XML_MORE;

    if (parley_xml_init(&tokenizer, sizeof tokenizer, &limits, memory, sizeof memory) !=
        PARLEY_OK) {
        return 1;
    }
    while (token != PARLEY_XML_ERROR) {
        size_t len = wire_read(data, sizeof data);
        for (size_t at = 0; at < len && token != PARLEY_XML_ERROR;) {
            at += parley_xml_push(&tokenizer, data + at, len - at, &token);
            wire_write(parley_xml_text(&tokenizer).data, parley_xml_text(&tokenizer).len);
        }
    }
    return (int)parley_xml_condition(&tokenizer);
}
