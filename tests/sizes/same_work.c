/* A server's attempts of one name, with nothing but the application's answer different:
   there is such a user and the password is wrong, or there is none. What can be seen from
   outside is compared here: bytes said, requests, turns, calls of work. What it costs is
   counted by callgrind, which writes the instructions of each call of `attempt` to a file
   of its own (same_work.sh). One line an attempt: its rule, its mechanism, its answer. */
#include <parley/parley.h>
#include <parley/base64.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not in the header of the library that is not for labs. */
#define NS   " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define NAME "romeo"
#define HEADER                                                             \
    "<stream:stream to='example.com' version='1.0' xmlns='jabber:client' " \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

enum { SALT = 16, COUNT = 4096, NONCE = 18 };

typedef struct seen {
    size_t bytes;
    size_t challenge; /* the first one's length */
    unsigned requests;
    unsigned turns;
    unsigned works;
    bool refused;
} seen;

typedef struct bench {
    parley_server_config config;
    parley_server session;
    parley_tls_info tls;
    const parley_mechanism *mechanism;
    void *work;
    size_t work_len;
    const parley_answer *answer; /* to CREDENTIAL; NULL: there is no such user */
    char nonce[PARLEY_BASE64_SIZE(NONCE) + 1];
    char heard[4096];
    seen seen;
} bench;

static void fail(const bench *b, const char *what)
{
    (void)printf("FAIL %s: %s\n", parley_mechanism_name(b->mechanism), what);
    exit(1);
}

static void answer(bench *b)
{
    static const char random[64] =
        "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopq";
    parley_answer yes = {.kind = PARLEY_ANSWER_YES};
    parley_request request;

    while (parley_server_request(&b->session, &request)) {
        b->seen.requests++;
        if (request.kind == PARLEY_REQUEST_RANDOM) {
            yes = (parley_answer){PARLEY_ANSWER_RANDOM, {random, request.random_len}, NULL};
        } else if (request.kind == PARLEY_REQUEST_HOST) {
            yes.kind = PARLEY_ANSWER_YES;
        } else if (b->answer == NULL) {
            (void)parley_server_refuse(&b->session, PARLEY_REFUSE_UNKNOWN);
            continue;
        }
        if (parley_server_answer(&b->session,
                                 request.kind == PARLEY_REQUEST_CREDENTIAL ? b->answer : &yes) !=
            PARLEY_OK) {
            fail(b, "an answer was refused");
        }
    }
}

/* Says `text`, and hears what comes of it. */
static void say(bench *b, const char *text)
{
    parley_event event;
    size_t left = strlen(text);
    size_t len;

    b->seen.turns++;
    b->heard[0] = '\0';
    do {
        const char *out;
        size_t taken = left > 0 ? parley_server_push(&b->session, text, left) : 0;

        text += taken;
        left -= taken;
        answer(b);
        while ((parley_server_state(&b->session) & PARLEY_HAS_WORK) != 0) {
            parley_server_work(&b->session, 1000);
            b->seen.works++;
        }
        while (parley_server_event(&b->session, &event)) {
        }
        out = parley_server_out_buf(&b->session, &len);
        if (out != NULL) {
            (void)strncat(b->heard, out, len);
            b->seen.bytes += len;
            parley_server_out_ack(&b->session, len);
        }
    } while (left > 0 || (parley_server_state(&b->session) & PARLEY_HAS_OUTPUT) != 0);
}

static void say_message(bench *b, const char *element, const char *attributes, const char *message,
                        size_t len)
{
    char base64[1024] = {0};
    char text[2048];

    parley_base64_encode(message, len, base64);
    (void)snprintf(text, sizeof text, "<%s" NS "%s>%s</%s>", element, attributes, base64, element);
    say(b, text);
}

/* The value of NAME=, up to the end of its part. */
static void part(const char *message, const char *name, char end, char *value, size_t size)
{
    const char *at = strstr(message, name);
    size_t len = 0;

    value[0] = '\0';
    if (at != NULL) {
        at += strlen(name);
        while (at[len] != '\0' && at[len] != end && len + 1 < size) {
            len++;
        }
        memcpy(value, at, len);
        value[len] = '\0';
    }
}

static void read_challenge(bench *b, char *message, size_t size)
{
    const char *at = strstr(b->heard, "<challenge");
    size_t len = 0;

    if (at == NULL) {
        fail(b, "no challenge came");
        return;
    }
    at = strchr(at, '>') + 1;
    if (strcspn(at, "<") > size ||
        parley_base64_decode(at, strcspn(at, "<"), message, size - 1, &len) != PARLEY_OK) {
        fail(b, "no base64 came");
    }
    message[len] = '\0';
    b->seen.challenge = b->seen.challenge > 0 ? b->seen.challenge : len;
}

static void scram(bench *b)
{
    const char *name = parley_mechanism_name(b->mechanism);
    bool plus = strstr(name, "-PLUS") != NULL;
    size_t hash = strstr(name, "512") != NULL ? 64 : strstr(name, "256") != NULL ? 32 : 20;
    char attribute[64];
    char message[1024];
    char nonce[256];
    char binding[128];
    char proof[PARLEY_BASE64_SIZE(64) + 1] = {0};
    char raw[64] = "p=tls-server-end-point,,";
    size_t len;

    (void)snprintf(attribute, sizeof attribute, " mechanism='%s'", name);
    len = (size_t)snprintf(message, sizeof message, "%sn=" NAME ",r=abcdefgh", plus ? raw : "n,,");
    say_message(b, "auth", attribute, message, len);
    read_challenge(b, message, sizeof message);
    part(message, "r=", ',', nonce, sizeof nonce);
    memset(binding, 0, sizeof binding);
    if (plus) {
        len = strlen(raw);
        memcpy(raw + len, b->tls.end_point, b->tls.end_point_len);
        parley_base64_encode(raw, len + b->tls.end_point_len, binding);
    } else {
        (void)strcpy(binding, "biws");
    }
    memset(raw, 'x', sizeof raw);
    parley_base64_encode(raw, hash, proof);
    len = (size_t)snprintf(message, sizeof message, "c=%s,r=%s,p=%s", binding, nonce, proof);
    say_message(b, "response", "", message, len);
}

