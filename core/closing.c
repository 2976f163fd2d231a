/* Errors and the close, both roles (RFC 6120 sections 4.4, 4.9). An error is
   final: our side says which (if a header was sent, and the wire is XML), sends
   its close tag once, and reads on for the peer's close alone. The first outcome
   sticks; a session that both sides closed in order keeps PARLEY_NO_ERROR. */
#include "roles.h"

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

void parley_client_end(parley_client *c, parley_code code, parley_condition condition, bool by_peer)
{
    parley_engine_outcome(&c->stream, code, condition, by_peer);
    parley_engine_close(&c->stream, by_peer ? PARLEY_CONDITION_NONE : condition);
}

/* RFC 6120 4.9. */
void parley_client_reject(parley_client *c)
{
    parley_client_end(c, c->stream.code, (parley_condition)c->stream.condition, false);
}

/* The server did not prove what it must: nothing more is said to it. */
void parley_client_distrust(parley_client *c)
{
    parley_client_end(c, c->stream.code, PARLEY_CONDITION_NONE, false);
}

/* RFC 6120 4.9.1.1. */
void parley_client_report_error(parley_client *c)
{
    parley_engine_read_error(&c->stream);
    parley_engine_raise(&c->stream, PARLEY_EVENT_STREAM_ERROR);
    if (c->stream.event_condition == PARLEY_SEE_OTHER_HOST) {
        parley_engine_raise(&c->stream, PARLEY_EVENT_SEE_OTHER_HOST);
    }
    parley_client_end(c, PARLEY_ERROR_STREAM_PEER, c->stream.event_condition, true);
}

void parley_client_answer_close(parley_client *c)
{
    if (c->stream.state != CLIENT_READY) {
        parley_client_end(c, PARLEY_ERROR_STREAM_CLOSED_EARLY, PARLEY_CONDITION_NONE, true);
    } else {
        parley_client_send_close(c);
    }
}

void parley_client_send_close(parley_client *c)
{
    parley_engine_close(&c->stream, PARLEY_CONDITION_NONE);
}

void parley_client_time_out(parley_client *c)
{
    parley_client_end(c, PARLEY_ERROR_STREAM_DEADLINE, PARLEY_CONNECTION_TIMEOUT, false);
}

/* The input is gone: nothing can be said. */
void parley_client_lose(parley_client *c)
{
    bool tls = parley_code_layer(c->stream.code) == PARLEY_LAYER_TLS;

    parley_client_end(c, tls ? c->stream.code : PARLEY_ERROR_STREAM_CUT, PARLEY_CONDITION_NONE,
                      true);
}

void parley_client_finished(parley_client *c)
{
    c->stream.requests = 0;
    c->stream.working = false;
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

/* Server. */

void parley_server_end(parley_server *s, parley_code code, parley_condition condition, bool by_peer)
{
    parley_engine_outcome(&s->stream, code, condition, by_peer);
    parley_engine_close(&s->stream, by_peer ? PARLEY_CONDITION_NONE : condition);
}

/* A header that is refused is answered with a header first (RFC 6120 4.9.1.3);
   without randomness there is no id for one, and nothing is said (RFC 6120 4.9.1.2). */
void parley_server_reject(parley_server *s)
{
    parley_stream *stream = &s->stream;
    bool at_header = stream->state == SERVER_PLAIN_HEADER || stream->state == SERVER_PLAIN_HOST ||
                     stream->state == SERVER_INSECURE_HEADER ||
                     stream->state == SERVER_INSECURE_HOST ||
                     stream->state == SERVER_SECURE_HEADER || stream->state == SERVER_SECURE_HOST ||
                     stream->state == SERVER_AUTHENTICATED_HEADER ||
                     stream->state == SERVER_AUTHENTICATED_HOST;

    parley_engine_outcome(stream, stream->code, stream->condition, false);
    if (at_header && !stream->header_sent && s->id_len > 0 &&
        stream->condition != PARLEY_CONDITION_NONE) {
        (void)parley_server_put_header(s, false);
    }
    parley_engine_close(stream, stream->condition);
}

void parley_server_report_error(parley_server *s)
{
    parley_engine_read_error(&s->stream);
    parley_engine_raise(&s->stream, PARLEY_EVENT_STREAM_ERROR);
    parley_server_end(s, PARLEY_ERROR_STREAM_PEER, s->stream.event_condition, true);
}

void parley_server_answer_close(parley_server *s)
{
    if (s->stream.state != SERVER_READY) {
        parley_server_end(s, PARLEY_ERROR_STREAM_CLOSED_EARLY, PARLEY_CONDITION_NONE, true);
    } else {
        parley_server_send_close(s);
    }
}

void parley_server_send_close(parley_server *s)
{
    parley_engine_close(&s->stream, PARLEY_CONDITION_NONE);
}

void parley_server_time_out(parley_server *s)
{
    parley_server_end(s, PARLEY_ERROR_STREAM_DEADLINE, PARLEY_CONNECTION_TIMEOUT, false);
}

void parley_server_lose(parley_server *s)
{
    bool tls = parley_code_layer(s->stream.code) == PARLEY_LAYER_TLS;

    parley_server_end(s, tls ? s->stream.code : PARLEY_ERROR_STREAM_CUT, PARLEY_CONDITION_NONE,
                      true);
}

void parley_server_finished(parley_server *s)
{
    s->stream.requests = 0;
    s->stream.working = false;
}

#endif
