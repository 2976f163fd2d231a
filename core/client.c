/* The client's calls and what drives its machine.

   Modes, by the machine's state: negotiating (input is held back while output,
   an event or a request is pending), handshake (no input at all: TLS has it),
   streaming (ready and close_sent: output does not hold input back), closing
   (input is read for its close tag alone, or not at all once it is broken) and
   closed. The state is the machine's alone: parley_client_at records it.

   Every input becomes exactly one machine event through a decision
   (parley_client_judge_*); an action may name the event that follows
   (stream.next). What a state does not name ends the session. */
#include "roles.h"

#include <string.h>

#include "apart.h"
#include "channel_binding.h"
#include "text_of.h"

static bool has_state(const parley_client *c, enum client_state state)
{
    return c->stream.state == (uint8_t)state;
}

static bool is_streaming(const parley_client *c)
{
    return has_state(c, CLIENT_READY) || has_state(c, CLIENT_CLOSE_SENT);
}

static bool is_over(const parley_client *c)
{
    return has_state(c, CLIENT_START) || has_state(c, CLIENT_CLOSED);
}

void parley_client_step(parley_client *c, enum client_event event)
{
    while (event != CLIENT_EVENT_NONE) {
        c->stream.next = CLIENT_EVENT_NONE;
        parley_client_machine_step(c, event);
        event = (enum client_event)c->stream.next;
    }
}

PARLEY_APART void parley_client_say(parley_client *c, const char *form, const parley_string *a,
                                    const parley_string *b)
{
    if (!parley_engine_say(&c->stream, form, a, b)) {
        c->stream.next = CLIENT_EVENT_FAIL;
    }
}

void parley_client_at(parley_client *c, enum client_state state)
{
    bool entered = !has_state(c, state);

    parley_engine_enter(&c->stream, (uint8_t)state);
    if (entered && state == CLIENT_CLOSED) {
        parley_engine_raise(&c->stream, PARLEY_EVENT_CLOSED);
    }
}

static enum client_event judge_input(parley_client *c, engine_input input)
{
    parley_stream *s = &c->stream;

    switch (input) {
    case ENGINE_HEADER:
        return parley_client_judge_header(c);
    case ENGINE_ELEMENT:
        return parley_client_judge_element(c);
    case ENGINE_OPEN:
    case ENGINE_CHILD:
    case ENGINE_END:
        return CLIENT_EVENT_STANZA;
    case ENGINE_LARGE:
        parley_engine_blame(s, PARLEY_ERROR_XML_ELEMENT, PARLEY_POLICY_VIOLATION);
        return s->descended > 0 || parley_engine_is_stanza(s) ? CLIENT_EVENT_STANZA
                                                              : CLIENT_EVENT_UNEXPECTED;
    case ENGINE_SPACE:
        parley_engine_blame(s, PARLEY_ERROR_STREAM_TEXT, PARLEY_BAD_FORMAT);
        return CLIENT_EVENT_WHITE_SPACE;
    case ENGINE_CLOSE:
        return CLIENT_EVENT_STREAM_CLOSE;
    case ENGINE_TEXT:
    case ENGINE_ILLEGAL:
        return CLIENT_EVENT_ILLEGAL_INPUT;
    default:
        return CLIENT_EVENT_NONE;
    }
}

static size_t push_closing(parley_client *c, const void *data, size_t len, size_t taken)
{
    if (parley_engine_next_close(&c->stream, data, len, taken)) {
        parley_client_step(c, CLIENT_EVENT_STREAM_CLOSE);
    }
    return len;
}

static void take_input(parley_client *c, engine_input input)
{
    c->stream.event_kind = (uint8_t)parley_engine_piece(input);
    parley_client_step(c, judge_input(c, input));
    c->stream.beyond = 0;
    if (c->stream.root_ended && !has_state(c, CLIENT_CLOSED)) {
        c->stream.root_ended = false;
        parley_client_step(c, CLIENT_EVENT_STREAM_CLOSE);
    }
}

static bool takes(const parley_client *c)
{
    return !is_over(c) && !has_state(c, CLIENT_HANDSHAKE) &&
           parley_engine_takes(&c->stream, is_streaming(c) || has_state(c, CLIENT_CLOSING));
}

size_t parley_client_push(parley_client *c, const void *data, size_t len)
{
    size_t taken = 0;
    engine_input input;

    while (takes(c)) {
        bool streaming = is_streaming(c);
        if (has_state(c, CLIENT_CLOSING)) {
            return push_closing(c, data, len, taken);
        }
        input = parley_engine_next(&c->stream, data, len, &taken, streaming && c->config->stepwise,
                                   streaming);
        if (input == ENGINE_MORE) {
            break;
        }
        take_input(c, input);
    }
    return taken;
}

void parley_client_finish(parley_client *c)
{
    if (!is_over(c)) {
        parley_client_step(c, CLIENT_EVENT_END_OF_INPUT);
    }
}

const void *parley_client_out_buf(const parley_client *c, size_t *len)
{
    return parley_engine_out_buf(&c->stream, len);
}

void parley_client_out_ack(parley_client *c, size_t len)
{
    parley_engine_out_ack(&c->stream, len);
}

unsigned parley_client_state(const parley_client *c)
{
    unsigned state = parley_engine_state(&c->stream);

    state |= takes(c) ? PARLEY_WANTS_INPUT : 0u;
    if (has_state(c, CLIENT_HANDSHAKE) && (state & PARLEY_HAS_OUTPUT) == 0) {
        state |= PARLEY_WAITS_TLS;
    }
    state |= has_state(c, CLIENT_READY) ? PARLEY_IS_READY : 0u;
    state |= has_state(c, CLIENT_CLOSED) ? PARLEY_IS_CLOSED : 0u;
    return state;
}

