#include "session.h"

#include "clock.h"
#include "entropy.h"
#include "patience.h"
#include "signals.h"
#include "status.h"
#include "transport.h"

#include <errno.h>
#include <parley/insecure.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SEED_SIZE   32
#define RANDOM_MOST 256

/* Key derivation for one round: about a millisecond. */
#define WORK_SLICE 1024

/* How long a session that is interrupted or over may take to send what is left. */
#define STOP_MILLISECONDS 3000

/* How long a silent peer gets to take the last bytes. */
#define GIVE_UP_MILLISECONDS 200

/* The five calls that face the wire, with and without TLS. */

static unsigned wire_run(session *s)
{
    return s->settings->insecure ? parley_client_state(&s->bare) : parley_tls_client_run(&s->tls);
}

static const void *wire_out_buf(session *s, size_t *len)
{
    return s->settings->insecure ? parley_client_out_buf(&s->bare, len)
                                 : parley_tls_client_out_buf(&s->tls, len);
}

static void observe(void *context, bool sent, const char *state, const void *data, size_t len)
{
    const session *s = context;
    const session_watch *watch = s->settings->watch;

    if (s->settings->tracer != NULL) {
        trace_bytes(s->settings->tracer, sent, state, data, len);
    }
    if (watch != NULL && watch->bytes != NULL) {
        watch->bytes(watch->context, sent, state, data, len);
    }
}

static void wire_out_ack(session *s, const void *data, size_t len)
{
    if (!s->settings->insecure) {
        parley_tls_client_out_ack(&s->tls, len);
        return;
    }
    observe(s, true, parley_client_state_name(&s->bare), data, len);
    parley_client_out_ack(&s->bare, len);
}

static size_t wire_push(session *s, const void *data, size_t len)
{
    const char *state = parley_client_state_name(s->core);
    size_t taken;

    if (!s->settings->insecure) {
        return parley_tls_client_push(&s->tls, data, len);
    }
    taken = parley_client_push(&s->bare, data, len);
    if (taken > 0) {
        observe(s, false, state, data, taken);
    }
    return taken;
}

static void wire_finish(session *s)
{
    if (s->settings->insecure) {
        parley_client_finish(&s->bare);
    } else {
        parley_tls_client_finish(&s->tls);
    }
}

/* Beginning. */

static bool refuse_setup(failure *f, parley_code why)
{
    return failure_set(f, STATUS_LOCAL, parley_code_name(why), "%s", parley_code_text(why));
}

static bool begin_bare(session *s, size_t work_size, failure *f)
{
    parley_code why = PARLEY_ERROR_LOCAL;

    s->core = &s->bare;
    if (parley_client_init(&s->bare, sizeof s->bare, s->settings->tls->core, s->work, work_size,
                           &why) != PARLEY_OK ||
        parley_client_begin_insecure(&s->bare) != PARLEY_OK) {
        return refuse_setup(f, why);
    }
    return true;
}

static bool begin_tls(session *s, size_t work_size, failure *f)
{
    parley_code why = PARLEY_ERROR_LOCAL;
    unsigned char seed[SEED_SIZE];
    parley_tls_session_input input;
    parley_result result;
    kept_secrets *kept = s->settings->kept;

    s->core = &s->tls.core;
    if (!entropy_fill(seed, sizeof seed)) {
        return refuse_setup(f, PARLEY_ERROR_NO_ENTROPY);
    }
    memset(&input, 0, sizeof input);
    input.work = s->work;
    input.work_len = work_size;
    input.buffer = s->buffer;
    input.buffer_len = PARLEY_TLS_BUFFER_SIZE;
    input.seed = seed;
    input.seed_len = sizeof seed;
    input.unix_time = (int64_t)time(NULL);
    result = parley_tls_client_init(&s->tls, sizeof s->tls, s->settings->tls, &input, &why);
    entropy_wipe(seed, sizeof seed);
    if (result != PARLEY_OK) {
        return refuse_setup(f, why);
    }
    if (kept != NULL && kept->has_tls) {
        (void)parley_tls_client_resume(&s->tls, &kept->tls);
    }
    parley_tls_client_observe(&s->tls, observe, s);
    if (s->settings->watch != NULL && s->settings->watch->certificate != NULL) {
        parley_tls_client_watch(&s->tls, s->settings->watch->certificate,
                                s->settings->watch->context);
    }
    return true;
}

bool session_open(session *s, const session_settings *settings, session_handler handler, int fd,
                  failure *f)
{
    size_t work_size = parley_client_work_size(settings->tls->core);
    bool good;

    memset(s, 0, sizeof *s);
    s->settings = settings;
    s->handler = handler;
    s->fd = fd;
    s->stop = CLOCK_NEVER;
    s->phase_deadline = CLOCK_NEVER;
    s->work = malloc(work_size);
    s->buffer = malloc(PARLEY_TLS_BUFFER_SIZE);
    if (s->work == NULL || s->buffer == NULL) {
        good = failure_set(f, STATUS_LOCAL, "local", "no memory for a session");
    } else if (settings->insecure) {
        good = begin_bare(s, work_size, f);
    } else {
        good = begin_tls(s, work_size, f);
    }
    if (!good) {
        session_close(s);
    } else if (settings->kept != NULL) {
        settings->kept->offered = !settings->insecure && settings->kept->has_tls;
        parley_client_keep_keys(s->core, &settings->kept->keys);
    }
    return good;
}

