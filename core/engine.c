/* Memory, output, events and requests of a stream.

   The work block is laid out as

       output (out_size) | SASL scratch (PARLEY_SASL_SIZE) | XML memory

   until authentication, and without the scratch after it. Output is a window
   [out_start, out_end) that moves to the front when it empties or when room is
   needed. ENGINE_RESERVE bytes of it are kept for the stream error and the
   close tag, so that closing never lacks room: ordinary writers get the rest.

   Who writes what: this file alone writes out_*, events, requests, states and
   outcome; the role's actions go through its functions. The first outcome
   sticks (a session that ended in order keeps PARLEY_NO_ERROR). */
#include "engine.h"

#include <string.h>

#include "apart.h"
#include "name_list.h"
#include "xml_session.h"

static size_t align4(size_t n)
{
    return (n + 3u) & ~(size_t)3u;
}

/* Starts the tokenizer in what the output and the scratch leave of the work block. */
static void start_xml(parley_stream *s)
{
    const size_t from = align4(s->out_size + s->sasl.scratch_len);
    const uint8_t cpu = s->xml.cpu;
    const unsigned char *limits = (const unsigned char *)s->limits;

    if (!s->authenticated) {
        limits += offsetof(parley_limits, element_early);
    }
    parley_xml_start(&s->xml, limits, s->work + from, s->work_len - from);
    parley_xml_set_cpu(&s->xml, cpu);
    parley_xml_set_tree(&s->xml, 1);
}

parley_result parley_engine_init(parley_stream *s, const parley_limits *limits, void *work,
                                 size_t work_len, size_t output)
{
    /* So parley_xml_init would not refuse what is left (xml.h), nor what parley_engine_grow has. */
    if (work_len < output || work_len - output < PARLEY_SASL_SIZE + 512u ||
        work_len >= 0x20000000 || (uintptr_t)work % 4 != 0) {
        return PARLEY_NO_ROOM;
    }
    s->limits = limits;
    s->work = work;
    s->work_len = work_len;
    s->out_size = output;
    s->sasl.scratch = s->work + output;
    s->sasl.scratch_len = PARLEY_SASL_SIZE;
    start_xml(s);
    return PARLEY_OK;
}

/* RFC 6120 4.8.5, 5.4.3.2, 5.4.3.3. */
void parley_engine_forget(parley_stream *s)
{
    if (s->sasl.mechanism != NULL) {
        parley_sasl_wipe(&s->sasl);
    }
    parley_xml_wipe(&s->xml);
    start_xml(s);
    s->element.xml = NULL;
    s->root_ended = false;
    s->text_due = false;
    s->header_sent = false;
}

void parley_engine_grow(parley_stream *s)
{
    s->authenticated = true;
    s->sasl.scratch = NULL;
    s->sasl.scratch_len = 0;
    start_xml(s);
}

/* Output. */

static void make_room(parley_stream *s)
{
    if (s->out_start > 0) {
        size_t len = s->out_end - s->out_start;

        memmove(s->work, s->work + s->out_start, len);
        parley_wipe(s->work + len, s->out_start); /* a credential may be among what was sent */
        s->out_end = len;
        s->out_start = 0;
    }
}

/* RFC 6120 4.8.3. */
void parley_engine_writer(parley_stream *s, parley_writer *w)
{
    static const parley_string content = {PARLEY_NS_CLIENT, sizeof PARLEY_NS_CLIENT - 1};
    size_t room;

    make_room(s);
    room = s->out_size - s->out_end;
    if (!s->close_sent) {
        room = room > ENGINE_RESERVE ? room - ENGINE_RESERVE : 0;
    }
    parley_writer_init(w, (char *)s->work + s->out_end, room, content);
}

bool parley_engine_commit(parley_stream *s, const parley_writer *w)
{
    size_t len;

    if (parley_writer_finish(w, &len) != PARLEY_OK) {
        parley_engine_blame(s, PARLEY_ERROR_NO_OUTPUT_ROOM, PARLEY_RESOURCE_CONSTRAINT);
        return false;
    }
    s->out_end += len;
    return true;
}

