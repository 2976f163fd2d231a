/* One connection of parley serve: bytes between the socket and the session, the
   session's requests, its events.

   life: FREE -> OPEN (begin) -> LINGERING (all was said) -> FREE (drop).
   `joined` says that the router knows the session; leave is called as soon as
   the session is not ready any more, whatever the reason. */
#include "serve.h"

#include "clock.h"
#include "entropy.h"
#include "status.h"
#include "transport.h"

#include <parley/insecure.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 64 /* at a stretch, before others get their turn */

static bool in_clear(const connection *c)
{
    return c->kind == CONNECTION_INSECURE;
}

static parley_server *core_of(const connection *c)
{
    return &c->tls->core;
}

static unsigned run(const connection *c)
{
    return in_clear(c) ? parley_server_state(core_of(c)) : parley_tls_server_run(c->tls);
}

static size_t push(const connection *c, const void *data, size_t len)
{
    return in_clear(c) ? parley_server_push(core_of(c), data, len)
                       : parley_tls_server_push(c->tls, data, len);
}

static void finish(const connection *c)
{
    if (in_clear(c)) {
        parley_server_finish(core_of(c));
    } else {
        parley_tls_server_finish(c->tls);
    }
}

static const void *out_buf(const connection *c, size_t *len)
{
    return in_clear(c) ? parley_server_out_buf(core_of(c), len)
                       : parley_tls_server_out_buf(c->tls, len);
}

static void out_ack(const connection *c, size_t len)
{
    if (in_clear(c)) {
        parley_server_out_ack(core_of(c), len);
    } else {
        parley_tls_server_out_ack(c->tls, len);
    }
}

static void log_event(server *s, const connection *c, const char *event, const char *name,
                      parley_string value)
{
    const serve_log_field field = {name, value};
    serve_log_event(&s->log, c->number, event, &field, 1);
}

/* Whoever reads the log sees who guesses, and from where. */
static void log_failure(server *s, connection *c)
{
    parley_sasl_condition last;
    unsigned failures = parley_server_failures(core_of(c), &last);

    if (failures > c->failures && last != PARLEY_SASL_NONE) {
        const serve_log_field fields[3] = {{"user",
                                            {c->named_len > 0 ? c->named : NULL, c->named_len}},
                                           {"condition",
                                            parley_string_of(parley_sasl_condition_name(last))},
                                           {"from", parley_string_of(c->peer)}};
        serve_log_event(&s->log, c->number, "not-authenticated", fields, 3);
        c->failures = failures;
        c->named_len = 0;
    }
}

static void drop(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    close(c->fd);
    c->fd = -1;
    c->life = CONNECTION_FREE;
    s->open--;
}

/* The session is over and everything that could be sent has been. */
static void end(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    const parley_outcome *outcome = parley_server_outcome(core_of(c));
    char tls[64] = "";
    serve_log_field fields[6] = {
        {"outcome", parley_string_of(outcome->code ? parley_code_name(outcome->code) : "in-order")},
        {"state",
         parley_string_of(outcome->code ? parley_server_state_text(outcome->state) : "closed")},
        {"jid", parley_server_jid(core_of(c))},
        {"condition", parley_string_of(parley_condition_name(outcome->condition))},
        {"tls", {NULL, 0}},
        {"text", {NULL, 0}}};

    if (outcome->code) {
        fields[5].value = parley_string_of(parley_code_text(outcome->code));
    }
    if (outcome->tls_code) {
        snprintf(tls, sizeof(tls), "%s", parley_tls_error_text(outcome->tls_code));
        fields[4].value = parley_string_of(tls);
    }
    for (size_t i = 2; i < 4; i++) {
        if (fields[i].value.len == 0) {
            fields[i].value.data = NULL;
        }
    }
    serve_log_event(&s->log, c->number, "closed", fields, 6);
    if (c->ended || c->broken || shutdown(c->fd, SHUT_WR) != 0) {
        drop(s, slot);
        return;
    }
    c->life = CONNECTION_LINGERING; /* closing at once could take back what was sent last */
    c->wants = POLLIN;
    c->due = clock_now() + SERVE_LINGER;
}

