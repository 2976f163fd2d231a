/* `parley connect` in conversation: a server core of our own lets it log in, and then says,
   byte by byte, what a server may say and what it may not. In the clear, so that the test
   sees the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include <parley/insecure.h>

#include "cli/harness.h"

#define PATIENCE 20000
#define ACCOUNT "romeo@example.org"
#define JID ACCOUNT "/orchard"

typedef struct peer {
    parley_server core;
    parley_server_config config;
    unsigned char secret[32];
    void *work;
    int listener;
    int fd;
    unsigned port;
    char heard[65536]; /* after the login; terminated */
    size_t heard_len;
} peer;

static peer the_peer;

/* The server. */

static peer *open_peer(void)
{
    peer *p = &the_peer;
    size_t size;

    memset(p, 0, sizeof *p);
    memset(p->secret, 7, sizeof p->secret);
    p->listener = listen_somewhere(&p->port);
    parley_server_config_init(&p->config);
    p->config.secret = p->secret;
    p->config.iterations = 4096;
    size = parley_server_work_size(&p->config);
    p->work = malloc(size);
    assert_non_null(p->work);
    assert_int_equal(
        parley_server_init(&p->core, sizeof p->core, &p->config, p->work, size, NULL), PARLEY_OK);
    assert_int_equal(parley_server_begin_insecure(&p->core), PARLEY_OK);
    return p;
}

static void close_peer(peer *p)
{
    close(p->fd);
    close(p->listener);
    free(p->work);
}

static void answer(peer *p, const parley_request *request)
{
    static const char random[64] = "not random at all, which is what a test wants";
    parley_answer a = {PARLEY_ANSWER_YES, {NULL, 0}, NULL};

    if (request->kind == PARLEY_REQUEST_RANDOM) {
        a.kind = PARLEY_ANSWER_RANDOM;
        a.bytes = (parley_string){random, request->random_len};
    } else if (request->kind == PARLEY_REQUEST_CREDENTIAL) {
        a.kind = PARLEY_ANSWER_PASSWORD;
        a.bytes = parley_string_of("secret");
    } else if (request->kind == PARLEY_REQUEST_BIND) {
        a.kind = PARLEY_ANSWER_RESOURCE;
        a.bytes = parley_string_of("orchard");
    }
    assert_int_equal(parley_server_answer(&p->core, &a), PARLEY_OK);
}

static void say_bytes(peer *p, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = send(p->fd, bytes, len, MSG_NOSIGNAL);

        assert_true(put > 0);
        bytes += put;
        len -= (size_t)put;
    }
}

static void say(peer *p, const char *text)
{
    say_bytes(p, text, strlen(text));
}

static size_t read_some(peer *p, char *into, size_t size)
{
    struct pollfd polled = {p->fd, POLLIN, 0};
    ssize_t got;

    assert_int_equal(poll(&polled, 1, PATIENCE), 1);
    got = recv(p->fd, into, size, 0);
    return got > 0 ? (size_t)got : 0;
}

/* One step of the core; true: it stands still and wants input. */
static bool step(peer *p)
{
    unsigned state = parley_server_state(&p->core);
    parley_event event;
    parley_request request;
    size_t len;
    const void *out = parley_server_out_buf(&p->core, &len);

    if (out != NULL) {
        say_bytes(p, out, len);
        parley_server_out_ack(&p->core, len);
    } else if ((state & PARLEY_HAS_EVENT) != 0) {
        parley_server_event(&p->core, &event);
    } else if ((state & PARLEY_HAS_REQUEST) != 0 && parley_server_request(&p->core, &request)) {
        answer(p, &request);
    } else if ((state & PARLEY_HAS_WORK) != 0) {
        parley_server_work(&p->core, 4096);
    } else {
        return true;
    }
    return false;
}

static void log_in(peer *p)
{
    struct pollfd polled = {p->listener, POLLIN, 0};
    char input[4096];
    size_t at = 0;
    size_t end = 0;

    assert_int_equal(poll(&polled, 1, PATIENCE), 1);
    p->fd = accept(p->listener, NULL, NULL);
    assert_true(p->fd >= 0);
    for (int rounds = 0; rounds < 10000; rounds++) {
        if (!step(p)) {
            continue;
        }
        if ((parley_server_state(&p->core) & PARLEY_IS_READY) != 0) {
            p->heard_len = end - at;
            memcpy(p->heard, input + at, end - at);
            return;
        }
        if (at == end) {
            at = 0;
            end = read_some(p, input, sizeof input);
            assert_true(end > 0);
        }
        at += parley_server_push(&p->core, input + at, end - at);
    }
    fail_msg("the login does not come to an end");
}

static void hear(peer *p, const char *words)
{
    while (strstr(p->heard, words) == NULL) {
        size_t got = read_some(p, p->heard + p->heard_len, sizeof p->heard - 1 - p->heard_len);

        if (got == 0) {
            fail_msg("no '%s' in: %s", words, p->heard);
        }
        p->heard_len += got;
        p->heard[p->heard_len] = '\0';
    }
}

/* The id of the request that was heard last. */
static void last_id(const peer *p, char *id, size_t size)
{
    const char *at = NULL;

    for (const char *next = p->heard; (next = strstr(next, " id='")) != NULL; next += 5) {
        at = next + 5;
    }
    assert_non_null(at);
    snprintf(id, size, "%.*s", (int)strcspn(at, "'"), at);
}

