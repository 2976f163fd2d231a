/* A text that is put out. That it ends is the caller's, and what parley_string_of goes by. */
#ifndef PARLEY_PROOF_PUT_TEXT_H
#define PARLEY_PROOF_PUT_TEXT_H

#include "window.h"

/*@ assigns \nothing;
    ensures \result.len <= 0xffff;
    ensures \valid_read(\result.data + (0 .. \result.len - 1)); */
parley_string parley_string_of(const char *terminated);

/*@ requires \valid(s);
    requires window(s) && reserved(s);
    assigns s->out_start, s->out_end, s->code, s->condition, s->work[0 .. s->out_size - 1];
    ensures \result == 0 || \result == 1;
    ensures s->out_start == 0;
    ensures window(s);
    ensures s->out_start <= s->out_size && s->out_end <= s->out_size;
    ensures s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    ensures !\result ==> s->out_end == \old(s->out_end) - \old(s->out_start); */
bool parley_engine_put_text(parley_stream *s, const char *text);

#endif
