/* What parley serve takes once, at its start: files, certificate, memory. */
#include "serve.h"

#include "entropy.h"
#include "status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define OUTPUT_SLACK 4096u
#define ALIGNMENT    64u
#define OTHER_FILES  (32u + SERVE_LEAVING) /* descriptors beside those of sessions */

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static bool prepare_domain(server *s, failure *f)
{
    parley_string text = parley_string_of(s->options->domain);
    size_t at = 0;
    if (parley_jid_prepare(PARLEY_JID_DOMAIN, text, s->domain, sizeof(s->domain), &s->domain_name,
                           &at) != PARLEY_OK) {
        return failure_set(f, STATUS_USAGE, "domain",
                           "--domain: '%.64s' is not a domain: wrong at byte %zu",
                           s->options->domain, at + 1);
    }
    return true;
}

static bool write_certificate(const server *s, failure *f)
{
    char text[SELF_SIGNED_PEM_SIZE];
    size_t len = self_signed_pem(&s->own, text);
    const char *path = s->options->cert_out;
    FILE *out = fopen(path, "w");
    bool ok = out && fwrite(text, 1, len, out) == len;
    if (out && fclose(out) != 0) {
        ok = false;
    }
    if (!ok) {
        return failure_set(f, STATUS_LOCAL, "cert-out", "%s: cannot be written: %s", path,
                           strerror(errno));
    }
    return true;
}

static bool make_certificate(server *s, failure *f)
{
    unsigned char seed[64];
    parley_result result;

    if (!entropy_fill(seed, sizeof(seed))) {
        return failure_set(f, STATUS_LOCAL, "no-entropy", "the system gives no entropy");
    }
    result = self_signed_make(&s->own, s->domain_name, seed, sizeof(seed), time(NULL));
    entropy_wipe(seed, sizeof(seed));
    if (result == PARLEY_REFUSED) {
        return failure_set(f, STATUS_LOCAL, "no-time", "the system's clock is not set");
    }
    if (result != PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "certificate",
                           "no certificate can be made for '%.64s': it is not a DNS name in "
                           "ASCII; give --cert and --key",
                           s->options->domain);
    }
    return !s->options->cert_out || write_certificate(s, f);
}

static bool load_certificate(server *s, failure *f)
{
    const serve_options *o = s->options;
    const br_x509_certificate *leaf;

    if (o->cert) {
        if (!pem_chain_load(&s->chain, o->cert, f) || !pem_key_load(&s->key, o->key, f) ||
            !pem_key_fits(&s->key, &s->chain, o->key, o->cert, f)) {
            return false;
        }
        leaf = &s->chain.list[0];
    } else {
        if (!make_certificate(s, f)) {
            return false;
        }
        leaf = &s->own.chain[0];
    }
    if (parley_tls_key_hash(leaf->data, leaf->data_len, s->pin) != PARLEY_OK) {
        return failure_set(f, STATUS_TLS, "certificate", "%s: the certificate cannot be read",
                           o->cert ? o->cert : "self-signed");
    }
    return !o->client_ca || pem_anchors_load(&s->client_anchors, o->client_ca, f);
}

static void configure_tls(server *s, connection_kind kind)
{
    parley_tls_server_config *tls = &s->tls[kind];
    *tls = (parley_tls_server_config){.core = &s->cores[kind],
                                      .client_anchors = s->client_anchors.list,
                                      .client_anchor_count = s->client_anchors.count,
                                      .cache = &s->cache};
    if (s->options->cert) {
        tls->chain = s->chain.list;
        tls->chain_len = s->chain.count;
        tls->ec_key = s->key.ec;
        tls->rsa_key = s->key.rsa;
        tls->chain_issuer_type = s->chain.issuer_type;
    } else {
        tls->chain = s->own.chain;
        tls->chain_len = 1;
        tls->ec_key = &s->own.key;
        tls->chain_issuer_type = BR_KEYTYPE_EC;
    }
}

static uint32_t at_most(uint32_t limit, unsigned long seconds)
{
    return seconds * 1000 < limit ? (uint32_t)(seconds * 1000) : limit;
}

