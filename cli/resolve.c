/* c-ares is driven by poll() on the sockets that it names; select() would fail
   for descriptors over 1023. */
#define CARES_NO_DEPRECATED 1 /* 1.34 deprecates calls that Debian 12's 1.18 has no others for */

#include "resolve.h"

#include "clock.h"
#include "entropy.h"
#include "signals.h"
#include "status.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <parley/jid.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CLASS_IN = 1, TYPE_SRV = 33 };

static bool fail(failure *f, const char *name, const char *why)
{
    return failure_set(f, STATUS_NETWORK, "no-address",
                       "%s: %s; check the name and the DNS, or give --host and --port", name, why);
}

/* Opening and waiting. */

bool resolver_open(resolver *r, const char *servers, int64_t deadline, failure *f)
{
    struct ares_options options;
    ares_channel channel;
    int status;

    r->channel = NULL;
    r->deadline = deadline;
    memset(&options, 0, sizeof options);
    options.timeout = 2000; /* for one try at one server; doubles with each round */
    options.tries = 3;
    status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status == ARES_SUCCESS) {
        status = ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
    }
    if (status != ARES_SUCCESS) {
        return failure_set(f, STATUS_LOCAL, "local", "the resolver cannot be set up: %s",
                           ares_strerror(status));
    }
    r->channel = channel;
    if (servers != NULL && ares_set_servers_ports_csv(channel, servers) != ARES_SUCCESS) {
        resolver_close(r);
        return failure_set(f, STATUS_LOCAL, "local", "not a list of DNS servers: %s", servers);
    }
    return true;
}

void resolver_close(resolver *r)
{
    if (r->channel != NULL) {
        ares_destroy((ares_channel)r->channel);
        r->channel = NULL;
    }
    ares_library_cleanup();
}

/* Milliseconds that poll() may wait: c-ares' own timeout, within the deadline. */
static int wait_for(resolver *r)
{
    struct timeval next;
    int left = clock_left(r->deadline);
    int64_t mine;

    if (ares_timeout(r->channel, NULL, &next) == NULL) {
        return left;
    }
    mine = (int64_t)next.tv_sec * 1000 + next.tv_usec / 1000 + 1;
    return left < 0 || mine < left ? (int)mine : left;
}

/* Drives the channel until `*pending` look-ups are done. False: out of time, or a
   signal came; then everything pending has been cancelled. */
