/* Handshakes with certificates, good ones and others, on both roles, and sessions that are
   resumed: what is judged does not depend on the pieces, nobody is let in by a chain that ends
   at no anchor, and what a session was changed in is not resumed.

   Input: settings (role, pin, pin alone, the pin is another's, client certificates, resumption,
   two bits of the time), the seed of the cuts, the certificate of the server, the one behind it,
   the client's, the domain (two bits; a time shortly before the certificate's end, a peer that
   forgets its sessions, a peer that sends no certificate) and how many
   edits are of the certificate; then edits as tls_records
   has them, of the certificate, and of the session. */
#include <string.h>

#include "common/wire_keys.h"
#include "parley/certificate.h"

enum { HEAD = 7 };

typedef struct seen {
    uint8_t bytes[4096];
    size_t len;
    bool whole; /* the first one */
} seen;

typedef struct run {
    const uint8_t *head;
    const uint8_t *edits;
    size_t edit_count;
    bool server;
    bool resumes;
    unsigned char pin[32];
    fuzz_terms terms;
    seen watched;
} run;

static unsigned char peer_entries[1000];
static br_ssl_session_cache_lru peer_cache;

static void watch(void *context, const void *data, size_t len)
{
    seen *s = context;

    if (data == NULL) {
        s->whole = true;
    } else if (!s->whole && len <= sizeof s->bytes - s->len) {
        memcpy(s->bytes + s->len, data, len);
        s->len += len;
    }
}

static void set_time(run *r)
{
    static const int64_t times[] = {1767225600, 1577750400, 4796668800, 1600000000};

    r->terms.unix_time = times[r->head[0] >> 6];
    if ((r->head[5] & 4u) != 0) {
        parley_string der = fuzz_certificate_der(r->terms.certificate);
        parley_certificate_facts facts;

        FUZZ_CHECK(parley_certificate_read(der.data, der.len, &facts, NULL, 0) == PARLEY_OK);
        r->terms.unix_time = facts.not_after > 600 ? facts.not_after - 600 : 1;
    }
}

static void set_terms(run *r)
{
    static const char *const domains[] = {"example.com", "im.example.com", "t\xC3\xA9st.example",
                                          "192.0.2.1"};
    unsigned count = (unsigned)fuzz_certificate_count();
    parley_string der;

    r->server = (r->head[0] & 1u) != 0;
    r->resumes = (r->head[0] & 32u) != 0;
    r->terms.certificate = r->head[2] % count;
    r->terms.between = r->head[3] % count;
    r->terms.asks = r->server && (r->head[0] & 16u) != 0;
    r->terms.client_certificate = (r->head[0] & 16u) != 0 ? r->head[4] % count : 0;
    r->terms.domain = parley_string_of(domains[r->head[5] % 4]);
    r->terms.watcher = watch;
    r->terms.watcher_context = &r->watched;
    r->terms.edits = r->edits;
    r->terms.sends_none = (r->head[5] & 16u) != 0;
    r->terms.edit_count = r->head[6] < r->edit_count ? r->head[6] : r->edit_count;
    der = fuzz_certificate_der(r->terms.certificate);
    if ((r->head[0] & 2u) != 0) {
        FUZZ_CHECK(parley_tls_key_hash(der.data, der.len, r->pin) == PARLEY_OK);
        r->pin[0] ^= (r->head[0] & 8u) != 0;
        r->terms.pin = r->pin;
        r->terms.pin_only = (r->head[0] & 4u) != 0;
    }
}

/* What has to hold of a handshake that ended well. */
static void check_up(const run *r, const fuzz_wire *w)
{
    if (!w->party.tls || r->server) {
        return;
    }
    FUZZ_CHECK(r->terms.pin == NULL || (r->head[0] & 8u) == 0 || r->terms.edit_count > 0);
    FUZZ_CHECK(r->terms.pin_only || r->terms.domain.data[0] != '1');
    FUZZ_CHECK(r->terms.pin_only || r->terms.unix_time != 4796668800 || r->resumes);
}

