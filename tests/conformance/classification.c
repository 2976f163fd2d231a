/* What each kind of element is, in every state that takes input: the event of the machine, and
   the state that follows. The decisions are pure functions of the element, the facts of the
   session and the policy; the tables here are written by hand from RFC 6120. A line names an
   event for each set of facts; where a state makes it another, or where it is not rejected, it
   stands below that line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/given.h"
#include "common/script.h"
#include "common/stages.h"

#include "client_states.h"
#include "parley/machine.h"
#include "sasl.h"
#include "server_states.h"

/* The event that an input became: the first that the machine was given. */
static unsigned event_given;

void given(bool server, unsigned state, unsigned event)
{
    (void)server;
    (void)state;
    if (event_given == 0) {
        event_given = event;
    }
}

static const char *event_name(bool server)
{
    extern const parley_machine parley_client_machine;
    extern const parley_machine parley_server_machine;
    const parley_machine *m = server ? &parley_server_machine : &parley_client_machine;

    return event_given != 0 ? m->events[event_given] : "-";
}

/* Sets of facts, by their states. */
static const char *const client_facts[][6] = {
    {"plain_features", "proceed"},
    {"secure_features", "insecure_features", "authenticating", "proving", "proved"},
    {"authenticated_features", "binding"},
    {"session", "ready", "close_sent"}, /* bound */
    {"closing"},
};
static const char *const server_facts[][6] = {
    {"plain_features"},
    {"mechanisms", "challenged"},
    {"authenticated_features"},
    {"ready", "close_sent"},
    {"closing"},
};

typedef struct kind {
    const char *text;
    const char *event[4]; /* before TLS; before SASL succeeded; before bound; bound */
    const char *but;      /* "STATE EVENT NEXT", a line each */
} kind;

#define EVERYWHERE(event)          \
    {                              \
        event, event, event, event \
    }
#define OFFER(mechanism)                                        \
    "<stream:features><mechanisms {SASL}><mechanism>" mechanism \
    "</mechanism></mechanisms></stream:features>"
#define IQ(type, id, content) "<iq type='" type "' id='AAECAwQFBgcI-" id "'>" content "</iq>"
#define BOUND                 "<bind {BIND}><jid>mbed@example.com/r</jid></bind>"
#define ERROR(condition)      "<error type='cancel'><" condition " {STANZAS}/></error>"
#define NO_STARTTLS           "plain_features FEATURES_NO_STARTTLS closing\n"
#define READY                 "ready STANZA ready\nclose_sent STANZA close_sent\n"

