/* WP: what writes the output window keeps it, and writes nothing beyond its end. */
#include "name_copy.h"
#include "say.h"
#include "wipe.h"

/*@ requires len == 0 || \valid(to + (0 .. len - 1));
    requires len == 0 || \valid_read(from + (0 .. len - 1));
    assigns to[0 .. len - 1]; */
static void move(unsigned char *to, const unsigned char *from, size_t len);

/*@ requires \valid(s) && window(s);
    assigns s->out_start, s->out_end, s->work[0 .. s->out_size - 1];
    ensures window(s) && s->out_start == 0;
    ensures s->out_end == \old(s->out_end) - \old(s->out_start); */
static void make_room(parley_stream *s);

/*@ requires \valid(w);
    assigns *w;
    ensures w->buffer == buffer && w->used == 0 && w->size == size; */
void parley_writer_init(parley_writer *w, char *buffer, size_t size, parley_string content_space);

/*@ requires \valid_read(w) && \valid(len) && \separated(w, len);
    assigns *len;
    ensures \result == PARLEY_OK ==> *len == w->used; */
parley_result parley_writer_finish(const parley_writer *w, size_t *len);

/* Its scratch lies behind the window, and what is in that is not looked at. */
/*@ requires \valid(s);
    assigns s->mechanism, s->out, s->user, s->authzid, s->state;
    ensures s->mechanism == \null && s->out.data == \null && s->out.len == 0;
    ensures s->user.data == \null && s->user.len == 0;
    ensures s->authzid.data == \null && s->authzid.len == 0; */
void parley_sasl_wipe(parley_sasl *s);

/* The library's, by what it asks for, on the types that it is called with. */
#include <string.h>
#define memmove(to, from, len) move(to, from, len)

#include "../../core/engine.c"
