/* Eva: the tokenizer with all of its C, over a document in which one byte, any one, is any byte. */
#include "xml_internal.h"

#include "__fc_builtin.h"
#include "bytes.h"

static const unsigned char document[] = PROOF_DOCUMENT;
static uint32_t memory[(64 + PROOF_MEMORY) / 4];
static parley_xml x;

static bool take(unsigned char octet)
{
    parley_xml_token token;
    size_t taken;

    do {
        taken = parley_xml_push(&x, &octet, 1, &token);
        if (token == PARLEY_XML_ERROR) {
            return false;
        }
        if (token == PARLEY_XML_LARGE && parley_xml_skip(&x) != PARLEY_OK) {
            return false;
        }
        if (token == PARLEY_XML_START && PROOF_PARK) {
            (void)parley_xml_park(&x);
        }
    } while (taken == 0);
    return true;
}

int main(void)
{
    const parley_limits limits = {.depth = 3, .attributes = 2, .name = 8};
    size_t hole = Frama_C_interval(0, sizeof document - 2);

    (void)parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory);
    parley_xml_set_tree(&x, PROOF_TREE);
    //@ split hole;
    for (size_t i = 0; i < sizeof document - 1; i++) {
        if (!take(i == hole ? any_byte() : document[i])) {
            return 1;
        }
    }
    return (int)parley_xml_finish(&x);
}
