/* The router's rules (RFC 6121 section 8.5, 4, 3, 2), and that nothing is lost when a session
   takes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "router_rig.h"

#define ORCHARD            "romeo@example.org/orchard"
#define BALCONY            "juliet@example.org/balcony"
#define CHAMBER            "juliet@example.org/chamber"
#define GARDEN             "benvolio@example.org/garden"
#define REFUSED(condition) "<" condition " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

/* Slot 0 romeo, 1 and 2 juliet, 3 benvolio; all available but 2, which is only connected. */
static int open_four(void **state)
{
    rig *g = rig_open(NULL);
    rig_login(g, 0, ROMEO, "orchard");
    rig_login(g, 1, JULIET, "balcony");
    rig_login(g, 2, JULIET, "chamber");
    rig_login(g, 3, BENVOLIO, "garden");
    rig_say(g, 0, "<presence/>");
    rig_say(g, 1, "<presence><show>away</show></presence>");
    rig_say(g, 3, "<presence/>");
    rig_forget(g);
    *state = g;
    return 0;
}

static int close_rig(void **state)
{
    rig_close(*state);
    return 0;
}

static void says(rig *g, uint32_t slot, const char *wanted)
{
    assert_string_equal(rig_said(g, slot), wanted);
}

static void nothing_else(rig *g)
{
    for (uint32_t i = 0; i < RIG_SESSIONS; i++) {
        if (g->routes.peers[i].core) {
            says(g, i, "");
        }
    }
}

static void message_to_bare(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<message to='juliet@example.org' id='a'><body>hi &amp; ho</body></message>");
    says(g, 1,
         "<message to='juliet@example.org' id='a' from='" ORCHARD
         "'><body>hi &amp; ho</body></message>");
    rig_say(g, 2, "<presence><priority>-1</priority></presence>");
    rig_forget(g);
    rig_say(g, 0, "<message to='Juliet@example.org' type='chat'/>");
    says(g, 1, "<message to='Juliet@example.org' type='chat' from='" ORCHARD "'/>");
    nothing_else(g);
    rig_say(g, 2, "<presence><priority>5</priority></presence>");
    rig_forget(g);
    rig_say(g, 0, "<message to='juliet@example.org' type='headline'/>");
    says(g, 1, "<message to='juliet@example.org' type='headline' from='" ORCHARD "'/>");
    says(g, 2, "<message to='juliet@example.org' type='headline' from='" ORCHARD "'/>");
    rig_say(g, 0, "<message to='juliet@example.org' type='error'/>");
    nothing_else(g);
    rig_say(g, 0, "<message from='" ORCHARD "'><body>me</body></message>");
    says(g, 0, "<message from='" ORCHARD "' to='romeo@example.org'><body>me</body></message>");
    nothing_else(g);
}

static void message_to_full(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<message to='" CHAMBER "'/>"); /* connected is enough */
    says(g, 2, "<message to='" CHAMBER "' from='" ORCHARD "'/>");
    rig_say(g, 0, "<message to='" ORCHARD "' type='chat'/>");
    says(g, 0, "<message to='" ORCHARD "' type='chat' from='" ORCHARD "'/>");
    rig_say(g, 0, "<message to='juliet@example.org/gone' type='chat'/>"); /* table 1: as bare */
    says(g, 1, "<message to='juliet@example.org/gone' type='chat' from='" ORCHARD "'/>");
    rig_say(g, 0, "<message to='juliet@example.org/gone' type='error'/>");
    nothing_else(g);
}

