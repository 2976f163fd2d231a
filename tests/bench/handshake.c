/* The bare handshake, both ends in one process: BearSSL as Parley uses it beside OpenSSL, full and
   resumed; TLS 1.2, the same certificate of P-256, the same suite and curve.
   handshake [ROUNDS COUNT]

   From the setting up of a session to both ends' word that TLS is up; the client verifies the
   certificate. A handshake that is of the other kind is an error. Prints a table: processor's time
   of each end, median of the rounds, in which the rows are interleaved, and bytes. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <parley/tls.h>

#include "common/certificates.h"

#define DOMAIN "example.com"
#define FOLDER PARLEY_TEST_DATA "/certificates/"

enum { ROUNDS_MOST = 99, STEPS_MOST = 1000, LINK_SIZE = 32768 };

/* Of an end: microseconds, and bytes that it sent. */
typedef struct figures {
    double time;
    size_t bytes;
} figures;

typedef struct ends {
    figures client;
    figures server;
} ends;

/* A full one keeps what the next resumed ones resume. */
typedef struct row row;
struct row {
    const char *handshake;
    const char *tls;
    void (*shake)(const row *r, ends *e);
    bool resumed;
    bool ticket;
    size_t beside; /* the row that it is compared with */
};

/* What is on its way to an end. */
typedef struct link {
    char bytes[LINK_SIZE];
    size_t len;
} link;

static uint16_t suite; /* that BearSSL's ends chose */

