/* The server core's side of a session, with exact bytes: what it says at each
   step, and what it answers to clients that do it wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/conversation.h"

#define HELLO(attributes)                                        \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
    "xmlns:stream='http://etherx.jabber.org/streams'" attributes ">"
#define OPEN HELLO(" to='example.com' version='1.0'")
/* The ids are 18 bytes of the counter: 00..11, 12..23, 24..35. */
#define REPLY(id)                                                                \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "                 \
    "xmlns:stream='http://etherx.jabber.org/streams' from='example.com' id='" id \
    "' version='1.0' xml:lang='en'>"
#define REPLY_NO_FROM(id)                                             \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "      \
    "xmlns:stream='http://etherx.jabber.org/streams' from='' id='" id \
    "' version='1.0' xml:lang='en'>"
#define ID1 "AAECAwQFBgcICQoLDA0ODxAR"
#define ID2 "EhMUFRYXGBkaGxwdHh8gISIj"
#define ID3 "JCUmJygpKissLS4vMDEyMzQ1"
#define OFFER_TLS                                                                               \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>" \
    "</stream:features>"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define PROCEED  "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define OFFER_SASL                                                                \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"      \
    "<mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms>" \
    "</stream:features>"
#define AUTH(text) \
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" text "</auth>"
#define EARLY_SCRAM                                                           \
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>" \
    "biwsbj1tYmVkLHI9eA==</auth>"
#define FAILURE(condition) \
    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" condition "/></failure>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define OFFER_BIND \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
#define BIND(resource)                                                                           \
    "<iq id='b' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" resource "</bind></" \
    "iq>"
#define BOUND(resource)                                                             \
    "<iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" \
    "mbed@example.com/" resource "</jid></bind></iq>"
#define STREAM_ERROR(condition)                                                                 \
    "<stream:error><" condition " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" \
    "</stream:stream>"
#define CLOSE "</stream:stream>"

#define TO_SASL                                                                      \
    {HEARS, OPEN}, {SAYS, REPLY(ID1) OFFER_TLS}, {HEARS, STARTTLS}, {SAYS, PROCEED}, \
        {TLS_UP, NULL}, {HEARS, OPEN},                                               \
    {                                                                                \
        SAYS, REPLY(ID2) OFFER_SASL                                                  \
    }
#define TO_BIND                                                                 \
    TO_SASL, {HEARS, AUTH("AG1iZWQAbWlycm9y")}, {SAYS, SUCCESS}, {HEARS, OPEN}, \
    {                                                                           \
        SAYS, REPLY(ID3) OFFER_BIND                                             \
    }
#define TO_READY                                      \
    TO_BIND, {HEARS, BIND("<resource>r</resource>")}, \
    {                                                 \
        SAYS, BOUND("r")                              \
    }

static const parley_mechanism *const mechanisms[] = {&parley_scram_sha_1, &parley_plain};

static void converse_all(const conversation_step *steps, bool known_way)
{
    parley_server_config config;
    conversation c = {0};

    session_server_config(&config);
    config.iterations = PARLEY_ITERATIONS_MINIMUM;
    config.mechanisms = mechanisms;
    config.mechanism_count = 2;
    config.limits.element = PARLEY_STANZA_MINIMUM;
    c.server = &config;
    c.password = "mirror";
    c.steps = steps;
    c.known_way = known_way;
    conversation_run(&c);
}

static void converse(const conversation_step *steps)
{
    converse_all(steps, true);
}

