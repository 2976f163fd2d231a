/* `parley connect` in conversation: a server core of our own lets it log in, and then says,
   byte by byte, what a server may say and what it may not. In the clear, so that the test
   sees the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/peer.h"

#define WITH ARGUMENTS

static void a_session_in_order(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r,
          WITH("--presence", "--to", "juliet@example.org", "--message", "a < b & 'c'", "--json"));
    hear(p, "<presence/>");
    hear(p, "<body>a &lt; b &amp; 'c'</body></message>");
    assert_non_null(strstr(p->heard, "to='juliet@example.org' type='chat'"));
    hear_close_and_answer(p);
    ends(&r, 0);
    assert_int_equal(r.err_len, 0);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out, "{\"event\":\"authenticated\",\"mechanism\":\"SCRAM-SHA-256\","
                                  "\"server_verified\":true}\n"));
    assert_non_null(strstr(r.out, "{\"event\":\"bound\",\"jid\":\"" JID "\"}\n"));
    assert_non_null(strstr(r.out,
                           "\n{\"event\":\"closed\",\"outcome\":\"none\",\"state\":\"closed\","
                           "\"reason\":\"in order\"}\n"));
    run_free(&r);
    close_peer(p);
}

/* The password's messages are hidden, and nothing but a terminal gets colour. */
static void the_trace_hides_secrets(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--trace", "--presence"));
    hear_close_and_answer(p);
    ends(&r, 0);
    assert_non_null(strstr(r.err, "C: [authenticating] <auth "));
    assert_non_null(strstr(r.err, " bytes hidden)</auth>"));
    assert_non_null(strstr(r.err, " bytes hidden)</challenge>"));
    assert_non_null(strstr(r.err, " bytes hidden)</response>"));
    assert_non_null(strstr(r.err, " bytes hidden)</success>"));
    assert_non_null(strstr(r.err, "C: [ready] <presence/>\n"));
    assert_non_null(strstr(r.err, "-- state ready\n"));
    assert_null(strchr(r.err, '\x1b'));
    assert_null(strstr(r.err, "cj1")); /* base64 of "r=", as a challenge begins */
    run_free(&r);
    close_peer(p);
}

/* Far more items than the session's memory holds. */
static void a_roster_of_any_size(void **state)
{
    enum { ITEMS = 4000 };
    peer *p = open_peer();
    char id[64];
    char item[256];
    size_t count = 0;
    run r;

    (void)state;
    begin(p, &r, WITH("--roster", "--json"));
    hear(p, "jabber:iq:roster'/></iq>");
    last_id(p, id, sizeof id);
    snprintf(item, sizeof item,
             "<iq type='result' id='%s' from='" ACCOUNT "'>"
             "<query xmlns='jabber:iq:roster'>",
             id);
    say(p, item);
    for (int i = 0; i < ITEMS; i++) {
        snprintf(item, sizeof item,
                 "<item jid='contact%d@example.org' name='N &quot;%d&quot;' "
                 "subscription='both'><group>Friends</group><group>A&amp;B</group></item>",
                 i, i);
        say(p, item);
    }
    say(p, "</query></iq>");
    run_until_out(&r, "contact3999"); /* a full pipe would hold the command up */
    hear_close_and_answer(p);
    ends(&r, 0);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out,
                           "{\"jid\":\"contact3999@example.org\",\"name\":\"N \\\"3999\\\"\","
                           "\"subscription\":\"both\",\"groups\":[\"Friends\",\"A&B\"]}]}\n"));
    for (const char *at = r.out; (at = strstr(at, "{\"jid\":\"contact")) != NULL; at++) {
        count++;
    }
    assert_int_equal(count, ITEMS);
    run_free(&r);
    close_peer(p);
}

/* Only the own account's answer with the right id is the roster (RFC 6121 2.1.6). */
static void false_rosters_are_not_taken(void **state)
{
    static const char *const spoofs[] = {
        "<iq type='result' id='%s' from='evil@example.org'>",
        "<iq type='result' id='%s' from='" JID "'>",
        "<iq type='result' id='%s' from='example.org'>",
        "<iq type='result' id='x%s'>",
        "<iq type='set' id='%s' from='evil@example.org'>",
        "<iq type='error' id='%s' from='evil@example.org'>",
    };
    peer *p = open_peer();
    char id[64];
    char text[512];
    run r;

    (void)state;
    begin(p, &r, WITH("--roster"));
    hear(p, "jabber:iq:roster'/></iq>");
    last_id(p, id, sizeof id);
    for (size_t i = 0; i < sizeof spoofs / sizeof spoofs[0]; i++) {
        snprintf(text, sizeof text, spoofs[i], id);
        say(p, text);
        say(p, "<query xmlns='jabber:iq:roster'><item jid='spoof@example.org'/></query></iq>");
    }
    snprintf(text, sizeof text,
             "<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>"
             "<other xmlns='urn:x'/><item jid='friend@example.org'/></query></iq>",
             id);
    say(p, text);
    hear_close_and_answer(p);
    ends(&r, 0);
    assert_null(strstr(r.out, "spoof@"));
    assert_non_null(strstr(r.out, "friend@example.org  none\n"));
    assert_non_null(strstr(r.out, "1 contact\n"));
    run_free(&r);
    close_peer(p);
}

