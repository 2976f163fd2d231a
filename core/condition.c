/* Conditions of stream errors (RFC 6120 section 4.9.3) and of SASL failures (section 6.5), by
   their names and numbers. */
#include "name_list.h"

static const char *name_of(unsigned list, unsigned count, unsigned number)
{
    return parley_name_at(number < count && number > 0 ? list + number : 0);
}

/* RFC 6120 4.9.2. */
const char *parley_condition_name(parley_condition condition)
{
    return name_of(NAMES_OF_STREAMS, PARLEY_CONDITION_COUNT, (unsigned)condition);
}

parley_condition parley_condition_find(parley_string name)
{
    return (parley_condition)parley_name_find(NAMES_OF_STREAMS, PARLEY_CONDITION_COUNT, name);
}

/* RFC 6120 6.5. */
const char *parley_sasl_condition_name(parley_sasl_condition condition)
{
    return name_of(NAMES_OF_SASL, PARLEY_SASL_CONDITION_COUNT, (unsigned)condition);
}

parley_sasl_condition parley_sasl_condition_find(parley_string name)
{
    return (parley_sasl_condition)parley_name_find(NAMES_OF_SASL, PARLEY_SASL_CONDITION_COUNT,
                                                   name);
}
