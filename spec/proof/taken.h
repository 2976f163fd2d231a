/* Eva: what the runs of one event take for contracts, and those of the judging follow as it is:
   what is read of an element. Of a condition and its text, that they are empty. */
#ifndef PARLEY_PROOF_TAKEN_H
#define PARLEY_PROOF_TAKEN_H

#include "negotiation.h"

/*@ requires \valid(text);
    assigns *text \from e;
    assigns \result \from e, *space;
    ensures \result.len == 0;
    ensures text->len == 0; */
parley_string parley_engine_condition(parley_element e, const char *space, parley_string *text);

/*@ requires \valid(data);
    assigns data->data \from stream->work, indirect:e;
    assigns data->len \from indirect:e;
    assigns \result \from indirect:e;
    ensures \initialized(&data->data) && \initialized(&data->len);
    ensures data->data == \null || \valid_read(data->data);
    ensures data->len <= PROOF_WORK; */
parley_result parley_engine_sasl_data(parley_stream *stream, parley_element e, parley_string *data);

#endif