static const kind client_kinds[] = {
    /* Features say what is open: TLS, SASL, bind (4.3.2); none are due once ready. */
    {"<stream:features/>",
     {"FEATURES_NO_STARTTLS", "FEATURES_POOR", "FEATURES_POOR", "UNEXPECTED"},
     NO_STARTTLS},
    {"<stream:features><starttls {TLS}/></stream:features>",
     {"FEATURES_STARTTLS", "FEATURES_POOR", "FEATURES_POOR", "UNEXPECTED"},
     "plain_features FEATURES_STARTTLS proceed\n"},
    {OFFER("PLAIN"),
     {"FEATURES_NO_STARTTLS", "FEATURES_SASL_ALLOWED", "FEATURES_POOR", "UNEXPECTED"},
     NO_STARTTLS
     "secure_features FEATURES_SASL_ALLOWED authenticating\n"
     /* Never in the clear; and SCRAM alone is allowed where it was chosen. */
     "insecure_features FEATURES_SASL_WEAK closing\nproving FEATURES_SASL_WEAK closing\n"
     "proved FEATURES_SASL_WEAK closing\n"},
    {OFFER("X-WEAK"),
     {"FEATURES_NO_STARTTLS", "FEATURES_SASL_WEAK", "FEATURES_POOR", "UNEXPECTED"},
     NO_STARTTLS "secure_features FEATURES_SASL_WEAK closing\n"
                 "insecure_features FEATURES_SASL_WEAK closing\n"},
    {"<stream:features><bind {BIND}/></stream:features>",
     {"FEATURES_NO_STARTTLS", "FEATURES_POOR", "FEATURES_BIND", "UNEXPECTED"},
     NO_STARTTLS "authenticated_features FEATURES_BIND binding\n"},
    {"<stream:features><starttls {TLS}/><mechanisms {SASL}><mechanism>PLAIN</mechanism>"
     "<mechanism>SCRAM-SHA-256</mechanism></mechanisms><bind {BIND}/></stream:features>",
     {"FEATURES_STARTTLS", "FEATURES_SASL_ALLOWED", "FEATURES_BIND", "UNEXPECTED"},
     "plain_features FEATURES_STARTTLS proceed\nauthenticated_features FEATURES_BIND binding\n"
     "secure_features FEATURES_SASL_ALLOWED authenticating\n"
     "insecure_features FEATURES_SASL_WEAK closing\n"},
    /* STARTTLS (5.4.2). */
    {"<proceed {TLS}/>", EVERYWHERE("PROCEED"), "proceed PROCEED handshake\n"},
    {"<failure {TLS}/>", EVERYWHERE("STARTTLS_FAILURE"), "proceed STARTTLS_FAILURE closing\n"},
    /* SASL (6.4): in its states alone. PLAIN has no challenge; SCRAM's second message here is
       none, and a success without it is no proof (RFC 5802 5). */
    {"<challenge {SASL}/>", EVERYWHERE("UNEXPECTED"),
     "authenticating CHALLENGE_REFUSED closing\nproving CHALLENGE_REFUSED closing\n"},
    {"<challenge {SASL}>{b64:rubbish}</challenge>", EVERYWHERE("UNEXPECTED"),
     "authenticating CHALLENGE_REFUSED closing\nproving CHALLENGE_REFUSED closing\n"},
    {"<challenge {SASL}>*</challenge>", EVERYWHERE("UNEXPECTED"),
     "authenticating CHALLENGE_REFUSED closing\nproving CHALLENGE_REFUSED closing\n"},
    {"<challenge {SASL}>{b64:v=3M+FR9SFTI6wQCScP6Lh0YSKnQEzy2cAKHQegxcYUdg=}</challenge>",
     EVERYWHERE("UNEXPECTED"),
     "authenticating CHALLENGE_REFUSED closing\nproving CHALLENGE_PROVED proved\n"},
    {"<success {SASL}/>", EVERYWHERE("UNEXPECTED"),
     "authenticating SUCCESS_UNASKED authenticated_header\nproving SUCCESS_UNPROVED closing\n"
     "proved SUCCESS_PROVED authenticated_header\n"},
    {"<success {SASL}>{b64:rubbish}</success>", EVERYWHERE("UNEXPECTED"),
     "authenticating SUCCESS_UNPROVED closing\nproving SUCCESS_UNPROVED closing\n"},
    {"<success {SASL}>{b64:v=3M+FR9SFTI6wQCScP6Lh0YSKnQEzy2cAKHQegxcYUdg=}</success>",
     EVERYWHERE("UNEXPECTED"),
     "authenticating SUCCESS_UNPROVED closing\nproving SUCCESS_PROVED authenticated_header\n"},
    {"<failure {SASL}><not-authorized/></failure>", EVERYWHERE("SASL_FAILURE"),
     "authenticating SASL_FAILURE closing\nproving SASL_FAILURE closing\nproved SASL_FAILURE "
     "closing\n"},
    {"<auth {SASL} mechanism='PLAIN'/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<response {SASL}/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<abort {SASL}/>", EVERYWHERE("UNEXPECTED"), ""},
    /* Binding (7.6, 7.7): the answer to our request, by its id. */
    {IQ("result", "1", BOUND), EVERYWHERE("STANZA"), "binding BIND_RESULT_SESSION session\n" READY},
    {IQ("result", "1", ""), EVERYWHERE("STANZA"), "binding BIND_FAILURE closing\n" READY},
    {IQ("error", "1", ERROR("conflict")), EVERYWHERE("STANZA"),
     "binding BIND_FAILURE closing\n" READY},
    {IQ("error", "1", ERROR("not-allowed")), EVERYWHERE("STANZA"),
     "binding BIND_FAILURE closing\n" READY},
    {IQ("get", "1", BOUND), EVERYWHERE("STANZA"), READY},
    /* The session (RFC 3921 3). */
    {IQ("result", "2", ""), EVERYWHERE("STANZA"), "session SESSION_RESULT ready\n" READY},
    {IQ("error", "2", ERROR("forbidden")), EVERYWHERE("STANZA"),
     "session SESSION_FAILURE closing\n" READY},
    /* Stanzas, and what is none (8, 4.9.3.20). */
    {"<message/>", EVERYWHERE("STANZA"), READY},
    {"<presence/>", EVERYWHERE("STANZA"), READY},
    {"<iq type='get' id='x'/>", EVERYWHERE("STANZA"), READY},
    {"<other/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<message xmlns='jabber:server'/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<message xmlns='urn:x'/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<starttls {TLS}/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<stream:other/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<stream:error><reset {STREAMS}/></stream:error>", EVERYWHERE("STREAM_ERROR"), ""},
    /* What is no XML here at all (11). */
    {"<!-- -->", EVERYWHERE("ILLEGAL_INPUT"), ""},
    {"<a></b>", EVERYWHERE("ILLEGAL_INPUT"), ""},
};

