#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "common/stages.h"

enum how { BEGIN, BEGIN_INSECURE, TLS, SHUT, HEAR };

typedef struct stage {
    const char *state;
    const char *before; /* the state it is reached from; NULL: it is there at once */
    enum how how;
    const char *text;
    unsigned held; /* a request kind, or WORK: not answered here */
} stage;

#define WORK 31u

/* Server messages for the client nonce that the session's counter makes, salt
   "salt", 4096 iterations (RFC 7677 section 3). */
#define NONCE  "r=AAECAwQFBgcICQoLDA0ODxARserver"
#define FIRST  "<challenge {SASL}>{b64:" NONCE ",s=c2FsdA==,i=4096}</challenge>"
#define SECOND "<challenge {SASL}>{b64:v=3M+FR9SFTI6wQCScP6Lh0YSKnQEzy2cAKHQegxcYUdg=}</challenge>"
#define OFFER                                                                  \
    "<stream:features><mechanisms {SASL}><mechanism>SCRAM-SHA-256</mechanism>" \
    "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
#define BOUND(id) \
    "<iq type='result' id='" id "'><bind {BIND}><jid>mbed@example.com/r</jid></bind></iq>"

static const stage client_stages[] = {
    {"start", NULL, BEGIN, NULL, 0},
    {"plain_header", "start", BEGIN, NULL, 0},
    {"plain_features", "plain_header", HEAR, "{H}", 0},
    {"proceed", "plain_features", HEAR, "<stream:features><starttls {TLS}/></stream:features>", 0},
    {"handshake", "proceed", HEAR, "<proceed {TLS}/>", 0},
    {"secure_header", "handshake", TLS, NULL, 0},
    {"secure_features", "secure_header", HEAR, "{H}", 0},
    {"insecure_header", "start", BEGIN_INSECURE, NULL, 0},
    {"insecure_features", "insecure_header", HEAR, "{H}", 0},
    {"mechanism", "secure_features", HEAR, OFFER, PARLEY_REQUEST_RANDOM},
    {"authenticating", "secure_features", HEAR, OFFER, 0},
    {"credential", "authenticating", HEAR, FIRST, PARLEY_REQUEST_CREDENTIAL},
    {"deriving", "authenticating", HEAR, FIRST, WORK},
    {"proving", "authenticating", HEAR, FIRST, 0},
    {"proved", "proving", HEAR, SECOND, 0},
    {"authenticated_header", "authenticating", HEAR, "<success {SASL}/>", 0},
    {"authenticated_features", "authenticated_header", HEAR, "{H}", 0},
    {"binding", "authenticated_features", HEAR,
     "<stream:features><bind {BIND}/><session {SESS}/></stream:features>", 0},
    {"session", "binding", HEAR, BOUND("AAECAwQFBgcI-1"), 0},
    {"ready", "session", HEAR, "<iq type='result' id='AAECAwQFBgcI-2'/>", 0},
    {"close_sent", "ready", SHUT, NULL, 0},
    {"closing", "ready", HEAR, "text", 0},
    {"closed", "close_sent", HEAR, "{/}", 0},
};

/* Client messages for the server nonce that the session's counter makes. */
#define SERVER_NONCE "r=clientnonceJCUmJygpKissLS4vMDEyMzQ1"
#define AUTH         "<auth {SASL} mechanism='SCRAM-SHA-256'>{b64:n,,n=mbed,r=clientnonce}</auth>"
#define FINAL                                    \
    "<response {SASL}>{b64:c=biws," SERVER_NONCE \
    ",p=5JbIG8iN1xI8/waudSwkGlts861xxVibxqI99glUt0g=}</response>"
#define PLAIN(text) "<auth {SASL} mechanism='PLAIN'>{b64:" text "}</auth>"
#define REQUEST     "<iq type='set' id='b'><bind {BIND}><resource>r</resource></bind></iq>"

static const stage server_stages[] = {
    {"start", NULL, BEGIN, NULL, 0},
    {"plain_header", "start", BEGIN, NULL, 0},
    {"plain_host", "plain_header", HEAR, "{H}", PARLEY_REQUEST_HOST},
    {"plain_features", "plain_header", HEAR, "{H}", 0},
    {"handshake", "plain_features", HEAR, "<starttls {TLS}/>", 0},
    {"secure_header", "handshake", TLS, NULL, 0},
    {"secure_host", "secure_header", HEAR, "{H}", PARLEY_REQUEST_HOST},
    {"insecure_header", "start", BEGIN_INSECURE, NULL, 0},
    {"insecure_host", "insecure_header", HEAR, "{H}", PARLEY_REQUEST_HOST},
    {"mechanisms", "secure_header", HEAR, "{H}", 0},
    {"nonce", "mechanisms", HEAR, AUTH, PARLEY_REQUEST_RANDOM},
    {"credential", "mechanisms", HEAR, AUTH, PARLEY_REQUEST_CREDENTIAL},
    {"challenged", "mechanisms", HEAR, AUTH, 0},
    {"deriving", "challenged", HEAR, FINAL, WORK},
    {"authorizing", "mechanisms", HEAR, PLAIN("other@example.com\\x00mbed\\x00mirror"),
     PARLEY_REQUEST_AUTHORIZE},
    {"authenticated_header", "mechanisms", HEAR, PLAIN("\\x00mbed\\x00mirror"), 0},
    {"authenticated_host", "authenticated_header", HEAR, "{H}", PARLEY_REQUEST_HOST},
    {"authenticated_features", "authenticated_header", HEAR, "{H}", 0},
    {"binding", "authenticated_features", HEAR, REQUEST, PARLEY_REQUEST_BIND},
    {"ready", "authenticated_features", HEAR, REQUEST, 0},
    {"close_sent", "ready", SHUT, NULL, 0},
    {"closing", "ready", HEAR, "text", 0},
    {"closed", "close_sent", HEAR, "{/}", 0},
};

