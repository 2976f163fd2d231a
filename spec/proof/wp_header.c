/* WP: a header goes out whole or is taken back, and the window is kept. */
#include "put_text.h"

/*@ requires \valid(s);
    requires window(s) && reserved(s);
    assigns s->out_start, s->out_end, s->code, s->condition, s->work[0 .. s->out_size - 1];
    ensures s->out_start == 0;
    ensures window(s) && reserved(s); */
static bool put_header_start(parley_stream *s);

/*@ requires \valid(s) && \separated(s, s->work + (0 .. s->out_size - 1));
    requires window(s) && reserved(s) && s->out_start == 0;
    requires value.len <= 0xffff;
    requires value.len == 0 || \valid_read(value.data + (0 .. value.len - 1));
    assigns s->out_start, s->out_end, s->code, s->condition, s->work[0 .. s->out_size - 1];
    ensures \result == 0 || \result == 1;
    ensures s->out_start == 0;
    ensures window(s) && reserved(s); */
static bool put_attribute(parley_stream *s, const char *before, parley_string value);

#include "header_window.h"
