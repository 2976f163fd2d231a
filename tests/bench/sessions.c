/* Whole sessions in memory, without TLS: sessions scale COUNT | negotiate COUNT.

   scale: COUNT server sessions at once, each through all steps to ready with ANONYMOUS, then a
   stanza from each, then closed; one work block, which each has while it needs it. A line a tenth.
   negotiate: COUNT times a client and a server with SCRAM-SHA-256 from keys kept on both sides, so
   that the cost is the negotiation's and not PBKDF2's; the time of each side alone. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <parley/insecure.h>
#include <parley/parley.h>

#define TEXT(text) ((parley_string){text, sizeof(text) - 1})

static const unsigned char secret[32] = "a secret of thirty-two bytes...";
static const parley_mechanism *const anonymous[] = {&parley_anonymous};
static const parley_mechanism *const scram[] = {&parley_scram_sha_256};
static uint64_t work_memory[2][65536 / 8 * 12];

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "sessions: %s\n", what);
    exit(1);
}

static parley_answer dice(char *bytes, size_t len)
{
    static unsigned counter;

    for (size_t i = 0; i < len; i++) {
        bytes[i] = (char)(++counter * 37);
    }
    return (parley_answer){PARLEY_ANSWER_RANDOM, {bytes, len}, NULL};
}

static parley_scram_keys server_keys;

static void serve_requests(parley_server *s)
{
    parley_request request;
    parley_event event;
    char bytes[64];

    while (parley_server_event(s, &event)) {
    }
    while (parley_server_request(s, &request)) {
        parley_answer answer = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};
        switch (request.kind) {
        case PARLEY_REQUEST_RANDOM:
            answer = dice(bytes, request.random_len);
            break;
        case PARLEY_REQUEST_CREDENTIAL:
            answer.kind = server_keys.iterations > 0 ? PARLEY_ANSWER_SCRAM : PARLEY_ANSWER_USER;
            answer.bytes = TEXT("guest");
            answer.keys = &server_keys;
            break;
        case PARLEY_REQUEST_BIND:
            answer.kind = PARLEY_ANSWER_RESOURCE;
            answer.bytes = TEXT("balcony");
            break;
        default:
            break;
        }
        if (parley_server_answer(s, &answer) != PARLEY_OK) {
            die("an answer is refused");
        }
        while (parley_server_event(s, &event)) {
        }
    }
    parley_server_work(s, 10000);
}

static size_t drop_output(parley_server *s)
{
    size_t len;

    if (parley_server_out_buf(s, &len) == NULL) {
        return 0;
    }
    parley_server_out_ack(s, len);
    return len;
}

static void say(parley_server *s, const char *text)
{
    size_t at = 0, len = strlen(text);

    for (unsigned rounds = 0; at < len; rounds++) {
        at += parley_server_push(s, text + at, len - at);
        serve_requests(s);
        drop_output(s);
        if (rounds > 1000) {
            die("a session does not move");
        }
    }
    serve_requests(s);
    drop_output(s);
}

#define HEADER                                                             \
    "<stream:stream to='example.com' version='1.0' xmlns='jabber:client' " \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

static void open_session(parley_server *s, const parley_server_config *config)
{
    if (parley_server_init(s, sizeof *s, config, work_memory[1], sizeof work_memory[1], NULL) !=
            PARLEY_OK ||
        parley_server_begin_insecure(s) != PARLEY_OK) {
        die("a session cannot begin");
    }
    serve_requests(s);
    say(s, HEADER);
    say(s, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>=</auth>");
    say(s, HEADER);
    say(s, "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    if ((parley_server_state(s) & PARLEY_IS_READY) == 0 || parley_server_busy(s)) {
        die("a session is not ready");
    }
}

/* Bytes of memory that the process has resident, by Linux; 0 elsewhere. */
static size_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long all, pages = 0;

    if (file == NULL) {
        return 0;
    }
    if (fscanf(file, "%lu %lu", &all, &pages) != 2) {
        pages = 0;
    }
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void scale(size_t count)
{
    size_t before = resident();
    parley_server_config config;
    parley_server *sessions = malloc(count * sizeof *sessions);
    uint64_t began, to_ready;

    parley_server_config_init(&config);
    config.secret = secret;
    config.mechanisms = anonymous;
    config.mechanism_count = 1;
    if (sessions == NULL) {
        die("no memory");
    }
    for (size_t tenth = 0; tenth < 10; tenth++) {
        began = now();
        for (size_t i = count / 10 * tenth; i < count / 10 * (tenth + 1); i++) {
            open_session(&sessions[i], &config);
        }
        to_ready = (now() - began) / (count / 10);
        began = now();
        for (size_t i = count / 10 * tenth; i < count / 10 * (tenth + 1); i++) {
            say(&sessions[i],
                "<message to='a@example.com' type='chat'><body>hello</body></message>");
        }
        printf("%zu sessions: %zu bytes each, %zu resident, %" PRIu64 " ns to ready, %" PRIu64
               " ns a stanza\n",
               count / 10 * (tenth + 1), sizeof *sessions,
               (resident() - before) / (count / 10 * (tenth + 1)), to_ready,
               (now() - began) / (count / 10));
    }
    for (size_t i = 0; i < count / 10 * 10; i++) {
        if ((parley_server_state(&sessions[i]) & PARLEY_IS_READY) == 0) {
            die("a session was lost");
        }
        say(&sessions[i], "</stream:stream>");
        if ((parley_server_state(&sessions[i]) & PARLEY_IS_CLOSED) == 0) {
            die("a session does not close");
        }
    }
    free(sessions);
}

