/* Sessions that are resumed: what both ends remember, what of it is altered, and whether the
   second handshake has to be an abbreviated one. */
#include <stddef.h>
#include <string.h>

#include "common/chain.h"

#define CACHE_SECONDS 3600 /* our server's */
#define NEAR_END      FUZZ_CHAIN_END_SECONDS
#define DAY           PARLEY_TLS_SESSION_SECONDS

static br_ssl_session_cache_lru peer_cache;

static void forget(void)
{
    static unsigned char entries[1000];

    br_ssl_session_cache_lru_init(&peer_cache, entries, sizeof entries);
}

void fuzz_chain_reset(fuzz_chain *c)
{
    static parley_tls_cache_entry entries[8];
    static parley_tls_cache cache;

    fuzz_chain_set_time(c);
    c->is_altered = false;
    c->terms.session = NULL;
    c->terms.peer_session = NULL;
    c->terms.is_second = false;
    if (!c->resumes) {
        return;
    }
    FUZZ_CHECK(parley_tls_cache_init(&cache, sizeof cache, entries, 1 + c->head[3] % 8,
                                     CACHE_SECONDS) == PARLEY_OK);
    forget();
    c->terms.cache = &cache;
    c->terms.peer_cache = &peer_cache.vtable;
}

/* The same in all that has a meaning: what lies between the members has none. */
static bool same_parameters(const br_ssl_session_parameters *a, const br_ssl_session_parameters *b)
{
    return memcmp(a->session_id, b->session_id, sizeof a->session_id) == 0 &&
           a->session_id_len == b->session_id_len && a->version == b->version &&
           a->cipher_suite == b->cipher_suite &&
           memcmp(a->master_secret, b->master_secret, sizeof a->master_secret) == 0;
}

static bool same_session(const parley_tls_session *a, const parley_tls_session *b)
{
    return same_parameters(&a->parameters, &b->parameters) &&
           memcmp(a->domain, b->domain, sizeof a->domain) == 0 &&
           memcmp(a->end_point, b->end_point, sizeof a->end_point) == 0 &&
           a->end_point_len == b->end_point_len &&
           memcmp(a->key_hash, b->key_hash, sizeof a->key_hash) == 0 &&
           memcmp(a->policy, b->policy, sizeof a->policy) == 0 && a->made == b->made &&
           a->expires == b->expires && memcmp(a->check, b->check, sizeof a->check) == 0;
}

/* Whether anything that counts has changed. */
static bool alter(fuzz_chain *c)
{
    static parley_tls_session session;
    static br_ssl_session_parameters parameters;
    uint8_t *bytes = c->server ? (uint8_t *)&c->parameters : (uint8_t *)&c->session;
    size_t len = c->server ? sizeof parameters : sizeof session;

    session = c->session;
    parameters = c->parameters;
    for (size_t i = c->terms.edit_count; i < c->edit_count; i++) {
        const uint8_t *e = c->edits + 3 * i;

        bytes[((size_t)e[0] << 8 | e[1]) % len] ^= e[2];
    }
    return c->server ? !same_parameters(&c->parameters, &parameters)
                     : !same_session(&c->session, &session);
}

/* Our client: an unaltered session of a server that remembers it, not before it was made, nor
   when it or the certificate has expired. */
static fuzz_judgement client_verdict(const fuzz_chain *c, int64_t made)
{
    int64_t age = c->terms.unix_time - made;

    if ((c->head[5] & FUZZ_CHAIN_FORGETS) != 0 || age < 0 || age >= DAY) {
        return FUZZ_MUST_NOT;
    }
    if (c->is_near_end && !c->terms.pin_only) {
        return c->terms.edit_count > 0 ? FUZZ_MAY : age >= NEAR_END ? FUZZ_MUST_NOT : FUZZ_MUST;
    }
    return c->terms.edit_count > 0 ? FUZZ_MAY : FUZZ_MUST;
}

/* Our server: one that it remembers, and no clock that fell; nor where the client had a
   certificate, which would not be seen again. */
static fuzz_judgement server_verdict(const fuzz_chain *c, int64_t made)
{
    int64_t age = c->terms.unix_time - made;

    return c->terms.client_certificate != 0 || age < 0 || age >= CACHE_SECONDS ? FUZZ_MUST_NOT
                                                                               : FUZZ_MUST;
}

fuzz_judgement fuzz_chain_keep(fuzz_chain *c, fuzz_wire *w, fuzz_log *log)
{
    static const int64_t later[] = {0, 1800, 7200, -7200, DAY - 1, DAY, NEAR_END - 1, NEAR_END};
    parley_result kept = PARLEY_OK;
    int64_t made = c->terms.unix_time;
    bool was_up = w->party.tls;

    memset(&c->session, 0, sizeof c->session);
    memset(&c->parameters, 0, sizeof c->parameters);
    if (c->server && w->peer_is_up) {
        br_ssl_engine_get_session_parameters(w->peer, &c->parameters);
    } else if (!c->server) {
        kept = parley_tls_client_session(w->client, &c->session);
        fuzz_log_number(log, " kept ", (unsigned)kept);
        FUZZ_CHECK((kept != PARLEY_MISUSE) == (was_up && !w->party.closed));
    }
    fuzz_wire_close(w);
    c->is_altered = alter(c);
    c->terms.session = kept == PARLEY_OK && !c->server ? &c->session : NULL;
    c->terms.peer_session = c->server ? &c->parameters : NULL;
    c->terms.is_second = true;
    if ((c->head[0] & FUZZ_CHAIN_CLIENTS) == 0) { /* else that byte is the client's certificate */
        c->terms.unix_time += later[c->head[4] % 8];
    }
    if ((c->head[5] & FUZZ_CHAIN_FORGETS) != 0) {
        forget();
    }
    if (!was_up || kept != PARLEY_OK || c->is_altered) {
        return FUZZ_MUST_NOT;
    }
    return c->server ? server_verdict(c, made) : client_verdict(c, made);
}

void fuzz_chain_close(fuzz_chain *c, fuzz_wire *w)
{
    if (!c->server && c->resumes) { /* what is kept of a resumed one is of the first */
        (void)parley_tls_client_session(w->client, &c->session);
    }
    fuzz_wire_close(w);
    parley_tls_session_wipe(&c->session);
    if (c->resumes) {
        parley_tls_cache_wipe(c->terms.cache);
    }
}