static void talk(run *r, unsigned kind, fuzz_log *log, fuzz_log *said, fuzz_wire *w)
{
    static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_256_plus,
                                                         &parley_external};
    static const char header[] =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "version='1.0' to='example.com'>";
    fuzz_settings settings = {0};

    settings.direct = true;
    settings.mechanisms = mechanisms;
    settings.mechanism_count = 2;
    memset(&r->watched, 0, sizeof r->watched);
    fuzz_wire_open_on(w, r->server, &settings, &r->terms, log, said, kind, r->head[1]);
    w->party.attempts = 0;
    fuzz_wire_settle(w);
    check_up(r, w);
    if (r->server && w->party.tls) { /* what is offered depends on the certificate */
        fuzz_wire_says(w, (const uint8_t *)header, sizeof header - 1);
    }
    fuzz_log_number(log, "\nwatched ", r->watched.len);
    fuzz_log_text(log, parley_tls_error_text(FUZZ_CALL0(&w->party, outcome)->tls_code));
}

/* The same once more, with what was kept, and edited. */
static void resume(run *r, fuzz_wire *w, unsigned kind, fuzz_log *log, fuzz_log *said)
{
    static parley_tls_session session;
    static br_ssl_session_parameters parameters;
    static const int64_t later[] = {0, 1800, 7200, -7200};
    parley_result kept = PARLEY_OK;
    uint8_t *bytes = r->server ? (uint8_t *)&parameters : (uint8_t *)&session;
    size_t len = r->server ? sizeof parameters : sizeof session;

    memset(bytes, 0, len);
    if (r->server && w->peer_is_up) {
        br_ssl_engine_get_session_parameters(w->peer, &parameters);
    } else if (!r->server) {
        kept = parley_tls_client_session(w->client, &session);
        fuzz_log_number(log, " kept ", (unsigned)kept);
        FUZZ_CHECK((kept != PARLEY_MISUSE) == (w->party.tls && !w->party.closed));
    }
    fuzz_wire_close(w);
    for (size_t i = r->terms.edit_count; i < r->edit_count; i++) {
        bytes[((size_t)r->edits[3 * i] << 8 | r->edits[3 * i + 1]) % len] ^= r->edits[3 * i + 2];
    }
    r->terms.session = kept == PARLEY_OK && !r->server ? &session : NULL;
    r->terms.peer_session = r->server ? &parameters : NULL;
    if ((r->head[0] & 16u) == 0) { /* no certificate of a client: the time goes on, or back */
        r->terms.unix_time += later[r->head[4] % 4];
    }
    if ((r->head[5] & 8u) != 0) {
        br_ssl_session_cache_lru_init(&peer_cache, peer_entries, sizeof peer_entries);
        r->terms.is_another = true;
    }
    talk(r, kind, log, said, w);
    if (!r->server) { /* what is kept of a resumed one is of the first */
        (void)parley_tls_client_session(w->client, &session);
    }
    fuzz_wire_close(w);
    parley_tls_session_wipe(&session);
}

static void run_once(run *r, unsigned kind, fuzz_log *log, fuzz_log *said)
{
    static parley_tls_cache_entry entries[8];
    static parley_tls_cache cache;
    static fuzz_wire w;

    if (r->resumes) {
        FUZZ_CHECK(parley_tls_cache_init(&cache, sizeof cache, entries, 1 + r->head[3] % 8, 3600) ==
                   PARLEY_OK);
        br_ssl_session_cache_lru_init(&peer_cache, peer_entries, sizeof peer_entries);
        r->terms.cache = &cache;
        r->terms.peer_cache = &peer_cache.vtable;
    }
    r->terms.session = NULL;
    r->terms.peer_session = NULL;
    r->terms.is_another = false;
    set_time(r);
    talk(r, kind, log, said, &w);
    if (r->resumes) {
        resume(r, &w, kind, log, said);
        parley_tls_cache_wipe(&cache);
    } else {
        fuzz_wire_close(&w);
    }
}

/* Once: no input changes it. */
static void check_texts(void)
{
    static bool checked;

    for (int code = 0; code < 1100 && !checked; code++) {
        FUZZ_CHECK(parley_tls_error_text(code)[0] != '\0');
    }
    checked = true;
}

FUZZ_TARGET(tls_chain)
{
    static fuzz_log logs[2], said[2];
    static run r;

    if (size < HEAD || size > FUZZ_INPUT) {
        return 0;
    }
    memset(&r, 0, sizeof r);
    r.head = data;
    r.edits = data + HEAD;
    r.edit_count = (size - HEAD) / 3;
    set_terms(&r);
    run_once(&r, FUZZ_WHOLE, &logs[0], &said[0]);
    fuzz_log_show(&logs[0]);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run_once(&r, kind, &logs[1], &said[1]);
        fuzz_log_same(&logs[0], &logs[1]);
        fuzz_log_same(&said[0], &said[1]);
    }
    check_texts();
    return 0;
}
