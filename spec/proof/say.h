/* WP: a form goes out whole, or not at all. That it is one, and its values there, Eva shows where
   it follows the calls. */
#ifndef PARLEY_PROOF_SAY_H
#define PARLEY_PROOF_SAY_H

#include "form_put.h"
#include "window.h"

/*@ requires \valid(s);
    requires window(s) && reserved(s);
    admit requires is_form(form, a, b);
    admit requires \separated(s, s->work + (0 .. s->out_size - 1), form + (0 .. length(form)));
    admit requires \separated(s, s->work + (0 .. s->out_size - 1), a, b);
    admit requires \separated(s, s->work + (0 .. s->out_size - 1), a->data + (0 .. a->len - 1));
    admit requires \separated(s, s->work + (0 .. s->out_size - 1), b->data + (0 .. b->len - 1));
    assigns s->out_start, s->out_end, s->code, s->condition, s->work[0 .. s->out_size - 1];
    ensures \result == 0 || \result == 1;
    ensures s->out_start == 0;
    ensures window(s) && reserved(s);
    ensures !\result ==> s->out_end == \old(s->out_end) - \old(s->out_start); */
bool parley_engine_say(parley_stream *s, const char *form, const parley_string *a,
                       const parley_string *b);

#endif
