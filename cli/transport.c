#include "transport.h"

#include "clock.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* signals_open ignores SIGPIPE there */
#endif

typedef enum attempt {
    ATTEMPT_CONNECTED,
    ATTEMPT_FAILED, /* errno */
    ATTEMPT_SIGNALLED
} attempt;

static int open_socket(int family)
{
    int fd = socket(family, SOCK_STREAM, 0);
    int flags;
    int on = 1;

    if (fd < 0) {
        return -1;
    }
    flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        close(fd);
        return -1;
    }
    /* Small writes follow each other in a negotiation; none should wait. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static attempt wait_connected(int fd, int64_t deadline, int signal_fd)
{
    for (;;) {
        struct pollfd polled[2] = {{fd, POLLOUT, 0}, {signal_fd, POLLIN, 0}};
        int error = 0;
        socklen_t len = sizeof error;
        int left = clock_left(deadline);

        if (left == 0) {
            errno = ETIMEDOUT;
            return ATTEMPT_FAILED;
        }
        if (poll(polled, 2, left) < 0 && errno != EINTR) {
            return ATTEMPT_FAILED;
        }
        if (polled[1].revents != 0) {
            return ATTEMPT_SIGNALLED;
        }
        if (polled[0].revents != 0) {
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
            errno = error;
            return error == 0 ? ATTEMPT_CONNECTED : ATTEMPT_FAILED;
        }
    }
}

static attempt try_address(int *fd, const resolve_address *address, int64_t deadline, int signal_fd)
{
    attempt outcome = ATTEMPT_CONNECTED;

    *fd = open_socket(address->socket.any.sa_family);
    if (*fd < 0) {
        return ATTEMPT_FAILED;
    }
    if (connect(*fd, &address->socket.any, address->len) != 0) {
        outcome = errno == EINPROGRESS || errno == EINTR ? wait_connected(*fd, deadline, signal_fd)
                                                         : ATTEMPT_FAILED;
    }
    if (outcome != ATTEMPT_CONNECTED) {
        int saved = errno;

        close(*fd);
        *fd = -1;
        errno = saved;
    }
    return outcome;
}

/* An equal share of what is left, so that one dead address does not take all. */
static int64_t share(int64_t deadline, size_t attempts_left)
{
    int64_t now = clock_now();

    if (deadline == CLOCK_NEVER || deadline <= now) {
        return deadline;
    }
    return now + (deadline - now) / (int64_t)attempts_left;
}

static bool fail(failure *f, const char *where, const char *name, int error)
{
    const char *outcome = error == ECONNREFUSED ? "refused"
                          : error == ETIMEDOUT  ? "timed-out"
                                                : "unreachable";
    const char *advice = error == ECONNREFUSED ? "no server listens there; check host and port"
                         : error == ETIMEDOUT
                             ? "check host and port, or give it longer with --timeout"
                             : "check the network";

    return failure_set(f, STATUS_NETWORK, outcome, "%s (%s): %s; %s", where, name, strerror(error),
                       advice);
}

bool transport_connect(transport_result *result, const resolve_addresses *addresses,
                       const char *where, int64_t deadline, int signal_fd, failure *f)
{
    int error = 0;
    int fd = -1;

    for (size_t i = 0; i < addresses->count; i++) {
        attempt outcome = try_address(&fd, &addresses->list[i],
                                      share(deadline, addresses->count - i), signal_fd);

        error = errno;
        resolve_name(&addresses->list[i], result->name, sizeof result->name);
        if (outcome == ATTEMPT_CONNECTED) {
            result->fd = fd;
            return true;
        }
        if (outcome == ATTEMPT_SIGNALLED) {
            return failure_set(f, STATUS_SIGNAL, "interrupted",
                               "%s (%s): interrupted while connecting", where, result->name);
        }
    }
    return fail(f, where, result->name, error);
}

long transport_read(int fd, void *data, size_t len)
{
    ssize_t got;

    do {
        got = recv(fd, data, len, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
    }
    return (long)got;
}

long transport_write(int fd, const void *data, size_t len)
{
    ssize_t put;

    do {
        put = send(fd, data, len, MSG_NOSIGNAL);
    } while (put < 0 && errno == EINTR);
    if (put < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
    }
    return (long)put;
}
