/* Namespaces and elements are looked up by their names; no number is told but of what is listed. */
#include "known.h"

#include <string.h>

#include "apart.h"
#include "form.h"
#include "name_list.h"

known_space parley_known_space(parley_string space)
{
    const char *const urn = parley_xmlns + sizeof PARLEY_XMLNS - 1;
    const size_t len = sizeof PARLEY_URN - 1;
    const bool begins = space.len > len && memcmp(space.data, urn, len) == 0;
    known_space found;

    if (begins) {
        space.data += len;
        space.len -= len;
    }
    found = (known_space)parley_name_find(NAMES_OF_SPACES, SPACE_COUNT, space);
    return begins == (found >= SPACE_TLS) ? found : SPACE_NONE;
}

PARLEY_APART known_space parley_space_of(parley_element e)
{
    return parley_known_space(parley_element_namespace(e));
}

PARLEY_APART unsigned parley_known(parley_element e)
{
    return (unsigned)parley_space_of(e) << 5 |
           parley_name_find(NAMES_OF_ELEMENTS, NAME_COUNT, parley_element_name(e));
}

bool parley_known_next(parley_element *e, known_element wanted)
{
    bool more = parley_element_next(e);

    while (more && parley_known(*e) != wanted) {
        more = parley_element_next(e);
    }
    return more;
}

bool parley_known_child(parley_element e, known_element wanted, parley_element *child)
{
    return parley_element_child(e, child) &&
           (parley_known(*child) == wanted || parley_known_next(child, wanted));
}
