/* Stanzas in both directions, both roles (RFC 6120 section 8). A stanza leaves
   whole or not at all; one that arrives is the application's until it makes the
   next call. */
#include "roles.h"

/* Something came. It puts the silence off, but not the end of a close that was
   sent (RFC 6120 4.4). */
static void heard(parley_stream *s, bool ready)
{
    s->phase += ready ? 1u : 0u;
    s->silent = false;
}

/* What a stanza, or in stepwise mode a piece of one, is reported as. */
static void deliver(parley_stream *s, bool ready)
{
    heard(s, ready);
    s->opened = s->event_kind == PARLEY_EVENT_OPEN;
    parley_engine_raise(s, (parley_event_kind)s->event_kind);
}

/* White space between stanzas (RFC 6120 4.6.1). */
static void keep_alive(parley_stream *s)
{
    s->phase++;
    s->silent = true;
    if (s->out_start == s->out_end) { /* pending output says it already */
        (void)parley_engine_say(s, " ", NULL, NULL);
    }
}

static parley_result send(parley_stream *s, bool ready, const parley_writer *w)
{
    size_t len;
    parley_result result;

    /* The writer must be over the room that is free now. */
    if (!ready || w->buffer != (char *)s->work + s->out_end) {
        return PARLEY_MISUSE;
    }
    result = parley_writer_finish(w, &len);
    if (result == PARLEY_OK) {
        s->out_end += len;
    }
    return result;
}

static parley_result descend(parley_stream *s, bool streaming, bool announce)
{
    if (!streaming || !s->opened || s->descended >= 62) {
        return PARLEY_MISUSE;
    }
    s->opened = false;
    s->descended++;
    parley_engine_announce(s, announce);
    parley_xml_set_tree(&s->xml, (uint16_t)(s->descended + (announce ? 2u : 1u)));
    return PARLEY_OK;
}

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

/* RFC 6120 8. */
void parley_client_deliver(parley_client *c)
{
    deliver(&c->stream, c->stream.state == CLIENT_READY);
}

void parley_client_heard(parley_client *c)
{
    heard(&c->stream, c->stream.state == CLIENT_READY);
}

void parley_client_keep_alive(parley_client *c)
{
    keep_alive(&c->stream);
}

/* RFC 6120 4.3.5. */
parley_result parley_client_stanza(parley_client *c, parley_writer *w)
{
    bool ready = c->stream.state == CLIENT_READY;

    if (ready) {
        parley_engine_writer(&c->stream, w);
    }
    return ready ? PARLEY_OK : PARLEY_MISUSE;
}

parley_result parley_client_send(parley_client *c, const parley_writer *w)
{
    return send(&c->stream, c->stream.state == CLIENT_READY, w);
}

parley_result parley_client_descend(parley_client *c, bool announce)
{
    bool streaming = c->stream.state == CLIENT_READY || c->stream.state == CLIENT_CLOSE_SENT;

    return descend(&c->stream, streaming, announce);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

/* Server. */

void parley_server_deliver(parley_server *s)
{
    deliver(&s->stream, s->stream.state == SERVER_READY);
}

void parley_server_heard(parley_server *s)
{
    heard(&s->stream, s->stream.state == SERVER_READY);
}

void parley_server_keep_alive(parley_server *s)
{
    keep_alive(&s->stream);
}

parley_result parley_server_stanza(parley_server *s, parley_writer *w)
{
    bool ready = s->stream.state == SERVER_READY;

    if (ready) {
        parley_engine_writer(&s->stream, w);
    }
    return ready ? PARLEY_OK : PARLEY_MISUSE;
}

parley_result parley_server_send(parley_server *s, const parley_writer *w)
{
    return send(&s->stream, s->stream.state == SERVER_READY, w);
}

parley_result parley_server_descend(parley_server *s, bool announce)
{
    bool streaming = s->stream.state == SERVER_READY || s->stream.state == SERVER_CLOSE_SENT;

    return descend(&s->stream, streaming, announce);
}

#endif