const char *const stages_client[] = {"start",
                                     "plain_header",
                                     "plain_features",
                                     "proceed",
                                     "handshake",
                                     "secure_header",
                                     "secure_features",
                                     "insecure_header",
                                     "insecure_features",
                                     "mechanism",
                                     "authenticating",
                                     "credential",
                                     "deriving",
                                     "proving",
                                     "proved",
                                     "authenticated_header",
                                     "authenticated_features",
                                     "binding",
                                     "session",
                                     "ready",
                                     "close_sent",
                                     "closing",
                                     "closed",
                                     NULL};

const char *const stages_server[] = {"start",
                                     "plain_header",
                                     "plain_host",
                                     "plain_features",
                                     "handshake",
                                     "secure_header",
                                     "secure_host",
                                     "insecure_header",
                                     "insecure_host",
                                     "mechanisms",
                                     "nonce",
                                     "credential",
                                     "challenged",
                                     "deriving",
                                     "authorizing",
                                     "authenticated_header",
                                     "authenticated_host",
                                     "authenticated_features",
                                     "binding",
                                     "ready",
                                     "close_sent",
                                     "closing",
                                     "closed",
                                     NULL};

static const parley_mechanism *const plain[] = {&parley_plain};
static const parley_mechanism *const scram[] = {&parley_scram_sha_256};
static const parley_mechanism *const both[] = {&parley_scram_sha_256, &parley_plain};

void stage_client_config(parley_client_config *config, const char *state)
{
    bool is_scram = strcmp(state, "credential") == 0 || strcmp(state, "deriving") == 0 ||
                    strcmp(state, "proving") == 0 || strcmp(state, "proved") == 0;

    session_client_config(config);
    config->mechanisms = is_scram ? scram : plain;
    config->mechanism_count = 1;
}

void stage_server_config(parley_server_config *config)
{
    session_server_config(config);
    config->mechanisms = both;
    config->mechanism_count = 2;
    config->iterations = PARLEY_ITERATIONS_MINIMUM;
    config->limits.element = PARLEY_STANZA_MINIMUM;
}

static const stage *find(const session *s, const char *state)
{
    const stage *at = s->is_server ? server_stages : client_stages;
    size_t count = s->is_server ? sizeof server_stages / sizeof server_stages[0]
                                : sizeof client_stages / sizeof client_stages[0];

    while (count-- > 0) {
        if (strcmp(at->state, state) == 0) {
            return at;
        }
        at++;
    }
    fail_msg("no such state: %s", state);
    return NULL;
}

static void take(session *s, const stage *at)
{
    char bytes[2048];
    size_t len;

    if (at->held == WORK) {
        s->hold_work = true;
    } else if (at->held != 0) {
        s->held |= 1u << at->held;
    }
    switch (at->how) {
    case BEGIN:
        session_begin(s);
        break;
    case BEGIN_INSECURE:
        session_begin_insecure(s);
        break;
    case TLS:
        session_tls_up(s, true);
        break;
    case SHUT:
        session_shut(s);
        break;
    case HEAR:
        len = script_expand(at->text, s->is_server, bytes, sizeof bytes);
        assert_int_equal(session_feed(s, bytes, len), len);
        break;
    }
    assert_string_equal(session_state_name(s), at->state);
}

void stage_reach(session *s, const char *state)
{
    const stage *path[24];
    size_t count = 0;
    const stage *at;

    for (at = find(s, state); at->before != NULL; at = find(s, at->before)) {
        assert_true(count < sizeof path / sizeof path[0]);
        path[count++] = at;
    }
    while (count > 0) {
        take(s, path[--count]);
    }
    (void)session_said(s);
}

session *stage_client(const char *state, const parley_client_config *config)
{
    static parley_client_config own;
    session *s;

    if (config == NULL) {
        stage_client_config(&own, state);
    }
    s = session_open_client(config != NULL ? config : &own, "mirror");
    stage_reach(s, state);
    return s;
}

session *stage_server(const char *state, const parley_server_config *config)
{
    static parley_server_config own;
    session *s;

    if (config == NULL) {
        stage_server_config(&own);
    }
    s = session_open_server(config != NULL ? config : &own, "mirror");
    stage_reach(s, state);
    return s;
}
