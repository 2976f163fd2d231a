/* Who sent a stanza, what it may do, and what it is answered: every kind of sender at
   every decision, and the forgeries that clients have fallen for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/guard.h"
#include "common/parsed.h"
#include "parley/jid.h"
#include "parley/safety.h"

#define OWN "juliet@example.com/balcony"

static parley_string own(void)
{
    return parley_string_of(OWN);
}

/* `format` with the attribute ` from='...'`, or nothing for NULL. */
static parley_element from(const char *format, const char *sender)
{
    static char document[8192];
    char attribute[4096] = "";

    if (sender != NULL) {
        (void)snprintf(attribute, sizeof attribute, " from='%s'", sender);
    }
    (void)snprintf(document, sizeof document, format, attribute);
    return parsed(document);
}

static const struct {
    const char *from;
    parley_sender sender;
} senders[] = {
    {NULL, PARLEY_SENDER_ACCOUNT},
    {"juliet@example.com", PARLEY_SENDER_ACCOUNT},
    {"Juliet@EXAMPLE.com", PARLEY_SENDER_ACCOUNT},
    {"example.com", PARLEY_SENDER_SERVER},
    {"EXAMPLE.COM", PARLEY_SENDER_SERVER},
    {OWN, PARLEY_SENDER_SELF},
    {"JULIET@example.com/balcony", PARLEY_SENDER_SELF},
    {"juliet@example.com/Balcony", PARLEY_SENDER_RESOURCE},
    {"juliet@example.com/balcony/", PARLEY_SENDER_RESOURCE},
    {"juliet@example.com/x@example.com", PARLEY_SENDER_RESOURCE},
    {"romeo@example.com", PARLEY_SENDER_OTHER},
    {"juliet@example.net", PARLEY_SENDER_OTHER},
    {"juliet@example.com.evil.example", PARLEY_SENDER_OTHER},
    {"juliet@sub.example.com", PARLEY_SENDER_OTHER},
    {"evil.example/juliet@example.com", PARLEY_SENDER_OTHER},
    {"evil@evil.example/juliet@example.com", PARLEY_SENDER_OTHER},
    {"example.com/juliet", PARLEY_SENDER_OTHER},
    {"xjuliet@example.com", PARLEY_SENDER_OTHER},
    {"julie@example.com", PARLEY_SENDER_OTHER},
    {"mallory@evil.example/x", PARLEY_SENDER_OTHER},
    {"", PARLEY_SENDER_NOBODY},
    {"@example.com", PARLEY_SENDER_NOBODY},
    {"juliet@", PARLEY_SENDER_NOBODY},
    {"juliet@example.com/", PARLEY_SENDER_NOBODY},
    {"juliet@@example.com", PARLEY_SENDER_NOBODY},
    {"juliet@example.com juliet@example.com", PARLEY_SENDER_NOBODY},
    {" juliet@example.com", PARLEY_SENDER_NOBODY},
    {"juliet@example.com ", PARLEY_SENDER_NOBODY},
    {"/", PARLEY_SENDER_NOBODY},
    {"@", PARLEY_SENDER_NOBODY},
    {"juliet@exa&#x200B;mple.com", PARLEY_SENDER_NOBODY},
    {"juliet&#x202E;@example.com", PARLEY_SENDER_NOBODY},
};
#define SENDERS (sizeof senders / sizeof senders[0])

static void every_kind_of_sender(void **state)
{
    (void)state;
    for (size_t i = 0; i < SENDERS; i++) {
        parley_sender sender = parley_sender_of(own(), from("<a%s/>", senders[i].from));

        if (sender != senders[i].sender) {
            fail_msg("%s: %d", senders[i].from, (int)sender);
        }
    }
    assert_int_equal(parley_sender_of((parley_string){NULL, 0}, from("<a%s/>", NULL)),
                     PARLEY_SENDER_NOBODY); /* not bound yet */
    assert_int_equal(parley_sender_of(own(), (parley_element){NULL, 0}), PARLEY_SENDER_NOBODY);
}