static bool everybody_has(const server *s, const parley_mechanism *mechanism)
{
    for (uint32_t i = 0; i < s->accounts.count; i++) {
        parley_answer answer;
        if (!users_credential(&s->accounts.list[i],
                              parley_string_of(parley_mechanism_name(mechanism)), &answer)) {
            return false;
        }
    }
    return true;
}

/* The named ones; else SCRAM, with EXTERNAL where certificates are asked for. Keys
   for SHA-512 are not in every users file: who lacks them could not log in. */
static void choose_mechanisms(server *s)
{
    const serve_options *o = s->options;
    s->mechanism_count = o->mechanism_count;
    memcpy(s->mechanisms, o->mechanisms, sizeof(s->mechanisms));
    if (o->mechanism_count > 0) {
        return;
    }
    if (o->client_ca) {
        s->mechanisms[s->mechanism_count++] = &parley_external;
    }
    for (size_t i = 0; i < PARLEY_MECHANISMS_STRONG; i++) {
        const parley_mechanism *mechanism = parley_mechanisms_strong[i];
        if ((mechanism != &parley_scram_sha_512 && mechanism != &parley_scram_sha_512_plus) ||
            everybody_has(s, mechanism)) {
            s->mechanisms[s->mechanism_count++] = mechanism;
        }
    }
}

/* Else each of them would be refused, and neither end told why. */
static bool guests_have_an_account(const server *s, failure *f)
{
    for (size_t i = 0; i < s->mechanism_count; i++) {
        if (s->mechanisms[i] == &parley_anonymous &&
            users_find(&s->accounts, parley_string_of("anonymous")) == USERS_NONE) {
            return failure_set(f, STATUS_LOCAL, "users",
                               "%s: ANONYMOUS logs in as the user 'anonymous', who is not there; "
                               "add a line for it",
                               s->options->users);
        }
    }
    return true;
}

/* A longer stanza may have more elements in it. */
static uint16_t elements_in(size_t stanza)
{
    size_t elements = stanza / (PARLEY_LIMIT_ELEMENT / PARLEY_LIMIT_ELEMENTS);

    return (uint16_t)(elements < PARLEY_LIMIT_ELEMENTS ? PARLEY_LIMIT_ELEMENTS
                      : elements > UINT16_MAX          ? UINT16_MAX
                                                       : elements);
}

static void configure(server *s)
{
    const serve_options *o = s->options;
    size_t stanza = o->stanza + OUTPUT_SLACK;
    size_t result = roster_result_size(&s->rosters);

    for (int kind = CONNECTION_STARTTLS; kind <= CONNECTION_INSECURE; kind++) {
        parley_server_config *core = &s->cores[kind];
        parley_server_config_init(core);
        core->cpu = parley_cpu_features();
        core->security = kind == CONNECTION_TLS ? PARLEY_DIRECT_TLS : PARLEY_STARTTLS;
        core->mechanisms = s->mechanisms;
        core->mechanism_count = s->mechanism_count;
        core->secret = s->secret;
        core->kept = s->accounts.kept;
        core->iterations = s->accounts.iterations;
        core->salt_len = s->accounts.salt_len;
        core->limits.element = (uint32_t)o->stanza;
        core->limits.elements = elements_in(o->stanza);
        core->output = stanza > result ? stanza : result;
        core->offer_session = 1;
        core->timeouts.open = at_most(core->timeouts.open, o->timeout);
        core->timeouts.tls = at_most(core->timeouts.tls, o->timeout);
        core->timeouts.sasl = at_most(core->timeouts.sasl, o->timeout);
        core->timeouts.bind = at_most(core->timeouts.bind, o->timeout);
        configure_tls(s, (connection_kind)kind);
    }
}