void session_close(session *s)
{
    if (s->work != NULL && s->settings != NULL) {
        entropy_wipe(s->work, parley_client_work_size(s->settings->tls->core));
    }
    free(s->work);
    if (s->buffer != NULL) {
        entropy_wipe(s->buffer, PARLEY_TLS_BUFFER_SIZE);
    }
    free(s->buffer);
    if (s->fd >= 0) {
        close(s->fd);
    }
    entropy_wipe(s, sizeof *s);
    s->fd = -1;
}

/* Requests. */

static void answer_random(session *s, size_t len)
{
    unsigned char bytes[RANDOM_MOST];
    parley_answer answer = {PARLEY_ANSWER_RANDOM, {(const char *)bytes, len}, NULL};

    if (len > sizeof bytes || !entropy_fill(bytes, len)) {
        parley_client_refuse(s->core, PARLEY_REFUSE_UNAVAILABLE);
        return;
    }
    parley_client_answer(s->core, &answer);
    entropy_wipe(bytes, sizeof bytes);
}

/* With the keys of an earlier login, which save the derivation. False: there are none, or they
   are of another salt, iteration count or mechanism. */
static bool answer_keys(session *s)
{
    const kept_secrets *kept = s->settings->kept;
    parley_answer answer = {PARLEY_ANSWER_CLIENT_KEYS, {NULL, sizeof kept->keys}, NULL};

    if (kept == NULL || kept->keys.key_len == 0) {
        return false;
    }
    answer.bytes.data = (const char *)&kept->keys;
    if (parley_client_answer(s->core, &answer) == PARLEY_MISUSE) {
        return false;
    }
    if (s->settings->tracer != NULL) {
        trace_note(s->settings->tracer, "SCRAM keys of an earlier login, in place of the password");
    }
    return true;
}

static void answer_credential(session *s)
{
    password *secret = s->settings->secret;
    parley_answer answer = {PARLEY_ANSWER_PASSWORD, {secret->text, secret->len}, NULL};

    if (answer_keys(s)) {
        return;
    }
    if (secret->len == 0) {
        parley_client_refuse(s->core, PARLEY_REFUSE_UNAVAILABLE);
        return;
    }
    /* PARLEY_REFUSED has failed the session: its outcome says why. */
    (void)parley_client_answer(s->core, &answer);
    if (!s->settings->keep_secret) {
        entropy_wipe(secret, sizeof *secret);
    }
}

static void answer_request(session *s)
{
    parley_request request;

    if (!parley_client_request(s->core, &request)) {
        return;
    }
    if (request.kind == PARLEY_REQUEST_RANDOM) {
        answer_random(s, request.random_len);
    } else if (request.kind == PARLEY_REQUEST_CREDENTIAL) {
        answer_credential(s);
    } else {
        parley_client_refuse(s->core, PARLEY_REFUSE_DENIED);
    }
}

/* The wire. */

static void write_some(session *s)
{
    const void *data;
    size_t len;

    while ((data = wire_out_buf(s, &len)) != NULL && len > 0) {
        long put = s->broken ? (long)len : transport_write(s->fd, data, len);

        if (put == -1) {
            return;
        }
        if (put < 0) {
            /* What the peer has sent may still be read: it may say why. */
            s->network_error = errno;
            s->broken = true;
            continue;
        }
        wire_out_ack(s, data, (size_t)put);
        wire_run(s);
    }
}

static void read_some(session *s)
{
    long got = transport_read(s->fd, s->input, sizeof s->input);

    if (got > 0) {
        s->input_start = 0;
        s->input_end = (size_t)got;
    } else if (got != -1) {
        s->ended = true;
        if (got == -2) {
            s->network_error = errno;
        }
    }
}

/* Whether the session took something in. */
static bool feed(session *s)
{
    size_t taken = 0;

    if (s->input_start < s->input_end) {
        taken = wire_push(s, s->input + s->input_start, s->input_end - s->input_start);
        s->input_start += taken;
        return taken > 0;
    }
    if (s->ended && !s->finished) {
        s->finished = true;
        wire_finish(s);
        return true;
    }
    return false;
}

/* Deadlines and signals. */