static void break_off(connection *c)
{
    if (!c->broken) {
        c->broken = true;
        c->ended = true;
        finish(c);
        finish(c); /* nor can anything be sent: TLS drops what it holds */
    }
}

void connection_begin(server *s, uint32_t slot, int fd, connection_kind kind, const char *peer)
{
    connection *c = &s->connections[slot];
    unsigned char seed[64];
    parley_tls_session_input input = {.work = c->work,
                                      .work_len = s->work_size,
                                      .buffer = c->buffer,
                                      .buffer_len = PARLEY_TLS_BUFFER_SIZE,
                                      .seed = seed,
                                      .seed_len = sizeof(seed),
                                      .unix_time = time(NULL)};
    parley_code why = PARLEY_NO_ERROR;
    parley_result result;

    if (!entropy_fill(seed, sizeof(seed))) {
        close(fd);
        return;
    }
    if (kind == CONNECTION_INSECURE) {
        result = parley_server_init(core_of(c), sizeof(parley_server), &s->cores[kind], c->work,
                                    input.work_len, &why);
        if (result == PARLEY_OK) {
            result = parley_server_begin_insecure(core_of(c));
        }
    } else {
        result = parley_tls_server_init(c->tls, sizeof(*c->tls), &s->tls[kind], &input, &why);
    }
    entropy_wipe(seed, sizeof(seed));
    if (result != PARLEY_OK) {
        serve_log_field field = {"reason", parley_string_of(parley_code_name(why))};
        serve_log_event(&s->log, 0, "refused", &field, 1);
        close(fd);
        return;
    }
    c->fd = fd;
    c->kind = kind;
    c->life = CONNECTION_OPEN;
    c->number = ++s->numbers;
    c->user = USERS_NONE;
    c->phase = 0;
    c->phase_at = clock_now();
    c->moved_at = c->phase_at;
    c->negotiate_by = c->phase_at + (int64_t)s->options->timeout * 1000;
    c->input_start = 0;
    c->input_end = 0;
    c->joined = false;
    c->failures = 0;
    c->named_len = 0;
    c->guesses = false;
    c->ended = false;
    c->broken = false;
    c->hung = false;
    c->dirty = true;
    c->wants = POLLIN;
    c->due = CLOCK_NEVER;
    snprintf(c->peer, sizeof(c->peer), "%s", peer);
    s->open++;
    log_event(s, c, "connected", "from", parley_string_of(c->peer));
}

/* The local user that SASL settled on: a localpart, or a bare JID. */
static uint32_t user_of(const server *s, parley_string identity)
{
    char buffer[PARLEY_JID_SIZE];
    parley_jid jid;
    if (memchr(identity.data, '@', identity.len)) {
        if (parley_jid_parse(&jid, identity, buffer, sizeof(buffer), NULL) != PARLEY_OK) {
            return USERS_NONE;
        }
        return users_find(&s->accounts, jid.local);
    }
    return users_find(&s->accounts, identity);
}

static void log_tls(server *s, const connection *c, const parley_tls_info *tls)
{
    const serve_log_field fields[3] = {
        {"suite", parley_string_of(parley_tls_suite_name(tls->suite))},
        {"handshake", parley_string_of(tls->resumed ? "resumed" : "full")},
        {"client_certificate", parley_string_of(tls->verified ? "verified" : "none")}};
    serve_log_event(&s->log, c->number, "tls", fields, 3);
}

static void handle_event(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    parley_event event;

    if (!parley_server_event(core_of(c), &event)) {
        return;
    }
    switch (event.kind) {
    case PARLEY_EVENT_TLS:
        log_tls(s, c, event.tls);
        break;
    case PARLEY_EVENT_AUTHENTICATED: {
        const serve_log_field fields[2] = {{"user", event.user}, {"mechanism", event.mechanism}};
        c->user = user_of(s, event.user);
        if (c->guesses) {
            parley_lockout_succeeded(&s->lockout, &c->guess, (uint64_t)clock_now());
        }
        serve_log_event(&s->log, c->number, "authenticated", fields, 2);
        break;
    }
    case PARLEY_EVENT_BOUND:
        c->negotiate_by = CLOCK_NEVER;
        log_event(s, c, "bound", "jid", event.jid);
        router_join(&s->routes, slot, core_of(c), c->user);
        c->joined = true;
        break;
    case PARLEY_EVENT_STANZA:
        router_stanza(&s->routes, slot, event.element);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        log_event(s, c, "stream-error", "condition",
                  parley_string_of(parley_condition_name(event.condition)));
        break;
    default:
        break;
    }
}

