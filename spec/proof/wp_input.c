/* WP: what is left of the header when it has come. */
#include "header_read.h"

/*@ requires \valid(x);
    assigns *x; */
bool parley_xml_park_root(parley_xml *x);

/*@ requires \valid(x) && \valid(token) && \separated(x, token) && len == 0;
    assigns *x, *token; */
size_t parley_xml_push(parley_xml *x, const void *data, size_t len, parley_xml_token *token);

#include "../../core/engine_input.c"

/*@ requires \valid(s);
    assigns s->broken, s->code, s->condition;
    ensures s->broken == 1 && s->code == code && s->condition == (uint16_t)condition; */
static engine_input illegal(parley_stream *s, parley_code code, parley_condition condition);
