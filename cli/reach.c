#include "reach.h"

#include "clock.h"
#include "resolve.h"
#include "signals.h"
#include "status.h"
#include "transport.h"

#include <stdio.h>

/* Tries a target's addresses; a later target is another chance. */
static bool reach(reached *r, resolver *names, const char *host, uint16_t port, int64_t deadline,
                  size_t chances, failure *f)
{
    resolve_addresses addresses;
    transport_result result;
    int64_t now = clock_now();
    int64_t share = deadline <= now ? deadline : now + (deadline - now) / (int64_t)chances;

    names->deadline = share;
    if (!resolve_host(names, host, port, &addresses, f) ||
        !transport_connect(&result, &addresses, host, share, signals_fd(), f)) {
        return false;
    }
    r->fd = result.fd;
    snprintf(r->where, sizeof r->where, "%.256s (%s)", host, result.name);
    return true;
}

static bool reach_named(reached *r, resolver *names, const char *domain, const server_options *o,
                        int64_t deadline, failure *f)
{
    uint16_t port = o->port;

    r->direct = o->security == SERVER_DIRECT;
    if (port == 0) {
        port = r->direct ? 5223 : 5222;
    }
    return reach(r, names, o->host != NULL ? o->host : domain, port, deadline, 1, f);
}

static bool reach_service(reached *r, resolver *names, const char *domain, const server_options *o,
                          int64_t deadline, failure *f)
{
    static const unsigned services[] = {
        [SERVER_ANY] = RESOLVE_STARTTLS | RESOLVE_DIRECT,
        [SERVER_STARTTLS] = RESOLVE_STARTTLS,
        [SERVER_DIRECT] = RESOLVE_DIRECT,
        [SERVER_OFF] = RESOLVE_STARTTLS,
    };
    resolve_targets targets;

    names->deadline = clock_now() + (deadline - clock_now()) / 2;
    if (!resolve_service(names, domain, services[o->security], &targets, f)) {
        return false;
    }
    for (size_t i = 0; i < targets.count; i++) {
        const resolve_target *target = &targets.list[i];

        if (reach(r, names, target->host, target->port, deadline, targets.count - i, f)) {
            r->direct = target->direct;
            return true;
        }
        if (f->status == STATUS_SIGNAL) {
            return false;
        }
    }
    return false;
}

/* RFC 6120 13.9.2. */
bool reach_server(reached *r, const char *domain, const server_options *o, int64_t deadline,
                  failure *f)
{
    resolver names;
    bool good;

    if (!resolver_open(&names, o->dns, deadline, f)) {
        return false;
    }
    good = o->host != NULL || o->port != 0 ? reach_named(r, &names, domain, o, deadline, f)
                                           : reach_service(r, &names, domain, o, deadline, f);
    resolver_close(&names);
    return good;
}