/* What counts failed logins. */
static bool take_lockout(server *s, failure *f)
{
    parley_lockout_settings settings = PARLEY_LOCKOUT_DEFAULT;
    parley_lockout_entry *entries;
    unsigned char secret[32];

    if (s->options->lock_out == 0) {
        return true;
    }
    settings.account_at_address = (uint16_t)s->options->lock_out;
    settings.address = (uint16_t)(4 * s->options->lock_out);
    entries = calloc(SERVE_COUNTED, sizeof(*entries));
    if (!entries || !entropy_fill(secret, sizeof(secret)) ||
        parley_lockout_init(&s->lockout, entries, SERVE_COUNTED, &settings, secret) != PARLEY_OK) {
        free(entries);
        return failure_set(f, STATUS_LOCAL, "no-memory",
                           "no memory or no entropy to count failed logins");
    }
    entropy_wipe(secret, sizeof(secret));
    return true;
}

/* One block for all sessions: struct, work, TLS records, input of each. The
   XML memory holds any stanza of the least size that RFC 6120 13.12 asks for,
   and larger ones unless they are nearly all tags. */
static bool take_memory(server *s, failure *f)
{
    const parley_server_config *core = &s->cores[CONNECTION_STARTTLS];
    size_t xml = PARLEY_XML_MEMORY(PARLEY_STANZA_MINIMUM);
    size_t session = aligned(sizeof(parley_tls_server));
    size_t each;

    if (2 * s->options->stanza > xml) {
        xml = 2 * s->options->stanza;
    }
    s->work_size = aligned(core->output + PARLEY_SASL_SIZE + xml);
    each = session + s->work_size + aligned(PARLEY_TLS_BUFFER_SIZE) + aligned(SERVE_INPUT_SIZE);
    s->connections = calloc(s->count, sizeof(*s->connections));
    s->polls = calloc(s->count + 3 + SERVE_LEAVING, sizeof(*s->polls));
    s->polled = calloc(s->count + 3 + SERVE_LEAVING, sizeof(*s->polled));
    s->cached = calloc(aligned(s->count), sizeof(*s->cached));
    s->block = s->count > SIZE_MAX / each ? NULL : aligned_alloc(ALIGNMENT, s->count * each);
    if (!s->connections || !s->polls || !s->polled || !s->cached || !s->block ||
        parley_tls_cache_init(&s->cache, sizeof(s->cache), s->cached, aligned(s->count),
                              PARLEY_TLS_SESSION_SECONDS) != PARLEY_OK) {
        return failure_set(f, STATUS_LOCAL, "memory",
                           "no memory for %u sessions of %zu bytes; give a smaller --sessions or "
                           "--stanza",
                           (unsigned)s->count, each);
    }
    s->memory = s->count *
                    (each + sizeof(*s->connections) + sizeof(*s->polls) + sizeof(*s->polled)) +
                aligned(s->count) * sizeof(*s->cached);
    for (uint32_t i = 0; i < s->count; i++) {
        unsigned char *at = s->block + i * each;
        s->connections[i].fd = -1;
        s->connections[i].tls = (parley_tls_server *)(void *)at;
        s->connections[i].work = at + session;
        s->connections[i].buffer = at + session + s->work_size;
        s->connections[i].input = s->connections[i].buffer + aligned(PARLEY_TLS_BUFFER_SIZE);
    }
    return true;
}

static void flush_for_router(void *context, uint32_t slot)
{
    connection_flush(context, slot);
}

static void touch_for_router(void *context, uint32_t slot)
{
    server *s = context;
    s->connections[slot].dirty = true;
}

static bool take_router(server *s, failure *f)
{
    router_config config = {.accounts = &s->accounts,
                            .rosters = &s->rosters,
                            .domain = s->domain_name,
                            .sessions = s->count,
                            .stanza = s->cores[CONNECTION_STARTTLS].output,
                            .message = s->options->stanza + OUTPUT_SLACK - ROUTER_OUTPUT_OWN,
                            .flush = flush_for_router,
                            .touch = touch_for_router,
                            .context = s};
    if (!router_init(&s->routes, &config, f)) {
        return false;
    }
    s->memory += router_memory(&s->routes) + roster_memory(&s->rosters);
    return true;
}