static void die(const char *what)
{
    fprintf(stderr, "handshake: %s\n", what);
    exit(1);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* BearSSL. */

static struct {
    parley_client_config client_core;
    parley_server_config server_core;
    parley_tls_client_config client_config;
    parley_tls_server_config server_config;
    parley_tls_session_input client_input;
    parley_tls_session_input server_input;
    parley_tls_client client;
    parley_tls_server server;
    parley_tls_cache cache;
    parley_tls_cache_entry entries[8];
    parley_tls_session kept;
    unsigned char seeds[2][32];
} bear;

static void bear_input(parley_tls_session_input *input, size_t work_len, const void *seed)
{
    void *work = malloc(work_len);
    void *buffer = malloc(PARLEY_TLS_BUFFER_SIZE);

    if (work == NULL || buffer == NULL) {
        die("no memory");
    }
    *input = (parley_tls_session_input){work,
                                        work_len,
                                        buffer,
                                        PARLEY_TLS_BUFFER_SIZE,
                                        seed,
                                        sizeof bear.seeds[0],
                                        CERTIFICATES_TIME};
}

static void bear_prepare(void)
{
    static const unsigned char secret[32] = "a secret that only tests know..";

    parley_client_config_init(&bear.client_core);
    bear.client_core.domain = parley_string_of(DOMAIN);
    bear.client_core.user = parley_string_of("mbed");
    bear.client_core.security = PARLEY_DIRECT_TLS;
    parley_server_config_init(&bear.server_core);
    bear.server_core.security = PARLEY_DIRECT_TLS;
    bear.server_core.secret = secret;
    bear.client_config.core = &bear.client_core;
    bear.client_config.anchors = certificate_anchor("ca");
    bear.client_config.anchor_count = 1;
    bear.server_config.core = &bear.server_core;
    bear.server_config.chain = certificate_load("good");
    bear.server_config.chain_len = 1;
    bear.server_config.ec_key = certificate_ec_key("server.key");
    bear.server_config.chain_issuer_type = BR_KEYTYPE_EC;
    bear.server_config.cache = &bear.cache;
    bear_input(&bear.client_input, parley_client_work_size(&bear.client_core), bear.seeds[0]);
    bear_input(&bear.server_input, parley_server_work_size(&bear.server_core), bear.seeds[1]);
    if (parley_tls_cache_init(&bear.cache, sizeof bear.cache, bear.entries,
                              sizeof bear.entries / sizeof bear.entries[0], 3600) != PARLEY_OK) {
        die("no cache");
    }
}

/* Whether TLS is up at an end whose events these are. */
static bool bear_up(const parley_event *event, bool resumed)
{
    if (event->kind == PARLEY_EVENT_CLOSED) {
        die("BearSSL's handshake fails");
    }
    if (event->kind != PARLEY_EVENT_TLS) {
        return false;
    }
    if (event->tls->resumed != resumed) {
        die("BearSSL's session is of the other kind");
    }
    suite = event->tls->suite;
    return true;
}

/* One step of an end: takes what has come, and gives one record at most. True: TLS came up. */
#define BEAR_STEP(role)                                                                      \
    static bool bear_##role(link *in, link *out, bool resumed)                               \
    {                                                                                        \
        parley_tls_##role *t = &bear.role;                                                   \
        size_t at = 0, n;                                                                    \
        const void *data;                                                                    \
        parley_event event;                                                                  \
        bool up = false;                                                                     \
                                                                                             \
        do {                                                                                 \
            n = parley_tls_##role##_push(t, in->bytes + at, in->len - at);                   \
            at += n;                                                                         \
            (void)parley_tls_##role##_run(t);                                                \
            while (parley_##role##_event(&t->core, &event)) {                                \
                up = bear_up(&event, resumed) || up;                                         \
            }                                                                                \
        } while (n > 0 && at < in->len);                                                     \
        in->len = 0;                                                                         \
        if ((data = parley_tls_##role##_out_buf(t, &n)) != NULL && n <= sizeof out->bytes) { \
            memcpy(out->bytes, data, n);                                                     \
            out->len = n;                                                                    \
            parley_tls_##role##_out_ack(t, n);                                               \
        }                                                                                    \
        return up;                                                                           \
    }

BEAR_STEP(client)
BEAR_STEP(server)

static void bear_shake(const row *r, ends *e)
{
    static link up, down;
    bool client = false, server = false;
    double began;

    up.len = down.len = 0;
    if (RAND_bytes((unsigned char *)bear.seeds, sizeof bear.seeds) != 1) {
        die("no entropy");
    }
    began = now();
    if (parley_tls_client_init(&bear.client, sizeof bear.client, &bear.client_config,
                               &bear.client_input, NULL) != PARLEY_OK ||
        (r->resumed && !parley_tls_client_resume(&bear.client, &bear.kept))) {
        die("a client is refused");
    }
    e->client.time += now() - began;
    began = now();
    if (parley_tls_server_init(&bear.server, sizeof bear.server, &bear.server_config,
                               &bear.server_input, NULL) != PARLEY_OK) {
        die("a server is refused");
    }
    e->server.time += now() - began;
    for (unsigned steps = 0; !client || !server; steps++) {
        if (steps > STEPS_MOST) {
            die("BearSSL's handshake does not come to an end");
        }
        began = now();
        client = bear_client(&down, &up, r->resumed) || client;
        e->client.time += now() - began;
        e->client.bytes += up.len;
        began = now();
        server = bear_server(&up, &down, r->resumed) || server;
        e->server.time += now() - began;
        e->server.bytes += down.len;
    }
    if (!r->resumed && (bear.server.tls.eng.ecdhe_curve != BR_EC_curve25519 ||
                        parley_tls_client_session(&bear.client, &bear.kept) != PARLEY_OK)) {
        die("BearSSL chose another curve, or keeps no session");
    }
}

/* OpenSSL. */

static struct {
    SSL_CTX *client;
    SSL_CTX *server;
    SSL_SESSION *kept;
} opened;

static void open_prepare(void)
{
    const char *cipher = suite == BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                             ? "ECDHE-ECDSA-AES128-GCM-SHA256"
                             : "ECDHE-ECDSA-CHACHA20-POLY1305";
    SSL_CTX *const contexts[] = {SSL_CTX_new(TLS_client_method()),
                                 SSL_CTX_new(TLS_server_method())};
    X509_LOOKUP *files;

    opened.client = contexts[0];
    opened.server = contexts[1];
    for (size_t i = 0; i < 2; i++) {
        if (contexts[i] == NULL ||
            SSL_CTX_set_min_proto_version(contexts[i], TLS1_2_VERSION) != 1 ||
            SSL_CTX_set_max_proto_version(contexts[i], TLS1_2_VERSION) != 1 ||
            SSL_CTX_set_cipher_list(contexts[i], cipher) != 1 ||
            SSL_CTX_set1_groups_list(contexts[i], "X25519:P-256") != 1) {
            die("OpenSSL does not begin");
        }
    }
    files = X509_STORE_add_lookup(SSL_CTX_get_cert_store(opened.client), X509_LOOKUP_file());
    if (files == NULL || X509_load_cert_file(files, FOLDER "ca.der", X509_FILETYPE_ASN1) != 1 ||
        SSL_CTX_use_certificate_file(opened.server, FOLDER "good.der", SSL_FILETYPE_ASN1) != 1 ||
        SSL_CTX_use_PrivateKey_file(opened.server, FOLDER "server.key.der", SSL_FILETYPE_ASN1) !=
            1) {
        die("OpenSSL does not take the certificates");
    }
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(opened.client), CERTIFICATES_TIME);
    SSL_CTX_set_verify(opened.client, SSL_VERIFY_PEER, NULL);
}

static bool open_step(SSL *ssl, figures *f)
{
    double began = now();
    int done = SSL_do_handshake(ssl);

    f->time += now() - began;
    if (done != 1 && SSL_get_error(ssl, done) != SSL_ERROR_WANT_READ) {
        ERR_print_errors_fp(stderr);
        die("OpenSSL's handshake fails");
    }
    return done == 1;
}

/* Without a close_notify OpenSSL would forget the session. */
static void open_end(SSL *ssl, figures *f)
{
    f->bytes += BIO_number_written(SSL_get_wbio(ssl));
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
}

static void open_shake(const row *r, ends *e)
{
    bool client_up = false, server_up = false;
    BIO *near, *far;
    SSL *client, *server;
    double began;

    if (BIO_new_bio_pair(&near, LINK_SIZE, &far, LINK_SIZE) != 1) {
        die("no memory");
    }
    began = now();
    client = SSL_new(opened.client);
    if (client == NULL || SSL_set1_host(client, DOMAIN) != 1 ||
        SSL_set_tlsext_host_name(client, DOMAIN) != 1 ||
        (r->resumed && SSL_set_session(client, opened.kept) != 1)) {
        die("OpenSSL's client does not begin");
    }
    SSL_set_bio(client, near, near);
    SSL_set_connect_state(client);
    e->client.time += now() - began;
    began = now();
    if ((server = SSL_new(opened.server)) == NULL) {
        die("OpenSSL's server does not begin");
    }
    if (!r->ticket) {
        SSL_set_options(server, SSL_OP_NO_TICKET);
    }
    SSL_set_bio(server, far, far);
    SSL_set_accept_state(server);
    e->server.time += now() - began;
    for (unsigned steps = 0; !client_up || !server_up; steps++) {
        if (steps > STEPS_MOST) {
            die("OpenSSL's handshake does not come to an end");
        }
        client_up = client_up || open_step(client, &e->client);
        server_up = server_up || open_step(server, &e->server);
    }
    if (SSL_session_reused(client) != r->resumed || SSL_session_reused(server) != r->resumed) {
        die("OpenSSL's session is of the other kind");
    }
    if (SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(client)) != suite) {
        die("OpenSSL chose another suite");
    }
    if (!r->resumed) {
        SSL_SESSION_free(opened.kept);
        opened.kept = SSL_get1_session(client);
        if (SSL_SESSION_has_ticket(opened.kept) != r->ticket) {
            die("OpenSSL's session is kept otherwise");
        }
    }
    open_end(client, &e->client);
    open_end(server, &e->server);
}

