/* The server's calls and what drives its machine.

   Modes as in core/client.c: negotiating, handshake, streaming, closing, closed.
   A header is answered when the application has said whether it serves the host;
   an <auth/> when it has given randomness and the user's credential; a bind when
   it has named the resource. While a request is pending no input is taken, so
   the element that it is about stays where it is.

   Every input becomes exactly one machine event through a decision
   (parley_server_judge_*); an action may name the event that follows
   (stream.next). What a state does not name ends the session. */
#include "roles.h"

#include <string.h>

#include "likeness.h"

static bool has_state(const parley_server *s, enum server_state state)
{
    return s->stream.state == (uint8_t)state;
}

static bool is_streaming(const parley_server *s)
{
    return has_state(s, SERVER_READY) || has_state(s, SERVER_CLOSE_SENT);
}

static bool is_over(const parley_server *s)
{
    return has_state(s, SERVER_START) || has_state(s, SERVER_CLOSED);
}

void parley_server_step(parley_server *s, enum server_event event)
{
    while (event != SERVER_EVENT_NONE) {
        s->stream.next = SERVER_EVENT_NONE;
        parley_server_machine_step(s, event);
        event = (enum server_event)s->stream.next;
    }
}

void parley_server_say(parley_server *s, const char *form, const parley_string *a,
                       const parley_string *b)
{
    if (!parley_engine_say(&s->stream, form, a, b)) {
        s->stream.next = SERVER_EVENT_FAIL;
    }
}

void parley_server_at(parley_server *s, enum server_state state)
{
    bool entered = !has_state(s, state);

    parley_engine_enter(&s->stream, (uint8_t)state);
    if (entered && state == SERVER_CLOSED) {
        parley_engine_raise(&s->stream, PARLEY_EVENT_CLOSED);
    }
}

/* `from` must be the sender's own, if it is there at all (RFC 6120 8.1.2.1): as a rule it is the
   same byte for byte, else it is compared as prepared (RFC 7622 3.1). */
static bool from_is_own(const parley_server *s, parley_element stanza)
{
    parley_string from = parley_element_attribute(stanza, "from");
    parley_string full = parley_server_jid(s);
    size_t bare = (size_t)s->user_len + 1u + s->host_len;
    parley_likeness same;

    return from.data == NULL || parley_string_equal(from, full) ||
           (from.len == bare && full.len > bare && memcmp(from.data, full.data, bare) == 0) ||
           (parley_likeness_of(from, full, &same) && same.domain && same.local &&
            (same.resource || !same.has_resource));
}

/* RFC 6120 13.12. */
static enum server_event judge_piece(parley_server *s, engine_input input)
{
    /* A child or an end has no `from` of its own. */
    if (s->stream.descended == 0 && (input == ENGINE_OPEN || input == ENGINE_LARGE)) {
        if (!parley_is_stanza(parley_engine_blame_element(&s->stream, true))) {
            return SERVER_EVENT_UNEXPECTED;
        }
        if (!from_is_own(s, s->stream.element)) {
            parley_engine_blame(&s->stream, PARLEY_ERROR_STANZA_FROM, PARLEY_INVALID_FROM);
            return SERVER_EVENT_UNEXPECTED;
        }
    }
    return SERVER_EVENT_STANZA;
}

/* RFC 6120 4.8.4. */
enum server_event parley_server_judge_element(parley_server *s)
{
    parley_stream *stream = &s->stream;
    const bool bound = (s->fact_bits & FACT_BOUND) != 0;
    const unsigned known = parley_engine_blame_element(stream, bound);

    switch (known) {
    case KNOWN_STREAM_ERROR:
        return SERVER_EVENT_STREAM_ERROR;
    case KNOWN_STARTTLS:
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_UNEXPECTED, PARLEY_POLICY_VIOLATION);
        return SERVER_EVENT_STARTTLS;
    case KNOWN_AUTH:
        return parley_server_judge_auth(s);
    case KNOWN_RESPONSE:
        return parley_server_judge_response(s);
    case KNOWN_ABORT:
        return parley_server_judge_abort(s);
    default:
        break;
    }
    if (!parley_is_stanza(known)) {
        return SERVER_EVENT_UNEXPECTED;
    }
    if (bound && !from_is_own(s, stream->element)) {
        parley_engine_blame(stream, PARLEY_ERROR_STANZA_FROM, PARLEY_INVALID_FROM);
        return SERVER_EVENT_UNEXPECTED;
    }
    return parley_server_judge_stanza(s);
}