#define BOUND_ALREADY "ready BIND_REFUSED ready\nclose_sent BIND_REFUSED close_sent\n"
#define REFUSED       "authenticated_features BIND_REFUSED authenticated_features\n" BOUND_ALREADY

static const kind server_kinds[] = {
    {"<starttls {TLS}/>", EVERYWHERE("STARTTLS"), "plain_features STARTTLS handshake\n"},
    /* SASL in the clear is refused (6.5.4), and comes once a stream (6.4.6). */
    {"<auth {SASL} mechanism='PLAIN'>{b64:\\x00mbed\\x00mirror}</auth>",
     {"AUTH_REFUSED", "AUTH", "UNEXPECTED", "UNEXPECTED"},
     "plain_features AUTH_REFUSED plain_features\nmechanisms AUTH authenticated_header\n"
     "challenged AUTH authenticated_header\n"},
    {"<auth {SASL} mechanism='PLAIN'>{b64:\\x00mbed\\x00wrong}</auth>",
     {"AUTH_REFUSED", "AUTH", "UNEXPECTED", "UNEXPECTED"},
     "plain_features AUTH_REFUSED plain_features\nmechanisms AUTH mechanisms\n"
     "challenged AUTH mechanisms\n"},
    {"<auth {SASL} mechanism='SCRAM-SHA-256'>{b64:n,,n=mbed,r=other}</auth>",
     {"AUTH_REFUSED", "AUTH", "UNEXPECTED", "UNEXPECTED"},
     "plain_features AUTH_REFUSED plain_features\nmechanisms AUTH challenged\n"
     "challenged AUTH challenged\n"},
    {"<auth {SASL} mechanism='X-WEAK'/>",
     {"AUTH_REFUSED", "AUTH_REFUSED", "UNEXPECTED", "UNEXPECTED"},
     "plain_features AUTH_REFUSED plain_features\nmechanisms AUTH_REFUSED mechanisms\n"
     "challenged AUTH_REFUSED mechanisms\n"},
    {"<auth {SASL}/>",
     {"AUTH_REFUSED", "AUTH_REFUSED", "UNEXPECTED", "UNEXPECTED"},
     "plain_features AUTH_REFUSED plain_features\nmechanisms AUTH_REFUSED mechanisms\n"
     "challenged AUTH_REFUSED mechanisms\n"},
    {"<response {SASL}>{b64:rubbish}</response>", EVERYWHERE("UNEXPECTED"),
     "challenged ATTEMPT_REFUSED mechanisms\n"},
    {"<response {SASL}>*</response>", EVERYWHERE("UNEXPECTED"),
     "challenged ATTEMPT_REFUSED mechanisms\n"},
    {"<abort {SASL}/>", EVERYWHERE("UNEXPECTED"), "challenged ABORT mechanisms\n"},
    {"<challenge {SASL}/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<success {SASL}/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<failure {SASL}/>", EVERYWHERE("UNEXPECTED"), ""},
    /* Binding: after SASL, once (7.6, 7.7). */
    {"<iq type='set' id='b'><bind {BIND}/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "BIND", "BIND_REFUSED"},
     "authenticated_features BIND ready\n" BOUND_ALREADY},
    {"<iq type='set' id='b'><bind {BIND}/><x/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "BIND_REFUSED", "BIND_REFUSED"},
     REFUSED},
    {"<iq type='set'><bind {BIND}/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "BIND_REFUSED", "BIND_REFUSED"},
     REFUSED},
    {"<iq type='get' id='b'><bind {BIND}/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "STANZA"},
     READY},
    {"<iq type='set' id='s'><session {SESS}/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "SESSION"},
     "ready SESSION ready\nclose_sent SESSION close_sent\n"},
    {"<iq type='set' id='s' to='other@example.com'><session {SESS}/></iq>",
     {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "STANZA"},
     READY},
    /* Stanzas: when bound, of the client's own address (4.3.5, 8.1.2.1). */
    {"<message/>", {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "STANZA"}, READY},
    {"<presence/>", {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "STANZA"}, READY},
    {"<iq type='get' id='x'/>", {"UNEXPECTED", "UNEXPECTED", "UNEXPECTED", "STANZA"}, READY},
    {"<message from='other@example.com'/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<stream:features/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<proceed {TLS}/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<other/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<message xmlns='jabber:server'/>", EVERYWHERE("UNEXPECTED"), ""},
    {"<stream:error><reset {STREAMS}/></stream:error>", EVERYWHERE("STREAM_ERROR"), ""},
    {"<!-- -->", EVERYWHERE("ILLEGAL_INPUT"), ""},
    {"<a></b>", EVERYWHERE("ILLEGAL_INPUT"), ""},
};

