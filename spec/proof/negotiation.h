/* Eva: one event of a negotiation machine in any state, with its real actions. What they call
   outside of core/engine.c and the files of the steps is a contract here, or in elements.h and
   beside.h, which is assumed: tokenizer, elements, writer, JIDs, mechanisms. Those that are
   included are proved (contracts.py). */
#ifndef PARLEY_PROOF_NEGOTIATION_H
#define PARLEY_PROOF_NEGOTIATION_H

#include "encode.h"
#include "header_read.h"
#include "puts.h"
#include "roles.h"
#include "window.h"
#include "wipe.h"

#include "__fc_builtin.h"

#define PROOF_OUTPUT 4096u
#define PROOF_WORK   (PROOF_OUTPUT + PARLEY_SASL_SIZE + 8192u)

static unsigned char work[PROOF_WORK];
static const parley_limits limits = PARLEY_LIMITS_DEFAULT;
static char text[PROOF_WORK]; /* of any bytes; longer than any string that is said to lie in it */

/* Writer, of which a list of mechanisms goes by the calls. What it writes is in the work block, of
   which nothing is known anyhow. */

/*@ requires \valid(w) && \valid_read(name);
    assigns *w \from *w, *name; */
void parley_writer_start(parley_writer *w, const char *name, const char *space);

/*@ requires \valid(w) && \valid_read(name);
    requires value.len == 0 || \valid_read(value.data + (0 .. value.len - 1));
    assigns *w \from *w, *name; */
void parley_writer_attribute(parley_writer *w, const char *name, parley_string value);

/*@ requires \valid(w);
    requires text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    assigns *w \from *w; */
void parley_writer_text(parley_writer *w, parley_string text);

/*@ requires \valid(w);
    assigns *w \from *w; */
void parley_writer_end(parley_writer *w);

/* Tokenizer. */

/*@ requires \valid(x);
    assigns \nothing; */
void parley_xml_wipe(parley_xml *x);

/*@ requires \valid(x);
    assigns \nothing; */
void parley_xml_set_tree(parley_xml *x, uint16_t level);

/*@ requires \valid(x) && \valid_read((const char *)limits + (0 .. sizeof(parley_xml_limits) - 1));
    requires \valid((char *)memory + (0 .. memory_len - 1));
    assigns \nothing; */
void parley_xml_start(parley_xml *x, const void *limits, void *memory, size_t memory_len);

/*@ requires \valid(x);
    assigns \nothing; */
void parley_xml_set_cpu(parley_xml *x, unsigned cpu);

/*@ requires \valid_read(x);
    assigns \result \from *x; */
uint64_t parley_xml_offset(const parley_xml *x);

static parley_string any_text(void)
{
    parley_string string = {NULL, 0};

    if (Frama_C_interval(0, 1) != 0) {
        string.data = text;
        /* Three bytes from any of it on are there: Eva keeps no relation of a place and the length,
           and core/form.c reads by threes. */
        string.len = (size_t)Frama_C_interval(0, sizeof text - 4);
    }
    return string;
}

/* That a string of no bytes may lie at NULL makes no difference: where that is asked, above. */
static parley_string any_bytes(void)
{
    return (parley_string){text, (size_t)Frama_C_interval(0, sizeof text - 1)};
}