static enum server_event judge_input(parley_server *s, engine_input input)
{
    parley_stream *stream = &s->stream;

    switch (input) {
    case ENGINE_HEADER:
        return parley_server_judge_header(s);
    case ENGINE_ELEMENT:
        return parley_server_judge_element(s);
    case ENGINE_OPEN:
    case ENGINE_CHILD:
    case ENGINE_END:
    case ENGINE_LARGE:
        return judge_piece(s, input);
    case ENGINE_SPACE:
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_TEXT, PARLEY_BAD_FORMAT);
        return SERVER_EVENT_WHITE_SPACE;
    case ENGINE_CLOSE:
        return SERVER_EVENT_STREAM_CLOSE;
    case ENGINE_TEXT:
    case ENGINE_ILLEGAL:
        return SERVER_EVENT_ILLEGAL_INPUT;
    default:
        return SERVER_EVENT_NONE;
    }
}

static size_t push_closing(parley_server *s, const void *data, size_t len, size_t taken)
{
    if (parley_engine_next_close(&s->stream, data, len, taken)) {
        parley_server_step(s, SERVER_EVENT_STREAM_CLOSE);
    }
    return len;
}

static void take_input(parley_server *s, engine_input input)
{
    s->stream.event_kind = (uint8_t)parley_engine_piece(input);
    parley_server_step(s, judge_input(s, input));
    s->stream.beyond = 0;
    if (s->stream.root_ended && !has_state(s, SERVER_CLOSED)) {
        s->stream.root_ended = false;
        parley_server_step(s, SERVER_EVENT_STREAM_CLOSE);
    }
}

static bool takes(const parley_server *s)
{
    return !is_over(s) && !has_state(s, SERVER_HANDSHAKE) &&
           parley_engine_takes(&s->stream, is_streaming(s) || has_state(s, SERVER_CLOSING));
}

/* RFC 6120 4.5. */
size_t parley_server_push(parley_server *s, const void *data, size_t len)
{
    size_t taken = 0;
    engine_input input;

    while (takes(s)) {
        bool streaming = is_streaming(s);
        if (has_state(s, SERVER_CLOSING)) {
            return push_closing(s, data, len, taken);
        }
        input = parley_engine_next(&s->stream, data, len, &taken, streaming && s->config->stepwise,
                                   streaming && s->config->skip_large);
        if (input == ENGINE_MORE) {
            break;
        }
        take_input(s, input);
    }
    return taken;
}

void parley_server_finish(parley_server *s)
{
    if (!is_over(s)) {
        parley_server_step(s, SERVER_EVENT_END_OF_INPUT);
    }
}

const void *parley_server_out_buf(const parley_server *s, size_t *len)
{
    return parley_engine_out_buf(&s->stream, len);
}

void parley_server_out_ack(parley_server *s, size_t len)
{
    parley_engine_out_ack(&s->stream, len);
}

unsigned parley_server_state(const parley_server *s)
{
    unsigned state = parley_engine_state(&s->stream);

    state |= takes(s) ? PARLEY_WANTS_INPUT : 0u;
    if (has_state(s, SERVER_HANDSHAKE) && (state & PARLEY_HAS_OUTPUT) == 0) {
        state |= PARLEY_WAITS_TLS;
    }
    state |= has_state(s, SERVER_READY) ? PARLEY_IS_READY : 0u;
    state |= has_state(s, SERVER_CLOSED) ? PARLEY_IS_CLOSED : 0u;
    return state;
}

const char *parley_server_state_text(unsigned state)
{
    return state < SERVER_STATE_COUNT ? parley_server_state_names[state] : NULL;
}

const char *parley_server_state_name(const parley_server *s)
{
    return parley_server_state_names[s->stream.state];
}

