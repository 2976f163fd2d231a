/* Of relations.h: a function whose parameter is of a type of core/xml_namespace.c's, which must
   stand before. */
#ifndef PARLEY_PROOF_LOOK_UP_H
#define PARLEY_PROOF_LOOK_UP_H

#include "relations.h"

/*@ requires RELATION(block(t) && in_scope(t->declarations) && readable(prefix));
    assigns \result \from t->declarations;
    ensures RELATION(\result == XML_NOWHERE || is_space(\result)); */
static uint32_t look_up(const parley_xml *t, struct span prefix);

#endif