static void message_refused(void **state)
{
    static const char *const cases[][3] = {
        {"nobody@example.org", "service-unavailable", "cancel"},
        {"nobody@example.org/x", "service-unavailable", "cancel"},
        {"example.org", "service-unavailable", "cancel"},
        {"romeo@elsewhere.example", "remote-server-not-found", "cancel"},
        {"elsewhere.example", "remote-server-not-found", "cancel"},
    };
    rig *g = *state;
    char text[512];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "<message to='%s'/>", cases[i][0]);
        rig_say(g, 0, text);
        snprintf(text, sizeof text,
                 "<message type='error' from='%s' to='" ORCHARD "'><error type='%s'><%s "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
                 cases[i][0], cases[i][2], cases[i][1]);
        says(g, 0, text);
        snprintf(text, sizeof text, "<message type='error' to='%s'/>", cases[i][0]);
        rig_say(g, 0, text); /* an error is never answered */
        nothing_else(g);
    }
    rig_say(g, 0, "<message to='a@b@c'/>");
    says(g, 0,
         "<message type='error' from='example.org' to='" ORCHARD
         "'><error type='modify'>" REFUSED("jid-malformed") "</error></message>");
    rig_say(g, 0, "<message type='groupchat' to='juliet@example.org'/>");
    assert_non_null(strstr(rig_said(g, 0), "service-unavailable"));
    rig_say(g, 1, "<presence type='unavailable'/>");
    rig_forget(g);
    rig_say(g, 0, "<message type='headline' to='juliet@example.org'/>");
    nothing_else(g);
    rig_say(g, 0, "<message to='juliet@example.org'/>");
    assert_non_null(strstr(rig_said(g, 0), "service-unavailable"));
}