static void whole_session(void **state)
{
    static const conversation_step steps[] = {
        TO_READY,
        {HEARS,
         "<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"},
        {SAYS, "<iq type='result' id='s'/>"},
        {HEARS, " <presence/>\n<message to='x@example.com' from='mbed@example.com' id='m'><body>a"
                "&amp;b</body></message>"},
        {SENDS, "to the client"},
        {SAYS, "<message to='contact@example.com'><body>to the client</body></message>"},
        {HEARS, CLOSE},
        {SAYS, CLOSE},
        {LOGS, "state plain_header\nstate plain_host\nstate plain_features\nstate handshake\n"
               "tls verified\nstate secure_header\nstate secure_host\nstate mechanisms\n"
               "state nonce\nstate credential\nstate deriving\n"
               "authenticated PLAIN mbed server-not-verified\n"
               "state authorizing\nstate authenticated_header\nstate authenticated_host\n"
               "state authenticated_features\nstate binding\nbound mbed@example.com/r\n"
               "state ready\nstanza presence from= type= id= body=\n"
               "stanza message from=mbed@example.com type= id=m body=a&b\n"
               "state closed\nclosed none in= condition= sasl= by=us\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse_all(steps, false);
}

/* A client may say at once what does not need an answer (XEP-0305). */
static void all_at_once(void **state)
{
    static const conversation_step steps[] = {
        {HEARS, OPEN},
        {SAYS, REPLY(ID1) OFFER_TLS},
        {HEARS, STARTTLS},
        {SAYS, PROCEED},
        {TLS_UP, NULL},
        {HEARS, OPEN AUTH("AG1iZWQAbWlycm9y") OPEN BIND("<resource>r</resource>") CLOSE},
        {SAYS, REPLY(ID2) OFFER_SASL SUCCESS REPLY(ID3) OFFER_BIND BOUND("r") CLOSE},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
}

static void server_closes_first(void **state)
{
    static const conversation_step steps[] = {TO_BIND,
                                              {HEARS, BIND("")},
                                              {SAYS, BOUND("made-here")},
                                              {SHUTS, NULL},
                                              {SAYS, CLOSE},
                                              {HEARS, "<message id='late'/>" CLOSE},
                                              {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
}

/* RFC 6120 6.5: what a failed attempt is called, and that there may be another. */
static void attempts_fail_and_are_counted(void **state)
{
    static const conversation_step steps[] = {
        TO_SASL,
        {HEARS, AUTH("AG1iZWQAd3Jvbmc=")},
        {SAYS, FAILURE("not-authorized")},
        {HEARS, AUTH("AG5vYm9keQBtaXJyb3I=")}, /* nobody: the same answer */
        {SAYS, FAILURE("not-authorized")},
        {HEARS, AUTH("AG1iZWQAbWlycm9x")},
        {SAYS, STREAM_ERROR("policy-violation")},
        {ENDS, NULL},
        {CONVERSATION_END, NULL}};
    static const conversation_step names[] = {
        TO_SASL,
        {HEARS, AUTH("AG1iZWQAbWlycm9y\n")},
        {SAYS, FAILURE("incorrect-encoding")},
        {HEARS, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>"},
        {SAYS, FAILURE("invalid-mechanism")},
        {CONVERSATION_END, NULL}};
    static const conversation_step malformed[] = {
        TO_SASL,
        {HEARS, AUTH("AG1iZWQ=")},
        {SAYS, FAILURE("malformed-request")},
        {HEARS, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AG1iZWQAbWlycm9y</auth>"},
        {SAYS, FAILURE("malformed-request")},
        {HEARS, AUTH("AG1iZWQAbWlycm9y")},
        {SAYS, SUCCESS},
        {CONVERSATION_END, NULL}};
    static const conversation_step authzid[] = {
        TO_SASL,
        {HEARS, AUTH("b3RoZXJAZXhhbXBsZS5jb20AbWJlZABtaXJyb3I=")}, /* other@example.com */
        {SAYS, FAILURE("invalid-authzid")},
        {HEARS, AUTH("bWJlZEBleGFtcGxlLmNvbQBtYmVkAG1pcnJvcg==")}, /* their own */
        {SAYS, SUCCESS},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
    converse(names);
    converse(malformed);
    converse(authzid);
}

static void no_sasl_in_the_clear(void **state)
{
    static const conversation_step steps[] = {{HEARS, OPEN},
                                              {SAYS, REPLY(ID1) OFFER_TLS},
                                              {HEARS, AUTH("AG1iZWQAbWlycm9y")},
                                              {SAYS, FAILURE("encryption-required")},
                                              {HEARS, STARTTLS},
                                              {SAYS, PROCEED},
                                              {CONVERSATION_END, NULL}};

    static const conversation_step counted[] = {
        {HEARS, OPEN},
        {SAYS, REPLY(ID1) OFFER_TLS},
        {HEARS, EARLY_SCRAM},
        {SAYS, FAILURE("encryption-required")},
        {HEARS, EARLY_SCRAM},
        {SAYS, FAILURE("encryption-required")},
        {HEARS, EARLY_SCRAM}, /* an attempt in the clear is an attempt */
        {SAYS, STREAM_ERROR("policy-violation")},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
    converse(counted);
}

static void headers_that_are_refused(void **state)
{
    static const struct {
        const char *header;
        const char *answer;
    } rows[] = {
        {HELLO(" version='1.0'"), REPLY_NO_FROM(ID1) STREAM_ERROR("host-unknown")},
        {HELLO(" to='@@' version='1.0'"), REPLY_NO_FROM(ID1) STREAM_ERROR("improper-addressing")},
        {HELLO(" to='exa mple' version='1.0'"),
         REPLY_NO_FROM(ID1) STREAM_ERROR("improper-addressing")},
        {HELLO(" to='example.com'"), REPLY_NO_FROM(ID1) STREAM_ERROR("unsupported-version")},
        {HELLO(" to='example.com' version='0.9'"),
         REPLY_NO_FROM(ID1) STREAM_ERROR("unsupported-version")},
        {HELLO(" to='example.com' version='1'"), REPLY_NO_FROM(ID1) STREAM_ERROR("bad-format")},
        {HELLO(" to='example.com' version='-1.0'"), REPLY_NO_FROM(ID1) STREAM_ERROR("bad-format")},
        {"<stream:flow xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
         "to='example.com' version='1.0'>",
         REPLY_NO_FROM(ID1) STREAM_ERROR("bad-format")},
        {"<stream xmlns='jabber:client' to='example.com' version='1.0'>",
         REPLY_NO_FROM(ID1) STREAM_ERROR("invalid-namespace")},
        {"<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
         "to='example.com' version='1.0'>",
         REPLY_NO_FROM(ID1) STREAM_ERROR("invalid-namespace")},
        {"<!DOCTYPE x", REPLY_NO_FROM(ID1) STREAM_ERROR("restricted-xml")},
        {"\xEF\xBB\xBF<stream:stream", REPLY_NO_FROM(ID1) STREAM_ERROR("not-well-formed")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        conversation_step steps[] = {{HEARS, rows[i].header},
                                     {SAYS, rows[i].answer},
                                     {HEARS, "anything at all, <dropped>"},
                                     {ENDS, NULL},
                                     {CONVERSATION_END, NULL}};
        converse(steps);
    }
}

/* What comes too early, or in the wrong place, or in the wrong form. */
static void elements_out_of_place(void **state)
{
    static const conversation_step early_bind[] = {TO_SASL,
                                                   {HEARS, BIND("")},
                                                   {SAYS, STREAM_ERROR("not-authorized")},
                                                   {CONVERSATION_END, NULL}};
    static const conversation_step early_message[] = {TO_BIND,
                                                      {HEARS, "<message to='x@y'/>"},
                                                      {SAYS, STREAM_ERROR("not-authorized")},
                                                      {CONVERSATION_END, NULL}};
    static const conversation_step late_starttls[] = {TO_BIND,
                                                      {HEARS, STARTTLS},
                                                      {SAYS, STREAM_ERROR("policy-violation")},
                                                      {CONVERSATION_END, NULL}};
    static const conversation_step second_header[] = {
        TO_READY,
        {HEARS, "<stream:stream to='example.com' version='1.0'>"},
        {SAYS, STREAM_ERROR("unsupported-stanza-type")},
        {CONVERSATION_END, NULL}};
    static const conversation_step second_document[] = {TO_READY,
                                                        {HEARS, OPEN},
                                                        {SAYS, STREAM_ERROR("restricted-xml")},
                                                        {CONVERSATION_END, NULL}};
    static const conversation_step text[] = {TO_READY,
                                             {HEARS, "hello"},
                                             {SAYS, STREAM_ERROR("bad-format")},
                                             {CONVERSATION_END, NULL}};
    static const conversation_step foreign[] = {TO_READY,
                                                {HEARS, "<message xmlns='jabber:server'/>"},
                                                {SAYS, STREAM_ERROR("invalid-namespace")},
                                                {CONVERSATION_END, NULL}};
    static const conversation_step unknown[] = {
        TO_READY,
        {HEARS, "<resume xmlns='urn:xmpp:sm:3' previd='p' h='0'/>"},
        {SAYS, STREAM_ERROR("unsupported-stanza-type")},
        {CONVERSATION_END, NULL}};
    static const conversation_step spoofed[] = {
        TO_READY,
        {HEARS, "<message from='admin@example.com/x' to='v@example.com'/>"},
        {SAYS, STREAM_ERROR("invalid-from")},
        {CONVERSATION_END, NULL}};
    static const conversation_step wrong_end[] = {TO_READY,
                                                  {HEARS, "</stream>"},
                                                  {SAYS, STREAM_ERROR("not-well-formed")},
                                                  {CONVERSATION_END, NULL}};
    static const conversation_step bind_again[] = {
        TO_READY,
        {HEARS, BIND("<resource>s</resource>")},
        {SAYS, "<iq type='error' id='b'><error type='cancel'><not-allowed "
               "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"},
        {HEARS, CLOSE},
        {SAYS, CLOSE},
        {CONVERSATION_END, NULL}};
    static const conversation_step bad_resource[] = {
        TO_BIND,
        {HEARS, BIND("<resource>a&#9;b</resource>")},
        {SAYS, "<iq type='error' id='b'><error type='modify'><bad-request "
               "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"},
        {HEARS, BIND("<resource>ok</resource>")},
        {SAYS, BOUND("ok")},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(early_bind);
    converse(early_message);
    converse(late_starttls);
    converse(second_header);
    converse(second_document);
    converse(text);
    converse(foreign);
    converse(unknown);
    converse(spoofed);
    converse(wrong_end);
    converse(bind_again);
    converse(bad_resource);
}

/* Without a new header nothing inside TLS is a stream (RFC 6120 5.4.3.3). */
static void no_header_after_tls(void **state)
{
    static const conversation_step steps[] = {{HEARS, OPEN},
                                              {SAYS, REPLY(ID1) OFFER_TLS},
                                              {HEARS, STARTTLS},
                                              {SAYS, PROCEED},
                                              {TLS_UP, NULL},
                                              {HEARS, AUTH("AG1iZWQAbWlycm9y")},
                                              {SAYS, REPLY_NO_FROM(ID2)
                                                         STREAM_ERROR("invalid-namespace")},
                                              {CONVERSATION_END, NULL}};
    static const conversation_step pipelined[] = {
        {HEARS, OPEN},
        {SAYS, REPLY(ID1) OFFER_TLS},
        {LOSES, STARTTLS "<auth/>"}, /* the rest is for TLS, or for nobody */
        {SAYS, PROCEED},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
    converse(pipelined);
}

static void deadlines(void **state)
{
    static const conversation_step steps[] = {TO_SASL,
                                              {EXPIRES, NULL},
                                              {SAYS, STREAM_ERROR("connection-timeout")},
                                              {EXPIRES, NULL},
                                              {CONVERSATION_END, NULL}};
    static const conversation_step handshake[] = {{HEARS, OPEN},     {SAYS, REPLY(ID1) OFFER_TLS},
                                                  {HEARS, STARTTLS}, {SAYS, PROCEED},
                                                  {EXPIRES, NULL},   {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps);
    converse(handshake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_session),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(server_closes_first),
        cmocka_unit_test(attempts_fail_and_are_counted),
        cmocka_unit_test(no_sasl_in_the_clear),
        cmocka_unit_test(headers_that_are_refused),
        cmocka_unit_test(elements_out_of_place),
        cmocka_unit_test(no_header_after_tls),
        cmocka_unit_test(deadlines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