/* Writes what there is. True: some of it went. */
static bool write_out(connection *c)
{
    bool moved = false;
    size_t len = 0;
    const void *data;

    while (!c->broken && (data = out_buf(c, &len)) != NULL && len > 0) {
        long sent = transport_write(c->fd, data, len);
        if (sent == -1) {
            return moved;
        }
        if (sent < 0) {
            break_off(c);
            return true;
        }
        out_ack(c, (size_t)sent);
        c->moved_at = clock_now();
        moved = true;
        if (!in_clear(c)) {
            parley_tls_server_run(c->tls);
        }
    }
    if (!c->broken) {
        c->moved_at = clock_now(); /* nothing waits */
    }
    while (c->broken && in_clear(c) && out_buf(c, &len) && len > 0) {
        out_ack(c, len);
    }
    return moved;
}

void connection_flush(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    if (c->life != CONNECTION_OPEN) {
        return;
    }
    run(c);
    while (write_out(c)) {
        run(c);
    }
    c->dirty = true;
}

/* Reads what the session wants to have, once. */
static void read_in(connection *c)
{
    long got;
    if (c->ended || c->input_start < c->input_end) {
        return;
    }
    got = transport_read(c->fd, c->input, SERVE_INPUT_SIZE);
    if (got == -1) {
        return;
    }
    if (got > 0) {
        c->input_start = 0;
        c->input_end = (uint16_t)got;
        return;
    }
    c->ended = true;
    if (got == 0) {
        finish(c);
    } else {
        break_off(c);
    }
}

/* What came was no XML where the peer's header was due. RFC 6120 4.4 lets the peer close its stream
   in its own time; it has none, so once the error has left nothing is waited for. */
static bool was_no_stream(const connection *c)
{
    static const char end[] = "_header";
    const parley_outcome *outcome = parley_server_outcome(core_of(c));
    const char *state = outcome->code ? parley_server_state_text(outcome->state) : "";
    size_t len = strlen(state);
    size_t left = 0;

    out_buf(c, &left);
    return outcome->code > PARLEY_ERROR_XML && outcome->code <= PARLEY_ERROR_XML_INCOMPLETE &&
           len >= sizeof(end) && strcmp(state + len + 1 - sizeof(end), end) == 0 && left == 0;
}

static bool end_wait(const connection *c)
{
    uint32_t phase = 0;

    if (parley_server_deadline(core_of(c), &phase) == 0 || !was_no_stream(c)) {
        return false;
    }
    parley_server_expired(core_of(c), phase);
    return true;
}

/* One round. True: something moved, and another may move more. */
static bool step(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    unsigned state = run(c);
    bool moved = false;

    log_failure(s, c);
    if (state & PARLEY_HAS_REQUEST) {
        connection_answer(s, c);
        return true;
    }
    if (state & PARLEY_HAS_WORK) {
        parley_server_work(core_of(c), SERVE_WORK);
        c->dirty = true; /* after the others' turn */
        return (parley_server_state(core_of(c)) & PARLEY_HAS_WORK) == 0;
    }
    if ((state & PARLEY_HAS_EVENT) &&
        !(c->joined && (state & PARLEY_IS_READY) && router_held(&s->routes, slot))) {
        handle_event(s, slot);
        return true;
    }
    if (c->joined && !(state & PARLEY_IS_READY)) {
        router_leave(&s->routes, slot); /* what it said before has been handled */
        c->joined = false;
        return true;
    }
    if (c->joined && router_pump(&s->routes, slot)) {
        moved = true;
    }
    if (!moved && c->input_start < c->input_end && (run(c) & PARLEY_WANTS_INPUT)) {
        size_t taken = push(c, c->input + c->input_start, (size_t)(c->input_end - c->input_start));
        c->input_start = (uint16_t)(c->input_start + taken);
        /* a push that takes nothing may still end a token that waited */
        moved = taken > 0 || (run(c) & (PARLEY_HAS_EVENT | PARLEY_HAS_REQUEST));
    }
    return write_out(c) || moved || end_wait(c);
}

