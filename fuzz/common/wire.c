#include <string.h>

#include "common/wire.h"
#include "common/wire_keys.h"

#define TIME FUZZ_WIRE_TIME

enum { TLS_PLACE = 6, TLS_WORK_PLACE, TLS_RECORDS_PLACE };

static unsigned char peer_records[BR_SSL_BUFSIZE_BIDI];
static br_ssl_client_context peer_client;
static br_ssl_server_context peer_server;
static br_x509_minimal_context peer_x509;
static const char *protocols[] = {"xmpp-client"};

static void observe(void *context, bool sent, const char *state, const void *data, size_t len)
{
    (void)state;
    if (sent) {
        fuzz_party_says(context, data, len);
    } else {
        fuzz_party_hears(context, data, len);
    }
}

static void open_client(fuzz_wire *w, const fuzz_settings *settings,
                        parley_tls_session_input *input, uint8_t fill)
{
    static parley_client_config core;
    static parley_tls_client_config config;
    static fuzz_identity own;
    parley_code why;

    fuzz_client_config(&core, settings);
    if (w->terms->domain.len > 0) {
        core.domain = w->terms->domain;
    }
    memset(&config, 0, sizeof config);
    config.core = &core;
    config.anchors = fuzz_wire_anchors();
    config.anchor_count = FUZZ_ANCHORS;
    config.pin = w->terms->pin;
    config.pin_only = w->terms->pin_only;
    if (w->terms->client_certificate != 0) {
        fuzz_wire_identity(&own, w->terms->client_certificate, 0, NULL, 0);
        config.chain = own.chain;
        config.chain_len = own.chain_len;
        config.ec_key = own.ec_key;
        config.rsa_key = own.rsa_key;
        config.chain_issuer_type = BR_KEYTYPE_EC;
    }
    input->work_len = parley_client_work_size(&core);
    input->work = fuzz_block(TLS_WORK_PLACE, input->work_len, fill);
    w->client = fuzz_block(TLS_PLACE, sizeof *w->client, fill);
    FUZZ_CHECK(parley_tls_client_init(w->client, sizeof *w->client, &config, input, &why) ==
               PARLEY_OK);
    if (w->terms->session != NULL) {
        (void)parley_tls_client_resume(w->client, w->terms->session);
    } else {
        FUZZ_CHECK(!parley_tls_client_resume(w->client, NULL));
    }
    w->party.limits = core.limits;
    w->party.client = &w->client->core;
    parley_tls_client_observe(w->client, observe, &w->party);
    parley_tls_client_watch(w->client, w->terms->watcher, w->terms->watcher_context);
}

static void open_server(fuzz_wire *w, const fuzz_settings *settings,
                        parley_tls_session_input *input, uint8_t fill)
{
    static parley_server_config core;
    static parley_tls_server_config config;
    static fuzz_identity own;
    parley_code why;

    fuzz_server_config(&core, settings);
    memset(&config, 0, sizeof config);
    fuzz_wire_identity(&own, w->terms->certificate, w->terms->between, NULL, 0);
    config.core = &core;
    config.chain = own.chain;
    config.chain_len = own.chain_len;
    config.ec_key = own.ec_key;
    config.rsa_key = own.rsa_key;
    config.chain_issuer_type = BR_KEYTYPE_EC;
    config.client_anchors = w->terms->asks ? fuzz_wire_anchors() : NULL;
    config.client_anchor_count = w->terms->asks ? FUZZ_ANCHORS : 0;
    config.cache = w->terms->cache;
    input->work_len = parley_server_work_size(&core);
    input->work = fuzz_block(TLS_WORK_PLACE, input->work_len, fill);
    w->server = fuzz_block(TLS_PLACE, sizeof *w->server, fill);
    FUZZ_CHECK(parley_tls_server_init(w->server, sizeof *w->server, &config, input, &why) ==
               PARLEY_OK);
    w->party.limits = core.limits;
    w->party.server = &w->server->core;
    parley_tls_server_observe(w->server, observe, &w->party);
    parley_tls_server_watch(w->server, w->terms->watcher, w->terms->watcher_context);
}

