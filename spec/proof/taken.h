/* Eva: what the runs of one event take for contracts, and those of the judging follow as it is. */
#ifndef PARLEY_PROOF_TAKEN_H
#define PARLEY_PROOF_TAKEN_H

#include "elements.h"
#include "reads.h"

/*@ requires \valid(data);
    assigns data->data \from stream->work, indirect:e;
    assigns data->len \from indirect:e;
    assigns \result \from indirect:e;
    ensures \initialized(&data->data) && \initialized(&data->len);
    ensures data->data == \null || \valid_read(data->data);
    ensures data->len <= PROOF_WORK; */
parley_result parley_engine_sasl_data(parley_stream *stream, parley_element e, parley_string *data);

#endif