/* When the session must be looked at again without anything happening. */
static void set_due(connection *c, bool output, int64_t patience)
{
    uint32_t phase = c->phase;
    uint32_t left = parley_server_deadline(core_of(c), &phase);
    if (phase != c->phase) {
        c->phase = phase;
        c->phase_at = clock_now();
    }
    c->due = left > 0 ? c->phase_at + left : CLOCK_NEVER;
    if (c->negotiate_by < c->due) {
        c->due = c->negotiate_by;
    }
    if (output && c->moved_at + patience < c->due) {
        c->due = c->moved_at + patience;
    }
}

static void drain(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    long got;
    do {
        got = transport_read(c->fd, c->input, SERVE_INPUT_SIZE);
    } while (got > 0);
    if (got != -1) {
        drop(s, slot);
    }
}

void connection_service(server *s, uint32_t slot, short ready)
{
    connection *c = &s->connections[slot];
    unsigned state;
    size_t len = 0;
    bool output;
    int rounds = 0;

    if (c->life == CONNECTION_LINGERING && ready) {
        drain(s, slot);
    }
    if (c->life != CONNECTION_OPEN) {
        return;
    }
    c->dirty = false;
    if (ready & (POLLHUP | POLLERR)) {
        c->hung = true;
    }
    if ((ready & (POLLIN | POLLHUP | POLLERR)) &&
        (c->wants & POLLIN || ready & (POLLHUP | POLLERR))) {
        read_in(c);
    }
    while (step(s, slot)) {
        if (++rounds == ROUNDS) {
            c->dirty = true;
            break;
        }
    }
    state = run(c);
    out_buf(c, &len);
    output = len > 0 && !c->broken;
    if ((state & PARLEY_IS_CLOSED) && !output &&
        !(parley_server_state(core_of(c)) & PARLEY_HAS_EVENT)) {
        if (c->joined) {
            router_leave(&s->routes, slot);
            c->joined = false;
        }
        end(s, slot);
        return;
    }
    c->wants = (short)(output ? POLLOUT : 0);
    if ((state & PARLEY_WANTS_INPUT) && !c->ended && c->input_start == c->input_end) {
        c->wants |= POLLIN;
    }
    set_due(c, output, serve_patience(s));
}

void connection_expire(server *s, uint32_t slot, int64_t now)
{
    connection *c = &s->connections[slot];
    uint32_t phase = c->phase;
    uint32_t left;
    size_t len = 0;

    if (c->life == CONNECTION_LINGERING) {
        drop(s, slot);
        return;
    }
    if (now >= c->negotiate_by) {
        c->negotiate_by = CLOCK_NEVER;
        parley_server_fail(core_of(c), PARLEY_ERROR_STREAM_DEADLINE, PARLEY_CONNECTION_TIMEOUT);
    }
    out_buf(c, &len);
    if (len > 0 && now >= c->moved_at + serve_patience(s)) {
        if (c->joined && router_live(&s->routes, slot)) {
            log_event(s, c, "too-slow", "jid", parley_server_jid(core_of(c)));
            router_end_slow(&s->routes, slot); /* the error may still get through */
            c->moved_at = now;
        } else {
            break_off(c);
        }
    }
    left = parley_server_deadline(core_of(c), &phase);
    if (left > 0 && phase == c->phase && now >= c->phase_at + left) {
        parley_server_expired(core_of(c), phase);
        c->phase_at = now;
    }
    c->dirty = true;
}

void connection_shut(server *s, uint32_t slot)
{
    connection *c = &s->connections[slot];
    if (c->life == CONNECTION_OPEN) {
        if (c->joined) {
            router_leave(&s->routes, slot);
            c->joined = false;
        }
        parley_server_fail(core_of(c), PARLEY_NO_ERROR, PARLEY_SYSTEM_SHUTDOWN);
        c->dirty = true;
    }
}