const char *parley_client_state_text(unsigned state)
{
    return state < CLIENT_STATE_COUNT ? parley_client_state_names[state] : NULL;
}

const char *parley_client_state_name(const parley_client *c)
{
    return parley_client_state_names[c->stream.state];
}

bool parley_client_event(parley_client *c, parley_event *event)
{
    if (is_streaming(c) && c->config->stepwise && c->stream.events == 0) {
        (void)parley_client_push(c, NULL, 0); /* a token may wait behind the last event */
    }
    memset(event, 0, sizeof *event);
    event->kind = parley_engine_take_event(&c->stream, &event->state);
    parley_engine_fill_event(&c->stream, event);
    if (event->kind == PARLEY_EVENT_TLS) {
        event->tls = &c->tls;
    } else if (event->kind == PARLEY_EVENT_AUTHENTICATED) {
        event->mechanism = parley_text(parley_mechanism_of(c->mechanism)->name);
        event->user = (parley_string){c->user, c->user_len};
        event->server_verified = parley_mechanism_is(c->mechanism, SASL_SERVER_PROVES);
        if (parley_mechanism_is(c->mechanism, SASL_BINDS)) {
            event->binding = parley_binding_name((sasl_binding)c->binding);
        }
    } else if (event->kind == PARLEY_EVENT_BOUND) {
        event->jid = parley_client_jid(c);
    } else if (event->kind == PARLEY_EVENT_SEE_OTHER_HOST) {
        event->redirect.address = parley_engine_other_host(&c->stream);
        event->redirect.verified = (c->fact_bits & FACT_TLS) != 0;
        event->redirect.foreign = (c->fact_bits & FACT_FOREIGN) != 0;
    }
    return event->kind != PARLEY_EVENT_NONE;
}

bool parley_client_request(const parley_client *c, parley_request *request)
{
    memset(request, 0, sizeof *request);
    request->kind = parley_engine_asked(&c->stream);
    if (request->kind == PARLEY_REQUEST_NONE) {
        return false;
    }
    if (c->mechanism != NULL) {
        request->mechanism = parley_text(parley_mechanism_of(c->mechanism)->name);
    }
    request->user = (parley_string){c->user, c->user_len};
    if (request->kind == PARLEY_REQUEST_RANDOM) {
        request->random_len = parley_mechanism_of(c->mechanism)->random_client + PARLEY_ID_RANDOM;
    }
    return true;
}

parley_result parley_client_answer(parley_client *c, const parley_answer *answer)
{
    parley_request_kind kind = parley_engine_asked(&c->stream);

    if (kind == PARLEY_REQUEST_NONE ||
        (kind == PARLEY_REQUEST_RANDOM &&
         answer->bytes.len !=
             (size_t)parley_mechanism_of(c->mechanism)->random_client + PARLEY_ID_RANDOM)) {
        return PARLEY_MISUSE;
    }
    return parley_client_answer_sasl(c, kind, answer);
}

parley_result parley_client_refuse(parley_client *c, parley_refusal refusal)
{
    parley_request_kind kind = parley_engine_asked(&c->stream);

    (void)refusal;
    if (kind == PARLEY_REQUEST_NONE) {
        return PARLEY_MISUSE;
    }
    c->stream.requests = 0;
    parley_engine_blame(&c->stream,
                        kind == PARLEY_REQUEST_RANDOM ? PARLEY_ERROR_NO_ENTROPY
                                                      : PARLEY_ERROR_NO_CREDENTIAL,
                        PARLEY_CONDITION_NONE);
    parley_client_step(c, CLIENT_EVENT_ANSWER_REFUSED);
    return PARLEY_OK;
}

void parley_client_work(parley_client *c, uint32_t iterations)
{
    sasl_step step;

    if (!c->stream.working) {
        return;
    }
    step = parley_mechanism_of(c->mechanism)->work(&c->stream.sasl, iterations);
    if (step == SASL_WORK) {
        return;
    }
    c->stream.working = false;
    parley_client_step(c, step == SASL_SEND ? CLIENT_EVENT_DERIVED
                                            : parley_client_sasl_event(c, step));
}

void parley_client_close(parley_client *c)
{
    if (!has_state(c, CLIENT_CLOSED) && !has_state(c, CLIENT_CLOSING)) {
        parley_client_step(c, CLIENT_EVENT_CLOSE);
    }
}

void parley_client_fail(parley_client *c, parley_code code, parley_condition condition)
{
    if (!is_over(c)) {
        parley_engine_blame(&c->stream, code, condition);
        parley_client_step(c, CLIENT_EVENT_FAIL);
    }
}

uint32_t parley_client_deadline(const parley_client *c, uint32_t *phase)
{
    *phase = c->stream.phase;
    return parley_engine_deadline(&c->config->timeouts, parley_client_deadlines[c->stream.state]);
}

void parley_client_expired(parley_client *c, uint32_t phase)
{
    uint32_t now;

    if (is_over(c) || parley_client_deadline(c, &now) == 0 || now != phase) {
        return;
    }
    /* The first silence in ready is answered with a keepalive. */
    parley_client_step(c, has_state(c, CLIENT_READY) && !c->stream.silent ? CLIENT_EVENT_SILENCE
                                                                          : CLIENT_EVENT_DEADLINE);
}

bool parley_client_busy(const parley_client *c)
{
    if (has_state(c, CLIENT_READY)) {
        return parley_engine_busy(&c->stream);
    }
    return !is_over(c) || parley_engine_reports(&c->stream);
}

parley_string parley_client_jid(const parley_client *c)
{
    return (parley_string){c->jid, c->jid_len};
}

const parley_outcome *parley_client_outcome(const parley_client *c)
{
    return &c->stream.outcome;
}