/* `cs`: Ragel's state. That `state` is the same one is not made use of. */
static void any_stream(parley_stream *s, uint8_t states, int cs, bool close_sent)
{
    Frama_C_make_unknown((char *)work, sizeof work);
    Frama_C_make_unknown(text, sizeof text);
    s->limits = &limits;
    s->work = work;
    s->work_len = sizeof work;
    s->out_size = PROOF_OUTPUT;
    s->out_start = (size_t)Frama_C_interval(0, PROOF_OUTPUT);
    s->out_end = (size_t)Frama_C_interval(0, close_sent ? PROOF_OUTPUT : PROOF_OUTPUT - 160);
    s->close_sent = close_sent;
    s->header_sent = Frama_C_interval(0, 1) != 0;
    s->authenticated = Frama_C_interval(0, 1) != 0;
    s->working = Frama_C_interval(0, 1) != 0;
    s->silent = Frama_C_interval(0, 1) != 0;
    s->opened = Frama_C_interval(0, 1) != 0;
    s->root_ended = Frama_C_interval(0, 1) != 0;
    s->text_due = Frama_C_interval(0, 1) != 0;
    s->sasl.scratch = Frama_C_interval(0, 1) != 0 ? work + PROOF_OUTPUT : NULL;
    s->sasl.scratch_len = PARLEY_SASL_SIZE;
    s->sasl.out = any_text();
    s->sasl.user = any_bytes();
    s->sasl.authzid = any_bytes();
    s->sasl.code = (parley_code)Frama_C_interval(0, 255);
    s->outcome.code = (parley_code)Frama_C_interval(0, 255);
    s->outcome.sasl = (parley_sasl_condition)Frama_C_interval(0, PARLEY_SASL_CONDITION_COUNT - 1);
    s->code = (parley_code)Frama_C_interval(0, 255);
    s->condition = (parley_condition)Frama_C_interval(0, PARLEY_CONDITION_COUNT - 1);
    s->event_condition = (parley_condition)Frama_C_interval(0, PARLEY_CONDITION_COUNT - 1);
    s->event_text = any_text();
    s->beyond = (size_t)Frama_C_interval(0, 65535);
    s->phase = (uint32_t)Frama_C_interval(0, 0x7fffffff);
    s->events = (uint16_t)Frama_C_interval(0, 65535);
    s->requests = (uint8_t)Frama_C_interval(0, 255);
    for (unsigned i = 0; i < PARLEY_STATE_QUEUE; i++) {
        s->states[i] = (uint8_t)Frama_C_interval(0, states - 1);
    }
    s->state_count = (uint8_t)Frama_C_interval(0, PARLEY_STATE_QUEUE);
    s->state = (uint8_t)Frama_C_interval(0, states - 1);
    s->event_state = (uint8_t)Frama_C_interval(0, states - 1);
    s->event_kind = (uint8_t)Frama_C_interval(PARLEY_EVENT_NONE, PARLEY_EVENT_CLOSED);
    s->cs = cs;
    s->next = 0;
    s->element.xml = &s->xml;
    s->element.at = (uint32_t)Frama_C_interval(0, 0x7fffffff);
}

/* What any_stream takes for granted holds again after the event. */
static void check_stream(const parley_stream *s, uint8_t states)
{
    //@ assert 0 <= s->cs < states && s->state < states && s->event_state < states;
    //@ assert s->state_count <= PARLEY_STATE_QUEUE;
    //@ assert \forall integer i; 0 <= i < PARLEY_STATE_QUEUE ==> s->states[i] < states;
    //@ assert s->out_size == PROOF_OUTPUT && s->out_start <= PROOF_OUTPUT;
    //@ assert s->out_end <= PROOF_OUTPUT;
    //@ assert s->event_condition < PARLEY_CONDITION_COUNT;
    //@ assert s->outcome.sasl < PARLEY_SASL_CONDITION_COUNT;
    //@ assert s->sasl.scratch == \null || s->sasl.scratch == work + PROOF_OUTPUT;
}

/* A stream error that the application is told of: its text begins where it can be read. How long it
   is there Eva does not keep. */
static void check_error(const parley_stream *s)
{
    parley_event event = {.kind = PARLEY_EVENT_STREAM_ERROR};

    parley_engine_fill_event(s, &event);
    //@ assert event.condition < PARLEY_CONDITION_COUNT;
    //@ assert event.text.data == \null || \valid_read(event.text.data);
    //@ assert event.text.len < PROOF_WORK;
}

#endif
