/* Stanzas taken child by child, both roles: what is announced, what comes whole,
   what is left out; and that none of it depends on how the input was cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/seeded.h"
#include "common/stages.h"

static bool never(parley_element e, bool *announce)
{
    (void)e;
    (void)announce;
    return false;
}

/* Into the stanza, whose children come whole. */
static bool once(parley_element e, bool *announce)
{
    *announce = false;
    return parley_element_is(e, NULL, "jabber:client");
}

/* Into everything. */
static bool always(parley_element e, bool *announce)
{
    (void)e;
    *announce = true;
    return true;
}

/* Into iq and query, whose items come whole. */
static bool roster(parley_element e, bool *announce)
{
    *announce = parley_element_is(e, "iq", NULL);
    return *announce || parley_element_is(e, "query", "jabber:iq:roster");
}

typedef bool descending(parley_element e, bool *announce);

static parley_client_config client_config;
static parley_server_config server_config;

static session *open_ready(bool server, descending *descends, uint32_t limit)
{
    session *s;

    stage_client_config(&client_config, "ready");
    client_config.stepwise = true;
    client_config.output = PARLEY_OUTPUT_MINIMUM;
    client_config.limits.element = limit;
    stage_server_config(&server_config);
    server_config.stepwise = true;
    server_config.skip_large = true;
    s = server ? stage_server("authenticated_features", &server_config)
               : stage_client("binding", &client_config);
    /* OPEN also comes of what makes it ready; only what follows is looked at. */
    s->descends = NULL;
    if (server) {
        (void)session_feed_text(s, "<iq type='set' id='b'><bind "
                                   "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    } else {
        (void)session_feed_text(s, "<iq type='result' id='AAECAwQFBgcI-1'><bind "
                                   "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"
                                   "mbed@example.com/r</jid></bind></iq>"
                                   "<iq type='result' id='AAECAwQFBgcI-2'/>");
    }
    assert_string_equal(session_state_name(s), "ready");
    (void)session_said(s);
    s->descends = descends;
    s->log_len = 0;
    s->log[0] = '\0';
    s->fed = 0;
    return s;
}

static void run(bool server, descending *descends, uint32_t limit, const char *input, size_t cut,
                const char *log)
{
    session *s = open_ready(server, descends, limit);

    s->cut = cut;
    assert_int_equal(session_feed_text(s, input), strlen(input));
    if (log != NULL && strcmp(s->log, log) != 0) {
        fail_msg("cut at %zu:\n%s---\n%s", cut, s->log, log);
    }
    session_close(s);
}

/* Every cut of short input; of the server, which takes longer to get ready, some. */
static void check(descending *descends, uint32_t limit, const char *input, const char *log)
{
    size_t len = strlen(input);
    uint32_t seed = 6120;
    size_t i;

    run(false, descends, limit, input, SESSION_WHOLE, log);
    run(false, descends, limit, input, SESSION_EVERY_BYTE, log);
    for (i = 1; i < len && i < 1024; i++) {
        run(false, descends, limit, input, len <= 1024 ? i : 1 + seeded_below(&seed, (uint32_t)len),
            log);
        i += len > 1024 ? 63 : 0;
    }
    if (limit >= PARLEY_STANZA_MINIMUM) {
        run(true, descends, limit, input, SESSION_WHOLE, log);
        run(true, descends, limit, input, SESSION_EVERY_BYTE, log);
        for (i = 0; i < 16; i++) {
            run(true, descends, limit, input, 1 + seeded_below(&seed, (uint32_t)len), log);
        }
    }
}

#define MESSAGE "<message id='m'><body>text</body><x xmlns='urn:x'><y a='1'>z</y></x></message>"
#define OPENED  "open message from= type= id=m body=\n"
#define ENDED   "end message from= type= id=m body=\n"

static void announced_and_whole(void **state)
{
    (void)state;
    check(never, PARLEY_STANZA_MINIMUM, MESSAGE " <presence id='p'/>",
          OPENED "stanza message from= type= id=m body=text\n"
                 "open presence from= type= id=p body=\nstanza presence from= type= id=p body=\n");
}

static void child_by_child(void **state)
{
    (void)state;
    check(once, PARLEY_STANZA_MINIMUM, MESSAGE MESSAGE,
          OPENED "child <body>text</body>\nchild <x xmlns='urn:x'><y a='1'>z</y></x>\n" ENDED OPENED
                 "child <body>text</body>\nchild <x xmlns='urn:x'><y a='1'>z</y></x>\n" ENDED);
}

static void into_everything(void **state)
{
    (void)state;
    check(always, PARLEY_STANZA_MINIMUM, MESSAGE "<iq id='i'><a><b/></a></iq>",
          OPENED "open body from= type= id= body=\nend body from= type= id= body=\n"
                 "open x from= type= id= body=\nopen y from= type= id= body=\n"
                 "end y from= type= id= body=\nend x from= type= id= body=\n" ENDED
                 "open iq from= type= id=i body=\nopen a from= type= id= body=\n"
                 "open b from= type= id= body=\nend b from= type= id= body=\n"
                 "end a from= type= id= body=\nend iq from= type= id=i body=\n");
}

static void empty_elements(void **state)
{
    (void)state;
    check(once, PARLEY_STANZA_MINIMUM,
          "<presence/><presence></presence><message id='m'><a/></message>",
          "open presence from= type= id= body=\nend presence from= type= id= body=\n"
          "open presence from= type= id= body=\nend presence from= type= id= body=\n" OPENED
          "child <a/>\n" ENDED);
}

/* Text beside children is left out; inside a child it is the child's. */
static void text_between_children(void **state)
{
    (void)state;
    check(once, PARLEY_STANZA_MINIMUM,
          "<message id='m'>\n <a> b </a>&#65;<![CDATA[ <c> ]]>]]<d/>\r\n</message>\n",
          OPENED "child <a> b </a>\nchild <d/>\n" ENDED);
}

static void nested(void **state)
{
    char input[2048] = "<iq id='i'>";
    char log[8192] = "open iq from= type= id=i body=\n";
    unsigned i;

    (void)state;
    for (i = 0; i < 61; i++) {
        strcat(input, "<a>");
        strcat(log, "open a from= type= id= body=\n");
    }
    strcat(input, "</a>");
    strcat(log, "end a from= type= id= body=\n");
    for (i = 0; i < 60; i++) {
        strcat(input, "</a>");
        strcat(log, "end a from= type= id= body=\n");
    }
    strcat(input, "</iq>");
    strcat(log, "end iq from= type= id=i body=\n");
    check(always, PARLEY_STANZA_MINIMUM, input, log);
}

/* 500 items through a block that holds 500 bytes of XML (and is 8 kB whole). */
static void large_roster(void **state)
{
    char *input = malloc(65536);
    char *log = malloc(65536);
    size_t at;
    size_t noted;
    unsigned i;

    (void)state;
    assert_non_null(input);
    assert_non_null(log);
    at = (size_t)snprintf(input, 65536,
                          "<iq type='result' id='r'><query xmlns='jabber:iq:roster'>");
    noted = (size_t)snprintf(log, 65536,
                             "open iq from= type=result id=r body=\n"
                             "open query from= type= id= body=\n");
    for (i = 0; i < 500; i++) {
        at += (size_t)snprintf(input + at, 65536 - at,
                               "<item jid='u%u@example.com'><group>g%u</group>"
                               "</item>\n",
                               i, i % 7);
        noted += (size_t)snprintf(log + noted, 65536 - noted,
                                  "child <item xmlns='jabber:iq:roster' "
                                  "jid='u%u@example.com'><group>g%u</group></item>\n",
                                  i, i % 7);
    }
    (void)snprintf(input + at, 65536 - at, "</query></iq>");
    (void)snprintf(log + noted, 65536 - noted,
                   "end query from= type= id= body=\nend iq from= type=result id=r body=\n");
    check(roster, 500, input, log);
    free(input);
    free(log);
}

#define A100                                                                                       \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaa"
#define A600 A100 A100 A100 A100 A100 A100

/* A child over the limit is left out, and the rest goes on. */
static void large_children(void **state)
{
    (void)state;
    check(once, 500, "<message id='m'><a/><b id='b'>" A600 "</b><c/></message><presence/>",
          OPENED "child <a/>\ntoo-large b from= type= id=b body=\nchild <c/>\n" ENDED
                 "open presence from= type= id= body=\nend presence from= type= id= body=\n");
    check(never, 500, "<message id='m'><b>" A600 "</b></message><presence/>",
          OPENED "too-large message from= type= id=m body=\n"
                 "open presence from= type= id= body=\nstanza presence from= type= id= body=\n");
    check(always, 500, "<message id='m'><b id='b'>" A600 "</b></message><presence/>",
          OPENED "open b from= type= id=b body=\nend b from= type= id=b body=\n" ENDED
                 "open presence from= type= id= body=\nend presence from= type= id= body=\n");
    check(once, 500, "<message id='m'><b id='b'><c>" A600 "</c><d/></b><e/></message>",
          OPENED "too-large b from= type= id=b body=\nchild <e/>\n" ENDED);
}

/* What ends the stream inside a stanza that is being taken child by child. */
static void ended_inside(void **state)
{
    static const char *const inputs[] = {"<message id='m'><a/>", "<message id='m'><a",
                                         "<message id='m'>"};
    size_t i;
    int how;

    (void)state;
    for (i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        for (how = 0; how < 3; how++) {
            session *s = open_ready(false, how == 0 ? always : once, PARLEY_STANZA_MINIMUM);
            (void)session_feed_text(s, inputs[i]);
            if (how == 2) { /* our close; the stanza goes on, then the peer's */
                session_shut(s);
                (void)session_feed_text(s, i == 1 ? "/></message></stream:stream>"
                                                  : "</message></stream:stream>");
                assert_int_equal(session_outcome(s)->code, PARLEY_NO_ERROR);
                assert_non_null(strstr(s->log, ENDED));
            } else if (how == 1) {
                (void)session_feed_text(s, "</stream:stream>");
                assert_string_equal(session_state_name(s), "closing");
                session_finish(s);
            } else {
                session_finish(s);
                assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_STREAM_CUT);
            }
            assert_string_equal(session_state_name(s), "closed");
            assert_int_equal(parley_client_descend(&s->core.client, true), PARLEY_MISUSE);
            session_close(s);
        }
    }
}