/* What the whole parser says of a JID, part by part must say too. */
static void agrees_with_the_parser(void **state)
{
    (void)state;
    for (size_t i = 0; i < SENDERS; i++) {
        parley_element stanza = from("<a%s/>", senders[i].from);
        parley_string text = parley_element_attribute(stanza, "from");

        if (text.data != NULL) {
            assert_int_equal(parley_jid_reason(text) == NULL,
                             senders[i].sender != PARLEY_SENDER_NOBODY);
        }
    }
}

static void a_namespaced_from_is_no_sender(void **state)
{
    (void)state;
    assert_int_equal(parley_sender_of(own(),
                                      parsed("<a xmlns:p='urn:p' p:from='juliet@example.com' "
                                             "from='evil@evil.example'/>")),
                     PARLEY_SENDER_OTHER);
}

static void contacts(void **state)
{
    parley_string bare = parley_string_of("romeo@example.net");
    parley_string full = parley_string_of("romeo@example.net/orchard");

    (void)state;
    assert_true(parley_is_from(from("<a%s/>", "romeo@example.net/orchard"), bare, true));
    assert_true(parley_is_from(from("<a%s/>", "Romeo@example.net"), bare, true));
    assert_true(parley_is_from(from("<a%s/>", "romeo@example.net"), full, true));
    assert_true(parley_is_from(from("<a%s/>", "romeo@example.net"), bare, false));
    assert_false(parley_is_from(from("<a%s/>", "romeo@example.net/orchard"), bare, false));
    assert_false(parley_is_from(from("<a%s/>", "romeo@example.net"), full, false));
    assert_true(parley_is_from(from("<a%s/>", "romeo@example.net/orchard"), full, false));
    assert_false(parley_is_from(from("<a%s/>", "romeo@example.net/Orchard"), full, false));
    assert_false(parley_is_from(from("<a%s/>", "example.net"), bare, true));
    assert_false(parley_is_from(from("<a%s/>", "romeo@example.org"), bare, true));
    assert_false(parley_is_from(from("<a%s/>", NULL), bare, true));
    assert_false(parley_is_from(from("<a%s/>", ""), bare, true));
    assert_false(parley_is_from(from("<a%s/>", "x"), (parley_string){NULL, 0}, true));
}

/* Answers. */

#define ANSWER "<iq xmlns='jabber:client' type='result' id='i-1'%s/>"

static parley_iq_answer judge(const char *to, parley_element stanza)
{
    parley_iq_request request;
    parley_string asked = to != NULL ? parley_string_of(to) : (parley_string){NULL, 0};
    parley_iq_answer answer;

    assert_int_equal(parley_iq_sent(&request, "i-1", asked), PARLEY_OK);
    answer = parley_iq_answered(&request, own(), stanza, true);
    assert_int_equal(request.pending, answer == PARLEY_IQ_UNRELATED);
    /* once answered, no second answer counts */
    if (!request.pending) {
        assert_int_equal(parley_iq_answered(&request, own(), stanza, true), PARLEY_IQ_UNRELATED);
    }
    return answer;
}

static void only_who_was_asked_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < SENDERS; i++) {
        bool account = senders[i].sender == PARLEY_SENDER_ACCOUNT;
        bool server = senders[i].sender == PARLEY_SENDER_SERVER;

        assert_int_equal(judge(NULL, from(ANSWER, senders[i].from)),
                         account ? PARLEY_IQ_RESULT : PARLEY_IQ_UNRELATED);
        assert_int_equal(judge("example.com", from(ANSWER, senders[i].from)),
                         server ? PARLEY_IQ_RESULT : PARLEY_IQ_UNRELATED);
    }
    assert_int_equal(judge("romeo@example.net/o", from(ANSWER, "romeo@example.net/o")),
                     PARLEY_IQ_RESULT);
    assert_int_equal(judge("romeo@example.net/o", from(ANSWER, "romeo@example.net")),
                     PARLEY_IQ_UNRELATED);
    assert_int_equal(judge("romeo@example.net", from(ANSWER, "romeo@example.net/o")),
                     PARLEY_IQ_UNRELATED);
    assert_int_equal(judge("romeo@example.net/o", from(ANSWER, NULL)), PARLEY_IQ_UNRELATED);
}