static void hear(session *s, const char *text)
{
    char bytes[4096];
    size_t len = script_expand(text, s->is_server, bytes, sizeof bytes);

    event_given = 0;
    (void)session_feed(s, bytes, len);
}

static void expect(const char *want, bool server, const session *s, const char *state,
                   const char *text)
{
    char have[128];

    (void)snprintf(have, sizeof have, "%s %s", event_name(server), session_state_name(s));
    if (strcmp(want, have) != 0) {
        fail_msg("%s in %s: %s: is %s, should be %s", server ? "server" : "client", state, text,
                 have, want);
    }
}

/* "EVENT NEXT" of a kind in a state with the facts `set`; whether it is rejected there. */
static bool expected(const kind *k, const char *state, size_t set, char *want, size_t size)
{
    const char *line;
    size_t len = strlen(state);

    if (set == 4) { /* after an error nothing but the end of the stream counts */
        (void)snprintf(want, size, "- closing");
        return false;
    }
    for (line = k->but; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, state, len) == 0 && line[len] == ' ') {
            line += len + 1;
            (void)snprintf(want, size, "%.*s", (int)strcspn(line, "\n"), line);
            return false;
        }
    }
    (void)snprintf(want, size, "%s closing", k->event[set]);
    return strcmp(k->event[set], "STREAM_ERROR") != 0;
}

/* What is rejected is our word against the peer's, whatever it claims to be (4.9.1.1). */
static void is_rejected(const session *s, const char *state, size_t told)
{
    const parley_outcome *outcome = session_outcome(s);

    assert_false(outcome->by_peer);
    assert_int_equal(outcome->sasl, PARLEY_SASL_NONE);
    assert_string_equal(session_state_text(s, outcome->state), state);
    assert_string_equal(s->log + told, "state closing\n"); /* and that is all */
}

