/* Notes.

   Modes: CLEAR (the core's bytes are the wire's) -> TLS (records) -> OVER.
   CLEAR turns to TLS only in transport_switch, when the core waits for TLS and
   all that it said in the clear has left; there is no way back. From OVER on
   nothing of the core's reaches the wire: at most a last alert does.

   offers_session, end_point and key_hash are set before the handshake, by a server's init
   and by parley_tls_client_resume; `resumed` by the server's cache, or on a client by
   transport_up.

   In TLS, `up` is set once, by transport_up, when BearSSL first takes or gives
   application data. `closing` is set once the core is closed and has nothing
   more to say; then our close_notify goes out, and the peer's is not waited for
   (RFC 5246 section 7.2.1). A peer's close_notify closes the engine with
   BR_ERR_OK as soon as ours has been sent.

   Output goes first: the core's bytes enter the engine before the next record is
   read, so that an answer to the last stanza, or the close tag, is not lost to a
   close_notify that came with it.

   Writers: push -> left_over, quiet; out_ack -> hello_sent; finish -> ended;
   everything else here through transport_pump. */
#include "transport.h"

#include <string.h>

#include "certificate.h"
#include "pieces.h"
#include "tls_engine.h"
#include "sasl.h"
#include "verify.h"

enum { CLEAR, TLS, OVER };
enum { HANDSHAKE_RECORD = 22, RECORD_HEADER = 5 }; /* RFC 5246 6.2.1 */

void parley_tls_transport_init(parley_tls_transport *t, br_ssl_engine_context *engine,
                               const parley_tls_core *calls, void *core,
                               const parley_tls_session_input *input, bool direct)
{
    t->engine = engine;
    t->calls = calls;
    t->core = core;
    t->buffer = input->buffer;
    t->buffer_len = input->buffer_len;
    t->direct = direct;
    t->protocols[0] = "xmpp-client"; /* XEP-0368 */
    t->mode = CLEAR;
    parley_tls_engine_init(engine, &t->verifier.vtable, direct ? t->protocols : NULL, input);
}

bool parley_tls_transport_begun(const parley_tls_transport *t)
{
    return t->mode != CLEAR;
}

static unsigned transport_state(const parley_tls_transport *t)
{
    return t->calls->state(t->core);
}

static size_t transport_core_push(parley_tls_transport *t, const void *data, size_t len)
{
    const char *state = t->calls->state_name(t->core);
    size_t taken = t->calls->push(t->core, data, len);

    if (taken > 0 && t->observer != NULL)
        t->observer(t->observer_context, false, state, data, taken);
    return taken;
}

static void transport_core_ack(parley_tls_transport *t, const void *data, size_t len)
{
    if (len > 0 && t->observer != NULL)
        t->observer(t->observer_context, true, t->calls->state_name(t->core), data, len);
    t->calls->out_ack(t->core, len);
}

/* Drops what the core still wanted to say. */
static void transport_drop(parley_tls_transport *t)
{
    size_t len;

    while (t->calls->out_buf(t->core, &len) != NULL && len > 0)
        t->calls->out_ack(t->core, len);
}

/* The keys and what the records held are not needed any more. */
static void transport_over(parley_tls_transport *t)
{
    t->mode = OVER;
    transport_drop(t);
    parley_wipe(t->engine, sizeof *t->engine);
    parley_wipe(t->buffer, t->buffer_len);
}

static void transport_fail(parley_tls_transport *t, parley_code code, int tls_code)
{
    if (!(transport_state(t) & PARLEY_IS_CLOSED))
        t->calls->tls_failed(t->core, code, tls_code);
    transport_over(t);
}

static bool transport_unsent(const parley_tls_transport *t)
{
    size_t len;

    return br_ssl_engine_sendrec_buf(t->engine, &len) != NULL;
}

/* ServerHello named a protocol that was not offered: BearSSL says so by
   BR_ERR_UNEXPECTED, which inside that message means nothing else. */
