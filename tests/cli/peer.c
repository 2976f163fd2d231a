#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include <parley/insecure.h>

#include "cli/peer.h"

#define PATIENCE 20000

static peer the_peer;

/* The server. */

peer *open_peer(void)
{
    peer *p = &the_peer;
    size_t size;

    memset(p, 0, sizeof *p);
    memset(p->secret, 7, sizeof p->secret);
    p->listener = listen_somewhere(&p->port);
    parley_server_config_init(&p->config);
    p->config.secret = p->secret;
    p->config.iterations = 4096;
    size = parley_server_work_size(&p->config);
    p->work = malloc(size);
    assert_non_null(p->work);
    assert_int_equal(parley_server_init(&p->core, sizeof p->core, &p->config, p->work, size, NULL),
                     PARLEY_OK);
    assert_int_equal(parley_server_begin_insecure(&p->core), PARLEY_OK);
    return p;
}

void close_peer(peer *p)
{
    close(p->fd);
    close(p->listener);
    free(p->work);
}

static void answer(peer *p, const parley_request *request)
{
    static const char random[64] = "not random at all, which is what a test wants";
    parley_answer a = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};

    if (request->kind == PARLEY_REQUEST_RANDOM) {
        a.kind = PARLEY_ANSWER_RANDOM;
        a.bytes = (parley_string){random, request->random_len};
    } else if (request->kind == PARLEY_REQUEST_CREDENTIAL) {
        a.kind = PARLEY_ANSWER_PASSWORD;
        a.bytes = parley_string_of("secret");
    } else if (request->kind == PARLEY_REQUEST_BIND) {
        a.kind = PARLEY_ANSWER_RESOURCE;
        a.bytes = parley_string_of("orchard");
    }
    assert_int_equal(parley_server_answer(&p->core, &a), PARLEY_OK);
}

static void say_bytes(peer *p, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = send(p->fd, bytes, len, MSG_NOSIGNAL);

        assert_true(put > 0);
        bytes += put;
        len -= (size_t)put;
    }
}

void say(peer *p, const char *text)
{
    say_bytes(p, text, strlen(text));
}

static size_t read_some(peer *p, char *into, size_t size)
{
    struct pollfd polled = {p->fd, POLLIN, 0};
    ssize_t got;

    assert_int_equal(poll(&polled, 1, PATIENCE), 1);
    got = recv(p->fd, into, size, 0);
    return got > 0 ? (size_t)got : 0;
}

/* One step of the core; true: it stands still and wants input. */
static bool step(peer *p)
{
    unsigned state = parley_server_state(&p->core);
    parley_event event;
    parley_request request;
    size_t len;
    const void *out = parley_server_out_buf(&p->core, &len);

    if (out != NULL) {
        say_bytes(p, out, len);
        parley_server_out_ack(&p->core, len);
    } else if ((state & PARLEY_HAS_EVENT) != 0) {
        parley_server_event(&p->core, &event);
    } else if ((state & PARLEY_HAS_REQUEST) != 0 && parley_server_request(&p->core, &request)) {
        answer(p, &request);
    } else if ((state & PARLEY_HAS_WORK) != 0) {
        parley_server_work(&p->core, 4096);
    } else {
        return true;
    }
    return false;
}

static void log_in(peer *p)
{
    struct pollfd polled = {p->listener, POLLIN, 0};
    char input[4096];
    size_t at = 0;
    size_t end = 0;

    assert_int_equal(poll(&polled, 1, PATIENCE), 1);
    p->fd = accept(p->listener, NULL, NULL);
    assert_true(p->fd >= 0);
    for (int rounds = 0; rounds < 10000; rounds++) {
        if (!step(p)) {
            continue;
        }
        if ((parley_server_state(&p->core) & PARLEY_IS_READY) != 0) {
            p->heard_len = end - at;
            memcpy(p->heard, input + at, end - at);
            return;
        }
        if (at == end) {
            at = 0;
            end = read_some(p, input, sizeof input);
            assert_true(end > 0);
        }
        at += parley_server_push(&p->core, input + at, end - at);
    }
    fail_msg("the login does not come to an end");
}

void hear(peer *p, const char *words)
{
    while (strstr(p->heard, words) == NULL) {
        size_t got = read_some(p, p->heard + p->heard_len, sizeof p->heard - 1 - p->heard_len);

        if (got == 0) {
            fail_msg("no '%s' in: %s", words, p->heard);
        }
        p->heard_len += got;
        p->heard[p->heard_len] = '\0';
    }
}

char *say_and_hear(peer *p, const char *text, const char *words, size_t count)
{
    const size_t size = (size_t)16 << 20;
    char *heard = malloc(size);
    const char *next = heard; /* behind the words that have been counted */
    size_t len = 0;
    size_t left = strlen(text);

    assert_non_null(heard);
    heard[0] = '\0';
    while (left > 0 || count > 0) {
        struct pollfd polled = {p->fd, (short)(left > 0 ? POLLIN | POLLOUT : POLLIN), 0};
        const char *at;
        ssize_t moved;

        assert_int_equal(poll(&polled, 1, PATIENCE), 1);
        if ((polled.revents & POLLOUT) != 0) {
            moved = send(p->fd, text, left, MSG_NOSIGNAL | MSG_DONTWAIT);
            assert_true(moved > 0);
            text += moved;
            left -= (size_t)moved;
            continue;
        }
        moved = recv(p->fd, heard + len, size - 1 - len, 0);
        if (moved <= 0) {
            fail_msg("%zu more '%s' are due", count, words);
        }
        len += (size_t)moved;
        heard[len] = '\0';
        for (; count > 0 && (at = strstr(next, words)) != NULL; count--) {
            next = at + strlen(words);
        }
    }
    return heard;
}

/* The id of the request that was heard last. */
void last_id(const peer *p, char *id, size_t size)
{
    const char *at = NULL;

    for (const char *next = p->heard; (next = strstr(next, " id='")) != NULL; next += 5) {
        at = next + 5;
    }
    assert_non_null(at);
    snprintf(id, size, "%.*s", (int)strcspn(at, "'"), at);
}

void hear_close_and_answer(peer *p)
{
    hear(p, "</stream:stream>");
    say(p, "</stream:stream>");
    shutdown(p->fd, SHUT_WR);
}

/* Starts the command against the peer with `more` arguments, and lets it log in. */
void begin(peer *p, run *r, const char *const more[])
{
    char port[16];
    const char *arguments[32] = {"connect", ACCOUNT, "--host",     "127.0.0.1", "--port", port,
                                 "--tls",   "off",   "--insecure", "--timeout", "15"};
    size_t count = 11;

    snprintf(port, sizeof port, "%u", p->port);
    while (*more != NULL) {
        arguments[count++] = *more++;
    }
    run_start(r, arguments, "", 0, "secret", false);
    log_in(p);
}

void ends(run *r, int status)
{
    run_finish(r);
    if (r->status != status) {
        fail_msg("status %d, not %d; stdout: %s; stderr: %s", r->status, status, r->out, r->err);
    }
    if (strstr(r->out, "secret") != NULL || strstr(r->err, "secret") != NULL) {
        fail_msg("the password was shown: %s%s", r->out, r->err);
    }
}