static void a_refused_roster_is_said(void **state)
{
    peer *p = open_peer();
    char id[64];
    char text[512];
    run r;

    (void)state;
    begin(p, &r, WITH("--roster", "--presence"));
    hear(p, "jabber:iq:roster'/></iq>");
    last_id(p, id, sizeof id);
    snprintf(text, sizeof text,
             "<iq type='error' id='%s'><error type='auth'><forbidden "
             "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
             id);
    say(p, text);
    hear(p, "<presence/>");
    hear_close_and_answer(p);
    ends(&r, 0);
    assert_non_null(strstr(r.err, "refused to give the roster"));
    run_free(&r);
    close_peer(p);
}

/* RFC 6120 8.2.3: each iq is answered once, but results and errors never are. */
static void requests_are_answered(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "60"));
    hear(p, "<presence/>");
    say(p,
        "<iq type='result' id='one' from='a@b'/><iq type='error' id='two' from='a@b'/>"
        "<iq type='set' from='a@b'><no-id xmlns='urn:x'/></iq>"
        "<message type='error' id='three' from='a@b'/><presence type='error' from='a@b'/>"
        "<iq type='get' id='f&amp;our&apos;' from='a@b/c'><ping xmlns='urn:xmpp:ping'/></iq>"
        "<iq type='got' id='odd' from='a@b/c'/><iq id='none' from='a@b/c'/>"
        "<iq type='set' id='five' from='evil@example.org'><query xmlns='jabber:iq:roster'>"
        "<item jid='x@y'/></query></iq>"
        "<iq type='set' id='two-items'><query xmlns='jabber:iq:roster'>"
        "<item jid='x@y'/><item jid='z@y'/></query></iq>"
        "<iq type='get' id='none-in-it' from='a@b/c'/>"
        "<iq type='get' id='two-in-it' from='a@b/c'><q xmlns='u'/><r xmlns='u'/></iq>"
        "<iq type='get' id='nobody' from='a@@b'><q xmlns='u'/></iq>"
        "<iq type='set' id='six'><query xmlns='jabber:iq:roster'><item jid='x@y'/></query></iq>");
    hear(p, "id='six'");
    hear(p, "<iq type='error' id='f&amp;our&apos;' to='a@b/c'><error type='cancel'>"
            "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    hear(p, "<iq type='error' id='odd' to='a@b/c'><error type='modify'>"
            "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    hear(p, "<iq type='error' id='none' to='a@b/c'><error type='modify'>");
    hear(p, "<iq type='error' id='five' to='evil@example.org'>");
    hear(p, "<iq type='error' id='two-items'><error type='modify'><bad-request ");
    hear(p, "<iq type='error' id='none-in-it' to='a@b/c'><error type='modify'><bad-request ");
    hear(p, "<iq type='error' id='two-in-it' to='a@b/c'><error type='modify'><bad-request ");
    hear(p, "<iq type='result' id='six'/>");
    run_signal(&r, SIGTERM);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGTERM);
    assert_null(strstr(p->heard, "'one'"));
    assert_null(strstr(p->heard, "'two'"));
    assert_null(strstr(p->heard, "'three'"));
    assert_null(strstr(p->heard, "'nobody'"));
    assert_null(strstr(strstr(p->heard, "<presence/>") + 11, "<presence"));
    run_free(&r);
    close_peer(p);
}

/* RFC 6120 8.2.3: also those whose answers are longer than they, and that come faster than what is
   sent can leave: no request is taken before the last has its answer. */