static void iq_answered(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<iq type='get' id='1' to='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
    says(g, 0, "<iq type='result' id='1' from='example.org' to='" ORCHARD "'/>");
    rig_say(g, 0, "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
    says(g, 0, "<iq type='result' id='1' to='" ORCHARD "'/>");
    rig_say(g, 0,
            "<iq type='get' id='2' to='example.org'>"
            "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    assert_non_null(strstr(rig_said(g, 0), "<feature var='urn:xmpp:ping'/>"));
    rig_say(g, 0, "<iq type='get' id='3'><query xmlns='jabber:iq:private'/></iq>");
    says(g, 0,
         "<iq type='error' id='3' to='" ORCHARD
         "'><error type='cancel'>" REFUSED("service-unavailable") "</error></iq>");
    rig_say(g, 0,
            "<iq type='set' id='4' to='juliet@example.org'><query xmlns='jabber:iq:roster'>"
            "<item jid='a@b'/></query></iq>");
    says(g, 0,
         "<iq type='error' id='4' from='juliet@example.org' to='" ORCHARD
         "'><error type='auth'>" REFUSED("forbidden") "</error></iq>");
    rig_say(g, 0, "<iq type='result' id='5'/><iq type='error' id='6' to='example.org'/>");
    nothing_else(g);
}

static void iq_malformed(void **state)
{
    static const char *const cases[] = {
        "<iq type='get' id='1'/>",
        "<iq type='get' id='1'><a xmlns='a'/><b xmlns='b'/></iq>",
        "<iq id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
        "<iq type='got' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
    };
    rig *g = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_say(g, 0, cases[i]);
        says(g, 0,
             "<iq type='error' id='1' to='" ORCHARD
             "'><error type='modify'>" REFUSED("bad-request") "</error></iq>");
    }
    rig_say(g, 0, "<iq type='set'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_non_null(strstr(rig_said(g, 0), "bad-request"));
}

static void iq_passed_on(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<iq type='get' id='1' to='" BALCONY "'><q xmlns='x'/></iq>");
    says(g, 1, "<iq type='get' id='1' to='" BALCONY "' from='" ORCHARD "'><q xmlns='x'/></iq>");
    rig_say(g, 1, "<iq type='result' id='1' to='" ORCHARD "'/>");
    says(g, 0, "<iq type='result' id='1' to='" ORCHARD "' from='" BALCONY "'/>");
    rig_say(g, 0, "<iq type='get' id='2' to='juliet@example.org/gone'><q xmlns='x'/></iq>");
    says(g, 0,
         "<iq type='error' id='2' from='juliet@example.org/gone' to='" ORCHARD
         "'><error type='cancel'>" REFUSED("service-unavailable") "</error></iq>");
    rig_say(g, 0,
            "<iq type='result' id='2' to='juliet@example.org/gone'/>"
            "<iq type='error' id='2' to='nobody@example.org/gone'/>");
    nothing_else(g);
}

static void presence_comes_and_goes(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<presence><show>xa</show></presence>");
    says(g, 2, ""); /* connected, not available */
    rig_say(g, 0, "<presence/>");
    rig_forget(g);
    rig_say(g, 2, "<presence id='p' xml:lang='en'><priority>7</priority></presence>");
    says(g, 0,
         "<presence id='p' xml:lang='en' from='" CHAMBER
         "' to='romeo@example.org'><priority>7</priority></presence>");
    says(g, 1,
         "<presence id='p' xml:lang='en' from='" CHAMBER
         "' to='juliet@example.org'><priority>7</priority></presence>");
    /* its own, and then all that were there before */
    says(g, 2,
         "<presence id='p' xml:lang='en' from='" CHAMBER
         "' to='juliet@example.org'><priority>7</priority></presence>"
         "<presence from='" ORCHARD "' to='juliet@example.org'/>"
         "<presence from='" BALCONY "' to='juliet@example.org'><show>away</show></presence>"
         "<presence from='" GARDEN "' to='juliet@example.org'/>");
    (void)rig_said(g, 3);
    rig_say(g, 2, "<presence type='unavailable'><status>bye</status></presence>");
    says(g, 0,
         "<presence type='unavailable' from='" CHAMBER
         "' to='romeo@example.org'><status>bye</status></presence>");
    assert_non_null(strstr(rig_said(g, 2), "unavailable"));
    rig_forget(g);
    rig_cut(g, 2); /* gone already: nobody is told twice */
    nothing_else(g);
    rig_cut(g, 1);
    says(g, 0, "<presence from='" BALCONY "' to='romeo@example.org' type='unavailable'/>");
    says(g, 3, "<presence from='" BALCONY "' to='benvolio@example.org' type='unavailable'/>");
}

static void presence_directed(void **state)
{
    rig *g = *state;
    rig_say(g, 2, "<presence to='" ORCHARD "'/>"); /* without being available */
    says(g, 0, "<presence to='" ORCHARD "' from='" CHAMBER "'/>");
    nothing_else(g);
    rig_cut(g, 2);
    says(g, 0, "<presence from='" CHAMBER "' to='romeo@example.org' type='unavailable'/>");
    nothing_else(g);
    rig_say(g, 0,
            "<presence to='juliet@example.org/gone'/><presence to='nobody@example.org'/>"
            "<presence to='example.org'/>");
    nothing_else(g);
    rig_say(g, 0, "<presence type='what'/>");
    assert_non_null(strstr(rig_said(g, 0), "bad-request"));
    rig_say(g, 0, "<presence><priority>128</priority></presence>");
    assert_non_null(strstr(rig_said(g, 0), "bad-request"));
    rig_say(g, 0, "<presence to='x@elsewhere.example'/>");
    assert_non_null(strstr(rig_said(g, 0), "remote-server-not-found"));
}

static void presence_probed(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<presence type='probe' to='juliet@example.org'/>");
    says(g, 0, "<presence from='" BALCONY "' to='romeo@example.org'><show>away</show></presence>");
    rig_say(g, 0, "<presence type='probe' to='" BALCONY "'/>");
    says(g, 0, "<presence from='" BALCONY "' to='" ORCHARD "'/>");
    rig_say(g, 0, "<presence type='probe' to='nobody@example.org'/>");
    says(g, 0, "<presence from='nobody@example.org' to='" ORCHARD "' type='unsubscribed'/>");
    rig_say(g, 3, "<presence type='unavailable'/>");
    rig_forget(g);
    nothing_else(g);
}

static void roster_changes(void **state)
{
    rig *g = *state;
    rig_say(g, 0, "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>");
    says(g, 0,
         "<iq type='result' id='1' to='" ORCHARD
         "'><query xmlns='jabber:iq:roster'><item jid='benvolio@example.org' "
         "subscription='both'/><item jid='juliet@example.org' subscription='both'/>"
         "</query></iq>");
    rig_say(g, 0,
            "<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item jid='juliet@example.org' "
            "name='J'><group>A</group><group>B &amp; C</group></item></query></iq>");
    says(g, 0,
         "<iq type='result' id='2' to='" ORCHARD "'/><iq type='set' id='pushaaaaaaaa' to='" ORCHARD
         "'><query xmlns='jabber:iq:roster'><item jid='juliet@example.org' "
         "subscription='both' name='J'><group>A</group><group>B &amp; C</group></item>"
         "</query></iq>");
    rig_say(g, 0,
            "<iq type='set' id='3'><query xmlns='jabber:iq:roster'>"
            "<item jid='nurse@elsewhere.example/x'/></query></iq>");
    assert_non_null(strstr(rig_said(g, 0), "<item jid='nurse@elsewhere.example' "
                                           "subscription='none'/>"));
    rig_say(g, 0,
            "<iq type='set' id='4'><query xmlns='jabber:iq:roster'>"
            "<item jid='juliet@example.org' subscription='remove'/></query></iq>");
    /* she is told, and neither sees the other any more */
    says(g, 1,
         "<presence from='romeo@example.org' to='juliet@example.org' type='unsubscribe'/>"
         "<presence from='romeo@example.org' to='juliet@example.org' type='unsubscribed'/>"
         "<presence from='" ORCHARD "' to='juliet@example.org' type='unavailable'/>");
    assert_non_null(strstr(rig_said(g, 0), "<item jid='juliet@example.org' "
                                           "subscription='remove'/>"));
    rig_say(g, 0, "<presence/>");
    says(g, 1, "");
    (void)rig_said(g, 0);
    rig_say(g, 0, "<iq type='get' id='5'><query xmlns='jabber:iq:roster'/></iq>");
    assert_null(strstr(rig_said(g, 0), "juliet"));
    rig_say(g, 1, "<iq type='get' id='5'><query xmlns='jabber:iq:roster'/></iq>");
    assert_non_null(strstr(rig_said(g, 1), "<item jid='romeo@example.org' subscription='none'/>"));
}

static void roster_refused(void **state)
{
    static const char *const cases[][2] = {
        {"", "bad-request"},
        {"<item jid='a@b'/><item jid='c@d'/>", "bad-request"},
        {"<item/>", "bad-request"},
        {"<item jid='@'/>", "bad-request"},
        {"<item jid='a@b'><group>x</group><group>x</group></item>", "bad-request"},
        {"<item jid='a@b'><group/></item>", "not-acceptable"},
        {"<item jid='romeo@example.org'/>", "not-allowed"},
        {"<item jid='a@b' subscription='remove'/>", "item-not-found"},
    };
    rig *g = *state;
    char text[1024];
    char name[500];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text,
                 "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>%s</query></iq>",
                 cases[i][0]);
        rig_say(g, 0, text);
        assert_non_null(strstr(rig_said(g, 0), cases[i][1]));
    }
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(text, sizeof text,
             "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b' name='%s'/>"
             "</query></iq>",
             name);
    rig_say(g, 0, text);
    assert_non_null(strstr(rig_said(g, 0), "not-acceptable"));
}