static bool drive(resolver *r, const int *pending)
{
    while (*pending > 0) {
        ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
        struct pollfd polled[ARES_GETSOCK_MAXNUM];
        int bits = ares_getsock(r->channel, sockets, ARES_GETSOCK_MAXNUM);
        nfds_t count = 0;

        for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
            bool readable = (bits >> i & 1) != 0;
            bool writable = ((unsigned)bits >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;

            if (readable || writable) {
                polled[count].fd = sockets[i];
                polled[count].events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
                polled[count++].revents = 0;
            }
        }
        if (clock_left(r->deadline) == 0 || signals_taken() != 0) {
            ares_cancel(r->channel);
            return false;
        }
        poll(polled, count, wait_for(r));
        for (nfds_t i = 0; i < count; i++) {
            bool in = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
            bool out = (polled[i].revents & POLLOUT) != 0;

            if (in || out) {
                ares_process_fd(r->channel, in ? polled[i].fd : ARES_SOCKET_BAD,
                                out ? polled[i].fd : ARES_SOCKET_BAD);
            }
        }
        ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
    return true;
}

/* SRV records. */

typedef struct service {
    resolve_targets *targets;
    bool direct;
    bool refused; /* the one target is ".": the service is not to be had (RFC 2782) */
    int *pending;
} service;

static void add_target(service *s, const struct ares_srv_reply *record)
{
    resolve_target *target;

    if (record->host[0] == '\0' || strcmp(record->host, ".") == 0) {
        s->refused = true;
        return;
    }
    if (s->targets->count == RESOLVE_TARGETS || strlen(record->host) >= sizeof target->host) {
        return;
    }
    target = &s->targets->list[s->targets->count++];
    snprintf(target->host, sizeof target->host, "%s", record->host);
    target->port = record->port;
    target->priority = record->priority;
    target->weight = record->weight;
    target->direct = s->direct;
}

static void got_srv(void *context, int status, int timeouts, unsigned char *answer, int len)
{
    service *s = context;
    struct ares_srv_reply *records = NULL;

    (void)timeouts;
    --*s->pending;
    if (status == ARES_SUCCESS && ares_parse_srv_reply(answer, len, &records) == ARES_SUCCESS) {
        for (const struct ares_srv_reply *record = records; record != NULL; record = record->next) {
            add_target(s, record);
        }
        ares_free_data(records);
    }
}

/* Puts one target of the lowest priority first, chosen by weight (RFC 2782). */
static bool choose(resolve_target *list, size_t count)
{
    uint32_t total = 0;
    uint32_t random;
    size_t chosen = count;
    uint16_t lowest = UINT16_MAX;
    resolve_target first;

    if (!entropy_fill(&random, sizeof random)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        lowest = list[i].priority < lowest ? list[i].priority : lowest;
    }
    for (size_t i = 0; i < count; i++) {
        total += list[i].priority == lowest ? list[i].weight : 0u;
    }
    random = (uint32_t)((uint64_t)random * (total + 1) >> 32); /* 0 to total */
    for (size_t i = 0; i < count && chosen == count; i++) {
        if (list[i].priority != lowest) {
            continue;
        }
        if (random <= list[i].weight) {
            chosen = i;
        } else {
            random -= list[i].weight;
        }
    }
    first = list[chosen];
    memmove(&list[1], &list[0], chosen * sizeof *list);
    list[0] = first;
    return true;
}

/* Targets of weight 0 go first among equals, so that they have a small chance. */
static bool put_in_order(resolve_targets *targets, failure *f)
{
    size_t zeros = 0;

    for (size_t i = 0; i < targets->count; i++) {
        if (targets->list[i].weight == 0) {
            resolve_target zero = targets->list[i];

            memmove(&targets->list[zeros + 1], &targets->list[zeros], (i - zeros) * sizeof zero);
            targets->list[zeros++] = zero;
        }
    }
    for (size_t i = 0; i + 1 < targets->count; i++) {
        if (!choose(&targets->list[i], targets->count - i)) {
            return failure_set(f, STATUS_LOCAL, "no-entropy",
                               "the system gives no random bytes; try again later");
        }
    }
    return true;
}

static bool is_ascii(const char *name)
{
    for (; *name != '\0'; name++) {
        if ((unsigned char)*name >= 0x80) {
            return false;
        }
    }
    return true;
}

/* A name beyond ASCII as DNS has it, U-labels as A-labels; others stay. */
static bool dns_name(const char **name, char *ascii, size_t size, failure *f)
{
    char buffer[PARLEY_PART_SIZE];
    parley_string text = parley_string_of(*name);
    parley_string prepared, dns;

    if (is_ascii(*name)) {
        return true;
    }
    if (parley_jid_prepare(PARLEY_JID_DOMAIN, text, buffer, sizeof buffer, &prepared, NULL) !=
        PARLEY_OK) {
        const char *reason = parley_jid_reason(text);

        return fail(f, *name, reason != NULL ? reason : "not a domain");
    }
    if (parley_jid_domain_ascii(prepared, ascii, size - 1, &dns) != PARLEY_OK) {
        return fail(f, *name, "longer than a DNS name can be");
    }
    ascii[dns.len] = '\0';
    *name = ascii;
    return true;
}

/* Without the brackets that an IPv6 literal has in a JID. */
static bool is_literal(const char *name, resolve_address *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)&address->socket.storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&address->socket.storage;
    char inside[64];
    size_t len = strlen(name);

    memset(address, 0, sizeof *address);
    if (len > 2 && len < sizeof inside && name[0] == '[' && name[len - 1] == ']') {
        memcpy(inside, name + 1, len - 2);
        inside[len - 2] = '\0';
        name = inside;
    }
    if (inet_pton(AF_INET, name, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        address->len = sizeof *four;
        return true;
    }
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET6, name, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        address->len = sizeof *six;
        return true;
    }
    return false;
}

/* RFC 6761 section 6.3. */
static bool is_localhost(const char *name)
{
    static const char suffix[] = ".localhost";
    size_t len = strlen(name);

    return strcasecmp(name, "localhost") == 0 ||
           (len >= sizeof suffix && strcasecmp(name + len - (sizeof suffix - 1), suffix) == 0);
}

static void fall_back(resolve_targets *targets, const char *domain, unsigned services)
{
    resolve_target *target = &targets->list[0];

    memset(target, 0, sizeof *target);
    snprintf(target->host, sizeof target->host, "%s", domain);
    target->direct = (services & RESOLVE_STARTTLS) == 0;
    target->port = target->direct ? 5223 : 5222;
    targets->count = 1;
}

