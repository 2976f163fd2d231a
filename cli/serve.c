/* parley serve: a poll loop around the server core (RFC 6120 13.12). */
#include "serve.h"

#include "clock.h"
#include "commands.h"
#include "entropy.h"
#include "json.h"
#include "password.h"
#include "signals.h"
#include "status.h"
#include "transport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS       32 /* at a stretch */
#define CUT_IDLE      60 /* seconds of silence before TCP asks whether the peer is there */
#define CUT_INTERVAL  15
#define CUT_PROBES    4
#define KERNEL_OUTPUT 131072 /* bytes of a socket's output */

/* The tag is opened first (RFC 6120 4.9.1.1), with an id as every header has it (4.7.3). */
static void say_no_room(const server *s, int fd)
{
    static const char error[] =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
        "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' from='%.*s' id='%016llx'>"
        "<stream:error><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "</stream:error></stream:stream>";
    char text[sizeof(error) + PARLEY_PART_SIZE + 16];
    unsigned long long id;
    int len;

    if (entropy_fill(&id, sizeof(id))) {
        len = snprintf(text, sizeof(text), error, (int)s->domain_name.len, s->domain_name.data, id);
        (void)transport_write(fd, text, (size_t)len);
        (void)shutdown(fd, SHUT_WR);
    }
}

/* Puts a connection that was turned away aside until the peer has read why: closing at once
   could take the error back. */
static void put_aside(server *s, int fd)
{
    for (size_t i = 0; i < SERVE_LEAVING; i++) {
        if (s->leaving[i].fd < 0) {
            s->leaving[i].fd = fd;
            s->leaving[i].due = clock_now() + SERVE_LINGER;
            return;
        }
    }
    close(fd);
}

/* The peer's bytes are read and dropped until it closes, or its time is over. */
static void look_aside(server *s)
{
    for (size_t i = 0; i < SERVE_LEAVING; i++) {
        char bytes[512];
        long got = -1;
        if (s->leaving[i].fd < 0) {
            continue;
        }
        for (int reads = 0; reads < 16; reads++) {
            got = transport_read(s->leaving[i].fd, bytes, sizeof(bytes));
            if (got <= 0) {
                break;
            }
        }
        if (got == 0 || got < -1 || clock_now() >= s->leaving[i].due) {
            close(s->leaving[i].fd);
            s->leaving[i].fd = -1;
        }
    }
}

/* No session is free: a stream error where one is understood in the clear (RFC 6120 13.12). */
static void turn_away(server *s, int fd, connection_kind kind)
{
    serve_log_field field = {"reason", parley_string_of("no session is free")};
    serve_log_event(&s->log, 0, "refused", &field, 1);
    if (kind == CONNECTION_TLS) {
        close(fd);
        return;
    }
    say_no_room(s, fd);
    put_aside(s, fd);
}

int64_t serve_patience(const server *s)
{
    return s->stopping ? SERVE_LINGER : SERVE_STALL;
}

static bool prepare_socket(int fd)
{
    int on = 1;
    int idle = CUT_IDLE;
    int interval = CUT_INTERVAL;
    int probes = CUT_PROBES;
    int output = KERNEL_OUTPUT;
    /* else the system takes megabytes for who reads nothing, and it shows late */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &output, sizeof(output));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    /* a cut cable shows only when somebody speaks */
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#ifdef TCP_KEEPIDLE
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
#endif
#ifdef TCP_KEEPINTVL
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
#endif
#ifdef TCP_KEEPCNT
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
#endif
    (void)idle;
    (void)interval;
    (void)probes;
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static void name_peer(const struct sockaddr_storage *address, char *name, size_t size)
{
    char text[INET6_ADDRSTRLEN] = "?";
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof(text));
        snprintf(name, size, "[%s]:%u", text, (unsigned)ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        inet_ntop(AF_INET, &four->sin_addr, text, sizeof(text));
        snprintf(name, size, "%s:%u", text, (unsigned)ntohs(four->sin_port));
    }
}