static void walk(bool server, const kind *kinds, size_t count, const char *const facts[][6])
{
    unsigned pairs = 0;
    size_t i;
    size_t set;
    size_t at;

    for (i = 0; i < count; i++) {
        for (set = 0; set < 5; set++) {
            for (at = 0; at < 6 && facts[set][at] != NULL; at++) {
                const char *state = facts[set][at];
                session *s = server ? stage_server(state, NULL) : stage_client(state, NULL);
                char want[128];
                bool rejected = expected(&kinds[i], state, set, want, sizeof want);
                size_t told = s->log_len;
                hear(s, kinds[i].text);
                expect(want, server, s, state, kinds[i].text);
                if (rejected) {
                    is_rejected(s, state, told);
                }
                session_close(s);
                pairs++;
            }
        }
    }
    (void)printf("figures: %s: %zu kinds of input, %u pairs with a state\n",
                 server ? "server" : "client", count, pairs);
}

static void client(void **state)
{
    (void)state;
    walk(false, client_kinds, sizeof client_kinds / sizeof client_kinds[0], client_facts);
}

static void server(void **state)
{
    (void)state;
    walk(true, server_kinds, sizeof server_kinds / sizeof server_kinds[0], server_facts);
}

/* Where a stream is awaited only its header is one (4.2, 4.7, 4.8, 4.9.3). */
static void headers(void **state)
{
    static const char *const states[2][4] = {
        {"plain_header", "secure_header", "insecure_header", "authenticated_header"},
        {"plain_header", "secure_header", "insecure_header", "authenticated_header"},
    };
    static const char *const next[2][4] = {
        {"plain_features", "secure_features", "insecure_features", "authenticated_features"},
        {"plain_features", "mechanisms", "mechanisms", "authenticated_features"},
    };
    static const char *const rows[][2] = {
        {"{H}", "HEADER"},
        {"<stream xmlns='{STREAM}' to='example.com' id='1' version='1.0'>", "HEADER"},
        {"<message>", "HEADER_REFUSED"},
        {"<stream:other xmlns:stream='{STREAM}' to='example.com' id='1' version='1.0'>",
         "HEADER_REFUSED"},
        {"<s:stream xmlns:s='urn:x' to='example.com' id='1' version='1.0'>", "HEADER_REFUSED"},
        {"<s:stream xmlns:s='{STREAM}' xmlns='jabber:server' to='example.com' id='1' "
         "version='1.0'>",
         "HEADER_REFUSED"},
        {"<s:stream xmlns:s='{STREAM}' to='example.com' id='1'>", "HEADER_REFUSED"},
        {"<s:stream xmlns:s='{STREAM}' to='example.com' id='1' version='x'>", "HEADER_REFUSED"},
        {"<stream:stream to='example.com' id='1' version='1.0'>", "ILLEGAL_INPUT"},
        {"{/}", "ILLEGAL_INPUT"},
        {"text", "ILLEGAL_INPUT"},
        {"<!DOCTYPE stream>", "ILLEGAL_INPUT"},
    };
    size_t i;
    size_t at;
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        for (at = 0; at < 4; at++) {
            for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                const char *from = states[server][at];
                session *s = server != 0 ? stage_server(from, NULL) : stage_client(from, NULL);
                char want[128];
                (void)snprintf(want, sizeof want, "%s %s", rows[i][1],
                               strcmp(rows[i][1], "HEADER") == 0 ? next[server][at] : "closing");
                hear(s, rows[i][0]);
                expect(want, server != 0, s, from, rows[i][0]);
                session_close(s);
            }
        }
    }
}

/* A server that names another domain is heard out (4.9.3.6); its features are not taken. */
static void another_domain(void **state)
{
    static const char *const at[][2] = {{"plain_header", "plain_features"},
                                        {"secure_header", "secure_features"},
                                        {"insecure_header", "insecure_features"},
                                        {"authenticated_header", "authenticated_features"}};
    static const char header[] = "<stream xmlns='{STREAM}' from='other.example' id='1' "
                                 "version='1.0'>";
    static const char features[] = "<features><starttls {TLS}/></features>";
    size_t i;

    (void)state;
    for (i = 0; i < sizeof at / sizeof at[0]; i++) {
        char want[128];
        session *s = stage_client(at[i][0], NULL);
        (void)snprintf(want, sizeof want, "HEADER %s", at[i][1]);
        hear(s, header);
        expect(want, false, s, at[i][0], header);
        hear(s, features);
        expect("HEADER_REFUSED closing", false, s, at[i][1], features);
        session_close(s);
    }
}

