/* Eva: what records.h says of the functions that read and write a record: each place up to which
   there is room in the root or the block is one that they can take. */
#include "xml_internal.h"

#include "__fc_builtin.h"

#define BLOCK 64u
#define END   (PARLEY_ROOT_SIZE + BLOCK)

static uint32_t memory[BLOCK / 4];
static parley_xml x;

static uint32_t region_end(uint32_t at)
{
    return at < PARLEY_ROOT_SIZE ? PARLEY_ROOT_SIZE : END;
}

static void records(uint32_t at, uint32_t room)
{
    if (room >= sizeof(xml_element)) {
        xml_element element = parley_xml_get_element(&x, at);
        parley_xml_put_element(&x, at, &element);
    }
    if (room >= sizeof(xml_attribute)) {
        xml_attribute attribute = parley_xml_get_attribute(&x, at);
        parley_xml_put_attribute(&x, at, &attribute);
        parley_xml_put_name_space(&x, at, attribute.space);
    }
    if (room >= sizeof(uint32_t)) {
        parley_xml_put_head(&x, at, parley_xml_get_head(&x, at));
    }
}

int main(void)
{
    Frama_C_make_unknown((char *)&x, sizeof x);
    Frama_C_make_unknown((char *)memory, sizeof memory);
    x.memory = (unsigned char *)memory;
    x.memory_len = BLOCK;
    for (uint32_t at = 0; at <= END; at++) {
        unsigned char *bytes = parley_xml_at(&x, at);
        uint32_t room = region_end(at) - at;

        if (room > 0) {
            //@ assert \valid(bytes + (0 .. room - 1));
        }
        if (at >= PARLEY_ROOT_SIZE) {
            unsigned char *same = parley_xml_block_at(&x, at);
            //@ assert bytes == same;
        }
        records(at, room);
    }
    return 0;
}