PARLEY_APART bool parley_engine_say(parley_stream *s, const char *form, const parley_string *a,
                                    const parley_string *b)
{
    parley_writer w;

    parley_engine_writer(s, &w);
    parley_form_put(&w, form, a, b);
    return parley_engine_commit(s, &w);
}

const void *parley_engine_out_buf(const parley_stream *s, size_t *len)
{
    *len = s->out_end - s->out_start;
    return *len > 0 ? s->work + s->out_start : NULL;
}

void parley_engine_out_ack(parley_stream *s, size_t len)
{
    size_t pending = s->out_end - s->out_start;

    s->out_start += len < pending ? len : pending;
    if (s->out_start == s->out_end) {
        parley_wipe(s->work, s->out_end); /* it may have held a credential */
        s->out_start = 0;
        s->out_end = 0;
    }
}

/* Events and requests. */

/* The number of the lowest bit of a mask that has no bit 0: the oldest kind. 0: none. */
PARLEY_APART static unsigned lowest(unsigned mask)
{
    unsigned kind = 0;

    while (mask != 0 && (mask >> kind & 1) == 0) {
        kind++;
    }
    return kind;
}

PARLEY_APART void parley_engine_raise(parley_stream *s, parley_event_kind kind)
{
    s->events = (uint16_t)(s->events | (1u << kind));
    s->event_state = s->state;
}

void parley_engine_enter(parley_stream *s, uint8_t state)
{
    if (s->state == state) {
        return;
    }
    s->state = state;
    s->phase++;
    if (s->state_count == PARLEY_STATE_QUEUE) { /* the application does not pull: keep the last */
        memmove(s->states, s->states + 1, PARLEY_STATE_QUEUE - 1);
        s->state_count--;
    }
    s->states[s->state_count++] = state;
}

void parley_engine_ask(parley_stream *s, parley_request_kind kind)
{
    s->requests = (uint8_t)(s->requests | (1u << kind));
}

parley_request_kind parley_engine_asked(const parley_stream *s)
{
    return (parley_request_kind)lowest(s->requests);
}

parley_event_kind parley_engine_take_event(parley_stream *s, uint8_t *state)
{
    const unsigned kind = lowest(s->events);

    /* What happened comes before the state it led to, and CLOSED is last. */
    if (s->state_count > 0 && (kind == PARLEY_EVENT_NONE || kind == PARLEY_EVENT_CLOSED)) {
        *state = s->states[0];
        s->state_count--;
        memmove(s->states, s->states + 1, s->state_count);
        return PARLEY_EVENT_STATE;
    }
    s->events = (uint16_t)(s->events & ~(1u << kind));
    *state = s->event_state;
    return (parley_event_kind)kind;
}

void parley_engine_fill_event(const parley_stream *s, parley_event *event)
{
    switch (event->kind) {
    case PARLEY_EVENT_STREAM_ERROR:
        event->condition = s->event_condition;
        event->text = s->event_text;
        break;
    case PARLEY_EVENT_FEATURES:
    case PARLEY_EVENT_OPEN:
    case PARLEY_EVENT_CHILD:
    case PARLEY_EVENT_END:
    case PARLEY_EVENT_STANZA:
    case PARLEY_EVENT_TOO_LARGE:
    case PARLEY_EVENT_REFUSED:
        event->element = s->element;
        break;
    default:
        break;
    }
}

unsigned parley_engine_state(const parley_stream *s)
{
    unsigned state = 0;

    state |= s->out_end > s->out_start ? PARLEY_HAS_OUTPUT : 0u;
    state |= s->events != 0 || s->state_count != 0 ? PARLEY_HAS_EVENT : 0u;
    state |= s->requests != 0 ? PARLEY_HAS_REQUEST : 0u;
    state |= s->working ? PARLEY_HAS_WORK : 0u;
    return state;
}

