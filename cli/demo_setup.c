/* What parley demo sets up: two accounts, a certificate, and the memory of two
   clients and the server's two sessions with them. */
#include "demo.h"

#include "entropy.h"
#include "status.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STANZA 10000u
#define OUTPUT 16384u

static bool set_up_pair(demo *d, int which, const char *name, const char *secret,
                        const char *resource)
{
    pair *p = &d->pairs[which];
    p->all = d;
    p->name = name;
    p->secret = secret;
    p->who = users_find(&d->people, parley_string_of(name));
    parley_client_config_init(&p->core);
    p->core.domain = parley_string_of(DEMO_DOMAIN);
    p->core.user = parley_string_of(name);
    p->core.resource = parley_string_of(resource);
    p->core.limits.element = STANZA;
    p->core.output = OUTPUT;
    p->tls = (parley_tls_client_config){.core = &p->core,
                                        .anchors = d->anchors.list,
                                        .anchor_count = d->anchors.count};
    return p->who != USERS_NONE;
}

static bool set_up_server(demo *d, failure *f)
{
    unsigned char seed[64];
    router_config config = {.accounts = &d->people,
                            .rosters = &d->rosters,
                            .domain = parley_string_of(DEMO_DOMAIN),
                            .sessions = PAIRS,
                            .stanza = OUTPUT,
                            .message = OUTPUT - ROUTER_OUTPUT_OWN};

    if (!entropy_fill(seed, sizeof(seed)) || !entropy_fill(d->secret, sizeof(d->secret))) {
        return failure_set(f, STATUS_LOCAL, "no-entropy", "the system gives no entropy");
    }
    if (self_signed_make(&d->certificate, config.domain, seed, sizeof(seed), time(NULL)) !=
        PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "no-time", "the system's clock is not set");
    }
    entropy_wipe(seed, sizeof(seed));
    parley_server_config_init(&d->core);
    d->core.secret = d->secret;
    d->core.iterations = PARLEY_ITERATIONS_MINIMUM;
    d->core.limits.element = STANZA;
    d->core.output = OUTPUT;
    d->core.offer_session = 2; /* so that step 4 is seen */
    d->tls = (parley_tls_server_config){.core = &d->core,
                                        .chain = d->certificate.chain,
                                        .chain_len = 1,
                                        .ec_key = &d->certificate.key,
                                        .chain_issuer_type = BR_KEYTYPE_EC};
    return roster_init(&d->rosters, &d->people, config.domain, NULL, f) &&
           router_init(&d->routes, &config, f) &&
           pem_anchors_add(&d->anchors, d->certificate.anchor, d->certificate.anchor_len, f);
}

/* Memory of a pair: two work blocks, two record buffers, two tokenizers. */
static bool set_up_memory(demo *d, failure *f)
{
    size_t client = (parley_client_work_size(&d->pairs[0].core) + 63) & ~(size_t)63;
    size_t server = (parley_server_work_size(&d->core) + 63) & ~(size_t)63;
    size_t records = (PARLEY_TLS_BUFFER_SIZE + 63) & ~(size_t)63;
    size_t each = client + server + 2 * records + 2 * DEMO_MEMORY;
    parley_code why = PARLEY_NO_ERROR;

    d->block = aligned_alloc(64, PAIRS * each);
    for (int i = 0; d->block && i < PAIRS; i++) {
        pair *p = &d->pairs[i];
        unsigned char *at = (unsigned char *)d->block + (size_t)i * each;
        unsigned char seeds[2][32];
        parley_tls_session_input input = {.work = at,
                                          .work_len = client,
                                          .buffer = at + client + server,
                                          .buffer_len = PARLEY_TLS_BUFFER_SIZE,
                                          .seed = seeds[0],
                                          .seed_len = sizeof(seeds[0]),
                                          .unix_time = time(NULL)};
        if (!entropy_fill(seeds, sizeof(seeds)) ||
            parley_tls_client_init(&p->client, sizeof(p->client), &p->tls, &input, &why) !=
                PARLEY_OK) {
            return failure_set(f, STATUS_LOCAL, "demo", "the client cannot be set up: %s",
                               parley_code_text(why));
        }
        input.work = at + client;
        input.work_len = server;
        input.buffer = at + client + server + records;
        input.seed = seeds[1];
        if (parley_tls_server_init(&p->server, sizeof(p->server), &d->tls, &input, &why) !=
            PARLEY_OK) {
            return failure_set(f, STATUS_LOCAL, "demo", "the server cannot be set up: %s",
                               parley_code_text(why));
        }
        demo_direction_init(&p->to_server, at + client + server + 2 * records);
        demo_direction_init(&p->to_client, at + client + server + 2 * records + DEMO_MEMORY);
        parley_tls_client_observe(&p->client, demo_observe, p);
    }
    return d->block || failure_set(f, STATUS_LOCAL, "memory", "no memory for the demo");
}

bool demo_set_up(demo *d, failure *f)
{
    /* sorted by name, as users_find wants it */
    d->accounts[0] = (account){.name = parley_string_of("juliet"),
                               .password = parley_string_of("a rose by any other name")};
    d->accounts[1] = (account){.name = parley_string_of("romeo"),
                               .password = parley_string_of("wherefore art thou")};
    d->people.list = d->accounts;
    d->people.count = PAIRS;
    d->printer.out = stdout;
    d->printer.colour = trace_wants_colour(stdout);
    return set_up_server(d, f) &&
           set_up_pair(d, ROMEO, "romeo", d->accounts[1].password.data, "orchard") &&
           set_up_pair(d, JULIET, "juliet", d->accounts[0].password.data, "balcony") &&
           set_up_memory(d, f);
}

void demo_tear_down(demo *d)
{
    router_free(&d->routes);
    roster_free(&d->rosters);
    pem_anchors_free(&d->anchors);
    self_signed_wipe(&d->certificate);
    free(d->block);
    entropy_wipe(d, sizeof(*d));
    free(d);
}
