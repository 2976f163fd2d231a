/* A client that logs in over and over: dial parley|strophe clear|tls PORT COUNT CA.

   clear: ANONYMOUS without TLS, so that what is measured is the negotiation; tls: STARTTLS
   verified by CA (DER for Parley, PEM for libstrophe), and SCRAM-SHA-1 as romeo, whose password
   is in PARLEY_PASSWORD. Each session is opened, ready, and closed in order. Prints the processor's
   time of this process a session, in microseconds, sockets included. */
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

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
static const char *password = "";

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
    }
    parley_client_answer(c, &what);
}

/* What a session waits for is the peer, or nothing; the two kinds differ in their calls alone. */
typedef struct dialled {
    parley_tls_client *tls; /* or NULL */
    parley_client *core;
} dialled;

static const void *out_buf(dialled d, size_t *len)
{
    return d.tls ? (const void *)parley_tls_client_out_buf(d.tls, len)
                 : (const void *)parley_client_out_buf(d.core, len);
}

static void converse(dialled d, int wire)
{
    static char in[16384];
    size_t at = 0, have = 0, len;
    bool ready = false;

    for (;;) {
        unsigned state = d.tls ? parley_tls_client_run(d.tls)
                               : (unsigned)parley_client_state(d.core);
        const void *out = out_buf(d, &len);
        parley_event event;
        parley_request request;

        if (parley_client_event(d.core, &event)) {
            continue;
        }
        if (parley_client_request(d.core, &request)) {
            answer(d.core, &request);
        } else if (state & PARLEY_HAS_WORK) {
            parley_client_work(d.core, 100000);
        } else if (out != NULL) {
            if (send(wire, out, len, MSG_NOSIGNAL) != (ssize_t)len) {
                die("the server is gone");
            }
            d.tls ? parley_tls_client_out_ack(d.tls, len) : parley_client_out_ack(d.core, len);
        } else if (state & PARLEY_IS_CLOSED) {
            break;
        } else if (state & PARLEY_IS_READY && !ready) {
            ready = true;
            parley_client_close(d.core);
        } else if (at < have) {
            at += d.tls ? parley_tls_client_push(d.tls, in + at, have - at)
                        : parley_client_push(d.core, in + at, have - at);
        } else {
            ssize_t got = read(wire, in, sizeof in);
            at = 0, have = got > 0 ? (size_t)got : 0;
            if (have == 0) {
                d.tls ? parley_tls_client_finish(d.tls) : parley_client_finish(d.core);
            }
        }
    }
    if (!ready) {
        die(parley_code_text(parley_client_outcome(d.core)->code));
    }
}

static void dial_parley(const parley_client_config *core, bool tls, unsigned port)
{
    static parley_tls_client client;
    static unsigned char records[PARLEY_TLS_BUFFER_SIZE];
    static void *work;
    unsigned char seed[32];
    parley_tls_client_config config;
    parley_tls_session_input input;
    int wire = wire_to(port);

    if (work == NULL && (work = malloc(parley_client_work_size(core))) == NULL) {
        die("no memory");
    }
    memset(&config, 0, sizeof config);
    memset(&input, 0, sizeof input);
    config.core = core;
    config.anchors = &authority.anchor;
    config.anchor_count = 1;
    input.work = work;
    input.work_len = parley_client_work_size(core);
    input.buffer = records;
    input.buffer_len = sizeof records;
    input.seed = seed;
    input.seed_len = getentropy(seed, sizeof seed) == 0 ? sizeof seed : 0;
    input.unix_time = time(NULL);
    if (tls) {
        if (parley_tls_client_init(&client, sizeof client, &config, &input, NULL) != PARLEY_OK) {
            die("a configuration is refused");
        }
        converse((dialled){&client, &client.core}, wire);
    } else {
        if (parley_client_init(&client.core, sizeof client.core, core, work, input.work_len,
                               NULL) != PARLEY_OK ||
            parley_client_begin_insecure(&client.core) != PARLEY_OK) {
            die("a configuration is refused");
        }
        converse((dialled){NULL, &client.core}, wire);
    }
    close(wire);
}

static void strophe_tells(xmpp_conn_t *conn, xmpp_conn_event_t status, int error,
                          xmpp_stream_error_t *stream_error, void *userdata)
{
    int *state = userdata;

    (void)error, (void)stream_error;
    if (status == XMPP_CONN_CONNECT) {
        *state |= 1;
        xmpp_disconnect(conn);
    } else if (status == XMPP_CONN_DISCONNECT || status == XMPP_CONN_FAIL) {
        *state |= 2;
    }
}

static void dial_strophe(xmpp_ctx_t *context, bool tls, unsigned port, const char *ca)
{
    xmpp_conn_t *conn = xmpp_conn_new(context);
    int state = 0;

    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_SM | (tls ? XMPP_CONN_FLAG_MANDATORY_TLS
                                                               : XMPP_CONN_FLAG_DISABLE_TLS));
    xmpp_conn_set_jid(conn, tls ? "romeo@" DOMAIN : DOMAIN);
    xmpp_conn_set_pass(conn, password);
    if (tls) {
        xmpp_conn_set_cafile(conn, ca);
    }
    if (xmpp_connect_client(conn, "127.0.0.1", (unsigned short)port, strophe_tells, &state) !=
        XMPP_EOK) {
        die("libstrophe does not connect");
    }
    for (unsigned turns = 0; !(state & 2); turns++) {
        xmpp_run_once(context, 100);
        if (turns > 100000) {
            die("libstrophe does not come to an end");
        }
    }
    if (!(state & 1)) {
        die("libstrophe was not let in");
    }
    xmpp_conn_release(conn);
}

int main(int argc, char **argv)
{
    bool tls = argc > 2 && strcmp(argv[2], "tls") == 0;
    unsigned port = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    unsigned long count = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    const parley_mechanism *chosen[1];
    parley_client_config core;
    xmpp_ctx_t *context;
    double began;

    if (argc != 6 || port == 0 || count == 0) {
        fprintf(stderr, "usage: %s parley|strophe clear|tls PORT COUNT CA\n", argv[0]);
        return 2;
    }
    password = getenv("PARLEY_PASSWORD") != NULL ? getenv("PARLEY_PASSWORD") : "";
    chosen[0] = tls ? &parley_scram_sha_1 : &parley_anonymous;
    parley_client_config_init(&core);
    core.domain = TEXT(DOMAIN);
    core.user = tls ? TEXT("romeo") : (parley_string){NULL, 0};
    core.mechanisms = chosen;
    core.mechanism_count = 1;
    if (tls && strcmp(argv[1], "parley") == 0) {
        read_authority(argv[5]);
    }
    xmpp_initialize();
    context = xmpp_ctx_new(NULL, NULL);
    xmpp_ctx_set_timeout(context, 100);
    began = microseconds();
    for (unsigned long i = 0; i < count; i++) {
        if (strcmp(argv[1], "parley") == 0) {
            dial_parley(&core, tls, port);
        } else {
            dial_strophe(context, tls, port, argv[5]);
        }
    }
    printf("%.1f\n", (microseconds() - began) / (double)count);
    xmpp_ctx_free(context);
    xmpp_shutdown();
    return 0;
}
