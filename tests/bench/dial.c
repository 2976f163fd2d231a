/* A client that logs in over and over:
   dial parley|openssl|strophe clear|tls|resumed|kept PORT COUNT CA SERVER.

   openssl is Parley's core with OpenSSL below it instead of BearSSL.

   clear: ANONYMOUS without TLS, so that what is measured is the negotiation; tls: STARTTLS
   verified by CA (DER for Parley, PEM for the others), and SCRAM-SHA-1 as romeo, whose password
   is in PARLEY_PASSWORD; resumed: the same, each handshake a resumption of the TLS session of one
   session before them, which is not counted; kept: SCRAM's keys are kept from that one too. A
   handshake that is of the other kind is an error.
   Each session is opened, ready, and closed in order. Prints the processor's time a session, in
   microseconds, sockets included, of this process, and of the server whose process SERVER is. */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <strophe.h>

#include <parley/insecure.h>
#include <parley/tls.h>

#define DOMAIN     "im.parley.example"
#define TEXT(text) ((parley_string){text, sizeof(text) - 1})

typedef struct trust {
    br_x509_trust_anchor anchor;
    unsigned char name[512];
    unsigned char file[4096];
    br_x509_decoder_context decoder;
} trust;

static trust authority;
static SSL_CTX *context; /* OpenSSL's */
static const char *password = "";

/* What is kept of a session, whether the one under way keeps it or makes use of it. */
static parley_tls_session kept;
static SSL_SESSION *kept_by_openssl;
static parley_scram_client_keys kept_keys;
static bool keeps, resumes, has_keys;

static double microseconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void die(const char *what)
{
    fprintf(stderr, "dial: %s\n", what);
    exit(1);
}

/* Of the server's process, until now. */
static double microseconds_of(const char *process)
{
    char path[64];
    unsigned long long nanoseconds = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%s/schedstat", process);
    file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%llu", &nanoseconds) != 1 || fclose(file) != 0) {
        die("no such server");
    }
    return (double)nanoseconds / 1e3;
}

static void add_name(void *to, const void *bytes, size_t len)
{
    trust *t = to;

    if (len > sizeof t->name - t->anchor.dn.len) {
        die("the CA's name is too long");
    }
    memcpy(t->name + t->anchor.dn.len, bytes, len);
    t->anchor.dn.len += len;
}

static void read_authority(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(authority.file, 1, sizeof authority.file, file);

    if (file == NULL || fclose(file) != 0) {
        die("no CA");
    }
    authority.anchor.dn.data = authority.name;
    authority.anchor.flags = BR_X509_TA_CA;
    br_x509_decoder_init(&authority.decoder, add_name, &authority);
    br_x509_decoder_push(&authority.decoder, authority.file, len);
    if (br_x509_decoder_last_error(&authority.decoder) != 0) {
        die("the CA is not a certificate in DER");
    }
    authority.anchor.pkey = *br_x509_decoder_get_pkey(&authority.decoder);
}

static int wire_to(unsigned port)
{
    struct sockaddr_in address;
    int wire = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (wire < 0 || connect(wire, (struct sockaddr *)&address, sizeof address) != 0) {
        die("no connection");
    }
    return wire;
}

static void answer(parley_client *c, const parley_request *request)
{
    char random[64];
    parley_answer what = {PARLEY_ANSWER_PASSWORD, parley_string_of(password), NULL};

    if (request->kind == PARLEY_REQUEST_RANDOM) {
        if (getentropy(random, request->random_len) != 0) {
            die("no entropy");
        }
        what = (parley_answer){PARLEY_ANSWER_RANDOM, {random, request->random_len}, NULL};
    } else if (resumes && has_keys) {
        what.kind = PARLEY_ANSWER_CLIENT_KEYS;
        what.bytes = (parley_string){(const char *)&kept_keys, sizeof kept_keys};
    }
    if (parley_client_answer(c, &what) != PARLEY_OK) {
        die("an answer is not taken");
    }
}

/* What a session waits for is the peer, or nothing; the kinds differ in their calls alone. */
typedef struct dialled {
    parley_tls_client *tls; /* BearSSL's, or NULL */
    SSL *ssl;               /* OpenSSL's, or NULL */
    parley_client *core;
    int wire;
    bool secure; /* OpenSSL's records go over the wire */
} dialled;

static const void *out_buf(const dialled *d, size_t *len)
{
    return d->tls ? (const void *)parley_tls_client_out_buf(d->tls, len)
                  : (const void *)parley_client_out_buf(d->core, len);
}

static void say(const dialled *d, const void *out, size_t len)
{
    ssize_t sent = d->secure ? SSL_write(d->ssl, out, (int)len)
                             : send(d->wire, out, len, MSG_NOSIGNAL);

    if (sent != (ssize_t)len) {
        die("the server is gone");
    }
    d->tls ? parley_tls_client_out_ack(d->tls, len) : parley_client_out_ack(d->core, len);
}

