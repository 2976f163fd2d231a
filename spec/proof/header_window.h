/* The end of a stream header: what did not fit is taken back. */
#ifndef PARLEY_PROOF_HEADER_WINDOW_H
#define PARLEY_PROOF_HEADER_WINDOW_H

#include "window.h"

/*@ requires \valid(s);
    admit requires window(s);
    admit requires from + s->out_start <= s->out_size;
    admit requires s->close_sent != 0 || from + s->out_start + ENGINE_RESERVE <= s->out_size;
    requires s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    assigns s->header_sent, s->out_start, s->out_end, s->code, s->condition \from fits, from,
            s->out_start, s->out_end, s->out_size;
    assigns s->work[0 .. s->out_size - 1] \from s->work[0 .. s->out_size - 1];
    assigns \result \from s->out_start, s->out_end, s->out_size, fits;
    ensures \result == 0 || \result == 1;
    ensures s->header_sent == \result;
    ensures window(s);
    ensures s->out_start <= s->out_size && s->out_end <= s->out_size;
    ensures s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE; */
static bool end_header(parley_stream *s, bool fits, size_t from);

#include "../../core/header.c"

#endif