static uint32_t free_slot(const server *s)
{
    for (uint32_t i = 0; s->open < s->count && i < s->count; i++) {
        if (s->connections[i].life == CONNECTION_FREE) {
            return i;
        }
    }
    return ROUTER_NONE;
}

static void accept_some(server *s, const listener *l)
{
    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage address;
        socklen_t len = sizeof(address);
        char name[64];
        uint32_t slot;
        int fd = accept(l->fd, (struct sockaddr *)&address, &len);
        if (fd < 0) {
            s->accept_paused = errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                               errno == ENOMEM;
            return;
        }
        if (!prepare_socket(fd)) {
            close(fd);
            continue;
        }
        slot = free_slot(s);
        if (slot == ROUTER_NONE) {
            turn_away(s, fd, l->kind);
            continue;
        }
        name_peer(&address, name, sizeof(name));
        connection_begin(s, slot, fd, l->kind, name);
    }
}

static void sooner(int64_t *due, int64_t when)
{
    if (when < *due) {
        *due = when;
    }
}

/* What to wait for beside the sessions; returns how many. */
static nfds_t prepare_others(server *s, int64_t *due)
{
    nfds_t count = 0;
    s->polls[count++] = (struct pollfd){.fd = s->stopping ? -1 : signals_fd(), .events = POLLIN};
    for (size_t i = 0; i < s->listener_count; i++) {
        bool deaf = s->stopping || s->accept_paused;
        s->polls[count++] = (struct pollfd){.fd = deaf ? -1 : s->listeners[i].fd, .events = POLLIN};
    }
    if (s->accept_paused) {
        sooner(due, clock_now() + 1000);
        s->accept_paused = false;
    }
    for (size_t i = 0; i < SERVE_LEAVING; i++) {
        /* poll() takes no more entries than there may be descriptors: no empty ones */
        if (s->leaving[i].fd >= 0) {
            s->polls[count++] = (struct pollfd){.fd = s->leaving[i].fd, .events = POLLIN};
            sooner(due, s->leaving[i].due);
        }
    }
    return count;
}

/* The sessions, behind the others. `*due`: when something is due at the latest. */
static nfds_t prepare_polls(server *s, nfds_t count, int64_t *due)
{
    for (uint32_t i = 0; i < s->count; i++) {
        const connection *c = &s->connections[i];
        bool deaf = c->hung && !(c->wants & POLLIN);
        if (c->life == CONNECTION_FREE) {
            continue;
        }
        s->polled[count] = i;
        s->polls[count++] = (struct pollfd){.fd = deaf ? -1 : c->fd, .events = c->wants};
        sooner(due, c->dirty ? 0 : c->due);
    }
    return count;
}

static void service_all(server *s, nfds_t from, nfds_t count)
{
    int64_t now = clock_now();
    for (nfds_t i = from; i < count; i++) {
        uint32_t slot = s->polled[i];
        connection *c = &s->connections[slot];
        if (c->life != CONNECTION_FREE && now >= c->due) {
            connection_expire(s, slot, now);
        }
        if (c->life != CONNECTION_FREE && (s->polls[i].revents || c->dirty)) {
            connection_service(s, slot, s->polls[i].revents);
        }
    }
}

/* Nobody is let in any more, and every stream is told why it ends. */
static void stop(server *s)
{
    serve_log_event(&s->log, 0, "stopping", NULL, 0);
    s->stopping = true;
    for (size_t i = 0; i < s->listener_count; i++) {
        close(s->listeners[i].fd);
        s->listeners[i].fd = -1;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        connection_shut(s, i);
    }
}

void serve_run(server *s)
{
    while (!s->stopping || s->open > 0) {
        int64_t due = CLOCK_NEVER;
        nfds_t fixed = prepare_others(s, &due);
        nfds_t count = prepare_polls(s, fixed, &due);
        if (poll(s->polls, count, clock_left(due)) < 0 && errno != EINTR) {
            serve_log_field field = {"reason", parley_string_of(strerror(errno))};
            serve_log_event(&s->log, 0, "poll", &field, 1);
            return;
        }
        service_all(s, fixed, count);
        look_aside(s);
        if (s->stopping) {
            continue;
        }
        for (size_t i = 0; i < s->listener_count; i++) {
            if (s->polls[1 + i].revents) {
                accept_some(s, &s->listeners[i]);
            }
        }
        if (signals_taken()) {
            stop(s);
        }
    }
}

