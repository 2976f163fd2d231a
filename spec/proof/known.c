/* Eva: the lists of names, looked up by any name or number: namespaces, elements, conditions. */
#include "known.h"

#include "name_list.h"
#include "text_of.h"

#define PROOF_SHORT 6u
#define PROOF_LONG  31u /* that of a namespace that is known */

#include "message.h"

static parley_string looked_up;

parley_string parley_element_name(parley_element e)
{
    return looked_up;
}

parley_string parley_element_namespace(parley_element e)
{
    return looked_up;
}

static void look_at(const char *name)
{
    size_t len = parley_text_len(name);

    //@ assert len <= 24 && \valid_read(name + (0 .. len));
}

/* Numbers that no name has too. */
static void names(void)
{
    for (unsigned i = 0; i <= PARLEY_CONDITION_COUNT; i++) {
        look_at(parley_condition_name((parley_condition)i));
        look_at(parley_sasl_condition_name((parley_sasl_condition)i));
    }
    for (unsigned i = 1; i < NAMES_END; i++) {
        char room[NAME_SIZE];
        size_t len = parley_name_copy(i, room);

        //@ assert 0 < len < NAME_SIZE && room[len] == 0;
    }
    look_at(parley_condition_name(
        (parley_condition)Frama_C_interval(PARLEY_CONDITION_COUNT, 0x7fffffff)));
}

static void parse(parley_string message)
{
    parley_element element = {NULL, 0};
    unsigned known;
    parley_condition condition = parley_condition_find(message);
    parley_sasl_condition sasl = parley_sasl_condition_find(message);

    //@ assert condition < PARLEY_CONDITION_COUNT && sasl < PARLEY_SASL_CONDITION_COUNT;
    looked_up = message;
    known = parley_known(element);
    //@ assert known / 32 < SPACE_COUNT && known % 32 < NAME_COUNT;
    if (message.data == NULL) { /* once */
        names();
    }
}