enum { LISTS = 5, OFFERS = 6 };

/* What the client is to choose (6.3.3, 13.8.3), by its list and the offer. The client's order
   counts, not the server's. */
static const char *choice(size_t list, size_t offer, bool tls, const parley_policy *policy)
{
    static const char *const first_listed[LISTS][OFFERS] = {
        {"", "", "PLAIN", "", "", "PLAIN"},
        {"", "", "", "SCRAM-SHA-256", "", "SCRAM-SHA-256"},
        {"", "", "PLAIN", "SCRAM-SHA-256", "", "SCRAM-SHA-256"},
        {"", "", "PLAIN", "SCRAM-SHA-256", "", "PLAIN"},
        {"", "", "", "", "", ""},
    };
    static const char *const without_plain[LISTS][OFFERS] = {
        {"", "", "", "", "", ""},
        {"", "", "", "SCRAM-SHA-256", "", "SCRAM-SHA-256"},
        {"", "", "", "SCRAM-SHA-256", "", "SCRAM-SHA-256"},
        {"", "", "", "SCRAM-SHA-256", "", "SCRAM-SHA-256"},
        {"", "", "", "", "", ""},
    };

    if (policy->minimum == PARLEY_STRENGTH_EXTERNAL) {
        return "";
    }
    /* PLAIN never goes in the clear. */
    if (!tls || policy->minimum == PARLEY_STRENGTH_SCRAM_SHA_256) {
        return without_plain[list][offer];
    }
    return policy->as_listed || *without_plain[list][offer] == '\0' ? first_listed[list][offer]
                                                                    : without_plain[list][offer];
}