static void announce(const server *s)
{
    /* With --insecure the first kind is offered SASL at once; the line stays the same. */
    static const char *const kinds[] = {"starttls", "tls", "starttls"};
    char pin[65];
    for (size_t i = 0; i < 32; i++) {
        snprintf(pin + 2 * i, 3, "%02x", s->pin[i]);
    }
    for (size_t i = 0; i < s->listener_count; i++) {
        const listener *l = &s->listeners[i];
        if (s->options->json) {
            json j;
            json_open(&j, stdout, "event", "listening");
            json_text(&j, "kind", kinds[l->kind]);
            json_text(&j, "address", l->name);
            json_close(&j);
        } else {
            printf("listening %s %s\n", kinds[l->kind], l->name);
        }
    }
    if (s->options->json) {
        json j;
        json_open(&j, stdout, "event", "pin");
        json_text(&j, "pin_sha256", pin);
        json_close(&j);
    } else {
        printf("pin sha256 %s\n", pin);
    }
    fflush(stdout);
}

/* A client picks the mechanism before it says who it is. */
static void log_missing_keys(server *s)
{
    const parley_server_config *core = &s->cores[CONNECTION_STARTTLS];
    for (uint32_t i = 0; i < s->accounts.count; i++) {
        for (size_t k = 0; k < core->mechanism_count; k++) {
            const account *who = &s->accounts.list[i];
            parley_string name = parley_string_of(parley_mechanism_name(core->mechanisms[k]));
            const serve_log_field fields[2] = {{"user", who->name}, {"mechanism", name}};
            parley_answer answer;
            if (!users_credential(who, name, &answer)) {
                serve_log_event(&s->log, 0, "no-keys", fields, 2);
            }
        }
    }
}

static void log_start(server *s)
{
    char sessions[24];
    char memory[24];
    serve_log_field fields[3] = {{"domain", s->domain_name},
                                 {"sessions", {NULL, 0}},
                                 {"memory", {NULL, 0}}};
    snprintf(sessions, sizeof(sessions), "%u", (unsigned)s->count);
    snprintf(memory, sizeof(memory), "%zu", s->memory);
    fields[1].value = parley_string_of(sessions);
    fields[2].value = parley_string_of(memory);
    serve_log_event(&s->log, 0, "started", fields, 3);
    log_missing_keys(s);
}

static int add_user(const serve_options *options, failure *f)
{
    unsigned char salts[USERS_SALTS_SIZE];
    char line[USERS_LINE_SIZE];
    password secret;
    bool ok;

    if (!password_get(&secret, options->password_file, options->add_user, f)) {
        return f->status;
    }
    if (!entropy_fill(salts, sizeof(salts))) {
        failure_set(f, STATUS_LOCAL, "no-entropy", "the system gives no entropy");
        return f->status;
    }
    ok = users_line(parley_string_of(options->add_user), (parley_string){secret.text, secret.len},
                    salts, line, f);
    entropy_wipe(&secret, sizeof(secret));
    if (!ok) {
        return f->status;
    }
    puts(line);
    return STATUS_OK;
}

int command_serve(int argc, char **argv)
{
    static server s;
    static failure f;
    serve_options options;
    bool go;
    int status = serve_options_read(argc, argv, &options, &go);

    if (!go) {
        return status;
    }
    if (options.add_user) {
        status = add_user(&options, &f);
    } else if (!signals_open(&f) || !serve_setup(&s, &options, &f)) {
        status = f.status;
        serve_teardown(&s);
    } else {
        log_start(&s);
        announce(&s);
        serve_run(&s);
        serve_log_event(&s.log, 0, "stopped", NULL, 0);
        serve_teardown(&s);
    }
    if (status != STATUS_OK) {
        report("%s", f.text);
    }
    return status;
}