static void hear_close_and_answer(peer *p)
{
    hear(p, "</stream:stream>");
    say(p, "</stream:stream>");
    shutdown(p->fd, SHUT_WR);
}

/* Starts the command against the peer with `more` arguments, and lets it log in. */
static void begin(peer *p, run *r, const char *const more[])
{
    char port[16];
    const char *arguments[32] = {"connect", ACCOUNT, "--host", "127.0.0.1", "--port", port, "--tls",
                                 "off", "--insecure", "--timeout", "15"};
    size_t count = 11;

    snprintf(port, sizeof port, "%u", p->port);
    while (*more != NULL) {
        arguments[count++] = *more++;
    }
    run_start(r, arguments, "", 0, "secret", false);
    log_in(p);
}

#define WITH(...) ((const char *const[]){__VA_ARGS__, NULL})

static void ends(run *r, int status)
{
    run_finish(r);
    if (r->status != status) {
        fail_msg("status %d, not %d; stdout: %s; stderr: %s", r->status, status, r->out, r->err);
    }
    if (strstr(r->out, "secret") != NULL || strstr(r->err, "secret") != NULL) {
        fail_msg("the password was shown: %s%s", r->out, r->err);
    }
}

/* The tests. */

static void a_session_in_order(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--to", "juliet@example.org", "--message", "a < b & 'c'",
                      "--json"));
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
    assert_non_null(strstr(r.out, "\n{\"event\":\"closed\",\"outcome\":\"none\",\"state\":\"closed\","
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
    snprintf(item, sizeof item, "<iq type='result' id='%s' from='" ACCOUNT "'>"
             "<query xmlns='jabber:iq:roster'>", id);
    say(p, item);
    for (int i = 0; i < ITEMS; i++) {
        snprintf(item, sizeof item, "<item jid='contact%d@example.org' name='N &quot;%d&quot;' "
                 "subscription='both'><group>Friends</group><group>A&amp;B</group></item>", i, i);
        say(p, item);
    }
    say(p, "</query></iq>");
    run_until_out(&r, "contact3999"); /* a full pipe would hold the command up */
    hear_close_and_answer(p);
    ends(&r, 0);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out, "{\"jid\":\"contact3999@example.org\",\"name\":\"N \\\"3999\\\"\","
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
    snprintf(text, sizeof text, "<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>"
             "<other xmlns='urn:x'/><item jid='friend@example.org'/></query></iq>", id);
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
    snprintf(text, sizeof text, "<iq type='error' id='%s'><error type='auth'><forbidden "
             "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", id);
    say(p, text);
    hear(p, "<presence/>");
    hear_close_and_answer(p);
    ends(&r, 0);
    assert_non_null(strstr(r.err, "refused to give the roster"));
    run_free(&r);
    close_peer(p);
}

/* RFC 6120 8.2.3: each get and set is answered once; results and errors never are. */
static void requests_are_answered(void **state)
{
    peer *p = open_peer();
    run r;

    (void)state;
    begin(p, &r, WITH("--presence", "--listen", "60"));
    hear(p, "<presence/>");
    say(p, "<iq type='result' id='one' from='a@b'/><iq type='error' id='two' from='a@b'/>"
           "<iq type='set' from='a@b'><no-id xmlns='urn:x'/></iq>"
           "<message type='error' id='three' from='a@b'/><presence type='error' from='a@b'/>"
           "<iq type='get' id='f&amp;our&apos;' from='a@b/c'><ping xmlns='urn:xmpp:ping'/></iq>"
           "<iq type='set' id='five' from='evil@example.org'><query xmlns='jabber:iq:roster'>"
           "<item jid='x@y'/></query></iq>"
           "<iq type='set' id='six'><query xmlns='jabber:iq:roster'><item jid='x@y'/></query></iq>");
    hear(p, "id='six'");
    hear(p, "<iq type='error' id='f&amp;our&apos;' to='a@b/c'><error type='cancel'>"
            "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    hear(p, "<iq type='error' id='five' to='evil@example.org'>");
    hear(p, "<iq type='result' id='six'/>");
    run_signal(&r, SIGTERM);
    hear_close_and_answer(p);
    ends(&r, 128 + SIGTERM);
    assert_null(strstr(p->heard, "'one'"));
    assert_null(strstr(p->heard, "'two'"));
    assert_null(strstr(p->heard, "'three'"));
    assert_null(strstr(strstr(p->heard, "<presence/>") + 11, "<presence"));
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
                                  "\"from\":\"juliet@example.org/b\",\"to\":\"" JID "\","
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
    snprintf(text, sizeof text, "<iq type='result' id='%s'><query xmlns='jabber:iq:roster'>"
             "<item jid='a@b'/>", id);
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
    static const char *const rows[] = {"<message></presence>", "<!-- c -->", "text", "<x xmlns='y'/>",
                                       "<message>&#0;</message>"};

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
        cmocka_unit_test(stanzas_are_printed),
        cmocka_unit_test(stanzas_are_harmless),
        cmocka_unit_test(too_large_is_left_out),
        cmocka_unit_test(listening_ends_in_time),
        cmocka_unit_test(a_stream_error_is_9),
        cmocka_unit_test(a_cut_connection_is_3),
        cmocka_unit_test(a_cut_roster_is_closed),
        cmocka_unit_test(broken_protocol_is_6),
        cmocka_unit_test(a_missing_roster_is_3),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