static bool transport_is_alpn(const parley_tls_transport *t, int error)
{
    if (!t->direct)
        return false;
    if (error == BR_ERR_SEND_FATAL_ALERT + BR_ALERT_NO_APPLICATION_PROTOCOL ||
        error == BR_ERR_RECV_FATAL_ALERT + BR_ALERT_NO_APPLICATION_PROTOCOL)
        return true;
    return t->calls->client && error == BR_ERR_UNEXPECTED &&
           parley_tls_pieces_in_server_hello(&t->pieces);
}

/* BearSSL sends few alerts itself. A half-sent record must not be cut by one. */
static void transport_refuse(parley_tls_transport *t, int error, parley_code code, int detail)
{
    if (error > BR_ERR_OK && error < BR_ERR_RECV_FATAL_ALERT && t->quiet)
        t->alert_len = (uint8_t)parley_tls_engine_alert(t->engine, error, t->alert);
    transport_fail(t, code, detail);
}

/* BearSSL has closed the engine. */
static void transport_closed(parley_tls_transport *t)
{
    const int error = br_ssl_engine_last_error(t->engine);
    int detail = error;
    parley_code code = t->up ? PARLEY_ERROR_TLS_RECORD : PARLEY_ERROR_TLS_HANDSHAKE;

    if (error == BR_ERR_OK && t->up) { /* the peer's close_notify */
        if (!(transport_state(t) & PARLEY_IS_CLOSED))
            t->calls->finish(t->core);
        transport_over(t);
        return;
    }
    if (!t->up && t->verifier.code != PARLEY_NO_ERROR) {
        code = t->verifier.code;
        detail = t->verifier.detail;
    } else if (!t->up && transport_is_alpn(t, error)) {
        code = PARLEY_ERROR_TLS_ALPN;
    }
    transport_refuse(t, error, code, detail);
}

/* RFC 5929 sections 3 and 4; the client's Finished is the first one of a full
   handshake, and with renegotiation off the only one. A resumed session has no
   certificates: the client's was judged when the session was made. */
static void transport_info(const parley_tls_transport *t, parley_tls_info *info)
{
    const parley_verifier *v = &t->verifier;
    bool seen;

    memset(info, 0, sizeof *info);
    info->resumed = t->resumed;
    info->verified = v->verified || (t->calls->client && t->resumed);
    info->version = t->engine->session.version;
    info->suite = t->engine->session.cipher_suite;
    if (info->verified) {
        info->has_key_hash = true;
        memcpy(info->key_hash, t->resumed ? t->key_hash : v->key_hash, sizeof info->key_hash);
    }
    if (v->verified && v->clients != NULL)
        v->clients->tell(v, info);
    seen = t->calls->client && !t->resumed;
    memcpy(info->end_point, seen ? v->end_point : t->end_point, sizeof info->end_point);
    info->end_point_len = seen ? v->end_point_len : t->end_point_len;
    if (!t->resumed) {
        memcpy(info->unique, t->engine->saved_finished, sizeof info->unique);
        info->unique_len = sizeof info->unique;
    }
}

static void transport_up(parley_tls_transport *t)
{
    parley_tls_info info;

    if (t->offers_session)
        t->resumed = !t->verifier.chain_seen;
    transport_info(t, &info);
    parley_wipe(t->verifier.handshake, sizeof *t->verifier.handshake); /* the core's again */
    t->up = true;
    (void)t->calls->tls_up(t->core, &info);
}

/* The core waits for TLS and has nothing left to say in the clear (RFC 6120 13.4). */
static void transport_switch(parley_tls_transport *t)
{
    t->mode = TLS;
    t->quiet = true;
    if (t->calls->client && !t->direct && t->left_over)
        transport_fail(t, PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 0); /* RFC 6120 5.4.3.1 */
    else if (!t->calls->start(t))
        transport_fail(t, PARLEY_ERROR_TLS_HANDSHAKE, br_ssl_engine_last_error(t->engine));
}

/* A record of the handshake once it is over, unless BearSSL has found it wrong by itself. It
   would refuse by an alert and go on; the connection is to end at once (RFC 6120 5.3.5). The
   handshake may be over before our Finished has left: BearSSL says so once ours is written, and
   until then leaves what comes behind the peer's where it is. */
