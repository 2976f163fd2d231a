/* Notes. Entries stand in groups of WAYS; the group follows from the identifier, so
   that a look-up and a record cost the same however large the cache is. Entries are
   kept under SHA-256 of the session's identifier and of the server's own
   certificate: a session of one certificate is not found under another's, and what
   times a look-up learns nothing of the identifiers there.

   BearSSL calls load for a ClientHello with an identifier of 32 bytes, and save
   after each full handshake; so `resumed` is what load found, unless save follows.

   The session that calls is the one that the server context is part of. */
#include <stddef.h>
#include <string.h>

#include "parley/tls.h"
#include "sasl.h"

#define WAYS 4u

static parley_tls_transport *cache_caller(br_ssl_server_context *server)
{
    unsigned char *at = (unsigned char *)server - offsetof(parley_tls_server, tls);

    return &((parley_tls_server *)(void *)at)->transport;
}

static void cache_name(const parley_tls_transport *t, const br_ssl_session_parameters *p,
                       unsigned char name[32])
{
    br_sha256_context hash;

    br_sha256_init(&hash);
    br_sha256_update(&hash, p->session_id, sizeof p->session_id);
    br_sha256_update(&hash, t->key_hash, sizeof t->key_hash);
    br_sha256_update(&hash, t->end_point, t->end_point_len);
    br_sha256_out(&hash, name);
}

/* The group of a name, and how many entries it has. */
static parley_tls_cache_entry *cache_group(const parley_tls_cache *cache,
                                           const unsigned char name[32], size_t *ways)
{
    const size_t groups = cache->count < WAYS ? 1 : cache->count / WAYS;
    const uint32_t number = (uint32_t)name[0] << 24 | (uint32_t)name[1] << 16 |
                            (uint32_t)name[2] << 8 | name[3];

    *ways = cache->count < WAYS ? cache->count : WAYS;
    return cache->entries + number % groups * *ways;
}

static void cache_save(const br_ssl_session_cache_class **ctx, br_ssl_server_context *server,
                       const br_ssl_session_parameters *p)
{
    const parley_tls_cache *cache = (const parley_tls_cache *)(const void *)ctx;
    parley_tls_transport *t = cache_caller(server);
    parley_tls_cache_entry *group, *entry;
    unsigned char name[32];
    size_t ways;

    t->resumed = false;
    if (t->verifier.chain_seen) /* a resumed session would have lost who the client is */
        return;
    cache_name(t, p, name);
    group = cache_group(cache, name, &ways);
    entry = group;
    for (size_t i = 1; i < ways; i++) { /* free ones have 0, and so come first */
        if (group[i].expires < entry->expires)
            entry = &group[i];
    }
    memcpy(entry->name, name, sizeof entry->name);
    memcpy(entry->master_secret, p->master_secret, sizeof entry->master_secret);
    entry->version = p->version;
    entry->suite = p->cipher_suite;
    entry->expires = t->verifier.now + cache->lifetime;
}

static int cache_load(const br_ssl_session_cache_class **ctx, br_ssl_server_context *server,
                      br_ssl_session_parameters *p)
{
    const parley_tls_cache *cache = (const parley_tls_cache *)(const void *)ctx;
    parley_tls_transport *t = cache_caller(server);
    parley_tls_cache_entry *group;
    unsigned char name[32];
    size_t ways;

    cache_name(t, p, name);
    group = cache_group(cache, name, &ways);
    for (size_t i = 0; i < ways; i++) {
        if (group[i].expires != 0 && group[i].expires <= t->verifier.now)
            parley_wipe(&group[i], sizeof group[i]);
        if (group[i].expires == 0 ||
            group[i].expires - t->verifier.now > (int64_t)cache->lifetime || /* the clock fell */
            !parley_equal_secret(group[i].name, name, sizeof name))
            continue;
        memcpy(p->master_secret, group[i].master_secret, sizeof p->master_secret);
        p->version = group[i].version;
        p->cipher_suite = group[i].suite;
        t->resumed = true;
        return 1;
    }
    return 0;
}

static const br_ssl_session_cache_class cache_class = {
    sizeof(parley_tls_cache),
    cache_save,
    cache_load,
};

parley_result parley_tls_cache_init(parley_tls_cache *cache, size_t size,
                                    parley_tls_cache_entry *entries, size_t count,
                                    uint32_t lifetime)
{
    if (cache == NULL || size != sizeof *cache || entries == NULL || count == 0 ||
        count > SIZE_MAX / sizeof *entries || lifetime == 0 ||
        lifetime > PARLEY_TLS_SESSION_SECONDS)
        return PARLEY_MISUSE;
    memset(entries, 0, count * sizeof *entries);
    cache->vtable = &cache_class;
    cache->entries = entries;
    cache->count = count;
    cache->lifetime = lifetime;
    return PARLEY_OK;
}

void parley_tls_cache_wipe(parley_tls_cache *cache)
{
    parley_wipe(cache->entries, cache->count * sizeof *cache->entries);
}