/* Each session needs a descriptor. */
static bool raise_file_limit(const server *s, failure *f)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)s->count + OTHER_FILES;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= wanted) {
        return true;
    }
    limit.rlim_cur = wanted;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted) {
        limit.rlim_max = wanted;
    }
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return failure_set(f, STATUS_LOCAL, "file-limit",
                           "%u sessions need %lu open files, and the system allows fewer; raise "
                           "the limit (ulimit -n) or give a smaller --sessions",
                           (unsigned)s->count, (unsigned long)wanted);
    }
    return true;
}

static bool open_listeners(server *s, failure *f)
{
    const serve_options *o = s->options;
    if (o->listen) {
        if (!serve_listen(&s->listeners[s->listener_count], o->listen,
                          o->insecure ? CONNECTION_INSECURE : CONNECTION_STARTTLS, f)) {
            return false;
        }
        s->listener_count++;
    }
    if (o->tls_listen) {
        if (!serve_listen(&s->listeners[s->listener_count], o->tls_listen, CONNECTION_TLS, f)) {
            return false;
        }
        s->listener_count++;
    }
    return true;
}

/* Makes the salts of unknown users. With a private key of one's own it follows from
   that: a salt that changes when the server is started again is nobody's. */
static bool make_secret(server *s, failure *f)
{
    static const char label[] = "parley serve: salts";
    const br_ec_private_key *ec = s->key.ec;
    const br_rsa_private_key *rsa = s->key.rsa;
    br_hmac_key_context key;
    br_hmac_context hmac;

    if (!ec && !rsa) {
        return entropy_fill(s->secret, sizeof(s->secret)) ||
               failure_set(f, STATUS_LOCAL, "no-entropy", "the system gives no entropy");
    }
    br_hmac_key_init(&key, &br_sha256_vtable, ec ? ec->x : rsa->p, ec ? ec->xlen : rsa->plen);
    br_hmac_init(&hmac, &key, sizeof(s->secret));
    br_hmac_update(&hmac, label, sizeof(label) - 1);
    br_hmac_out(&hmac, s->secret);
    entropy_wipe(&key, sizeof(key));
    entropy_wipe(&hmac, sizeof(hmac));
    return true;
}

static void warn_of_uneven(const server *s)
{
    if (s->accounts.uneven > 0) {
        fprintf(stderr,
                "parley serve: %s: line %u: these keys have another iteration count or length of "
                "salt than those before, so a stranger can tell that there is such a user; make "
                "them again with parley serve --add-user\n",
                s->options->users, s->accounts.uneven);
    }
}

bool serve_setup(server *s, const serve_options *options, failure *f)
{
    memset(s, 0, sizeof(*s));
    s->options = options;
    for (size_t i = 0; i < SERVE_LEAVING; i++) {
        s->leaving[i].fd = -1;
    }
    if (!prepare_domain(s, f) || !users_load(&s->accounts, options->users, f) ||
        !roster_init(&s->rosters, &s->accounts, s->domain_name, options->roster, f) ||
        !load_certificate(s, f) || !serve_log_open(&s->log, options->log, options->json, f)) {
        return false;
    }
    if (!make_secret(s, f)) {
        return false;
    }
    warn_of_uneven(s);
    s->count = (uint32_t)options->sessions;
    choose_mechanisms(s);
    if (!guests_have_an_account(s, f)) {
        return false;
    }
    configure(s);
    return raise_file_limit(s, f) && take_memory(s, f) && take_lockout(s, f) && take_router(s, f) &&
           open_listeners(s, f);
}

void serve_teardown(server *s)
{
    router_free(&s->routes);
    roster_free(&s->rosters);
    users_free(&s->accounts);
    pem_chain_free(&s->chain);
    pem_key_wipe(&s->key);
    pem_anchors_free(&s->client_anchors);
    self_signed_wipe(&s->own);
    entropy_wipe(s->secret, sizeof(s->secret));
    free(s->connections);
    free(s->polls);
    free(s->polled);
    if (s->cached) {
        parley_tls_cache_wipe(&s->cache);
    }
    free(s->cached);
    if (s->lockout.entries) {
        parley_lockout_wipe(&s->lockout);
    }
    free(s->lockout.entries);
    free(s->block);
    serve_log_close(&s->log);
}