void fuzz_wire_open(fuzz_wire *w, bool server, const fuzz_settings *settings, fuzz_log *log,
                    fuzz_log *said, unsigned kind, uint8_t seed)
{
    static const fuzz_terms usual = {.unix_time = TIME};

    fuzz_wire_open_on(w, server, settings, &usual, log, said, kind, seed);
}

void fuzz_wire_open_on(fuzz_wire *w, bool server, const fuzz_settings *settings,
                       const fuzz_terms *terms, fuzz_log *log, fuzz_log *said, unsigned kind,
                       uint8_t seed)
{
    static fuzz_heard heard;
    static fuzz_log wire;
    parley_tls_session_input input;
    uint8_t fill = (uint8_t)(0xA5 + kind);

    fuzz_style_of(kind);
    memset(w, 0, sizeof *w);
    w->terms = terms;
    memset(&input, 0, sizeof input);
    w->cuts = fuzz_cuts_of(kind, seed);
    w->wire = &wire;
    fuzz_log_reset(&wire);
    fuzz_party_open(&w->party, log, said, &heard, fuzz_cuts_of(kind, (uint8_t)~seed));
    w->party.plain = true;
    input.buffer_len = (seed & 1u) != 0 ? PARLEY_TLS_BUFFER_SIZE : 17306;
    input.buffer = fuzz_block(TLS_RECORDS_PLACE, input.buffer_len, fill);
    /* Else the identifier of a new session would be that of the one before. */
    input.seed = terms->is_second ? "another seed for another session"
                                  : "the same seed for every session.";
    input.seed_len = 32;
    input.unix_time = terms->unix_time;
    if (server) {
        open_server(w, settings, &input, fill);
    } else {
        open_client(w, settings, &input, fill);
    }
}

static void start_server(fuzz_wire *w)
{
    static fuzz_identity peer;

    fuzz_wire_identity(&peer, w->terms->certificate, w->terms->between, w->terms, 1);
    peer.chain_len = w->terms->sends_none ? 0 : peer.chain_len;
    if (peer.ec_key != NULL) {
        br_ssl_server_init_full_ec(&peer_server, peer.chain, peer.chain_len, BR_KEYTYPE_EC,
                                   peer.ec_key);
    } else {
        br_ssl_server_init_full_rsa(&peer_server, peer.chain, peer.chain_len, peer.rsa_key);
    }
    if (w->terms->client_certificate != 0) {
        br_x509_minimal_init_full(&peer_x509, fuzz_wire_anchors(), FUZZ_ANCHORS);
        br_x509_minimal_set_time(&peer_x509, TIME / 86400 + PARLEY_TLS_EPOCH_DAYS, TIME % 86400);
        br_ssl_engine_set_x509(&peer_server.eng, &peer_x509.vtable);
        br_ssl_engine_set_default_rsavrfy(&peer_server.eng); /* else it asks for no kind of key */
        br_ssl_engine_set_default_ecdsa(&peer_server.eng);
        br_ssl_server_set_trust_anchor_names_alt(&peer_server, fuzz_wire_anchors(), FUZZ_ANCHORS);
    }
    if (w->terms->peer_cache != NULL) {
        br_ssl_server_set_cache(&peer_server, w->terms->peer_cache);
    }
    w->peer = &peer_server.eng;
}

static void start_client(fuzz_wire *w)
{
    static fuzz_identity peer;

    br_ssl_client_init_full(&peer_client, &peer_x509, fuzz_wire_anchors(), FUZZ_ANCHORS);
    br_x509_minimal_set_time(&peer_x509, TIME / 86400 + PARLEY_TLS_EPOCH_DAYS, TIME % 86400);
    w->peer = &peer_client.eng;
    if (w->terms->client_certificate != 0) {
        fuzz_wire_identity(&peer, w->terms->client_certificate, 0, w->terms, 1);
        if (peer.ec_key != NULL) {
            br_ssl_client_set_single_ec(&peer_client, peer.chain, peer.chain_len, peer.ec_key,
                                        BR_KEYTYPE_SIGN, BR_KEYTYPE_EC, br_ec_get_default(),
                                        br_ecdsa_sign_asn1_get_default());
        } else {
            br_ssl_client_set_single_rsa(&peer_client, peer.chain, peer.chain_len, peer.rsa_key,
                                         br_rsa_pkcs1_sign_get_default());
        }
    }
    if (w->terms->peer_session != NULL) {
        br_ssl_engine_set_session_parameters(w->peer, w->terms->peer_session);
    }
}