static void watch_phase(session *s)
{
    uint32_t phase = s->phase;
    uint32_t milliseconds = parley_client_deadline(s->core, &phase);

    if (phase != s->phase || (s->phase_deadline == CLOCK_NEVER && milliseconds > 0)) {
        s->phase = phase;
        s->phase_deadline = milliseconds > 0 ? clock_now() + milliseconds : CLOCK_NEVER;
    }
    if (clock_left(s->phase_deadline) == 0) {
        s->phase_deadline = CLOCK_NEVER;
        parley_client_expired(s->core, phase);
    }
}

static void watch_signals(session *s)
{
    if (!s->stopping && signals_taken() != 0) {
        s->stopping = true;
        s->stop = clock_now() + STOP_MILLISECONDS;
        parley_client_close(s->core);
    }
}

void session_give_up(session *s)
{
    s->stop = clock_now() + GIVE_UP_MILLISECONDS;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void wait(session *s, unsigned state, int64_t wake)
{
    struct pollfd polled[2] = {{s->fd, 0, 0}, {s->stopping ? -1 : signals_fd(), POLLIN, 0}};
    int milliseconds = clock_left(earlier(wake, earlier(s->phase_deadline, s->stop)));

    if (!s->ended && s->input_start == s->input_end && (state & PARLEY_WANTS_INPUT) != 0) {
        polled[0].events |= POLLIN;
    }
    if ((state & PARLEY_HAS_OUTPUT) != 0 && !s->broken) {
        polled[0].events |= POLLOUT;
    }
    if (polled[0].events == 0) {
        polled[0].fd = -1; /* a peer that hung up would wake poll() for nothing */
    }
    if ((state & PARLEY_HAS_WORK) != 0) {
        milliseconds = 0;
    }
    patience_end();
    poll(polled, 2, milliseconds);
    if ((polled[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
        (polled[0].events & POLLIN) != 0) {
        read_some(s);
    }
}

static bool holds(const session *s)
{
    return s->handler.holds != NULL && s->handler.holds(s->handler.context);
}

/* One round. False: the session is over and everything has been sent. */
static bool round_of(session *s)
{
    unsigned state = wire_run(s);
    parley_event event;
    int64_t wake;

    if ((state & PARLEY_HAS_EVENT) != 0 && !holds(s) && parley_client_event(s->core, &event)) {
        if (event.kind == PARLEY_EVENT_AUTHENTICATED && s->settings->kept != NULL) {
            kept_take(s->settings->kept, s->settings->insecure ? NULL : &s->tls,
                      s->settings->tls->core, &event);
        }
        s->handler.event(s->handler.context, &event);
        return true;
    }
    if ((state & PARLEY_HAS_REQUEST) != 0) {
        answer_request(s);
        return true;
    }
    watch_signals(s);
    watch_phase(s);
    write_some(s); /* first, so that the step finds room */
    wake = s->handler.step(s->handler.context);
    wire_run(s);
    write_some(s);
    state = wire_run(s);
    if ((state & (PARLEY_IS_CLOSED | PARLEY_HAS_OUTPUT | PARLEY_HAS_EVENT)) == PARLEY_IS_CLOSED ||
        clock_left(s->stop) == 0) {
        return false;
    }
    if ((parley_client_state(s->core) & PARLEY_IS_CLOSED) != 0 && s->stop == CLOCK_NEVER) {
        s->stop = clock_now() + STOP_MILLISECONDS; /* the peer may not take the last bytes */
    }
    if (holds(s)) {
        if ((state & PARLEY_HAS_OUTPUT) != 0) {
            wait(s, state, wake);
        }
        return true;
    }
    if ((state & (PARLEY_HAS_EVENT | PARLEY_HAS_REQUEST)) != 0 || feed(s)) {
        return true;
    }
    state = wire_run(s); /* a push that takes nothing may still end a token that waited */
    if ((state & (PARLEY_HAS_EVENT | PARLEY_HAS_REQUEST)) != 0) {
        return true;
    }
    if ((state & PARLEY_HAS_WORK) != 0) {
        parley_client_work(s->core, WORK_SLICE);
    } else if (s->finished && (state & PARLEY_HAS_OUTPUT) == 0) {
        return false; /* nothing can come any more, and nothing is left to do */
    }
    wait(s, wire_run(s), wake);
    return true;
}

/* Closing a socket with unread input resets the connection, and what was sent
   last may be lost with it; so the peer may close first, for a moment. */
static void let_peer_close(session *s)
{
    int64_t deadline = clock_now() + 500;

    shutdown(s->fd, SHUT_WR);
    while (!s->ended && clock_left(deadline) > 0) {
        struct pollfd polled = {s->fd, POLLIN, 0};

        poll(&polled, 1, clock_left(deadline));
        read_some(s);
    }
}

void session_run(session *s)
{
    do {
        if (s->settings->patience > 0) {
            patience_begin(signals_taken() != 0 ? 1 : s->settings->patience);
        }
    } while (round_of(s));
    patience_end();
    if (!s->broken && s->network_error == 0 && clock_left(s->stop) != 0) {
        let_peer_close(s);
    }
}