static bool transport_renegotiates(const parley_tls_transport *t)
{
    const br_ssl_engine_context *engine = t->engine;
    const bool behind = engine->incrypt && engine->ixa != engine->ixb;

    return engine->record_type_in == HANDSHAKE_RECORD && engine->ixa >= RECORD_HEADER &&
           (t->up || engine->application_data != 0 || behind) &&
           br_ssl_engine_current_state(engine) != BR_SSL_CLOSED;
}

/* Moves what it can in one round; false: nothing moved (RFC 6120 5.4.3.1). */
static bool transport_round(parley_tls_transport *t)
{
    bool moved = false;
    size_t room, len, n;
    unsigned char *in = br_ssl_engine_recvapp_buf(t->engine, &len);
    const void *data;

    if (in != NULL) {
        n = transport_core_push(t, in, len);
        if (n > 0)
            br_ssl_engine_recvapp_ack(t->engine, n);
        moved = n > 0;
    }
    data = t->calls->out_buf(t->core, &len);
    in = br_ssl_engine_sendapp_buf(t->engine, &room);
    if (data != NULL && len > 0 && in != NULL && room > 0) {
        n = len < room ? len : room;
        memcpy(in, data, n);
        br_ssl_engine_sendapp_ack(t->engine, n);
        transport_core_ack(t, data, n);
        moved = true;
    }
    return moved;
}

/* The core has said everything: our close_notify, and that is all (RFC 6120 4.4). */
static void transport_close(parley_tls_transport *t)
{
    size_t len;

    if (!t->up)
        transport_drop(t);
    if (!t->closing && (t->calls->out_buf(t->core, &len) == NULL || len == 0)) {
        t->closing = true;
        br_ssl_engine_close(t->engine);
    }
    if (t->closing && !transport_unsent(t))
        transport_over(t);
}

/* The wire has ended, and that cannot be judged yet: the core has still to take
   what came before, or the peer's close_notify waits for ours. (After it BearSSL
   takes no application data, and only has its own close_notify to send.) */
static bool transport_undecided(const parley_tls_transport *t)
{
    size_t len;

    return t->up && (br_ssl_engine_recvapp_buf(t->engine, &len) != NULL ||
                     (t->engine->application_data == 0 && transport_unsent(t)));
}

static void transport_pump(parley_tls_transport *t)
{
    const unsigned app = BR_SSL_SENDAPP | BR_SSL_RECVAPP;
    const unsigned core = transport_state(t);
    const parley_verifier *v = &t->verifier;

    if (t->mode == CLEAR && (core & PARLEY_IS_CLOSED))
        parley_wipe(t->engine, sizeof *t->engine); /* TLS never began: the seed, a session */
    if (t->mode == CLEAR && (core & PARLEY_WAITS_TLS) && !(core & PARLEY_HAS_OUTPUT))
        transport_switch(t);
    if (t->mode == TLS && !t->up && v->clients != NULL && v->clients->refuses(v))
        transport_refuse(t, (int)v->error, v->code, v->detail);
    if (t->mode != TLS)
        return;
    if (!t->up && (br_ssl_engine_current_state(t->engine) & app))
        transport_up(t);
    if (transport_renegotiates(t)) {
        transport_fail(t, PARLEY_ERROR_TLS_RECORD, BR_ERR_UNEXPECTED);
        return;
    }
    if (t->up) {
        while (transport_round(t))
            continue;
        br_ssl_engine_flush(t->engine, 0);
    }
    if (br_ssl_engine_current_state(t->engine) == BR_SSL_CLOSED) {
        if (t->closing)
            transport_over(t);
        else
            transport_closed(t);
        return;
    }
    if (transport_state(t) & PARLEY_IS_CLOSED)
        transport_close(t);
    else if (t->ended && !transport_undecided(t))
        transport_fail(t, PARLEY_ERROR_TLS_TRUNCATED, 0);
}