bool parley_engine_reports(const parley_stream *s)
{
    return s->out_end > s->out_start || s->events != 0;
}

bool parley_engine_busy(const parley_stream *s)
{
    return parley_engine_reports(s) || !parley_xml_idle(&s->xml);
}

/* Errors and closing. */

void parley_engine_blame(parley_stream *s, parley_code code, parley_condition condition)
{
    s->code = code;
    s->condition = (uint16_t)condition;
}

/* `said`: the peer's condition. What we say of the peer would be said again (RFC 6120 4.9.3.3). */
static bool can_retry(parley_code code, parley_condition said)
{
    switch (said) {
    case PARLEY_CONNECTION_TIMEOUT:
    case PARLEY_INTERNAL_SERVER_ERROR:
    case PARLEY_REMOTE_CONNECTION_FAILED:
    case PARLEY_RESET:
    case PARLEY_RESOURCE_CONSTRAINT:
    case PARLEY_SYSTEM_SHUTDOWN:
        return true;
    default:
        return code == PARLEY_ERROR_STREAM_CUT || code == PARLEY_ERROR_STREAM_DEADLINE ||
               code == PARLEY_ERROR_STREAM_CLOSED_EARLY || code == PARLEY_ERROR_TLS_TRUNCATED;
    }
}

PARLEY_APART void parley_engine_outcome(parley_stream *s, parley_code code,
                                        parley_condition condition, bool by_peer)
{
    if (s->outcome.code != PARLEY_NO_ERROR) {
        return;
    }
    s->outcome.code = code;
    s->outcome.condition = condition;
    s->outcome.state = s->state;
    s->outcome.by_peer = by_peer;
    s->outcome.offset = parley_xml_offset(&s->xml) - s->beyond;
    s->outcome.retry = can_retry(code, by_peer ? condition : PARLEY_CONDITION_NONE) ||
                       s->outcome.sasl == PARLEY_SASL_TEMPORARY_AUTH_FAILURE;
}

/* RFC 6120 4.9.1.1, 4.9.2, 4.9.3.19. */
PARLEY_APART void parley_engine_close(parley_stream *s, parley_condition condition)
{
    char room[NAME_SIZE];
    parley_string name = {room, 0};

    s->requests = 0;
    s->working = false;
    parley_sasl_wipe(&s->sasl);
    if (!s->header_sent || s->close_sent) {
        return;
    }
    s->close_sent = true; /* the reserve holds both */
    if ((unsigned)condition - 1 < PARLEY_CONDITION_COUNT - 1) {
        name.len = parley_name_copy(NAMES_OF_STREAMS + (unsigned)condition, room);
        (void)parley_engine_say(s,
                                "<" FORM_STREAM ":" FORM_ERROR "><" FORM_A "" FORM_XMLNS
                                "streams'" FORM_IF_B ">" FORM_B "</" FORM_A ">" FORM_ELSE
                                "/>" FORM_END "</" FORM_STREAM ":" FORM_ERROR ">",
                                &name, &s->close_text);
    }
    (void)parley_engine_say(s, "</" FORM_STREAM ":" FORM_STREAM ">", NULL, NULL);
}

uint32_t parley_engine_deadline(const parley_timeouts *timeouts, uint8_t deadline_class)
{
    switch (deadline_class) {
    case PARLEY_DEADLINE_OPEN:
        return timeouts->open;
    case PARLEY_DEADLINE_TLS:
        return timeouts->tls;
    case PARLEY_DEADLINE_SASL:
        return timeouts->sasl;
    case PARLEY_DEADLINE_BIND:
        return timeouts->bind;
    case PARLEY_DEADLINE_READY:
        return timeouts->ready;
    case PARLEY_DEADLINE_CLOSING:
        return timeouts->closing;
    default:
        return 0;
    }
}