bool parley_server_event(parley_server *s, parley_event *event)
{
    if (is_streaming(s) && s->config->stepwise && s->stream.events == 0) {
        (void)parley_server_push(s, NULL, 0); /* a token may wait behind the last event */
    }
    memset(event, 0, sizeof *event);
    event->kind = parley_engine_take_event(&s->stream, &event->state);
    parley_engine_fill_event(&s->stream, event);
    if (event->kind == PARLEY_EVENT_TLS) {
        event->tls = &s->tls;
    } else if (event->kind == PARLEY_EVENT_AUTHENTICATED) {
        event->mechanism = parley_string_of(parley_mechanism_of(s->mechanism)->name);
        event->user = (parley_string){s->user, s->user_len};
        event->server_verified = parley_mechanism_is(s->mechanism, SASL_SERVER_PROVES);
    } else if (event->kind == PARLEY_EVENT_BOUND) {
        event->jid = parley_server_jid(s);
    }
    return event->kind != PARLEY_EVENT_NONE;
}

/* Bytes of randomness for the stream id. */
#define ID_RANDOM 18u

bool parley_server_request(const parley_server *s, parley_request *request)
{
    memset(request, 0, sizeof *request);
    request->kind = parley_engine_asked(&s->stream);
    switch (request->kind) {
    case PARLEY_REQUEST_NONE:
        return false;
    case PARLEY_REQUEST_RANDOM:
        request->random_len = has_state(s, SERVER_NONCE)
                                  ? parley_mechanism_of(s->mechanism)->random_server
                                  : ID_RANDOM;
        break;
    case PARLEY_REQUEST_HOST:
        request->host = (parley_string){s->host, s->host_len};
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        request->user = s->stream.sasl.user;
        request->mechanism = parley_string_of(parley_mechanism_of(s->mechanism)->name);
        break;
    case PARLEY_REQUEST_AUTHORIZE:
        request->user = (parley_string){s->user, s->user_len};
        request->authzid = s->stream.sasl.authzid;
        request->mechanism = parley_string_of(parley_mechanism_of(s->mechanism)->name);
        break;
    case PARLEY_REQUEST_BIND:
        request->user = (parley_string){s->user, s->user_len};
        if (s->jid_len > 0) {
            request->resource = (parley_string){s->jid, s->jid_len};
        }
        break;
    }
    return true;
}

/* RFC 6120 4.7.3. */
static void answer_id(parley_server *s, parley_string random)
{
    parley_base64_encode(random.data, random.len, s->id);
    s->id_len = (uint8_t)PARLEY_BASE64_SIZE(ID_RANDOM);
    s->stream.requests = 0;
}

parley_result parley_server_answer(parley_server *s, const parley_answer *answer)
{
    parley_request request;

    if (!parley_server_request(s, &request)) {
        return PARLEY_MISUSE;
    }
    switch (request.kind) {
    case PARLEY_REQUEST_RANDOM:
        if (answer->kind != PARLEY_ANSWER_RANDOM || answer->bytes.len != request.random_len) {
            return PARLEY_MISUSE;
        }
        if (has_state(s, SERVER_NONCE)) {
            return parley_server_answer_sasl(s, request.kind, answer);
        }
        answer_id(s, answer->bytes);
        return PARLEY_OK;
    case PARLEY_REQUEST_HOST:
        if (answer->kind != PARLEY_ANSWER_YES) {
            return PARLEY_MISUSE;
        }
        s->stream.requests = 0;
        parley_server_step(s, SERVER_EVENT_HOST_SERVED);
        return PARLEY_OK;
    case PARLEY_REQUEST_BIND:
        return parley_server_answer_bind(s, answer);
    default:
        return parley_server_answer_sasl(s, request.kind, answer);
    }
}