static void subscriptions(void **state)
{
    rig *g = *state;
    const char *remove = "<iq type='set' id='r'><query xmlns='jabber:iq:roster'>"
                         "<item jid='juliet@example.org' subscription='remove'/></query></iq>";
    rig_say(g, 0, remove);
    rig_say(g, 1, "<presence type='unavailable'/>");
    rig_forget(g);
    rig_say(g, 0, "<presence type='subscribe' to='juliet@example.org'/>");
    nothing_else(g); /* she is not there: it waits for her */
    rig_say(g, 1, "<presence/>");
    assert_non_null(strstr(rig_said(g, 1), "<presence from='romeo@example.org' "
                                           "to='juliet@example.org' type='subscribe'/>"));
    rig_forget(g);
    rig_say(g, 1, "<presence type='subscribed' to='romeo@example.org'/>");
    says(g, 0,
         "<presence type='subscribed' from='juliet@example.org' to='romeo@example.org'/>"
         "<presence from='" BALCONY "' to='romeo@example.org'/>");
    rig_say(g, 1, "<presence type='unsubscribed' to='romeo@example.org'/>");
    says(g, 0,
         "<presence from='" BALCONY "' to='romeo@example.org' type='unavailable'/>"
         "<presence type='unsubscribed' from='juliet@example.org' "
         "to='romeo@example.org'/>");
    rig_say(g, 1, "<presence><show>dnd</show></presence>");
    says(g, 0, "");
    rig_say(g, 0, "<iq type='get' id='1' to='" BALCONY "'><q xmlns='x'/></iq>");
    assert_non_null(strstr(rig_said(g, 0), "service-unavailable")); /* she does not share */
}