static void only_answers_answer(void **state)
{
    static const struct {
        const char *stanza;
        parley_iq_answer answer;
    } cases[] = {
        {"<iq xmlns='jabber:client' type='result' id='i-1'/>", PARLEY_IQ_RESULT},
        {"<iq xmlns='jabber:client' type='result' id='i-1'><q xmlns='u'/></iq>", PARLEY_IQ_RESULT},
        {"<p:iq xmlns:p='jabber:client' type='result' id='i-1'/>", PARLEY_IQ_RESULT},
        {"<iq xmlns='jabber:client' type='error' id='i-1'><error type='cancel'/></iq>",
         PARLEY_IQ_ERROR},
        {"<iq xmlns='jabber:client' type='error' id='i-1'><q xmlns='u'/><error/></iq>",
         PARLEY_IQ_ERROR},
        {"<iq xmlns='jabber:client' type='result' id='i-1'><a/><b/></iq>", PARLEY_IQ_BROKEN},
        {"<iq xmlns='jabber:client' type='error' id='i-1'/>", PARLEY_IQ_BROKEN},
        {"<iq xmlns='jabber:client' type='error' id='i-1'><error xmlns='u'/></iq>",
         PARLEY_IQ_BROKEN},
        {"<iq xmlns='jabber:client' type='get' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='set' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='Result' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='result'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='result' id=''/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='result' id='i-'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='result' id='i-11'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:client' type='result' id='I-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq xmlns='jabber:server' type='result' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<iq type='result' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<message xmlns='jabber:client' type='result' id='i-1'/>", PARLEY_IQ_UNRELATED},
        {"<message xmlns='jabber:client'><iq type='result' id='i-1'/></message>",
         PARLEY_IQ_UNRELATED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (judge(NULL, parsed(cases[i].stanza)) != cases[i].answer) {
            fail_msg("%s", cases[i].stanza);
        }
    }
}

static void ids_and_start_tags(void **state)
{
    static const char id[] = "aaaaaaaaaaaaaaaaaaaaaaaa";
    const parley_string account = {NULL, 0};
    parley_iq_request request;

    (void)state;
    assert_int_equal(parley_iq_sent(&request, id, account), PARLEY_MISUSE); /* 24 bytes */
    assert_false(request.pending);
    assert_int_equal(parley_iq_sent(&request, id + 1, account), PARLEY_OK);
    assert_string_equal(request.id, id + 1);
    assert_int_equal(parley_iq_sent(&request, "", account), PARLEY_MISUSE);
    assert_int_equal(parley_iq_answered(&request, own(), from(ANSWER, NULL), true),
                     PARLEY_IQ_UNRELATED);
    /* a start tag has no content to judge */
    assert_int_equal(parley_iq_sent(&request, "i-1", account), PARLEY_OK);
    assert_int_equal(parley_iq_answered(&request, own(),
                                        parsed("<iq xmlns='jabber:client' type='error' id='i-1'/>"),
                                        false),
                     PARLEY_IQ_ERROR);
}

/* Pushes. */

#define PUSH(item)                                                                        \
    "<iq xmlns='jabber:client' type='set' id='p'%s><query xmlns='jabber:iq:roster'>" item \
    "</query></iq>"
#define ITEM "<item jid='nurse@example.com' subscription='both'/>"

static void only_the_account_pushes(void **state)
{
    parley_element item;

    (void)state;
    for (size_t i = 0; i < SENDERS; i++) {
        parley_push push = parley_roster_push(own(), from(PUSH(ITEM), senders[i].from), &item);

        if (push !=
            (senders[i].sender == PARLEY_SENDER_ACCOUNT ? PARLEY_PUSH_ITEM : PARLEY_PUSH_FORGED)) {
            fail_msg("%s: %d", senders[i].from, (int)push);
        }
    }
    assert_int_equal(parley_roster_push(own(), from(PUSH(ITEM), NULL), &item), PARLEY_PUSH_ITEM);
    assert_true(parley_string_equal(parley_element_attribute(item, "jid"),
                                    parley_string_of("nurse@example.com")));
}

static void only_one_item_is_pushed(void **state)
{
    static const char *const broken[] = {
        PUSH(""),
        PUSH(ITEM ITEM),
        PUSH("<item/>"),
        PUSH("<item jid=''/>"),
        PUSH("<item jid='a@'/>"),
        PUSH("<item xmlns='u' jid='a@b'/>"),
        PUSH("<x/>" ITEM),
        "<iq xmlns='jabber:client' type='set' id='p'%s><query xmlns='jabber:iq:roster'>" ITEM
        "</query><x/></iq>",
    };
    static const char *const none[] = {
        "<iq xmlns='jabber:client' type='get' id='p'%s><query xmlns='jabber:iq:roster'>" ITEM
        "</query></iq>",
        "<iq xmlns='jabber:client' type='result' id='p'%s><query xmlns='jabber:iq:roster'>" ITEM
        "</query></iq>",
        "<iq xmlns='jabber:client' type='set' id='p'%s><query xmlns='u'>" ITEM "</query></iq>",
        "<iq xmlns='jabber:server' type='set' id='p'%s><query xmlns='jabber:iq:roster'>" ITEM
        "</query></iq>",
        "<message xmlns='jabber:client' type='set' id='p'%s><query xmlns='jabber:iq:roster'>" ITEM
        "</query></message>",
        "<iq xmlns='jabber:client' type='set' id='p'%s><x xmlns='u'><query "
        "xmlns='jabber:iq:roster'>" ITEM "</query></x></iq>",
    };
    parley_element item;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_int_equal(parley_roster_push(own(), from(broken[i], NULL), &item),
                         PARLEY_PUSH_BROKEN);
        assert_int_equal(parley_roster_push(own(), from(broken[i], "evil@evil.example"), &item),
                         PARLEY_PUSH_FORGED);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(parley_roster_push(own(), from(none[i], NULL), &item), PARLEY_PUSH_NONE);
    }
}