parley_result parley_server_refuse(parley_server *s, parley_refusal refusal)
{
    parley_request_kind kind = parley_engine_asked(&s->stream);

    switch (kind) {
    case PARLEY_REQUEST_NONE:
        return PARLEY_MISUSE;
    case PARLEY_REQUEST_HOST:
        s->stream.requests = 0;
        parley_engine_blame(&s->stream, PARLEY_ERROR_STREAM_TO, PARLEY_HOST_UNKNOWN);
        parley_server_step(s, SERVER_EVENT_HOST_REFUSED);
        return PARLEY_OK;
    case PARLEY_REQUEST_BIND:
        parley_server_refuse_resource(s, refusal);
        return PARLEY_OK;
    case PARLEY_REQUEST_RANDOM:
        s->stream.requests = 0;
        parley_engine_blame(&s->stream, PARLEY_ERROR_NO_ENTROPY, PARLEY_INTERNAL_SERVER_ERROR);
        parley_server_step(s, SERVER_EVENT_ANSWER_REFUSED);
        return PARLEY_OK;
    default:
        parley_server_refuse_sasl(s, kind, refusal);
        return PARLEY_OK;
    }
}

void parley_server_work(parley_server *s, uint32_t iterations)
{
    sasl_step step;

    if (!s->stream.working) {
        return;
    }
    step = parley_mechanism_of(s->mechanism)->work(&s->stream.sasl, iterations);
    if (step != SASL_WORK) {
        s->stream.working = false;
        parley_server_step(s, parley_server_sasl_event(s, step));
    }
}

void parley_server_close(parley_server *s)
{
    if (!has_state(s, SERVER_CLOSED) && !has_state(s, SERVER_CLOSING)) {
        parley_server_step(s, SERVER_EVENT_CLOSE);
    }
}

void parley_server_fail(parley_server *s, parley_code code, parley_condition condition)
{
    if (!is_over(s)) {
        parley_engine_blame(&s->stream, code,
                            condition == PARLEY_SEE_OTHER_HOST ? PARLEY_UNDEFINED_CONDITION
                                                               : condition);
        parley_server_step(s, SERVER_EVENT_FAIL);
    }
}

/* What a header is taken to need that a refusal is sent with. */
#define HEADER_MOST 600u

/* RFC 6120 4.9.3.19. */
parley_result parley_server_redirect(parley_server *s, parley_string address)
{
    char buffer[PARLEY_REDIRECT_SIZE];
    parley_redirect_target target;
    parley_result result;
    size_t taken;

    if (is_over(s)) {
        return PARLEY_MISUSE;
    }
    result = parley_redirect_parse(address, buffer, sizeof buffer, &target);
    if (result != PARLEY_OK) {
        return result;
    }
    taken = s->stream.out_end - s->stream.out_start + (s->stream.header_sent ? 0 : HEADER_MOST);
    if (s->stream.out_size < taken + ENGINE_RESERVE + address.len) {
        return PARLEY_NO_ROOM;
    }
    s->stream.close_text = address;
    parley_engine_blame(&s->stream, PARLEY_NO_ERROR, PARLEY_SEE_OTHER_HOST);
    parley_server_step(s, SERVER_EVENT_FAIL);
    s->stream.close_text = (parley_string){NULL, 0};
    return PARLEY_OK;
}

uint32_t parley_server_deadline(const parley_server *s, uint32_t *phase)
{
    *phase = s->stream.phase;
    return parley_engine_deadline(&s->config->timeouts, parley_server_deadlines[s->stream.state]);
}

void parley_server_expired(parley_server *s, uint32_t phase)
{
    uint32_t now;

    if (is_over(s) || parley_server_deadline(s, &now) == 0 || now != phase) {
        return;
    }
    /* The first silence in ready is answered with a keepalive. */
    parley_server_step(s, has_state(s, SERVER_READY) && !s->stream.silent ? SERVER_EVENT_SILENCE
                                                                          : SERVER_EVENT_DEADLINE);
}

bool parley_server_busy(const parley_server *s)
{
    if (has_state(s, SERVER_READY)) {
        return parley_engine_busy(&s->stream);
    }
    return !is_over(s) || parley_engine_reports(&s->stream);
}

parley_string parley_server_jid(const parley_server *s)
{
    return (parley_string){s->jid, (s->fact_bits & FACT_BOUND) != 0 ? s->jid_len : 0};
}

const parley_outcome *parley_server_outcome(const parley_server *s)
{
    return &s->stream.outcome;
}

unsigned parley_server_failures(const parley_server *s, parley_sasl_condition *last)
{
    *last = s->stream.authenticated ? PARLEY_SASL_NONE : (parley_sasl_condition)s->sasl_condition;
    return s->failures;
}
