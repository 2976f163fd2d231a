/* STARTTLS, both roles (RFC 6120 section 5). The switch is hard: from the
   moment the client has read <proceed/>, or the server has written it, nothing
   received in the clear is left (parley_engine_forget), no input is taken until
   TLS is up, and the header that follows is the first of a new stream. */
#include "roles.h"

#ifndef PARLEY_WITHOUT_CLIENT

/* Client. */

/* RFC 6120 5.2. */
void parley_client_ask_tls(parley_client *c)
{
    parley_engine_raise(&c->stream, PARLEY_EVENT_FEATURES);
    parley_client_say(c, "<" FORM_STARTTLS FORM_XMLNS "tls'/>", NULL, NULL);
}

void parley_client_await_tls(parley_client *c)
{
    parley_engine_forget(&c->stream);
}

/* The policy asks for TLS and the server does not offer it; a missing offer
   may be an attacker's work, so nothing more is said (RFC 6120 5.3.1, 13.8.3). */
void parley_client_refuse_plain(parley_client *c)
{
    parley_client_end(c, PARLEY_ERROR_TLS_NOT_OFFERED, PARLEY_CONDITION_NONE, false);
}

void parley_client_tls_refused(parley_client *c)
{
    parley_client_end(c, PARLEY_ERROR_TLS_REFUSED, PARLEY_CONDITION_NONE, true);
}

/* RFC 6120 5.4.3.3. */
parley_result parley_client_tls_up(parley_client *c, const parley_tls_info *info)
{
    if ((parley_client_state(c) & PARLEY_WAITS_TLS) == 0) {
        return PARLEY_MISUSE;
    }
    c->tls = *info;
    if (info->verified) {
        c->fact_bits |= FACT_TLS;
        parley_client_step(c, CLIENT_EVENT_TLS_UP_VERIFIED);
    } else {
        parley_engine_blame(&c->stream, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN, PARLEY_CONDITION_NONE);
        parley_client_step(c, CLIENT_EVENT_TLS_UP_UNVERIFIED);
    }
    return PARLEY_OK;
}

void parley_client_tls_failed(parley_client *c, parley_code code, int tls_code)
{
    if (c->stream.state == CLIENT_START || c->stream.state == CLIENT_CLOSED) {
        return;
    }
    parley_engine_blame(&c->stream, code, PARLEY_CONDITION_NONE);
    if (c->stream.outcome.code == PARLEY_NO_ERROR) {
        c->stream.outcome.tls_code = tls_code;
    }
    parley_client_step(c, CLIENT_EVENT_TLS_FAILED);
}

#endif
#ifndef PARLEY_WITHOUT_SERVER

/* Server. */

/* RFC 6120 4.3.2, 5.4.1. */
void parley_server_offer_starttls(parley_server *s)
{
    if (!parley_server_put_header(s, true)) {
        s->stream.next = SERVER_EVENT_FAIL;
        return;
    }
    parley_server_say(s,
                      "<stream:features><starttls" FORM_XMLNS
                      "tls'><required/></starttls></stream:features>",
                      NULL, NULL);
}

/* RFC 6120 5.4.2.1, 5.4.2.3. */
void parley_server_send_proceed(parley_server *s)
{
    parley_engine_forget(&s->stream);
    parley_server_say(s, "<proceed" FORM_XMLNS "tls'/>", NULL, NULL);
}

void parley_server_await_tls(parley_server *s)
{
    parley_engine_forget(&s->stream);
}

parley_result parley_server_tls_up(parley_server *s, const parley_tls_info *info)
{
    if ((parley_server_state(s) & PARLEY_WAITS_TLS) == 0) {
        return PARLEY_MISUSE;
    }
    s->tls = *info;
    s->fact_bits |= FACT_TLS;
    parley_server_step(s, SERVER_EVENT_TLS_UP);
    return PARLEY_OK;
}

void parley_server_tls_failed(parley_server *s, parley_code code, int tls_code)
{
    if (s->stream.state == SERVER_START || s->stream.state == SERVER_CLOSED) {
        return;
    }
    parley_engine_blame(&s->stream, code, PARLEY_CONDITION_NONE);
    if (s->stream.outcome.code == PARLEY_NO_ERROR) {
        s->stream.outcome.tls_code = tls_code;
    }
    parley_server_step(s, SERVER_EVENT_TLS_FAILED);
}

#endif