static void chooses(size_t list, size_t offer, bool tls, const parley_policy *policy)
{
    static const parley_mechanism *const lists[LISTS][2] = {
        {&parley_plain, NULL},
        {&parley_scram_sha_256, NULL},
        {&parley_scram_sha_256, &parley_plain},
        {&parley_plain, &parley_scram_sha_256},
        {&parley_scram_sha_256_plus, NULL}, /* and no binding here */
    };
    static const char *const offers[OFFERS] = {
        "", "X-WEAK", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN SCRAM-SHA-256"};
    const char *at = tls ? "secure_features" : "insecure_features";
    const char *want = choice(list, offer, tls, policy);
    const char *name;
    char text[512] = "<stream:features><mechanisms {SASL}>";
    parley_client_config config;
    session *s;

    stage_client_config(&config, at);
    config.policy.as_listed = policy->as_listed;
    config.policy.minimum = policy->minimum;
    config.mechanisms = lists[list];
    config.mechanism_count = lists[list][1] != NULL ? 2 : 1;
    for (name = offers[offer]; *name != '\0'; name += strspn(name, " ")) {
        size_t len = strcspn(name, " ");
        (void)snprintf(text + strlen(text), sizeof text - strlen(text),
                       "<mechanism>%.*s</mechanism>", (int)len, name);
        name += len;
    }
    (void)snprintf(text + strlen(text), sizeof text - strlen(text),
                   "</mechanisms></stream:features>");
    s = stage_client(at, &config);
    hear(s, text);
    expect(*want != '\0' ? "FEATURES_SASL_ALLOWED authenticating" : "FEATURES_SASL_WEAK closing",
           false, s, at, text);
    if (*want != '\0') {
        assert_string_equal(s->core.client.mechanism->name, want);
    }
    session_close(s);
}

static void policies(void **state)
{
    static const parley_strength minimums[] = {PARLEY_STRENGTH_ANY, PARLEY_STRENGTH_SCRAM_SHA_256,
                                               PARLEY_STRENGTH_EXTERNAL};
    size_t i;

    (void)state;
    for (i = 0; i < 3 * 2 * 2 * LISTS * OFFERS; i++) {
        const parley_policy policy = {.minimum = minimums[i % 3], .as_listed = i / 3 % 2 != 0};
        chooses(i / 12 % LISTS, i / 12 / LISTS, i / 6 % 2 != 0, &policy);
    }
}

/* The server takes what it offered, and nothing else: its list, the least strength, TLS. */
static void server_policies(void **state)
{
    static const parley_mechanism *const lists[][2] = {{&parley_plain, &parley_scram_sha_256},
                                                       {&parley_plain, NULL},
                                                       {&parley_scram_sha_256, NULL}};
    static const char *const auths[] = {
        "<auth {SASL} mechanism='PLAIN'>{b64:\\x00mbed\\x00mirror}</auth>",
        "<auth {SASL} mechanism='SCRAM-SHA-256'>{b64:n,,n=mbed,r=other}</auth>"};
    /* By list, and whether it is not to be weaker than SCRAM-SHA-256; PLAIN, and SCRAM. */
    static const char *const wants[3][2][2] = {
        {{"AUTH authenticated_header", "AUTH challenged"},
         {"AUTH_REFUSED mechanisms", "AUTH challenged"}},
        {{"AUTH authenticated_header", "AUTH_REFUSED mechanisms"}, {NULL, NULL}},
        {{"AUTH_REFUSED mechanisms", "AUTH challenged"},
         {"AUTH_REFUSED mechanisms", "AUTH challenged"}},
    };
    size_t i;

    (void)state;
    for (i = 0; i < 3 * 2 * 2; i++) {
        const parley_mechanism *const *list = lists[i / 4];
        bool strong = i / 2 % 2 != 0;
        const char *want = wants[i / 4][strong][i % 2];
        parley_server_config config;
        session *s;
        if (want == NULL) { /* nothing is left to offer */
            continue;
        }
        stage_server_config(&config);
        config.mechanisms = list;
        config.mechanism_count = list[1] != NULL ? 2 : 1;
        config.policy.minimum = strong ? PARLEY_STRENGTH_SCRAM_SHA_256 : PARLEY_STRENGTH_ANY;
        s = stage_server("mechanisms", &config);
        hear(s, auths[i % 2]);
        expect(want, true, s, "mechanisms", auths[i % 2]);
        session_close(s);
    }
}

/* What the server asks for beside bind, and whether it can do without (RFC 3921 3), decides
   what an accepted bind is; a conflict is asked again once, for a resource of ours. */
static void binding(void **state)
{
    static const struct {
        const char *features;
        const char *resource;
        const char *answer;
        const char *want;
    } rows[] = {
        {"", NULL, IQ("result", "1", BOUND), "BIND_RESULT ready"},
        {"<session {SESS}/>", NULL, IQ("result", "1", BOUND), "BIND_RESULT_SESSION session"},
        {"<session {SESS}><optional/></session>", NULL, IQ("result", "1", BOUND),
         "BIND_RESULT ready"},
        {"", NULL, IQ("error", "1", ERROR("conflict")), "BIND_FAILURE closing"},
        {"", "r", IQ("error", "1", ERROR("conflict")), "BIND_CONFLICT binding"},
        {"", "r", IQ("error", "1", ERROR("bad-request")), "BIND_FAILURE closing"},
        {"", "r", IQ("result", "1", "<bind {BIND}><jid>mbed@other.example/r</jid></bind>"),
         "BIND_FAILURE closing"},
        {"", "r", IQ("result", "1", "<bind {BIND}><jid>mbed@example.com</jid></bind>"),
         "BIND_FAILURE closing"},
        {"", "r", IQ("result", "7", BOUND), "STANZA closing"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parley_client_config config;
        char text[512];
        session *s;
        stage_client_config(&config, "binding");
        config.resource = session_string(rows[i].resource);
        s = stage_client("authenticated_features", &config);
        (void)snprintf(text, sizeof text, "<stream:features><bind {BIND}/>%s</stream:features>",
                       rows[i].features);
        hear(s, text);
        expect("FEATURES_BIND binding", false, s, "authenticated_features", text);
        hear(s, rows[i].answer);
        expect(rows[i].want, false, s, "binding", rows[i].answer);
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client),   cmocka_unit_test(server),
        cmocka_unit_test(headers),  cmocka_unit_test(another_domain),
        cmocka_unit_test(policies), cmocka_unit_test(server_policies),
        cmocka_unit_test(binding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