/* 0: the end. */
static size_t hear(const dialled *d, char *in, size_t size)
{
    ssize_t got = d->secure ? SSL_read(d->ssl, in, (int)size) : read(d->wire, in, size);

    if (got <= 0) {
        d->tls ? parley_tls_client_finish(d->tls) : parley_client_finish(d->core);
    }
    return got > 0 ? (size_t)got : 0;
}

static void secure(dialled *d)
{
    parley_tls_info info;

    if (SSL_set_fd(d->ssl, d->wire) != 1 || SSL_connect(d->ssl) != 1) {
        die("OpenSSL's handshake fails");
    }
    memset(&info, 0, sizeof info);
    info.verified = SSL_get_verify_result(d->ssl) == X509_V_OK;
    info.version = (uint16_t)SSL_version(d->ssl);
    info.suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(d->ssl));
    info.resumed = SSL_session_reused(d->ssl) == 1;
    d->secure = true;
    if (parley_client_tls_up(d->core, &info) != PARLEY_OK) {
        die("the core takes no TLS");
    }
}

/* What the next handshakes resume. */
static void keep(const dialled *d)
{
    if (d->tls != NULL && parley_tls_client_session(d->tls, &kept) != PARLEY_OK) {
        die("the server gives no session to resume");
    }
    if (d->ssl != NULL) {
        kept_by_openssl = SSL_get1_session(d->ssl);
    }
}

static void note(const parley_event *event)
{
    if (event->kind == PARLEY_EVENT_TLS && event->tls->resumed != resumes) {
        die(resumes ? "the session is not resumed" : "a session is resumed");
    }
}

static void converse(dialled *d)
{
    static char in[16384];
    size_t at = 0, have = 0, len;
    bool ready = false;

    if (has_keys) {
        parley_client_keep_keys(d->core, keeps ? &kept_keys : NULL);
    }
    for (;;) {
        unsigned state = d->tls ? parley_tls_client_run(d->tls)
                                : (unsigned)parley_client_state(d->core);
        const void *out = out_buf(d, &len);
        parley_event event;
        parley_request request;

        if (parley_client_event(d->core, &event)) {
            note(&event);
        } else if (parley_client_request(d->core, &request)) {
            answer(d->core, &request);
        } else if (state & PARLEY_HAS_WORK) {
            parley_client_work(d->core, 100000);
        } else if (out != NULL) {
            say(d, out, len);
        } else if (state & PARLEY_WAITS_TLS && d->ssl != NULL && at == have) {
            secure(d);
        } else if (state & PARLEY_IS_CLOSED) {
            break;
        } else if (state & PARLEY_IS_READY && !ready) {
            ready = true;
            if (keeps) {
                keep(d);
            }
            parley_client_close(d->core);
        } else if (at < have) {
            at += d->tls ? parley_tls_client_push(d->tls, in + at, have - at)
                         : parley_client_push(d->core, in + at, have - at);
        } else {
            at = 0;
            have = hear(d, in, sizeof in);
        }
    }
    if (!ready) {
        die(parley_code_text(parley_client_outcome(d->core)->code));
    }
}

static void *work_block(const parley_client_config *core)
{
    static void *work;

    if (work == NULL && (work = malloc(parley_client_work_size(core))) == NULL) {
        die("no memory");
    }
    return work;
}

static void dial_bearssl(const parley_client_config *core, unsigned port)
{
    static parley_tls_client client;
    static unsigned char records[PARLEY_TLS_BUFFER_SIZE];
    unsigned char seed[32];
    parley_tls_client_config config;
    parley_tls_session_input input;
    dialled d = {&client, NULL, &client.core, wire_to(port), false};

    memset(&config, 0, sizeof config);
    memset(&input, 0, sizeof input);
    config.core = core;
    config.anchors = &authority.anchor;
    config.anchor_count = 1;
    input.work = work_block(core);
    input.work_len = parley_client_work_size(core);
    input.buffer = records;
    input.buffer_len = sizeof records;
    input.seed = seed;
    input.seed_len = getentropy(seed, sizeof seed) == 0 ? sizeof seed : 0;
    input.unix_time = time(NULL);
    if (parley_tls_client_init(&client, sizeof client, &config, &input, NULL) != PARLEY_OK) {
        die("a configuration is refused");
    }
    if (resumes && !parley_tls_client_resume(&client, &kept)) {
        die("what was kept is not offered");
    }
    converse(&d);
    close(d.wire);
}

/* The core alone: in the clear, or above OpenSSL. */
static void dial_core(const parley_client_config *core, bool tls, unsigned port)
{
    static parley_client client;
    dialled d = {NULL, NULL, &client, wire_to(port), false};

    if (parley_client_init(&client, sizeof client, core, work_block(core),
                           parley_client_work_size(core), NULL) != PARLEY_OK ||
        (tls ? parley_client_begin(&client) : parley_client_begin_insecure(&client)) != PARLEY_OK) {
        die("a configuration is refused");
    }
    if (tls && ((d.ssl = SSL_new(context)) == NULL || SSL_set1_host(d.ssl, DOMAIN) != 1 ||
                SSL_set_tlsext_host_name(d.ssl, DOMAIN) != 1 ||
                (resumes && SSL_set_session(d.ssl, kept_by_openssl) != 1))) {
        die("OpenSSL does not begin");
    }
    converse(&d);
    if (tls) {
        (void)SSL_shutdown(d.ssl);
        SSL_free(d.ssl);
    }
    close(d.wire);
}

