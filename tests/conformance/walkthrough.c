/* The walk-through of a session, with exact bytes: user mbed, password mirror,
   a server that offers DIGEST-MD5, PLAIN and EXTERNAL, and each turn that a
   negotiation may take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/conversation.h"

#define OPEN                                                     \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
    "xmlns:stream='http://etherx.jabber.org/streams' to='example.com' version='1.0'>"
#define HEADER(id)                                                                      \
    "<?xml version='1.0'?><stream:stream from='example.com' id='" id "' version='1.0' " \
    "xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define FEATURES_STARTTLS                                                                       \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>" \
    "</stream:features>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define FEATURES_SASL                                                        \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" \
    "<mechanism>DIGEST-MD5</mechanism><mechanism>PLAIN</mechanism>"          \
    "<mechanism>EXTERNAL</mechanism></mechanisms></stream:features>"
#define AUTH \
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define FEATURES_BIND \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
#define FEATURES_SESSION                                                \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" \
    "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></stream:features>"
#define BIND \
    "<iq type='set' id='AAECAwQFBgcI-1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
#define BIND_RESOURCE                                                                    \
    "<iq type='set' id='AAECAwQFBgcI-1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" \
    "<resource>someresource</resource></bind></iq>"
#define BIND_RESULT                                                                         \
    "<iq id='AAECAwQFBgcI-1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" \
    "<jid>somenode@example.com/someresource</jid></bind></iq>"
#define SESSION                                    \
    "<iq type='set' id='AAECAwQFBgcI-2'><session " \
    "xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"
#define CLOSE "</stream:stream>"

#define TO_TLS                                                                                \
    {SAYS, OPEN}, {HEARS, HEADER("1") FEATURES_STARTTLS}, {SAYS, STARTTLS}, {HEARS, PROCEED}, \
        {TLS_UP, NULL},                                                                       \
    {                                                                                         \
        SAYS, OPEN                                                                            \
    }
#define TO_BIND                                                                 \
    TO_TLS, {HEARS, HEADER("2") FEATURES_SASL}, {SAYS, AUTH}, {HEARS, SUCCESS}, \
    {                                                                           \
        SAYS, OPEN                                                              \
    }
#define LOG_TO_TLS "state plain_header\nstate plain_features\nfeatures 1\nstate proceed\n"
#define LOG_TO_SASL \
    LOG_TO_TLS "state handshake\ntls verified\nstate secure_header\nstate secure_features\n"
#define LOG_TO_AUTH LOG_TO_SASL "features 1\nstate mechanism\nstate authenticating\n"
#define LOG_TO_BIND                                                                          \
    LOG_TO_AUTH "authenticated PLAIN mbed server-not-verified\nstate authenticated_header\n" \
                "state authenticated_features\n"

static void converse(const conversation_step *steps, const char *resource)
{
    static const parley_mechanism *const plain[] = {&parley_scram_sha_256, &parley_plain};
    parley_client_config config;
    conversation c = {0};

    session_client_config(&config);
    config.mechanisms = plain;
    config.mechanism_count = 2;
    config.resource = session_string(resource);
    c.client = &config;
    c.password = "mirror";
    c.steps = steps;
    conversation_run(&c);
}

static void whole_session(void **state)
{
    static const conversation_step steps[] = {
        TO_BIND,
        {HEARS, HEADER("3") FEATURES_SESSION},
        {SAYS, BIND_RESOURCE},
        {HEARS, BIND_RESULT},
        {SAYS, SESSION},
        {HEARS, "<iq type='result' id='AAECAwQFBgcI-2' from='example.com'/>"},
        {SENDS, "roster"},
        {SAYS, "<iq type='get' id='roster1'><query xmlns='jabber:iq:roster'/></iq>"},
        {HEARS, "<iq type='result' id='roster1'><query xmlns='jabber:iq:roster'>"
                "<item jid='contact@example.com' subscription='both'/></query></iq>"},
        {SENDS, "presence"},
        {SAYS, "<presence/>"},
        {HEARS, "<presence from='contact@example.com/r'/>"},
        {SENDS, "Hello, contact & others"},
        {SAYS, "<message to='contact@example.com'><body>Hello, contact &amp; others</body>"
               "</message>"},
        {HEARS, "<message from='contact@example.com/r' type='chat'><body>Hi</body></message>"},
        {HEARS, "<presence from='contact@example.com/r' type='unavailable'/>"},
        {SHUTS, NULL},
        {SAYS, CLOSE},
        {HEARS, CLOSE},
        {LOGS, LOG_TO_BIND
         "features 2\nstate binding\nbound somenode@example.com/someresource\nstate session\n"
         "state ready\n"
         "stanza iq from= type=result id=roster1 body=\n"
         "stanza presence from=contact@example.com/r type= id= body=\n"
         "stanza message from=contact@example.com/r type=chat id= body=Hi\n"
         "stanza presence from=contact@example.com/r type=unavailable id= body=\n"
         "state close_sent\nstate closed\nclosed none in= condition= sasl= by=us\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, "someresource");
}

static void server_makes_the_resource_and_closes_first(void **state)
{
    static const conversation_step steps[] = {
        TO_BIND,
        {HEARS, HEADER("3") FEATURES_BIND},
        {SAYS, BIND},
        {HEARS, BIND_RESULT},
        {HEARS, CLOSE},
        {SAYS, CLOSE},
        {LOGS, LOG_TO_BIND
         "features 1\nstate binding\nbound somenode@example.com/someresource\nstate ready\n"
         "state closed\nclosed none in= condition= sasl= by=us\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, NULL);
}

static void starttls_failure(void **state)
{
    static const conversation_step steps[] = {
        {SAYS, OPEN},
        {HEARS, HEADER("1") FEATURES_STARTTLS},
        {SAYS, STARTTLS},
        {HEARS, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
        {SAYS, CLOSE},
        {HEARS, CLOSE},
        {ENDS, NULL},
        {LOGS, LOG_TO_TLS "state closing\nstate closed\n"
                          "closed tls-refused in=proceed condition= sasl= by=peer\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, NULL);
}

static void starttls_failure_then_the_connection_ends(void **state)
{
    static const conversation_step steps[] = {
        {SAYS, OPEN},
        {HEARS, HEADER("1") FEATURES_STARTTLS},
        {SAYS, STARTTLS},
        {HEARS, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
        {SAYS, CLOSE},
        {ENDS, NULL},
        {LOGS, LOG_TO_TLS "state closing\nstate closed\n"
                          "closed tls-refused in=proceed condition= sasl= by=peer\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, NULL);
}

static void not_authorized(void **state)
{
    static const conversation_step steps[] = {
        TO_TLS,
        {HEARS, HEADER("2") FEATURES_SASL},
        {SAYS, AUTH},
        {HEARS, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"},
        {SAYS, CLOSE},
        {HEARS, CLOSE},
        {LOGS, LOG_TO_AUTH
         "state closing\nstate closed\n"
         "closed sasl-failure in=authenticating condition= sasl=not-authorized by=peer\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, NULL);
}

static void session_error(void **state)
{
    static const conversation_step steps[] = {
        TO_BIND,
        {HEARS, HEADER("3") FEATURES_SESSION},
        {SAYS, BIND_RESOURCE},
        {HEARS, BIND_RESULT},
        {SAYS, SESSION},
        {HEARS, "<iq type='error' id='AAECAwQFBgcI-2'><error type='wait'><internal-server-error "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"},
        {SAYS, CLOSE},
        {HEARS, CLOSE},
        {LOGS, LOG_TO_BIND
         "features 2\nstate binding\nbound somenode@example.com/someresource\nstate session\n"
         "refused iq from= type=error id=AAECAwQFBgcI-2 body=\nstate closing\nstate closed\n"
         "closed session-refused in=session condition= sasl= by=peer\n"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, "someresource");
}

/* A session that is optional is not asked for (RFC 6121 1.4). */
static void session_optional(void **state)
{
    static const conversation_step steps[] = {
        TO_BIND,
        {HEARS, HEADER("3") "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                            "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/>"
                            "</session></stream:features>"},
        {SAYS, BIND},
        {HEARS, BIND_RESULT},
        {SENDS, "presence"},
        {SAYS, "<presence/>"},
        {CONVERSATION_END, NULL}};

    (void)state;
    converse(steps, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_session),
        cmocka_unit_test(server_makes_the_resource_and_closes_first),
        cmocka_unit_test(starttls_failure),
        cmocka_unit_test(starttls_failure_then_the_connection_ends),
        cmocka_unit_test(not_authorized),
        cmocka_unit_test(session_error),
        cmocka_unit_test(session_optional),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
