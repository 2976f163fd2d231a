/* What a session asks for: randomness, whether a host is served, credentials,
   who may act as whom, a resource. */
#include "serve.h"

#include "clock.h"
#include "entropy.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define RESOURCE_RANDOM 10

static void refuse(connection *c, parley_refusal refusal)
{
    (void)parley_server_refuse(&c->tls->core, refusal);
}

/* A request that stayed pending would keep the loop awake for ever. */
static void answer_with(connection *c, const parley_answer *answer)
{
    if (parley_server_answer(&c->tls->core, answer) == PARLEY_MISUSE) {
        refuse(c, PARLEY_REFUSE_UNAVAILABLE);
    }
}

static void answer_random(connection *c, size_t len)
{
    char bytes[256];
    parley_answer answer = {.kind = PARLEY_ANSWER_RANDOM, .bytes = {bytes, len}};
    if (len > sizeof(bytes) || !entropy_fill(bytes, len)) {
        refuse(c, PARLEY_REFUSE_UNAVAILABLE);
        return;
    }
    answer_with(c, &answer);
    entropy_wipe(bytes, sizeof(bytes));
}

/* The user itself alone, by its bare JID (RFC 6120 6.3.8). */
static void authorize(const server *s, connection *c, const parley_request *request)
{
    char buffer[PARLEY_JID_SIZE];
    parley_jid jid;
    parley_answer yes = {.kind = PARLEY_ANSWER_YES};
    bool parsed = parley_jid_parse(&jid, request->authzid, buffer, sizeof(buffer), NULL) ==
                  PARLEY_OK;
    if (parsed && !jid.resource.data && jid.local.data &&
        parley_string_equal(jid.domain, s->domain_name) &&
        parley_string_equal(jid.local, request->user)) {
        answer_with(c, &yes);
    } else {
        refuse(c, PARLEY_REFUSE_DENIED);
    }
}

/* A resource that is taken is replaced by one of ours: RFC 6120 7.7.2.2, the
   first way (RFC 6120 7.5, 7.6). */
static void bind_resource(const server *s, connection *c, parley_string wanted)
{
    static const char digits[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char random[RESOURCE_RANDOM];
    char made[PARLEY_PART_SIZE];
    size_t len = 0;
    parley_answer answer = {.kind = PARLEY_ANSWER_RESOURCE, .bytes = wanted};

    if (c->user == USERS_NONE) {
        refuse(c, PARLEY_REFUSE_DENIED);
        return;
    }
    if (wanted.len == 0 || router_bound(&s->routes, c->user, wanted)) {
        if (!entropy_fill(random, sizeof(random))) {
            refuse(c, PARLEY_REFUSE_UNAVAILABLE);
            return;
        }
        if (wanted.len > 0 && wanted.len + 1 + RESOURCE_RANDOM <= sizeof(made)) {
            memcpy(made, wanted.data, wanted.len);
            len = wanted.len;
            made[len++] = '-';
        }
        for (size_t i = 0; i < sizeof(random); i++) {
            made[len++] = digits[random[i] % 32];
        }
        answer.bytes = (parley_string){made, len};
    }
    answer_with(c, &answer);
}

/* What stands for the peer's host: its IPv4 address, or its IPv6 network. */
static parley_string network_of(int fd, char bytes[8], bool *own)
{
    struct sockaddr_storage address = {0};
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)&address;
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)&address;
    socklen_t len = sizeof(address);

    (void)getpeername(fd, (struct sockaddr *)&address, &len);
    if (address.ss_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
        *own = IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
        memcpy(bytes, &six->sin6_addr, 8);
        return (parley_string){bytes, 8};
    }
    memcpy(bytes,
           address.ss_family == AF_INET6 ? (const void *)(six->sin6_addr.s6_addr + 12)
                                         : (const void *)&four->sin_addr,
           4);
    *own = bytes[0] == 127;
    return (parley_string){bytes, 4};
}

/* Whether the user has failed so often that it has to wait. Connections of this host
   are let through unless --lock-out was named: behind a proxy or a tunnel all clients
   have its address. */
static bool has_to_wait(server *s, connection *c, parley_string user)
{
    char bytes[8];
    char text[16];
    bool own = false;
    parley_string network = network_of(c->fd, bytes, &own);
    uint32_t wait;

    c->guesses = s->lockout.entries != NULL && (!own || s->options->lock_out_named);
    if (!c->guesses) {
        return false;
    }
    wait = parley_lockout_begin(&s->lockout, &c->guess, user, network, (uint64_t)clock_now());
    if (wait > 0) {
        int len = snprintf(text, sizeof(text), "%u", (unsigned)wait);
        const serve_log_field fields[2] = {{"user", user}, {"milliseconds", {text, (size_t)len}}};
        serve_log_event(&s->log, c->number, "held-off", fields, 2);
    }
    return wait > 0;
}

static bool is_guessable(parley_string mechanism)
{
    return !parley_string_equal(mechanism, parley_string_of("ANONYMOUS")) &&
           !parley_string_equal(mechanism, parley_string_of("EXTERNAL"));
}

void connection_answer(server *s, connection *c)
{
    parley_request request;
    parley_answer answer = {.kind = PARLEY_ANSWER_YES};
    uint32_t who;

    if (!parley_server_request(&c->tls->core, &request)) {
        return;
    }
    switch (request.kind) {
    case PARLEY_REQUEST_RANDOM:
        c->named_len = 0; /* an attempt begins, or a stream */
        answer_random(c, request.random_len);
        break;
    case PARLEY_REQUEST_HOST:
        if (parley_string_equal(request.host, s->domain_name)) {
            answer_with(c, &answer);
        } else {
            refuse(c, PARLEY_REFUSE_UNKNOWN);
        }
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        c->named_len = (uint16_t)request.user.len; /* a localpart: it fits */
        if (request.user.len > 0) {
            memcpy(c->named, request.user.data, request.user.len);
        }
        if (is_guessable(request.mechanism) && has_to_wait(s, c, request.user)) {
            refuse(c, PARLEY_REFUSE_UNAVAILABLE);
            break;
        }
        who = users_find(&s->accounts,
                         parley_string_equal(request.mechanism, parley_string_of("ANONYMOUS"))
                             ? parley_string_of("anonymous")
                             : request.user);
        if (who == USERS_NONE ||
            !users_credential(&s->accounts.list[who], request.mechanism, &answer)) {
            refuse(c, PARLEY_REFUSE_UNKNOWN);
        } else {
            answer_with(c, &answer);
        }
        break;
    case PARLEY_REQUEST_AUTHORIZE:
        authorize(s, c, &request);
        break;
    case PARLEY_REQUEST_BIND:
        bind_resource(s, c, request.resource);
        break;
    default:
        refuse(c, PARLEY_REFUSE_UNAVAILABLE);
        break;
    }
}
