/* What the writer and forms put into a buffer, as contracts: Eva takes them for the functions
   (negotiation.h), and WP proves the functions against them (wp_form.c). */
#ifndef PARLEY_PROOF_PUTS_H
#define PARLEY_PROOF_PUTS_H

#include "writer_put.h"

/*@ predicate has_room{L}(parley_writer *w) =
      w->used <= w->size && w->size <= 0x10000000 && \valid(w->buffer + (0 .. w->size - 1)) &&
      \separated(w, w->buffer + (0 .. w->size - 1)); */

/*@ requires \valid(w);
    admit requires has_room(w);
    requires len == 0 || \valid_read(data + (0 .. len - 1));
    admit requires \separated(w, w->buffer + (0 .. w->size - 1), data + (0 .. len - 1));
    assigns w->used, w->error \from w->used, w->size, w->error, len;
    assigns w->buffer[0 .. w->size - 1] \from w->buffer[0 .. w->size - 1], data[0 .. len - 1];
    ensures has_room(w) && \old(w->used) <= w->used; */
void parley_writer_put(parley_writer *w, const char *data, size_t len);

/*@ requires \valid(w) && \valid_read(text);
    admit requires has_room(w);
    requires text->len == 0 || \valid_read(text->data + (0 .. text->len - 1));
    admit requires text->len <= 0x10000000;
    admit requires \separated(w, w->buffer + (0 .. w->size - 1), text);
    admit requires \separated(w, w->buffer + (0 .. w->size - 1),
                              text->data + (0 .. text->len - 1));
    assigns w->used, w->error \from w->used, w->size, w->error, *text;
    assigns w->buffer[0 .. w->size - 1] \from w->buffer[0 .. w->size - 1],
            text->data[0 .. text->len - 1];
    ensures has_room(w) && \old(w->used) <= w->used; */
void parley_writer_put_escaped(parley_writer *w, const parley_string *text, bool in_value);

#endif