typedef struct tally {
    uint64_t client, server; /* nanoseconds */
    size_t up, down;         /* bytes */
    unsigned turns;          /* of the client: it speaks, and waits */
} tally;

/* Iterations a call, where the client's first session derives its keys (calls.sh counts one). */
#define SLICE 100

static parley_scram_client_keys client_keys;

static void ask_client(parley_client *c, bool first)
{
    parley_request request;
    parley_event event;
    char bytes[64];

    while (parley_client_event(c, &event)) {
    }
    while (parley_client_request(c, &request)) {
        parley_answer answer = {PARLEY_ANSWER_CLIENT_KEYS,
                                {(const char *)&client_keys, sizeof client_keys},
                                NULL};
        if (request.kind == PARLEY_REQUEST_RANDOM) {
            answer = dice(bytes, request.random_len);
        } else if (first) {
            answer = (parley_answer){PARLEY_ANSWER_PASSWORD, TEXT("mirror"), NULL};
        }
        if (parley_client_answer(c, &answer) != PARLEY_OK) {
            die("the client refuses an answer");
        }
        while (parley_client_event(c, &event)) {
        }
    }
    while ((parley_client_state(c) & PARLEY_HAS_WORK) != 0) {
        parley_client_work(c, SLICE);
    }
}

static void negotiate(const parley_client_config *client_config,
                      const parley_server_config *server_config, bool first, tally *sum)
{
    static parley_client c;
    static parley_server s;
    static char wire[65536];
    uint64_t at = now();
    uint64_t then;
    bool ready = false;

    if (parley_client_init(&c, sizeof c, client_config, work_memory[0], sizeof work_memory[0],
                           NULL) != PARLEY_OK ||
        parley_server_init(&s, sizeof s, server_config, work_memory[1], sizeof work_memory[1],
                           NULL) != PARLEY_OK) {
        die("a configuration is refused");
    }
    parley_client_keep_keys(&c, first ? &client_keys : NULL);
    (void)parley_client_begin_insecure(&c);
    (void)parley_server_begin_insecure(&s);
    for (unsigned rounds = 0; !ready; rounds++) {
        size_t len, taken = 0;
        const char *out;
        ask_client(&c, first);
        out = parley_client_out_buf(&c, &len);
        if (out != NULL) {
            memcpy(wire, out, len);
            parley_client_out_ack(&c, len);
            sum->up += len;
            sum->turns++;
        }
        then = now(), sum->client += then - at, at = then;
        serve_requests(&s);
        while (out != NULL && taken < len) {
            taken += parley_server_push(&s, wire + taken, len - taken);
            serve_requests(&s);
        }
        out = parley_server_out_buf(&s, &len);
        if (out != NULL) {
            memcpy(wire, out, len);
            parley_server_out_ack(&s, len);
            sum->down += len;
        }
        then = now(), sum->server += then - at, at = then;
        for (taken = 0; out != NULL && taken < len;) {
            taken += parley_client_push(&c, wire + taken, len - taken);
            ask_client(&c, first);
        }
        ready = (parley_client_state(&c) & parley_server_state(&s) & PARLEY_IS_READY) != 0;
        if (rounds > 1000 || (parley_client_state(&c) & PARLEY_IS_CLOSED) != 0) {
            die("the two do not agree");
        }
    }
    sum->client += now() - at;
}

static void negotiations(unsigned long count)
{
    parley_client_config client_config;
    parley_server_config server_config;
    tally sum = {0}, first = {0};
    static const unsigned char salt[16] = "sixteen of salt";
    unsigned char stored[PARLEY_HASH_SIZE], server[PARLEY_HASH_SIZE];
    size_t len;

    parley_client_config_init(&client_config);
    client_config.domain = TEXT("example.com");
    client_config.user = TEXT("mbed");
    client_config.mechanisms = scram;
    client_config.mechanism_count = 1;
    parley_server_config_init(&server_config);
    server_config.mechanisms = scram;
    server_config.mechanism_count = 1;
    server_config.secret = secret;
    server_config.kept = PARLEY_KEEPS_KEYS;
    server_config.salt_len = sizeof salt;
    if (parley_scram_derive(&parley_scram_sha_256, TEXT("mirror"),
                            (parley_string){(const char *)salt, sizeof salt},
                            server_config.iterations, stored, server, &len) != PARLEY_OK) {
        die("no keys");
    }
    server_keys.salt = (parley_string){(const char *)salt, sizeof salt};
    server_keys.iterations = server_config.iterations;
    server_keys.stored_key = (parley_string){(const char *)stored, len};
    server_keys.server_key = (parley_string){(const char *)server, len};
    negotiate(&client_config, &server_config, true, &first);
    for (unsigned long i = 0; i < count; i++) {
        negotiate(&client_config, &server_config, false, &sum);
    }
    printf("one negotiation: %zu bytes up, %zu down, the client speaks %u times\n", first.up,
           first.down, first.turns);
    printf("%.0f a second for the client, %.0f for the server\n",
           (double)count * 1e9 / (double)sum.client, (double)count * 1e9 / (double)sum.server);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "scale") == 0) {
        scale((size_t)strtoul(argv[2], NULL, 10));
    } else if (argc == 3 && strcmp(argv[1], "negotiate") == 0) {
        negotiations(strtoul(argv[2], NULL, 10));
    } else {
        fprintf(stderr, "usage: %s scale COUNT | negotiate COUNT\n", argv[0]);
        return 2;
    }
    return 0;
}