static const row rows[] = {
    {"full", "BearSSL", bear_shake, false, false, 1},
    {"full", "OpenSSL", open_shake, false, false, 1},
    {"resumed by identifier", "BearSSL", bear_shake, true, false, 3},
    {"resumed by identifier", "OpenSSL", open_shake, true, false, 3},
    {"resumed by ticket", "OpenSSL", open_shake, true, true, 3},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static int by_size(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc == 3 ? strtoul(argv[1], NULL, 10) : 9;
    unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 100;
    double times[ROWS][2][ROUNDS_MOST];
    ends e[ROWS] = {{{0, 0}, {0, 0}}};

    if (argc == 2 || rounds == 0 || rounds > ROUNDS_MOST || count == 0) {
        fprintf(stderr, "usage: %s [ROUNDS COUNT]\n", argv[0]);
        return 2;
    }
    bear_prepare();
    bear_shake(&rows[0], &e[0]);
    open_prepare();
    for (unsigned long round = 0; round < rounds; round++) {
        for (size_t i = 0; i < ROWS; i++) {
            row full = rows[i];

            full.resumed = false;
            full.shake(&full, &e[i]);
            e[i] = (ends){{0, 0}, {0, 0}};
            for (unsigned long n = 0; n < count; n++) {
                rows[i].shake(&rows[i], &e[i]);
            }
            times[i][0][round] = e[i].client.time / (double)count;
            times[i][1][round] = e[i].server.time / (double)count;
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
        qsort(times[i][0], rounds, sizeof times[i][0][0], by_size);
        qsort(times[i][1], rounds, sizeof times[i][1][0], by_size);
    }
    printf("%s, %lu handshakes a round, medians of %lu rounds\n"
           "| handshake | TLS | client, microseconds | server | client, times OpenSSL | server | "
           "bytes up | down |\n|---|---|--:|--:|--:|--:|--:|--:|\n",
           parley_tls_suite_name(suite), count, rounds);
    for (size_t i = 0; i < ROWS; i++) {
        const double *client = times[i][0], *server = times[i][1];

        printf("| %s | %s | %.0f | %.0f | x%.1f | x%.1f | %zu | %zu |\n", rows[i].handshake,
               rows[i].tls, client[rounds / 2], server[rounds / 2],
               client[rounds / 2] / times[rows[i].beside][0][rounds / 2],
               server[rounds / 2] / times[rows[i].beside][1][rounds / 2], e[i].client.bytes / count,
               e[i].server.bytes / count);
    }
    return 0;
}