static void requests_wait_for_their_answers(void **state)
{
    enum { REQUESTS = 100, ID = 10000 };
    peer *p = open_peer();
    char *text = malloc(REQUESTS * (ID + 64));
    size_t len = 0;
    int small = 4096;
    char *heard;
    const char *at;
    run r;

    (void)state;
    assert_non_null(text);
    assert_int_equal(setsockopt(p->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    begin(p, &r, WITH("--presence", "--listen", "60"));
    hear(p, "<presence/>");
    for (int i = 0; i < REQUESTS; i++) {
        len += (size_t)sprintf(text + len, "<iq type='get' id=\"%d", i);
        memset(text + len, '\'', ID);
        len += ID;
        len += (size_t)sprintf(text + len, "\"><q xmlns='u'/></iq>");
    }
    heard = say_and_hear(p, text, "</iq>", REQUESTS);
    at = heard;
    for (int i = 0; i < REQUESTS; i++) {
        char id[64];

        snprintf(id, sizeof id, "<iq type='error' id='%d&apos;", i);
        at = strstr(at, id);
        assert_non_null(at);
    }
    run_signal(&r, SIGTERM);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGTERM);
    free(heard);
    free(text);
    run_free(&r);
    close_peer(p);
}

static void stanzas_are_printed(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "60", "--json"));
    hear(p, "<presence/>");
    say(p, "<message from='juliet@example.org/b' to='" JID "' type='chat' id='m'><body>1 &lt; "
           "2\n\"&#x1F339;\"</body></message><presence from='juliet@example.org/b' "
           "type='unavailable'/>");
    run_until_out(&r, "unavailable\",\"id\":null,\"body\":null}\n");
    assert_non_null(strstr(r.out, "{\"event\":\"stanza\",\"name\":\"message\","
                                  "\"from\":\"juliet@example.org/b\",\"sender\":\"other\","
                                  "\"to\":\"" JID "\","
                                  "\"type\":\"chat\",\"id\":\"m\","
                                  "\"body\":\"1 < 2\\n\\\"\xF0\x9F\x8C\xB9\\\"\"}\n"));
    run_signal(&r, SIGINT);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGINT);
    check_json_lines(r.out);
    run_free(&r);
    close_peer(p);
}

/* What a stanza says cannot drive the terminal. */
static void stanzas_are_harmless(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "60"));
    hear(p, "<presence/>");
    say(p, "<message from='a@b'><body>\nbound          evil@b&#x9B;31m&#x202E;</body></message>"
           "<message from='a@b' type='error'><error type='cancel'><gone "
           "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
    run_until_out(&r, "gone");
    assert_non_null(strstr(r.out, "message        from a@b: \\nbound          "
                                  "evil@b\\u{9b}31m\\u{202e}\n"));
    assert_non_null(strstr(r.out, "message        from a@b, error, gone\n"));
    run_signal(&r, SIGINT);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGINT);
    run_free(&r);
    close_peer(p);
}

/* Over the limit: named, left out, and the session goes on. */
static void too_large_is_left_out(void **state)
{
    static char body[80001];
    peer *p = open_peer();
    run r;

    (void)state;
    memset(body, 'x', sizeof body - 1);
    begin(p, &r, WITH("--presence", "--listen", "60", "--json"));
    hear(p, "<presence/>");
    say(p, "<message from='a@b' id='large'><body>");
    say(p, body);
    say(p, "</body></message><message from='a@b' id='small'><body>y</body></message>");
    run_until_out(&r, "\"small\"");
    assert_non_null(strstr(r.out, "\"id\":\"large\",\"body\":null}\n"));
    run_until_err(&r, "left out");
    run_signal(&r, SIGINT);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGINT);
    check_json_lines(r.out);
    run_free(&r);
    close_peer(p);
}

static void listening_ends_in_time(void **state)
{
    peer *p = open_peer();
    long long begun;
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "1"));
    hear(p, "<presence/>");
    begun = now();
    hear(p, "</stream:stream>");
    assert_true(now() - begun >= 900);
    assert_true(now() - begun < 5000);
    hear_close_and_answer(p);
    ends(&r, 0);
    run_free(&r);
    close_peer(p);
}

static void a_stream_error_is_9(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "60"));
    hear(p, "<presence/>");
    say(p, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
           "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced by&#10;another</text>"
           "</stream:error></stream:stream>");
    shutdown(p->fd, SHUT_WR);
    ends(&r, 9);
    assert_int_equal(lines_of(r.err), 1);
    assert_non_null(strstr(r.err, "conflict, 'Replaced by\\nanother'"));
    run_free(&r);
    close_peer(p);
}

static void a_cut_connection_is_3(void **state)
{
    static const char *const last_words[] = {"", "<message><body>", " "};

    (void)state;
    for (size_t i = 0; i < sizeof last_words / sizeof last_words[0]; i++) {
        peer *p = open_peer();
        run r;

        begin(p, &r, WITH("--presence", "--listen", "60", "--json"));
        hear(p, "<presence/>");
        say(p, last_words[i]);
        shutdown(p->fd, SHUT_WR);
        ends(&r, 3);
        assert_int_equal(lines_of(r.err), 1);
        check_json_lines(r.out);
        run_free(&r);
        close_peer(p);
    }
}