/* Carbon copies. */

#define CARBON(kind, space)                                                                 \
    "<message xmlns='jabber:client'%s><" kind " xmlns='" space "'><forwarded "              \
    "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@example.net/o' " \
    "to='" OWN "'><body>meet me</body></message></forwarded></" kind "></message>"

static void only_the_account_copies(void **state)
{
    parley_element message;
    bool sent = true;

    (void)state;
    for (size_t i = 0; i < SENDERS; i++) {
        assert_int_equal(
            parley_carbon(own(), from(CARBON("received", "urn:xmpp:carbons:2"), senders[i].from),
                          &message, &sent),
            senders[i].sender == PARLEY_SENDER_ACCOUNT);
    }
    assert_true(parley_carbon(own(), from(CARBON("received", "urn:xmpp:carbons:2"), NULL), &message,
                              &sent));
    assert_false(sent);
    assert_true(parley_is_from(message, parley_string_of("romeo@example.net"), true));
    assert_true(
        parley_carbon(own(), from(CARBON("sent", "urn:xmpp:carbons:2"), NULL), &message, &sent));
    assert_true(sent);
    assert_false(
        parley_carbon(own(), from(CARBON("sent", "urn:xmpp:carbons:1"), NULL), &message, &sent));
    assert_false(
        parley_carbon(own(), from(CARBON("copy", "urn:xmpp:carbons:2"), NULL), &message, &sent));
    assert_false(
        parley_carbon(own(),
                      from("<message xmlns='jabber:client'%s><received xmlns='urn:xmpp:carbons:2'/>"
                           "</message>",
                           NULL),
                      &message, &sent));
    assert_false(
        parley_carbon(own(),
                      from("<message xmlns='jabber:client'%s><received xmlns='urn:xmpp:carbons:2'>"
                           "<forwarded xmlns='urn:xmpp:forward:0'/></received></message>",
                           NULL),
                      &message, &sent));
}

/* Replies. */

