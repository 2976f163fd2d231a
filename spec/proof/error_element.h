/* What a stream error takes of the reserve, call by call. Eva shows it of the writer as it is, for
   every condition (close.c); with that WP shows that parley_engine_close keeps the window. The
   text is the address of a redirect, in which nothing is escaped. */
#ifndef PARLEY_PROOF_ERROR_ELEMENT_H
#define PARLEY_PROOF_ERROR_ELEMENT_H

#include "parley/writer.h"

/*@ requires \valid(w);
    assigns w->used, w->error, w->tag_open, w->depth, w->start_at[0 .. PARLEY_WRITER_DEPTH - 1],
            w->buffer[0 .. w->size - 1];
    ensures space == \null ==> w->used <= \old(w->used) + 16;
    ensures w->used <= \old(w->used) + 72; */
void parley_writer_start(parley_writer *w, const char *name, const char *space);

/*@ requires \valid(w);
    assigns w->used, w->error, w->tag_open, w->buffer[0 .. w->size - 1];
    ensures text.len == 0 ==> w->used <= \old(w->used);
    ensures w->used <= \old(w->used) + text.len + 1; */
void parley_writer_text(parley_writer *w, parley_string text);

/*@ requires \valid(w);
    assigns w->used, w->error, w->tag_open, w->depth, w->buffer[0 .. w->size - 1];
    ensures w->used <= \old(w->used) + 20; */
void parley_writer_end(parley_writer *w);

#endif
