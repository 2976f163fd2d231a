/* The header has come, as a contract: Eva takes it for the function (negotiation.h), and WP proves
   the function against it (wp_input.c). */
#ifndef PARLEY_PROOF_HEADER_READ_H
#define PARLEY_PROOF_HEADER_READ_H

#include "window.h"

/*@ requires \valid(s);
    assigns s->element.xml \from \nothing;
    assigns s->xml, s->root_ended, s->broken, s->code, s->condition, \result \from s->xml;
    ensures s->element.xml == \null;
    ensures (\result == 1 && (s->root_ended == 0 || s->root_ended == 1) &&
             s->broken == \old(s->broken) && s->code == \old(s->code) &&
             s->condition == \old(s->condition)) ||
            (\result == 0 && s->root_ended == \old(s->root_ended) && s->broken == 1 &&
             s->code == PARLEY_ERROR_XML_MEMORY && s->condition == PARLEY_POLICY_VIOLATION); */
bool parley_engine_header_read(parley_stream *s);

#endif