/* descend is for right after OPEN. */
static void descend_out_of_turn(void **state)
{
    session *s = open_ready(false, once, PARLEY_STANZA_MINIMUM);

    (void)state;
    assert_int_equal(parley_client_descend(&s->core.client, false), PARLEY_MISUSE);
    (void)session_feed_text(s, "<message><a/>");
    assert_int_equal(parley_client_descend(&s->core.client, false), PARLEY_MISUSE);
    (void)session_feed_text(s, "</message>");
    assert_int_equal(parley_client_descend(&s->core.client, false), PARLEY_MISUSE);
    session_close(s);
}

/* A session that ended with an OPEN not yet looked at. */
static void descend_too_late(void **state)
{
    session *s = open_ready(false, never, PARLEY_STANZA_MINIMUM);
    parley_event event;

    (void)state;
    (void)parley_client_push(&s->core.client, "<message>", 9);
    parley_client_finish(&s->core.client);
    while (parley_client_event(&s->core.client, &event)) {
    }
    assert_int_equal(parley_client_descend(&s->core.client, false), PARLEY_MISUSE);
    session_close(s);
}

/* The server judges the sender at the start tag. */
static void sender_is_judged_first(void **state)
{
    session *s = open_ready(true, once, PARLEY_STANZA_MINIMUM);

    (void)state;
    (void)session_feed_text(s, "<message from='other@example.com'>");
    assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_STANZA_FROM);
    assert_null(strstr(s->log, "open"));
    session_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announced_and_whole),   cmocka_unit_test(child_by_child),
        cmocka_unit_test(into_everything),       cmocka_unit_test(empty_elements),
        cmocka_unit_test(text_between_children), cmocka_unit_test(nested),
        cmocka_unit_test(large_roster),          cmocka_unit_test(large_children),
        cmocka_unit_test(ended_inside),          cmocka_unit_test(descend_out_of_turn),
        cmocka_unit_test(descend_too_late),      cmocka_unit_test(sender_is_judged_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
