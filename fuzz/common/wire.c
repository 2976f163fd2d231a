#include <string.h>

#include "common/wire.h"
#include "fuzz_certificates.h"

#define TIME 1767225600 /* 2026-01-01: inside the certificates' validity */

enum { TLS_PLACE = 6, TLS_WORK_PLACE, TLS_RECORDS_PLACE };

static unsigned char peer_records[BR_SSL_BUFSIZE_BIDI];
static br_ssl_client_context peer_client;
static br_ssl_server_context peer_server;
static br_x509_minimal_context peer_x509;
static br_skey_decoder_context key;
static br_x509_certificate chain;
static br_x509_trust_anchor anchor;
static const char *protocols[] = {"xmpp-client"};

static void append_name(void *context, const void *data, size_t len)
{
    static unsigned char name[512];

    (void)context;
    FUZZ_CHECK(anchor.dn.len + len <= sizeof name);
    memcpy(name + anchor.dn.len, data, len);
    anchor.dn.data = name;
    anchor.dn.len += len;
}

static void load(void)
{
    static br_x509_decoder_context decoder;

    if (chain.data != NULL) {
        return;
    }
    br_x509_decoder_init(&decoder, append_name, NULL);
    br_x509_decoder_push(&decoder, fuzz_certificate_ca, sizeof fuzz_certificate_ca);
    FUZZ_CHECK(br_x509_decoder_get_pkey(&decoder) != NULL);
    anchor.pkey = *br_x509_decoder_get_pkey(&decoder);
    anchor.flags = BR_X509_TA_CA;
    br_skey_decoder_init(&key);
    br_skey_decoder_push(&key, fuzz_certificate_key, sizeof fuzz_certificate_key);
    FUZZ_CHECK(br_skey_decoder_get_ec(&key) != NULL);
    chain.data = (unsigned char *)(uintptr_t)fuzz_certificate_good;
    chain.data_len = sizeof fuzz_certificate_good;
}

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
    parley_code why;

    fuzz_client_config(&core, settings);
    config.core = &core;
    config.anchors = &anchor;
    config.anchor_count = 1;
    input->work_len = parley_client_work_size(&core);
    input->work = fuzz_block(TLS_WORK_PLACE, input->work_len, fill);
    w->client = fuzz_block(TLS_PLACE, sizeof *w->client, fill);
    FUZZ_CHECK(parley_tls_client_init(w->client, sizeof *w->client, &config, input, &why) ==
               PARLEY_OK);
    w->party.client = &w->client->core;
    parley_tls_client_observe(w->client, observe, &w->party);
}

static void open_server(fuzz_wire *w, const fuzz_settings *settings,
                        parley_tls_session_input *input, uint8_t fill)
{
    static parley_server_config core;
    static parley_tls_server_config config;
    parley_code why;

    fuzz_server_config(&core, settings);
    config.core = &core;
    config.chain = &chain;
    config.chain_len = 1;
    config.ec_key = br_skey_decoder_get_ec(&key);
    config.chain_issuer_type = BR_KEYTYPE_EC;
    input->work_len = parley_server_work_size(&core);
    input->work = fuzz_block(TLS_WORK_PLACE, input->work_len, fill);
    w->server = fuzz_block(TLS_PLACE, sizeof *w->server, fill);
    FUZZ_CHECK(parley_tls_server_init(w->server, sizeof *w->server, &config, input, &why) ==
               PARLEY_OK);
    w->party.server = &w->server->core;
    parley_tls_server_observe(w->server, observe, &w->party);
}

void fuzz_wire_open(fuzz_wire *w, bool server, const fuzz_settings *settings, fuzz_log *log,
                    fuzz_log *said, unsigned kind, uint8_t seed)
{
    static fuzz_heard heard;
    parley_tls_session_input input;
    uint8_t fill = (uint8_t)(0xA5 + kind);

    load();
    memset(w, 0, sizeof *w);
    memset(&input, 0, sizeof input);
    w->cuts = fuzz_cuts_of(kind, seed);
    fuzz_party_open(&w->party, log, said, &heard, fuzz_cuts_of(kind, (uint8_t)~seed));
    w->party.plain = true;
    input.buffer_len = (seed & 1u) != 0 ? PARLEY_TLS_BUFFER_SIZE : 17306;
    input.buffer = fuzz_block(TLS_RECORDS_PLACE, input.buffer_len, fill);
    input.seed = "the same seed for every session.";
    input.seed_len = 32;
    input.unix_time = TIME;
    if (server) {
        open_server(w, settings, &input, fill);
    } else {
        open_client(w, settings, &input, fill);
    }
}

static void start_peer(fuzz_wire *w)
{
    w->peer_is_up = true;
    if (w->client != NULL) {
        br_ssl_server_init_full_ec(&peer_server, &chain, 1, BR_KEYTYPE_EC,
                                   br_skey_decoder_get_ec(&key));
        w->peer = &peer_server.eng;
    } else {
        br_ssl_client_init_full(&peer_client, &peer_x509, &anchor, 1);
        br_x509_minimal_set_time(&peer_x509, TIME / 86400 + PARLEY_TLS_EPOCH_DAYS, TIME % 86400);
        w->peer = &peer_client.eng;
    }
    br_ssl_engine_set_buffer(w->peer, peer_records, sizeof peer_records, 1);
    w->peer->rng_os_rand_done = 1; /* else the system's randomness is mixed in */
    br_ssl_engine_inject_entropy(w->peer, "another seed", 12);
    br_ssl_engine_set_protocol_names(w->peer, protocols, 1);
    FUZZ_CHECK(w->client != NULL ? br_ssl_server_reset(&peer_server)
                                 : br_ssl_client_reset(&peer_client, FUZZ_HOST, 0));
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

    if (data == NULL) {
        return false;
    }
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

/* What the peer's engine has for us. */
static bool move_in(fuzz_wire *w)
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
    if (data == NULL || (tls_run(w) & PARLEY_WANTS_INPUT) == 0) {
        return false;
    }
    len = fuzz_piece(&w->cuts, room);
    memcpy(piece, data, len);
    edit(w, piece, len);
    len = tls_push(w, piece, len);
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
        if (!(move_in(w) || moved)) {
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
        fuzz_wire_settle(w);
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

void fuzz_wire_close(fuzz_wire *w)
{
    size_t said;

    for (unsigned i = 0; i < 2; i++) {
        if (w->server != NULL) {
            parley_tls_server_finish(w->server);
        } else {
            parley_tls_client_finish(w->client);
        }
        w->ended = true;
        fuzz_wire_settle(w);
    }
    FUZZ_CHECK(w->party.closed && (tls_run(w) & PARLEY_IS_CLOSED) != 0);
    said = w->party.said->len;
    FUZZ_CHECK(tls_push(w, (const uint8_t *)"<a/>", 4) == 0 || w->party.said->len == said);
    fuzz_wire_settle(w);
    FUZZ_CHECK(w->party.said->len == said);
    fuzz_party_review(&w->party);
}
