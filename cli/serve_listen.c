/* Listening sockets of parley serve. */
#include "serve.h"

#include "options.h"
#include "status.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

/* "ADDR:PORT" or "[ADDR]:PORT" in two parts. */
static bool split(const char *text, char *host, size_t size, const char **port)
{
    const char *colon = strrchr(text, ':');
    const char *start = text;
    const char *end = colon;

    if (!colon || colon[1] == '\0') {
        return false;
    }
    if (text[0] == '[') {
        start = text + 1;
        end = colon - 1;
        if (end < start || *end != ']') {
            return false;
        }
    }
    if ((size_t)(end - start) >= size || end == start) {
        return false;
    }
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    *port = colon + 1;
    return true;
}

static bool name_socket(listener *l)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    char text[INET6_ADDRSTRLEN];

    if (getsockname(l->fd, (struct sockaddr *)&address, &len) != 0) {
        return false;
    }
    if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)&address;
        inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
        snprintf(l->name, sizeof(l->name), "[%s]:%u", text, (unsigned)ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)&address;
        inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
        snprintf(l->name, sizeof(l->name), "%s:%u", text, (unsigned)ntohs(four->sin_port));
    }
    return true;
}

static bool open_socket(listener *l, const struct addrinfo *info)
{
    int on = 1;
    int saved;

    l->fd = socket(info->ai_family, SOCK_STREAM, 0);
    if (l->fd < 0) {
        return false;
    }
    (void)setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(l->fd, info->ai_addr, info->ai_addrlen) == 0 && listen(l->fd, BACKLOG) == 0 &&
        fcntl(l->fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(l->fd, F_SETFD, FD_CLOEXEC) == 0 &&
        name_socket(l)) {
        return true;
    }
    saved = errno;
    close(l->fd);
    l->fd = -1;
    errno = saved;
    return false;
}

bool serve_listen(listener *l, const char *address, connection_kind kind, failure *f)
{
    struct addrinfo hints;
    struct addrinfo *list = NULL;
    char host[256];
    const char *port;
    unsigned long number;
    int problem;
    bool ok;

    l->fd = -1;
    l->kind = kind;
    /* getaddrinfo would take a larger port modulo 65536. */
    if (!split(address, host, sizeof(host), &port) || !options_number(port, 0, 65535, &number)) {
        return failure_set(f, STATUS_USAGE, "address",
                           "'%.64s' is not ADDR:PORT, as in 127.0.0.1:5222 or [::1]:0", address);
    }
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST;
    problem = getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, &hints, &list);
    if (problem != 0) {
        return failure_set(f, STATUS_USAGE, "address",
                           "'%.64s' is not ADDR:PORT: give an IP address and a port number (%s)",
                           address, gai_strerror(problem));
    }
    ok = open_socket(l, list);
    freeaddrinfo(list);
    if (!ok) {
        return failure_set(f, STATUS_LOCAL, "listen", "%.64s: cannot listen: %s", address,
                           strerror(errno));
    }
    return true;
}