/* A roster that breaks off leaves whole JSON lines behind. */
static void a_cut_roster_is_closed(void **state)
{
    peer *p = open_peer();
    char id[64];
    char text[256];
    run r;

    (void)state;
    begin(p, &r, WITH("--roster", "--json"));
    hear(p, "jabber:iq:roster'/></iq>");
    last_id(p, id, sizeof id);
    snprintf(text, sizeof text,
             "<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>"
             "<item jid='a@b'/>",
             id);
    say(p, text);
    shutdown(p->fd, SHUT_WR);
    ends(&r, 3);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out, "\"groups\":[]}]}\n{\"event\":\"state\""));
    run_free(&r);
    close_peer(p);
}

static void broken_protocol_is_6(void **state)
{
    static const char *const rows[] = {"<message></presence>", "<!-- c -->", "text",
                                       "<x xmlns='y'/>", "<message>&#0;</message>"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        peer *p = open_peer();
        run r;

        begin(p, &r, WITH("--presence", "--listen", "60"));
        hear(p, "<presence/>");
        say(p, rows[i]);
        hear(p, "<stream:error>");
        say(p, "</stream:stream>");
        shutdown(p->fd, SHUT_WR);
        ends(&r, 6);
        assert_int_equal(lines_of(r.err), 1);
        run_free(&r);
        close_peer(p);
    }
}

/* `--diagram`: the drawing has this session's path, where it ended and why. */
static void drawn(const char *said, int status, const char *const words[], const char *lacks)
{
    static char text[1u << 18];
    char path[] = P_tmpdir "/parley-diagram-XXXXXX";
    int file = mkstemp(path);
    peer *p = open_peer();
    ssize_t len;
    run r;

    assert_true(file >= 0);
    begin(p, &r, WITH("--presence", "--diagram", path, *said != '\0' ? "--listen" : NULL, "60"));
    hear(p, "<presence/>");
    say(p, said);
    hear_close_and_answer(p);
    ends(&r, status);
    len = read(file, text, sizeof text - 1); /* the command has written it into the same file */
    assert_true(len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "</svg>\n"));
    assert_non_null(strstr(text, "#client-edge-insecure_header-insecure_features path { stroke"));
    assert_non_null(strstr(text, "#client-edge-binding-ready path { stroke"));
    for (; *words != NULL; words++) {
        assert_non_null(strstr(text, *words));
    }
    assert_null(strstr(text, lacks));
    close(file);
    unlink(path);
    run_free(&r);
    close_peer(p);
}

static void the_session_is_drawn(void **state)
{
    (void)state;
    drawn("", 0, WITH("#client-edge-ready-close_sent path { stroke", "it ended in closed:</text>"),
          "#client-edge-ready-closing path");
    drawn("<!-- c -->", 6,
          WITH("#client-edge-ready-closing path { stroke", "it ended in ready:</text>",
               "which XMPP forbids"),
          "#client-edge-ready-close_sent path");
}

static void a_missing_roster_is_3(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    /* The later --timeout counts. */
    begin(p, &r, WITH("--roster", "--timeout", "1"));
    hear(p, "jabber:iq:roster'/></iq>");
    hear_close_and_answer(p);
    ends(&r, 3);
    assert_non_null(strstr(r.err, "did not send the roster in time"));
    run_free(&r);
    close_peer(p);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_in_order),
        cmocka_unit_test(the_trace_hides_secrets),
        cmocka_unit_test(a_roster_of_any_size),
        cmocka_unit_test(false_rosters_are_not_taken),
        cmocka_unit_test(a_refused_roster_is_said),
        cmocka_unit_test(requests_are_answered),
        cmocka_unit_test(requests_wait_for_their_answers),
        cmocka_unit_test(stanzas_are_printed),
        cmocka_unit_test(stanzas_are_harmless),
        cmocka_unit_test(too_large_is_left_out),
        cmocka_unit_test(listening_ends_in_time),
        cmocka_unit_test(a_stream_error_is_9),
        cmocka_unit_test(a_cut_connection_is_3),
        cmocka_unit_test(a_cut_roster_is_closed),
        cmocka_unit_test(broken_protocol_is_6),
        cmocka_unit_test(a_missing_roster_is_3),
        cmocka_unit_test(the_session_is_drawn),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
