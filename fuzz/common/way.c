/* The way of a session whose peer keeps the rules, a state at a time. */
#include <string.h>

#include "common/scram.h"
#include "common/step.h"

enum how { BEGIN, HEAR, TLS, SHUT, RESPOND };

typedef struct stage {
    const char *state; /* that this leads to */
    enum how how;
    const char *text;
} stage;

#define NAMES  " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
#define URN(x) " xmlns='urn:ietf:params:xml:ns:xmpp-" x "'"
#define FROM \
    "<?xml version='1.0'?><stream:stream from='example.com' id='s1' version='1.0'" NAMES ">"
#define TO "<?xml version='1.0'?><stream:stream to='example.com' version='1.0'" NAMES ">"

static const stage client_way[] = {
    {"plain_header", BEGIN, NULL},
    {"plain_features", HEAR, FROM},
    {"proceed", HEAR, "<stream:features><starttls" URN("tls") "/></stream:features>"},
    {"handshake", HEAR, "<proceed" URN("tls") "/>"},
    {"secure_header", TLS, NULL},
    {"secure_features", HEAR, FROM},
    {"authenticating", HEAR,
     "<stream:features><mechanisms" URN("sasl") "><mechanism>PLAIN</mechanism></mechanisms>"
                                                "</stream:features>"},
    {"authenticated_header", HEAR, "<success" URN("sasl") "/>"},
    {"authenticated_features", HEAR, FROM},
    {"binding", HEAR,
     "<stream:features><bind" URN("bind") "/><session" URN("session") "/></stream:features>"},
    {"session", HEAR,
     "<iq type='result' id='AAECAwQFBgcI-1'><bind" URN("bind") "><jid>mbed@example.com/r</jid>"
                                                               "</bind></iq>"},
    {"ready", HEAR, "<iq type='result' id='AAECAwQFBgcI-2'/>"},
    {"close_sent", SHUT, NULL},
};

static const stage server_way[] = {
    {"plain_header", BEGIN, NULL},
    {"plain_features", HEAR, TO},
    {"handshake", HEAR, "<starttls" URN("tls") "/>"},
    {"secure_header", TLS, NULL},
    {"mechanisms", HEAR, TO},
    {"challenged", HEAR, fuzz_scram_auth},
    {"authenticated_header", RESPOND, NULL},
    {"authenticated_features", HEAR, TO},
    {"ready", HEAR,
     "<iq type='set' id='b'><bind" URN("bind") "><resource>r</resource></bind></iq>"},
    {"close_sent", SHUT, NULL},
};

static void hear(fuzz_party *p, const char *text, size_t len)
{
    fuzz_cuts whole = fuzz_cuts_of(FUZZ_WHOLE, 0);

    FUZZ_CHECK(fuzz_party_feed(p, text, len, &whole) == len);
}

/* Before it has begun nothing has an effect, but for the close. */
static void rest(fuzz_party *p)
{
    parley_tls_info info;
    uint32_t phase;

    memset(&info, 0, sizeof info);
    FUZZ_CHECK(FUZZ_CALL2(p, push, fuzz_flush("<a/>", 4), 4) == 0);
    FUZZ_CHECK(FUZZ_CALL1(p, tls_up, &info) == PARLEY_MISUSE);
    (void)FUZZ_CALL1(p, deadline, &phase);
    FUZZ_CALL1(p, expired, phase);
    FUZZ_CALL1(p, work, 1);
    FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_INTERNAL_SERVER_ERROR);
    FUZZ_CALL2(p, tls_failed, PARLEY_ERROR_TLS_RECORD, 1);
    FUZZ_CALL0(p, finish);
    FUZZ_CHECK(FUZZ_CALL0(p, state) == 0 && !FUZZ_CALL0(p, busy));
    FUZZ_CHECK(FUZZ_CALL0(p, outcome)->code == PARLEY_NO_ERROR);
}

static void take(fuzz_party *p, const stage *at)
{
    char text[FUZZ_SCRAM_SIZE];

    switch (at->how) {
    case BEGIN:
        rest(p);
        FUZZ_CHECK(FUZZ_CALL0(p, begin) == PARLEY_OK);
        fuzz_party_run(p);
        break;
    case HEAR:
        hear(p, at->text, strlen(at->text));
        break;
    case TLS:
        fuzz_tls_up(p, true, p->binding);
        break;
    case SHUT:
        FUZZ_CALL0(p, close);
        fuzz_party_run(p);
        break;
    case RESPOND:
        hear(p, text, fuzz_scram_response(p->said, &p->heard->log, p->told, NULL, text));
        break;
    }
}

void fuzz_way(fuzz_party *p, const char *state)
{
    const stage *at = p->server != NULL ? server_way : client_way;
    const stage *end = p->server != NULL ? server_way + sizeof server_way / sizeof *server_way
                                         : client_way + sizeof client_way / sizeof *client_way;

    take(p, at);
    if (strcmp(FUZZ_CALL0(p, state_name), "handshake") == 0) {
        while (at->how != TLS) { /* direct TLS: what comes before is left out */
            at++;
        }
        at--;
    }
    while (strcmp(FUZZ_CALL0(p, state_name), state) != 0) {
        FUZZ_CHECK(++at < end);
        take(p, at);
        if (strcmp(FUZZ_CALL0(p, state_name), at->state) != 0) {
            fuzz_broken("the way leads to the state", __FILE__, __LINE__, at->state);
        }
    }
}