/* Of a session of libstrophe's. */
typedef struct progress {
    bool ready;
    bool over;
} progress;

static void strophe_tells(xmpp_conn_t *conn, xmpp_conn_event_t status, int error,
                          xmpp_stream_error_t *stream_error, void *userdata)
{
    progress *p = userdata;

    (void)error, (void)stream_error;
    if (status == XMPP_CONN_CONNECT) {
        p->ready = true;
        xmpp_disconnect(conn);
    } else if (status == XMPP_CONN_DISCONNECT || status == XMPP_CONN_FAIL) {
        p->over = true;
    }
}

static void dial_strophe(xmpp_ctx_t *strophe, bool tls, unsigned port, const char *ca)
{
    xmpp_conn_t *conn = xmpp_conn_new(strophe);
    progress p = {false, false};

    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_SM | (tls ? XMPP_CONN_FLAG_MANDATORY_TLS
                                                               : XMPP_CONN_FLAG_DISABLE_TLS));
    xmpp_conn_set_jid(conn, tls ? "romeo@" DOMAIN : DOMAIN);
    xmpp_conn_set_pass(conn, password);
    if (tls) {
        xmpp_conn_set_cafile(conn, ca);
    }
    if (xmpp_connect_client(conn, "127.0.0.1", (unsigned short)port, strophe_tells, &p) !=
        XMPP_EOK) {
        die("libstrophe does not connect");
    }
    for (unsigned turns = 0; !p.over; turns++) {
        xmpp_run_once(strophe, 100);
        if (turns > 100000) {
            die("libstrophe does not come to an end");
        }
    }
    if (!p.ready) {
        die("libstrophe was not let in");
    }
    xmpp_conn_release(conn);
}

static void prepare(const char *client, const char *ca)
{
    if (strcmp(client, "parley") == 0) {
        read_authority(ca);
    } else if (strcmp(client, "openssl") == 0) {
        context = SSL_CTX_new(TLS_client_method());
        if (context == NULL || SSL_CTX_load_verify_locations(context, ca, NULL) != 1 ||
            SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) != 1) {
            die("OpenSSL takes no CA");
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    }
}

int main(int argc, char **argv)
{
    const char *client = argc == 7 ? argv[1] : "";
    const char *script = argc == 7 ? argv[2] : "";
    bool tls = strcmp(script, "clear") != 0;
    unsigned port = argc == 7 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    unsigned long count = argc == 7 ? strtoul(argv[4], NULL, 10) : 0;
    const parley_mechanism *chosen[1];
    parley_client_config core;
    xmpp_ctx_t *strophe;
    unsigned long first;
    double began = 0, server_began = 0;

    has_keys = strcmp(script, "kept") == 0;
    keeps = has_keys || strcmp(script, "resumed") == 0;
    if (port == 0 || count == 0 || (keeps && strcmp(client, "strophe") == 0)) {
        fprintf(stderr,
                "usage: %s parley|openssl|strophe clear|tls|resumed|kept PORT COUNT CA SERVER\n",
                argv[0]);
        return 2;
    }
    first = keeps;
    (void)signal(SIGPIPE, SIG_IGN);
    password = getenv("PARLEY_PASSWORD") != NULL ? getenv("PARLEY_PASSWORD") : "";
    chosen[0] = tls ? &parley_scram_sha_1 : &parley_anonymous;
    parley_client_config_init(&core);
    core.domain = TEXT(DOMAIN);
    core.user = tls ? TEXT("romeo") : (parley_string){NULL, 0};
    core.mechanisms = chosen;
    core.mechanism_count = 1;
    if (tls) {
        prepare(client, argv[5]);
    }
    xmpp_initialize();
    strophe = xmpp_ctx_new(NULL, NULL);
    xmpp_ctx_set_timeout(strophe, 100);
    for (unsigned long i = 0; i < first + count; i++) {
        if (i == first) {
            resumes = keeps;
            keeps = false;
            server_began = microseconds_of(argv[6]);
            began = microseconds();
        }
        if (strcmp(client, "strophe") == 0) {
            dial_strophe(strophe, tls, port, argv[5]);
        } else if (strcmp(client, "parley") == 0 && tls) {
            dial_bearssl(&core, port);
        } else {
            dial_core(&core, tls, port);
        }
    }
    printf("%.1f %.1f\n", (microseconds() - began) / (double)count,
           (microseconds_of(argv[6]) - server_began) / (double)count);
    xmpp_ctx_free(strophe);
    xmpp_shutdown();
    return 0;
}