static size_t transport_push_records(parley_tls_transport *t, const unsigned char *data, size_t len)
{
    size_t taken = 0;
    bool moved = true, pause = false;

    if (t->calls->client && !t->direct && !t->hello_sent && len > 0) {
        /* A server speaks TLS only when spoken to: this was sent in the clear. */
        transport_fail(t, PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 0);
        return 0;
    }
    while (t->mode == TLS && moved && !pause) {
        bool fed;
        size_t n;

        t->quiet = !transport_unsent(t);
        n = parley_tls_pieces_push(&t->pieces, t->engine, data + taken, len - taken, &fed, &pause);
        taken += n;
        moved = fed || n > 0;
        if (fed)
            transport_pump(t);
    }
    return taken;
}

size_t parley_tls_transport_push(parley_tls_transport *t, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    size_t taken = 0, n;

    if (t->ended || len == 0)
        return 0;
    transport_pump(t);
    if (t->mode == CLEAR) {
        while (taken < len && (n = transport_core_push(t, bytes + taken, len - taken)) > 0)
            taken += n;
        t->left_over = taken < len;
        transport_pump(t);
    }
    /* On a server the rest is TLS's, once <proceed/> has left. */
    if (t->mode == TLS)
        taken += transport_push_records(t, bytes + taken, len - taken);
    return taken;
}

void parley_tls_transport_finish(parley_tls_transport *t)
{
    const bool again = t->ended;

    t->ended = true;
    if (t->mode == CLEAR) {
        if (!again)
            t->calls->finish(t->core);
        return;
    }
    transport_pump(t);
    while (again && t->mode == TLS && transport_unsent(t)) {
        size_t len;

        /* Nor can anything be sent any more. */
        (void)br_ssl_engine_sendrec_buf(t->engine, &len);
        br_ssl_engine_sendrec_ack(t->engine, len);
        transport_pump(t);
    }
}

const void *parley_tls_transport_out_buf(const parley_tls_transport *t, size_t *len)
{
    *len = 0;
    if (t->mode == CLEAR)
        return t->calls->out_buf(t->core, len);
    if (t->mode == TLS)
        return br_ssl_engine_sendrec_buf(t->engine, len);
    *len = (size_t)(t->alert_len - t->alert_at);
    return *len > 0 ? t->alert + t->alert_at : NULL;
}

void parley_tls_transport_out_ack(parley_tls_transport *t, size_t len)
{
    size_t limit;
    const void *data = parley_tls_transport_out_buf(t, &limit);

    if (len > limit)
        len = limit;
    if (len == 0)
        return;
    if (t->mode == CLEAR) {
        transport_core_ack(t, data, len);
    } else if (t->mode == TLS) {
        t->hello_sent = true;
        br_ssl_engine_sendrec_ack(t->engine, len);
    } else {
        t->alert_at = (uint8_t)(t->alert_at + len);
    }
}

bool parley_tls_transport_info(const parley_tls_transport *t, parley_tls_info *info)
{
    if (t->mode != TLS || !t->up)
        return false;
    transport_info(t, info);
    return true;
}

unsigned parley_tls_transport_run(parley_tls_transport *t)
{
    const unsigned both = PARLEY_HAS_EVENT | PARLEY_HAS_REQUEST | PARLEY_HAS_WORK | PARLEY_IS_READY;
    unsigned core, state;
    size_t len;

    transport_pump(t);
    core = transport_state(t);
    state = core & both;
    if (parley_tls_transport_out_buf(t, &len) != NULL && len > 0)
        state |= PARLEY_HAS_OUTPUT;
    if (t->mode == CLEAR && !t->ended)
        state |= core & PARLEY_WANTS_INPUT;
    if (t->mode == TLS && !t->ended && br_ssl_engine_recvrec_buf(t->engine, &len) != NULL)
        state |= PARLEY_WANTS_INPUT;
    if (t->mode != TLS && (core & PARLEY_IS_CLOSED) && (t->ended || !(state & PARLEY_HAS_OUTPUT)))
        state |= PARLEY_IS_CLOSED;
    return state;
}
