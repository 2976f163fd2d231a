/* What a session asks for: randomness, whether a host is served, credentials,
   who may act as whom, a resource. */
#include "serve.h"

#include "entropy.h"

#include <string.h>

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
   first way. */
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
