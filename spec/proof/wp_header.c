/* WP: a header goes out whole or is taken back, and the window is kept. */
#include "put_text.h"

/*@ requires \valid(s);
    requires window(s) && reserved(s);
    assigns s->out_start, s->out_end, s->code, s->condition, s->work[0 .. s->out_size - 1];
    ensures s->out_start == 0;
    ensures window(s) && reserved(s); */
static bool put_header_start(parley_stream *s);

/*@ requires \valid(s) && \valid(fits) && \separated(s, s->work + (0 .. s->out_size - 1), fits);
    requires window(s) && reserved(s) && s->out_start == 0;
    requires value.len <= 0xffff;
    requires value.len == 0 || \valid_read(value.data + (0 .. value.len - 1));
    assigns *fits, s->out_start, s->out_end, s->code, s->condition,
            s->work[0 .. s->out_size - 1];
    ensures s->out_start == 0;
    ensures window(s) && reserved(s); */
static void put_attribute(parley_stream *s, const char *name, parley_string value, bool *fits);

#include "header_window.h"