static void replies(void **state)
{
    static const struct {
        const char *stanza;
        parley_reply reply;
    } cases[] = {
        {"<iq type='get' id='a'%s><q xmlns='u'/></iq>", PARLEY_REPLY_DUE},
        {"<iq type='set' id='a'%s><q xmlns='u'/></iq>", PARLEY_REPLY_DUE},
        {"<iq type='get' id=''%s><q xmlns='u'/></iq>", PARLEY_REPLY_DUE},
        {"<iq type='get' id='a'%s/>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq type='get' id='a'%s><q xmlns='u'/><q xmlns='u'/></iq>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq type='set' id='a'%s>text</iq>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq type='foo' id='a'%s><q xmlns='u'/></iq>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq type='' id='a'%s/>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq id='a'%s><q xmlns='u'/></iq>", PARLEY_REPLY_BAD_REQUEST},
        {"<iq type='get'%s><q xmlns='u'/></iq>", PARLEY_REPLY_NONE},
        {"<iq type='result' id='a'%s><q xmlns='u'/><q xmlns='u'/></iq>", PARLEY_REPLY_NONE},
        {"<iq type='result' id='a'%s/>", PARLEY_REPLY_NONE},
        {"<iq type='error' id='a'%s/>", PARLEY_REPLY_NONE},
        {"<iq type='error' id='a'%s><error><bad-request/></error></iq>", PARLEY_REPLY_NONE},
        {"<message%s><body>a</body></message>", PARLEY_REPLY_MAY},
        {"<message type='chat'%s/>", PARLEY_REPLY_MAY},
        {"<message type='error'%s/>", PARLEY_REPLY_NONE},
        {"<message type='error'%s><error type='x'/><error/></message>", PARLEY_REPLY_NONE},
        {"<presence type='error'%s/>", PARLEY_REPLY_NONE},
        {"<presence type='subscribe'%s/>", PARLEY_REPLY_MAY},
    };
    char document[512];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *space = strcspn(cases[i].stanza, " %/>") + cases[i].stanza;
        int name = (int)(space - cases[i].stanza);

        (void)snprintf(document, sizeof document, "%.*s xmlns='jabber:client'%s", name,
                       cases[i].stanza, space);
        if (parley_reply_to(from(document, "romeo@example.net/o")) != cases[i].reply ||
            parley_reply_to(from(document, NULL)) != cases[i].reply ||
            parley_reply_to(from(document, "@")) != PARLEY_REPLY_NONE) {
            fail_msg("%s", cases[i].stanza);
        }
        (void)snprintf(document, sizeof document, "%.*s xmlns='jabber:server'%s", name,
                       cases[i].stanza, space);
        assert_int_equal(parley_reply_to(from(document, NULL)), PARLEY_REPLY_NONE);
    }
}

static void answers_are_written(void **state)
{
    char buffer[512];
    parley_writer w;
    parley_element iq = parsed("<iq xmlns='jabber:client' type='get' id=\"&apos;/>&lt;x\" "
                               "from='a&amp;b@c/d'><q xmlns='u'/></iq>");
    size_t len;

    (void)state;
    parley_writer_init(&w, buffer, sizeof buffer, parley_string_of("jabber:client"));
    parley_iq_reply(&w, iq, "result");
    parley_writer_end(&w);
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    buffer[len] = '\0';
    assert_string_equal(buffer, "<iq type='result' id='&apos;/>&lt;x' to='a&amp;b@c/d'/>");
    iq = parsed("<iq xmlns='jabber:client' type='get' id='a'/>");
    parley_writer_init(&w, buffer, sizeof buffer, parley_string_of("jabber:client"));
    parley_iq_reply_error(&w, iq, "modify", "bad-request");
    assert_int_equal(parley_writer_finish(&w, &len), PARLEY_OK);
    buffer[len] = '\0';
    assert_string_equal(buffer, "<iq type='error' id='a'><error type='modify'><bad-request "
                                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
}

/* The own JID ends where memory does; every beginning of it is somebody else or nobody. */
static void nothing_is_read_beyond(void **state)
{
    static const char text[] = OWN;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof text; i++) {
        guard g;
        parley_string beginning = {guard_copy(&g, text, i), i};
        parley_sender sender = parley_sender_of(beginning, from("<a%s/>", OWN));

        assert_int_equal(sender == PARLEY_SENDER_SELF, i == sizeof text - 1);
        guard_close(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_sender),
        cmocka_unit_test(agrees_with_the_parser),
        cmocka_unit_test(a_namespaced_from_is_no_sender),
        cmocka_unit_test(contacts),
        cmocka_unit_test(only_who_was_asked_answers),
        cmocka_unit_test(only_answers_answer),
        cmocka_unit_test(ids_and_start_tags),
        cmocka_unit_test(only_the_account_pushes),
        cmocka_unit_test(only_one_item_is_pushed),
        cmocka_unit_test(only_the_account_copies),
        cmocka_unit_test(replies),
        cmocka_unit_test(answers_are_written),
        cmocka_unit_test(nothing_is_read_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