/* A session that takes nothing: its queue, the sender held back, its end. */
static void slow_receiver(void **state)
{
    rig *g = *state;
    char text[1200];
    char body[1001];
    unsigned said = 0;
    const char *at;

    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    for (unsigned i = 0; i < 100 && !router_held(&g->routes, 0); i++) {
        snprintf(text, sizeof text, "<message to='" BALCONY "' id='%u'><body>%s</body></message>",
                 i, body);
        rig_say(g, 0, text);
        said = i + 1;
    }
    assert_in_range(said, 4, 7);
    assert_true(router_held(&g->routes, 0));
    assert_true(router_waits(&g->routes, 1));
    /* it takes again: all is there, in order, and the sender goes on */
    g->touched[0] = false;
    at = rig_said(g, 1);
    for (unsigned i = 0; i < said; i++) {
        snprintf(text, sizeof text, "id='%u'", i);
        at = strstr(at, text);
        assert_non_null(at);
    }
    assert_false(router_held(&g->routes, 0));
    assert_true(g->touched[0]); /* and its transport is told */
    nothing_else(g);
}

/* What waits in the queue is not overtaken when there is room again. */
static void order_kept(void **state)
{
    rig *g = *state;
    char text[5200];
    char body[5001];
    const char *all;

    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    snprintf(text, sizeof text, "<message to='" BALCONY "' id='a'><body>%s</body></message>", body);
    rig_say(g, 0, text);
    body[1000] = '\0';
    snprintf(text, sizeof text, "<message to='" BALCONY "' id='b'><body>%s</body></message>", body);
    rig_say(g, 0, text); /* queued */
    parley_server_out_ack(&g->cores[1], 500);
    rig_say(g, 3, "<message to='" BALCONY "' id='c'/>"); /* this one would fit */
    all = rig_said(g, 1);
    assert_non_null(strstr(all, "id='b'"));
    assert_non_null(strstr(strstr(all, "id='b'"), "id='c'"));
}

