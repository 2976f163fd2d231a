/* Eva: the tokenizer with all of its C, over a document in which one byte, any one of PROOF_FIRST
   to PROOF_LAST, is any byte, and of which PROOF_WINDOW bytes come at a time; and of what it gives,
   every string and element (read_element.h). */
#include "xml_internal.h"

#include "__fc_builtin.h"
#include "bytes.h"
#include "exact_memcmp.h"
#include "read_element.h"

static const unsigned char document[] = PROOF_DOCUMENT;
static parley_xml x;
unsigned char *proof_memory;

static void read_token(parley_xml_token token)
{
    parley_element element = parley_xml_element(&x);

    if (token == PARLEY_XML_TEXT) {
        written(parley_xml_text(&x));
    }
    if (element.xml != NULL) {
        read_element(element);
    }
    written(parley_xml_default_namespace(&x));
}

/* False: no more. */
static bool see(parley_xml_token token)
{
    if (token == PARLEY_XML_ERROR) {
        return false;
    }
    read_token(token);
    if (token == PARLEY_XML_LARGE && parley_xml_skip(&x) != PARLEY_OK) {
        return false;
    }
    if (token == PARLEY_XML_START && PROOF_PARK) {
        (void)parley_xml_park(&x);
    }
    return true;
}

#if PROOF_READS
static bool handler(void *context, parley_xml *t, parley_xml_token token)
{
    (void)context;
    (void)t;
    return see(token);
}

static bool take(const unsigned char *octets, size_t len)
{
    return parley_xml_read(&x, octets, len, handler, NULL) == len;
}
#else
static bool take(const unsigned char *octets, size_t len)
{
    parley_xml_token token;
    size_t at = 0;

    do {
        at += parley_xml_push(&x, octets + at, len - at, &token);
        if (!see(token)) {
            return false;
        }
    } while (at < len);
    return true;
}
#endif

int main(void)
{
    /* What was not written of it must not be read. */
    uint32_t memory[(64 + PROOF_MEMORY) / 4];
    const parley_limits limits = {PROOF_LIMITS};
    size_t hole = Frama_C_interval(PROOF_FIRST, PROOF_LAST);

    proof_memory = (unsigned char *)memory;
    (void)parley_xml_init(&x, sizeof x, &limits, memory, sizeof memory);
    parley_xml_set_tree(&x, PROOF_TREE);
    //@ split hole;
#if PROOF_WINDOW == 1
    for (size_t i = 0; i < sizeof document - 1; i++) {
        /* Gone when it has been taken: states that differ in it alone are one. */
        unsigned char octet = i == hole ? any_byte() : document[i];
        if (!take(&octet, 1)) {
            return 1;
        }
    }
#else
    unsigned char octets[sizeof document - 1];

    for (size_t i = 0; i < sizeof octets; i++) {
        octets[i] = i == hole ? any_byte() : document[i];
    }
    for (size_t i = 0; i < sizeof octets; i += PROOF_WINDOW) {
        size_t left = sizeof octets - i;
        if (!take(octets + i, left < PROOF_WINDOW ? left : PROOF_WINDOW)) {
            return 1;
        }
    }
#endif
    return (int)parley_xml_finish(&x);
}