static void digest(bench *b)
{
    char message[1024];
    char nonce[256];
    size_t len;

    say(b, "<auth" NS " mechanism='DIGEST-MD5'/>");
    read_challenge(b, message, sizeof message);
    part(message, "nonce=\"", '"', nonce, sizeof nonce);
    len = (size_t)snprintf(message, sizeof message,
                           "username=\"" NAME
                           "\",realm=\"example.com\",nonce=\"%s\",cnonce=\"abc\","
                           "nc=00000001,qop=auth,digest-uri=\"xmpp/example.com\","
                           "response=00000000000000000000000000000000,charset=utf-8",
                           nonce);
    say_message(b, "response", "", message, len);
}

/* What is counted. */
__attribute__((noinline)) void attempt(bench *b);
void attempt(bench *b)
{
    static const char plain[] = "\0" NAME "\0not the password";

    if (b->mechanism == &parley_plain) {
        say_message(b, "auth", " mechanism='PLAIN'", plain, sizeof plain - 1);
    } else if (b->mechanism == &parley_digest_md5) {
        digest(b);
    } else {
        scram(b);
    }
}

static seen run(bench *b, parley_kept kept, const parley_answer *credential)
{
    parley_code why = PARLEY_NO_ERROR;

    b->config.kept = kept;
    b->answer = credential;
    memset(b->work, 0, b->work_len);
    memset(&b->seen, 0, sizeof b->seen);
    if (parley_server_init(&b->session, sizeof b->session, &b->config, b->work, b->work_len,
                           &why) != PARLEY_OK ||
        parley_server_begin(&b->session) != PARLEY_OK) {
        fail(b, parley_code_name(why));
    }
    (void)parley_server_tls_up(&b->session, &b->tls);
    say(b, HEADER);
    memset(&b->seen, 0, sizeof b->seen);
    attempt(b);
    b->seen.refused = strstr(b->heard, "<not-authorized") != NULL;
    return b->seen;
}

static const char *compare(const seen *one, const seen *other)
{
    return !one->refused || !other->refused     ? "one was let in"
           : one->bytes != other->bytes         ? "the answers differ in length"
           : one->challenge != other->challenge ? "the challenges differ in length"
           : one->requests != other->requests   ? "requests differ"
           : one->turns != other->turns         ? "turns differ"
           : one->works != other->works         ? "calls of work differ"
                                                : NULL;
}

static void pair(bench *b, parley_kept kept, const char *rule, const parley_answer *known,
                 const char *what)
{
    seen nobody = run(b, kept, NULL);
    seen somebody;
    const char *difference;

    (void)printf("%s %s nobody\n", rule, parley_mechanism_name(b->mechanism));
    somebody = run(b, kept, known);
    (void)printf("%s %s %s\n", rule, parley_mechanism_name(b->mechanism), what);
    difference = compare(&nobody, &somebody);
    if (difference != NULL) {
        fail(b, difference);
    }
}

static void measure(bench *b, const parley_mechanism *mechanism)
{
    static const char salt[SALT] = "salt of sixteen";
    const parley_mechanism *hashed = mechanism == &parley_plain ? &parley_scram_sha_256 : mechanism;
    unsigned char stored[PARLEY_HASH_SIZE];
    unsigned char server[PARLEY_HASH_SIZE];
    size_t len;
    parley_scram_keys keys = {.salt = {salt, SALT}, .iterations = COUNT};
    parley_answer password = {PARLEY_ANSWER_PASSWORD, {"r0m30m", 6}, NULL};
    parley_answer kept = {.kind = PARLEY_ANSWER_SCRAM, .keys = &keys};

    b->mechanism = mechanism;
    b->config.mechanisms = &b->mechanism;
    pair(b, PARLEY_KEEPS_PASSWORDS, "passwords", &password, "password");
    if (mechanism == &parley_digest_md5) {
        return;
    }
    if (parley_scram_derive(hashed, password.bytes, keys.salt, COUNT, stored, server, &len) !=
        PARLEY_OK) {
        fail(b, "no keys");
    }
    keys.stored_key = (parley_string){(const char *)stored, len};
    keys.server_key = (parley_string){(const char *)server, len};
    pair(b, PARLEY_KEEPS_PASSWORDS, "passwords", &kept, "keys");
    pair(b, PARLEY_KEEPS_KEYS, "keys", &kept, "keys");
}

int main(void)
{
    static const unsigned char secret[32] = "a secret of thirty-two bytes...";
    static const parley_mechanism *const all[] = {&parley_scram_sha_1,
                                                  &parley_scram_sha_256,
                                                  &parley_scram_sha_512,
                                                  &parley_scram_sha_1_plus,
                                                  &parley_scram_sha_256_plus,
                                                  &parley_scram_sha_512_plus,
                                                  &parley_plain,
                                                  &parley_digest_md5};
    static bench b;

    parley_server_config_init(&b.config);
    b.config.security = PARLEY_DIRECT_TLS;
    b.config.secret = secret;
    b.config.iterations = COUNT;
    b.config.mechanism_count = 1;
    b.tls.end_point_len = 32;
    b.work_len = parley_server_work_size(&b.config);
    b.work = malloc(b.work_len);
    if (b.work == NULL) {
        return 1;
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        measure(&b, all[i]);
    }
    free(b.work);
    return 0;
}
