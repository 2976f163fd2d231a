/* What the step files of both roles share: memory, output, input, events,
   requests, errors. Nothing here knows a role. */
#ifndef PARLEY_CORE_ENGINE_H
#define PARLEY_CORE_ENGINE_H

#include "form.h"
#include "known.h"
#include "names.h"
#include "parley/machine.h"
#include "parley/stream.h"
#include "parley/writer.h"
#include "parley/base64.h"
#include "sasl.h"

/* Output kept back for the longest stream error and the close tag. */
#define ENGINE_RESERVE 160u

/* What the input came to. */
typedef enum engine_input {
    ENGINE_MORE = 0,
    ENGINE_HEADER,  /* the root's start tag: s->element */
    ENGINE_ELEMENT, /* a whole first-level element */
    ENGINE_OPEN,    /* stepwise: a start tag to announce */
    ENGINE_CHILD,   /* stepwise: a whole child */
    ENGINE_END,     /* stepwise: a descended element ended */
    ENGINE_LARGE,   /* an element was left out; its start tag is s->element */
    ENGINE_SPACE,   /* white space between first-level elements */
    ENGINE_TEXT,    /* other text there */
    ENGINE_CLOSE,   /* </stream:stream> */
    ENGINE_ILLEGAL  /* s->code and s->condition are set */
} engine_input;

/* Lays the work block out and starts the tokenizer. PARLEY_NO_ROOM: too small, not aligned to 4
   bytes, or of 2^29 bytes and more. */
parley_result parley_engine_init(parley_stream *s, const parley_limits *limits, void *work,
                                 size_t work_len, size_t output);

/* Forgets everything received: tokenizer, tree, SASL attempt. Output stays. */
void parley_engine_forget(parley_stream *s);

/* After authentication: the full limits, and the scratch becomes XML memory. */
void parley_engine_grow(parley_stream *s);

/* Whether input may be taken now. `streaming`: in a state that exchanges
   stanzas, where pending output does not hold input back. */
bool parley_engine_takes(const parley_stream *s, bool streaming);

/* Whether the children of the element descended into are announced. */
void parley_engine_announce(parley_stream *s, bool announce);

/* Takes input up to one result; `*taken` bytes have been before, and those are added. `stepwise`:
   stanzas are announced. `lenient`: an element over the limit is skipped. */
engine_input parley_engine_next(parley_stream *s, const void *data, size_t len, size_t *taken,
                                bool stepwise, bool lenient);

/* Reads on for the close tag alone, dropping everything else. */
bool parley_engine_next_close(parley_stream *s, const void *data, size_t len, size_t taken);

/* After ENGINE_HEADER, when its attributes have been read. False: its
   declarations do not fit; s->code and s->condition are set. */
bool parley_engine_header_read(parley_stream *s);

/* Output. A writer over the free room, and its commitment; a form (form.h), whole or not at all.
   False: no room, and the session is to fail (s->next is up to the caller). The reserve is for what
   is sent once our side is closing. */
void parley_engine_writer(parley_stream *s, parley_writer *w);
bool parley_engine_commit(parley_stream *s, const parley_writer *w);
bool parley_engine_say(parley_stream *s, const char *form, const parley_string *a,
                       const parley_string *b);
void parley_engine_out_ack(parley_stream *s, size_t len);
const void *parley_engine_out_buf(const parley_stream *s, size_t *len);

/* Events and requests. */
void parley_engine_raise(parley_stream *s, parley_event_kind kind);
void parley_engine_enter(parley_stream *s, uint8_t state);
void parley_engine_ask(parley_stream *s, parley_request_kind kind);
parley_request_kind parley_engine_asked(const parley_stream *s);

/* The kind of the oldest pending event; taken off. The state it happened in goes to
   *state, of a STATE event the state that was entered; of NONE any. */
parley_event_kind parley_engine_take_event(parley_stream *s, uint8_t *state);

/* The part of an event that the engine knows: element, condition, text. */
void parley_engine_fill_event(const parley_stream *s, parley_event *event);

/* What a piece of a stanza is reported as. */
parley_event_kind parley_engine_piece(engine_input input);

/* The part of the readiness that does not depend on the state. */
unsigned parley_engine_state(const parley_stream *s);

/* Whether output or an event needs the work block; or those or a partial element. */
bool parley_engine_reports(const parley_stream *s);
bool parley_engine_busy(const parley_stream *s);

/* Sets why the next reject happens. */
void parley_engine_blame(parley_stream *s, parley_code code, parley_condition condition);

/* Records the outcome; the first one sticks. */
void parley_engine_outcome(parley_stream *s, parley_code code, parley_condition condition,
                           bool by_peer);

/* Closes our side: a stream error if `condition` is not NONE, and the close
   tag, once, if a header was sent. */
void parley_engine_close(parley_stream *s, parley_condition condition);

/* Reads the present element, a peer's stream error, into event_condition and event_text. */
void parley_engine_read_error(parley_stream *s);

/* What the present element, a stream error of see-other-host, holds in it: its text, or nothing
   where that is none alone. */
parley_string parley_engine_other_host(const parley_stream *s);

/* The milliseconds of a deadline class. */
uint32_t parley_engine_deadline(const parley_timeouts *timeouts, uint8_t deadline_class);

/* The first child in `space` but for <text/>, the condition (xml NULL: none), and the text. The
   number of its name among those of SASL's failures in that space, of stream errors in others; 0:
   none, or another. */
unsigned parley_engine_condition(parley_element e, known_space space, parley_element *condition,
                                 parley_string *text);

/* Decodes the base64 character data of the present element, one of SASL's, in place. PARLEY_MORE:
   there is none (absent); "=" is an empty message (RFC 6120 6.4.2). */
parley_result parley_engine_sasl_data(parley_stream *s, parley_string *data);

/* A version attribute's verdict: 0 absent or below 1.0, 1 is 1.x, 2 a later
   one, -1 malformed (RFC 6120 4.7.5). */
int parley_engine_version(parley_string version);

/* Whether the present element is the start of a stream with content of ours; if not, why is set
   (RFC 6120 4.8.1, 4.8.3). */
bool parley_engine_is_header(parley_stream *s);

/* Whether the present element is an iq, message or presence of jabber:client. */
bool parley_engine_is_stanza(const parley_stream *s);

/* Sets what the present element is answered with if it is out of place (RFC 6120 4.9.3), and tells
   which it is. */
unsigned parley_engine_blame_element(parley_stream *s, bool ready);

#endif
