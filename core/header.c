/* Opening and restarting a stream, both roles (RFC 6120 sections 4.2, 4.3.3,
   4.7). Everything learnt before a restart is forgotten: parley_engine_forget
   wipes the tree, the namespaces and the SASL attempt. */
#include "roles.h"

#include <string.h>

/* RFC 6120 4.8.1, 4.8.3, 4.8.5, 11.5, 11.6. */
#define HEADER                                                                     \
    "<?xml version='1.0'?><" FORM_STREAM ":" FORM_STREAM " xmlns='" FORM_NS_CLIENT \
    "' xmlns:" FORM_STREAM "='" FORM_NS_STREAM "'"

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

/* RFC 6120 4.7.2, 4.7.3, 4.7.5. */
static void send_header(parley_client *c)
{
    const parley_string domain = {c->domain, c->domain_len};

    parley_client_say(c,
                      HEADER " to='" FORM_A "' version='1.0'" FORM_IF_B " xml:lang='" FORM_B
                             "'" FORM_END ">",
                      &domain, &c->config->language);
    c->stream.header_sent = c->stream.next != CLIENT_EVENT_FAIL;
}

void parley_client_open_stream(parley_client *c)
{
    send_header(c);
}

/* RFC 6120 4.3.3, 5.3.2, 5.4.3.3. */
void parley_client_restart_stream(parley_client *c)
{
    parley_engine_forget(&c->stream);
    parley_engine_raise(&c->stream, PARLEY_EVENT_TLS);
    send_header(c);
}

void parley_client_read_header(parley_client *c)
{
    if (!parley_engine_header_read(&c->stream)) {
        c->stream.next = CLIENT_EVENT_ILLEGAL_INPUT;
    }
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

/* Server. */

/* Keeps the bare JID that the header is from, which the answer is to, at the front of
   s->jid: nothing is bound yet. What is no JID gets no `to` (RFC 6120 4.7.2), nor does a
   full JID after SASL, which is no account's (4.7.1). */
static void keep_from(parley_server *s)
{
    parley_string from = parley_element_attribute(s->stream.element, "from");
    parley_jid jid;

    s->jid_len = 0;
    if (from.data != NULL &&
        parley_jid_parse(&jid, from, s->jid, sizeof s->jid, NULL) == PARLEY_OK &&
        (!s->stream.authenticated || jid.resource.data == NULL)) {
        s->jid_len = (uint16_t)(jid.domain.data + jid.domain.len - s->jid);
    }
}

/* RFC 6120 4.8.3. */
enum server_event parley_server_judge_header(parley_server *s)
{
    parley_stream *stream = &s->stream;

    keep_from(s);
    if (!parley_engine_is_header(stream)) {
        return SERVER_EVENT_HEADER_REFUSED;
    }
    switch (parley_engine_version(parley_element_attribute(stream->element, "version"))) {
    case 1:
    case 2: /* we answer with 1.0 (RFC 6120 4.7.5) */
        return SERVER_EVENT_HEADER;
    case -1:
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_VERSION, PARLEY_BAD_FORMAT);
        return SERVER_EVENT_HEADER_REFUSED;
    default:
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_VERSION, PARLEY_UNSUPPORTED_VERSION);
        return SERVER_EVENT_HEADER_REFUSED;
    }
}

/* A fresh header will come: it is answered with a fresh id (RFC 6120 4.7.3, 4.3.3, 6.4.1). */
void parley_server_expect_header(parley_server *s)
{
    s->id_len = 0;
    s->jid_len = 0;
    parley_engine_ask(&s->stream, PARLEY_REQUEST_RANDOM);
}

/* RFC 6120 5.4.3.3. */
void parley_server_restart_stream(parley_server *s)
{
    parley_engine_forget(&s->stream);
    parley_engine_raise(&s->stream, PARLEY_EVENT_TLS);
    parley_server_expect_header(s);
}

/* Whether the header's `from`, if there is one, is the bare JID of the authenticated user, as
   keep_from has it, prepared (RFC 6120 4.7.1); before authentication it means nothing. */
static bool from_fits(const parley_server *s, parley_string from)
{
    size_t at = s->user_len;

    if (!s->stream.authenticated || from.data == NULL) {
        return true;
    }
    return s->jid_len > at && memcmp(s->jid, s->user, at) == 0 && s->jid[at] == '@' &&
           parley_string_equal((parley_string){s->jid + at + 1, s->jid_len - at - 1},
                               (parley_string){s->host, s->host_len});
}

void parley_server_ask_host(parley_server *s)
{
    parley_stream *stream = &s->stream;
    parley_string to = parley_element_attribute(stream->element, "to");
    parley_string from = parley_element_attribute(stream->element, "from");
    parley_string host = {NULL, 0};
    char room[PARLEY_PART_SIZE];
    bool known = stream->authenticated;

    if (to.data != NULL &&
        parley_jid_prepare(PARLEY_JID_DOMAIN, to, room, sizeof room, &host, NULL) != PARLEY_OK) {
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_TO, PARLEY_IMPROPER_ADDRESSING);
        stream->next = SERVER_EVENT_HEADER_REFUSED;
        return;
    }
    if (host.len == 0 ||
        (known && !parley_string_equal(host, (parley_string){s->host, s->host_len}))) {
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_TO, PARLEY_HOST_UNKNOWN);
        stream->next = SERVER_EVENT_HEADER_REFUSED;
        return;
    }
    if (!from_fits(s, from)) {
        parley_engine_blame(stream, PARLEY_ERROR_STREAM_FROM, PARLEY_INVALID_FROM);
        stream->next = SERVER_EVENT_HEADER_REFUSED;
        return;
    }
    memcpy(s->host, host.data, host.len);
    s->host_len = (uint16_t)host.len;
    if (!parley_engine_header_read(stream)) {
        stream->next = SERVER_EVENT_ILLEGAL_INPUT;
        return;
    }
    parley_engine_ask(stream, PARLEY_REQUEST_HOST);
}

/* The answer to a header, also to one that is refused: RFC 6120 4.9.1.2 wants
   it before the error. `from` is the host only if it is ours, else empty (RFC 6120 4.9.1.3).
   The rest: RFC 6120 4.1, 4.7.1, 4.7.3, 4.7.4, 5.4.1, 6.4.1. */
bool parley_server_put_header(parley_server *s, bool served)
{
    parley_stream *stream = &s->stream;
    const size_t from = stream->out_end - stream->out_start;
    const parley_string id = {s->id, s->id_len};
    const parley_string host = {s->host, served ? s->host_len : 0};
    const parley_string to = {s->jid_len > 0 ? s->jid : NULL, s->jid_len}; /* RFC 6120 4.7.2 */

    stream->header_sent = parley_engine_say(stream, HEADER " from='" FORM_A "' id='" FORM_B "'",
                                            &host, &id) &&
                          parley_engine_say(stream,
                                            FORM_IF_B " to='" FORM_A "'" FORM_END
                                                      " version='1.0' xml:lang='en'>",
                                            &to, &to);
    if (!stream->header_sent) { /* all of it or nothing */
        stream->out_end = stream->out_start + from;
    }
    return stream->header_sent;
}

#endif