static void start_peer(fuzz_wire *w)
{
    w->peer_is_up = true;
    if (w->client != NULL) {
        start_server(w);
    } else {
        start_client(w);
    }
    br_ssl_engine_set_buffer(w->peer, peer_records, sizeof peer_records, 1);
    w->peer->rng_os_rand_done = 1; /* else the system's randomness is mixed in */
    br_ssl_engine_inject_entropy(w->peer, w->terms->is_second ? "a third seed" : "another seed",
                                 12);
    br_ssl_engine_set_protocol_names(w->peer, protocols, 1);
    FUZZ_CHECK(w->client != NULL
                   ? br_ssl_server_reset(&peer_server)
                   : br_ssl_client_reset(&peer_client, FUZZ_HOST, w->terms->peer_session != NULL));
}

#define TLS1(w, call, a)                                            \
    ((w)->server != NULL ? parley_tls_server_##call((w)->server, a) \
                         : parley_tls_client_##call((w)->client, a))

static unsigned tls_run(fuzz_wire *w)
{
    return w->server != NULL ? parley_tls_server_run(w->server) : parley_tls_client_run(w->client);
}

static size_t tls_push(fuzz_wire *w, const uint8_t *data, size_t len)
{
    const uint8_t *piece = fuzz_flush(data, len);
    size_t taken = w->server != NULL ? parley_tls_server_push(w->server, piece, len)
                                     : parley_tls_client_push(w->client, piece, len);

    FUZZ_CHECK(taken <= len);
    return taken;
}

/* What goes out: to the peer's engine, once it has begun. */
static bool move_out(fuzz_wire *w)
{
    size_t len, room = 0;
    const void *data = TLS1(w, out_buf, &len);
    unsigned char *into;

    if (data == NULL || w->is_stuck) {
        return false;
    }
    fuzz_log_bytes(w->wire, data, len);
    if (w->peer_is_up) {
        into = br_ssl_engine_recvrec_buf(w->peer, &room);
        if (into != NULL) {
            len = len < room ? len : room;
            memcpy(into, data, len);
            br_ssl_engine_recvrec_ack(w->peer, len);
        }
    }
    TLS1(w, out_ack, len);
    return true;
}

static void edit(const fuzz_wire *w, uint8_t *piece, size_t len)
{
    for (size_t i = 0; i < w->edit_count; i++) {
        size_t at = (size_t)w->edits[3 * i] << 8 | w->edits[3 * i + 1];

        if (at >= w->sent && at < w->sent + len) {
            piece[at - w->sent] ^= w->edits[3 * i + 2];
        }
    }
}

/* What the peer's engine has for us; `state` is ours. */
static bool move_in(fuzz_wire *w, unsigned state)
{
    static uint8_t piece[BR_SSL_BUFSIZE_BIDI];
    size_t len, room;
    const unsigned char *data;

    if (!w->peer_is_up) {
        return false;
    }
    if (br_ssl_engine_recvapp_buf(w->peer, &len) != NULL) {
        br_ssl_engine_recvapp_ack(w->peer, len);
        return true;
    }
    data = br_ssl_engine_sendrec_buf(w->peer, &room);
    /* In random pieces it comes whether it is wanted or not: what is not taken stays. */
    if (data == NULL || ((state & PARLEY_WANTS_INPUT) == 0 && w->cuts.kind != FUZZ_RANDOM)) {
        return false;
    }
    len = fuzz_piece(&w->cuts, room);
    memcpy(piece, data, len);
    edit(w, piece, len);
    len = tls_push(w, piece, len);
    FUZZ_CHECK((state & PARLEY_WANTS_INPUT) != 0 || len == 0);
    w->sent += len;
    if (len > 0) {
        br_ssl_engine_sendrec_ack(w->peer, len);
    }
    return len > 0;
}

void fuzz_wire_settle(fuzz_wire *w)
{
    for (unsigned rounds = 0; rounds < 100000; rounds++) {
        unsigned state = tls_run(w);
        bool moved = fuzz_party_serve(&w->party);

        /* A client has its ClientHello to send; a server has sent all that is in the clear. */
        if (!w->peer_is_up && !w->alone && !w->party.closed &&
            strcmp(FUZZ_CALL0(&w->party, state_name), "handshake") == 0 &&
            (w->client != NULL) == ((state & PARLEY_HAS_OUTPUT) != 0)) {
            start_peer(w);
        }
        moved = move_out(w) || moved;
        if (!(move_in(w, moved ? tls_run(w) : state) || moved)) {
            fuzz_party_check(&w->party);
            return;
        }
    }
    fuzz_broken("the wire comes to rest", __FILE__, __LINE__, NULL);
}

void fuzz_wire_raw(fuzz_wire *w, const uint8_t *data, size_t len)
{
    unsigned refused = 0;

    while (len > 0 && refused < 2 && !w->ended) {
        size_t taken = 0;

        if ((tls_run(w) & PARLEY_WANTS_INPUT) != 0) {
            taken = tls_push(w, data, fuzz_piece(&w->cuts, len));
        }
        refused = taken > 0 ? 0 : refused + 1;
        data += taken;
        len -= taken;
        if (taken == 0 || len == 0) {
            fuzz_wire_settle(w);
        }
    }
}

static void says_clear(fuzz_wire *w, const uint8_t *data, size_t len)
{
    while (len > 0 && !w->peer_is_up) {
        const uint8_t *end = memchr(data, '>', len);
        size_t piece = end != NULL ? (size_t)(end - data) + 1 : len;

        fuzz_wire_raw(w, data, piece);
        data += piece;
        len -= piece;
    }
}

void fuzz_wire_says(fuzz_wire *w, const uint8_t *data, size_t len)
{
    if (!w->peer_is_up) {
        says_clear(w, data, len);
        return;
    }
    while (len > 0 && !w->ended) {
        size_t room = 0;
        unsigned char *into = br_ssl_engine_sendapp_buf(w->peer, &room);

        if (into == NULL) {
            return;
        }
        room = room < len ? room : len;
        memcpy(into, data, room);
        br_ssl_engine_sendapp_ack(w->peer, room);
        br_ssl_engine_flush(w->peer, 0);
        data += room;
        len -= room;
        fuzz_wire_settle(w);
    }
}

void fuzz_wire_finish(fuzz_wire *w)
{
    if (w->server != NULL) {
        parley_tls_server_finish(w->server);
    } else {
        parley_tls_client_finish(w->client);
    }
    w->ended = true;
}

void fuzz_wire_close(fuzz_wire *w)
{
    /* What a request held up may have more to say: each time that fails, the end is told again. */
    unsigned most = w->is_stuck ? 16 : 2;
    size_t said, logged;

    for (unsigned i = 0; i < 2 || (i < most && !(tls_run(w) & PARLEY_IS_CLOSED)); i++) {
        fuzz_wire_finish(w);
        fuzz_wire_settle(w);
        w->party.puts_off = false;
        fuzz_wire_settle(w);
    }
    FUZZ_CHECK(w->party.closed && (tls_run(w) & PARLEY_IS_CLOSED) != 0);
    said = w->party.said->len;
    logged = w->party.log->len;
    FUZZ_CHECK(tls_push(w, (const uint8_t *)"<a/>", 4) == 0 || w->party.said->len == said);
    fuzz_party_after(&w->party);
    fuzz_wire_finish(w);
    fuzz_wire_settle(w);
    FUZZ_CHECK(w->party.said->len == said && w->party.log->len == logged);
    FUZZ_CHECK((tls_run(w) & PARLEY_IS_CLOSED) != 0);
    FUZZ_CHECK(w->client == NULL || !w->party.tls ||
               !parley_tls_client_resume(w->client, w->terms->session));
    w->party.is_stuck = w->is_stuck;
    fuzz_party_review(&w->party);
    fuzz_party_check_wire(&w->party, w->wire);
}
