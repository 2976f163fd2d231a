/* The output window, as contracts: out_start <= out_end <= out_size, and the reserve is free until
   the close tag is sent. A relation, which Eva does not keep: WP proves the functions against the
   contracts (wp_window.c), and Eva takes the contracts for the functions (negotiation.h). What is
   `admit`ted is what Eva takes from the contract that ran before. */
#ifndef PARLEY_PROOF_WINDOW_H
#define PARLEY_PROOF_WINDOW_H

#include "engine.h"

/*@ predicate window(parley_stream *s) =
      s->out_start <= s->out_end && s->out_end <= s->out_size && s->out_size <= 0x10000000 &&
      s->out_size >= 160 && \valid(s->work + (0 .. s->out_size - 1)) &&
      \separated(s, s->work + (0 .. s->out_size - 1));

    predicate reserved(parley_stream *s) =
      s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE; */

/*@ requires \valid(s);
    assigns s->code, s->condition \from code, condition;
    ensures s->code == code && s->condition == (uint16_t)condition; */
void parley_engine_blame(parley_stream *s, parley_code code, parley_condition condition);

/*@ requires \valid(s);
    admit requires window(s);
    assigns s->out_start, s->out_end \from len, s->out_start, s->out_end;
    assigns s->work[0 .. s->out_size - 1] \from s->work[0 .. s->out_size - 1];
    ensures window(s);
    ensures s->out_end <= \old(s->out_end); */
void parley_engine_out_ack(parley_stream *s, size_t len);

/*@ requires \valid(s) && \valid(len);
    admit requires window(s);
    admit requires \separated(s, len);
    assigns *len \from s->out_start, s->out_end;
    assigns \result \from s->work, s->out_start, s->out_end;
    ensures *len <= s->out_size;
    ensures *len > 0 ==> \result == s->work + s->out_start; */
const void *parley_engine_out_buf(const parley_stream *s, size_t *len);

/*@ requires \valid(s) && \valid(w);
    requires s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    admit requires window(s);
    admit requires \separated(s, s->work + (0 .. s->out_size - 1), w);
    assigns s->out_start, s->out_end \from s->out_start, s->out_end;
    assigns s->work[0 .. s->out_size - 1] \from s->work[0 .. s->out_size - 1];
    assigns *w \from s->work, s->out_start, s->out_end, s->out_size, s->close_sent;
    ensures s->out_start == 0;
    ensures window(s);
    ensures s->out_start <= s->out_size && s->out_end <= s->out_size;
    ensures s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    ensures s->out_end == \old(s->out_end) - \old(s->out_start);
    ensures w->used == 0 && w->buffer == (char *)s->work + s->out_end;
    ensures w->size <= s->out_size - s->out_end;
    ensures s->close_sent != 0 || w->size == 0 ||
            w->size + s->out_end + ENGINE_RESERVE <= s->out_size; */
void parley_engine_writer(parley_stream *s, parley_writer *w);

/* The writer that parley_engine_writer set up, with the reserve left alone until the close. */
/*@ requires \valid(s) && \valid_read(w);
    requires s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    admit requires window(s);
    admit requires \separated(s, w);
    admit requires w->used <= w->size;
    admit requires w->size <= s->out_size - s->out_end;
    admit requires s->close_sent != 0 || w->size == 0 ||
                   w->size + s->out_end + ENGINE_RESERVE <= s->out_size;
    assigns s->out_end \from s->out_end, s->out_size, (indirect: *w);
    assigns s->code, s->condition \from (indirect: *w);
    assigns \result \from (indirect: *w);
    ensures \result == 0 || \result == 1;
    ensures window(s);
    ensures s->out_start <= s->out_size && s->out_end <= s->out_size;
    ensures s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    ensures \result ==> s->out_end == \old(s->out_end) + w->used;
    ensures !\result ==> s->out_end == \old(s->out_end); */
bool parley_engine_commit(parley_stream *s, const parley_writer *w);

/* That the stream error fits the reserve, and the close tag behind it, close.c shows. Room for the
   address of a redirect is looked for before (parley_server_redirect). */
/*@ requires \valid(s);
    requires s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE;
    requires s->close_sent == 0 || s->close_sent == 1;
    admit requires window(s);
    assigns s->requests, s->working, s->close_sent, s->out_start, s->out_end, s->code,
            s->condition, s->sasl.mechanism, s->sasl.out, s->sasl.user, s->sasl.authzid,
            s->sasl.state \from s->close_sent, s->header_sent, s->out_start, s->out_end, condition;
    assigns s->work[0 .. s->out_size - 1] \from s->work[0 .. s->out_size - 1], condition;
    ensures s->requests == 0 && s->working == 0;
    ensures s->sasl.mechanism == \null && s->sasl.out.data == \null && s->sasl.out.len == 0;
    ensures s->sasl.user.data == \null && s->sasl.user.len == 0;
    ensures s->sasl.authzid.data == \null && s->sasl.authzid.len == 0;
    ensures s->close_sent == 0 || s->close_sent == 1;
    ensures window(s);
    ensures s->out_start <= s->out_size && s->out_end <= s->out_size;
    ensures s->close_sent != 0 || s->out_end <= s->out_size - ENGINE_RESERVE; */
void parley_engine_close(parley_stream *s, parley_condition condition);

#endif