bool resolve_service(resolver *r, const char *domain, unsigned services, resolve_targets *targets,
                     failure *f)
{
    static const char *const labels[2] = {"_xmpp-client._tcp.", "_xmpps-client._tcp."};
    service lookups[2];
    resolve_address literal;
    int pending = 0;
    char name[512];
    char ascii[sizeof targets->list[0].host];

    targets->count = 0;
    if (strlen(domain) >= sizeof targets->list[0].host) {
        return fail(f, domain, "longer than a DNS name can be");
    }
    if (is_literal(domain, &literal) || is_localhost(domain)) {
        fall_back(targets, domain, services);
        return true;
    }
    if (!dns_name(&domain, ascii, sizeof ascii, f)) {
        return false;
    }
    for (unsigned i = 0; i < 2; i++) {
        lookups[i] = (service){targets, i == 1, false, &pending};
        if ((services & 1u << i) != 0) {
            snprintf(name, sizeof name, "%s%s", labels[i], domain);
            pending++;
            ares_query(r->channel, name, CLASS_IN, TYPE_SRV, got_srv, &lookups[i]);
        }
    }
    if (!drive(r, &pending)) {
        return failure_set(f, STATUS_NETWORK, "timed-out",
                           "%s: the DNS did not answer in time; check it, or give --host and "
                           "--port",
                           domain);
    }
    if (targets->count > 0) {
        return put_in_order(targets, f);
    }
    if (lookups[0].refused || lookups[1].refused) {
        return failure_set(f, STATUS_NETWORK, "no-service",
                           "%s: its SRV record says that it offers no such service; ask its "
                           "operator, or give --host and --port",
                           domain);
    }
    fall_back(targets, domain, services);
    return true;
}

/* Addresses. */

typedef struct host_lookup {
    resolve_addresses *addresses;
    int status;
    int pending;
} host_lookup;

static void set_port(resolve_address *address, uint16_t port)
{
    if (address->socket.any.sa_family == AF_INET6) {
        ((struct sockaddr_in6 *)(void *)&address->socket.storage)->sin6_port = htons(port);
    } else {
        ((struct sockaddr_in *)(void *)&address->socket.storage)->sin_port = htons(port);
    }
}

static void got_addresses(void *context, int status, int timeouts, struct ares_addrinfo *result)
{
    host_lookup *lookup = context;
    resolve_addresses *to = lookup->addresses;

    (void)timeouts;
    lookup->pending--;
    lookup->status = status;
    if (status != ARES_SUCCESS || result == NULL) {
        return;
    }
    for (const struct ares_addrinfo_node *node = result->nodes;
         node != NULL && to->count < RESOLVE_ADDRESSES; node = node->ai_next) {
        if (node->ai_addrlen <= sizeof to->list[0].socket) {
            memcpy(&to->list[to->count].socket, node->ai_addr, node->ai_addrlen);
            to->list[to->count++].len = (socklen_t)node->ai_addrlen;
        }
    }
    ares_freeaddrinfo(result);
}

static bool look_up(resolver *r, const char *host, resolve_addresses *addresses, failure *f)
{
    struct ares_addrinfo_hints hints;
    host_lookup lookup = {addresses, ARES_SUCCESS, 1};

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(r->channel, host, NULL, &hints, got_addresses, &lookup);
    if (!drive(r, &lookup.pending)) {
        return failure_set(f, STATUS_NETWORK, "timed-out",
                           "%s: the DNS did not answer in time; check it, or give an address "
                           "with --host",
                           host);
    }
    if (addresses->count == 0) {
        return fail(f, host,
                    lookup.status == ARES_SUCCESS || lookup.status == ARES_ENODATA ||
                            lookup.status == ARES_ENOTFOUND
                        ? "has no address"
                        : ares_strerror(lookup.status));
    }
    return true;
}

bool resolve_host(resolver *r, const char *host, uint16_t port, resolve_addresses *addresses,
                  failure *f)
{
    char ascii[256];

    addresses->count = 0;
    if (is_localhost(host)) {
        is_literal("127.0.0.1", &addresses->list[0]);
        is_literal("::1", &addresses->list[1]);
        addresses->count = 2;
    } else if (is_literal(host, &addresses->list[0])) {
        addresses->count = 1;
    } else if (!dns_name(&host, ascii, sizeof ascii, f) || !look_up(r, host, addresses, f)) {
        return false;
    }
    for (size_t i = 0; i < addresses->count; i++) {
        set_port(&addresses->list[i], port);
    }
    return true;
}

void resolve_name(const resolve_address *address, char *out, size_t size)
{
    char text[INET6_ADDRSTRLEN] = "?";
    const struct sockaddr_storage *storage = &address->socket.storage;

    if (storage->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)storage;

        inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
        snprintf(out, size, "[%s]:%u", text, ntohs(six->sin6_port));
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)storage;

        inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
        snprintf(out, size, "%s:%u", text, ntohs(four->sin_port));
    }
}