static void slow_receiver_ended(void **state)
{
    rig *g = *state;
    char text[5200];
    char body[5001];
    const char *at;

    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    snprintf(text, sizeof text, "<message to='" BALCONY "' id='a'><body>%s</body></message>", body);
    rig_say(g, 0, text);
    assert_false(router_held(&g->routes, 0));
    rig_say(g, 3, text); /* queued */
    assert_true(router_held(&g->routes, 3));
    g->touched[3] = false;
    rig_say(g, 0, text); /* no room for this one: the receiver is ended */
    assert_false(router_live(&g->routes, 1));
    at = rig_said(g, 0);
    assert_non_null(strstr(at, "<message type='error' id='a' from='" BALCONY "'"));
    rig_pump(g, 1); /* the transport notices */
    assert_non_null(strstr(rig_said(g, 1), "<resource-constraint"));
    assert_non_null(strstr(rig_said(g, 0), "type='unavailable'"));
    at = rig_said(g, 3); /* what was queued comes back */
    assert_non_null(strstr(at, "<message type='error' id='a' from='" BALCONY "'"));
    assert_false(router_held(&g->routes, 3));
    assert_true(g->touched[3]);
}

/* What waited for a session that is gone comes back; who may not know that it was there
   is not told (RFC 6120 8.3.3.13). */
static void queue_comes_back(void **state)
{
    rig *g = *state;
    char text[5200];
    char body[5001];

    rig_say(g, 1, "<presence type='unsubscribed' to='romeo@example.org'/>");
    rig_forget(g);
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    snprintf(text, sizeof text, "<message to='" BALCONY "'><body>%s</body></message>", body);
    rig_say(g, 3, text);
    body[1000] = '\0';
    snprintf(text, sizeof text, "<message to='" BALCONY "' id='b'><body>%s</body></message>", body);
    rig_say(g, 3, text); /* queued */
    rig_say(g, 0, "<message to='" BALCONY "' id='r'/><message to='" BALCONY "' type='error'/>");
    rig_cut(g, 1);
    says(g, 0,
         "<message type='error' id='r' from='" BALCONY "' to='" ORCHARD
         "'><error type='cancel'>" REFUSED("service-unavailable") "</error></message>");
    assert_non_null(strstr(rig_said(g, 3), "<message type='error' id='b' from='" BALCONY
                                           "' to='" GARDEN "'><error type='wait'>" REFUSED(
                                               "recipient-unavailable") "</error></message>"));
}

static void newcomer_to_a_full_house(void **state)
{
    rig *g = *state;
    char text[2200];
    char status[2001];
    memset(status, 's', sizeof status - 1);
    status[sizeof status - 1] = '\0';
    snprintf(text, sizeof text, "<presence><status>%s</status></presence>", status);
    for (uint32_t i = 0; i < 4; i++) {
        rig_say(g, i, text); /* four of these do not fit one output */
    }
    rig_forget(g);
    rig_login(g, 4, ROMEO, "street");
    rig_say(g, 4, "<presence/>");
    assert_true(router_waits(&g->routes, 4));
    {
        const char *all = rig_said(g, 4);
        assert_non_null(strstr(all, "from='" ORCHARD "'"));
        assert_non_null(strstr(all, "from='" BALCONY "'"));
        assert_non_null(strstr(all, "from='" CHAMBER "'"));
        assert_non_null(strstr(all, "from='" GARDEN "'"));
    }
    assert_false(router_waits(&g->routes, 4));
}

static void resources(void **state)
{
    rig *g = *state;
    assert_true(router_bound(&g->routes, ROMEO, parley_string_of("orchard")));
    assert_false(router_bound(&g->routes, ROMEO, parley_string_of("balcony")));
    rig_cut(g, 0);
    assert_false(router_bound(&g->routes, ROMEO, parley_string_of("orchard")));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_four, close_rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(message_to_bare),
        CASE(message_to_full),
        CASE(message_refused),
        CASE(iq_answered),
        CASE(iq_malformed),
        CASE(iq_passed_on),
        CASE(presence_comes_and_goes),
        CASE(presence_directed),
        CASE(presence_probed),
        CASE(roster_changes),
        CASE(roster_refused),
        CASE(subscriptions),
        CASE(slow_receiver),
        CASE(order_kept),
        CASE(slow_receiver_ended),
        CASE(queue_comes_back),
        CASE(newcomer_to_a_full_house),
        CASE(resources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
