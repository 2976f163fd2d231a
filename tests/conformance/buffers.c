/* The output buffer when it is full, the limits of an element at the bound and
   one past it, the work block when nobody needs it, and that secrets are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/stages.h"

#define CLOSE "</stream:stream>"

static size_t pending(const session *s, const char **data)
{
    size_t len;

    *data = s->is_server ? parley_server_out_buf(&s->core.server, &len)
                         : parley_client_out_buf(&s->core.client, &len);
    return len;
}

static void acknowledge(session *s, size_t len)
{
    if (s->is_server) {
        parley_server_out_ack(&s->core.server, len);
    } else {
        parley_client_out_ack(&s->core.client, len);
    }
}

static parley_result send_body(session *s, size_t len)
{
    static char body[8192];
    parley_writer w;
    parley_result result;

    memset(body, 'b', sizeof body);
    assert_true(len <= sizeof body);
    result = s->is_server ? parley_server_stanza(&s->core.server, &w)
                          : parley_client_stanza(&s->core.client, &w);
    assert_int_equal(result, PARLEY_OK);
    parley_writer_start(&w, "message", NULL);
    parley_writer_text(&w, (parley_string){body, len});
    parley_writer_end(&w);
    return s->is_server ? parley_server_send(&s->core.server, &w)
                        : parley_client_send(&s->core.client, &w);
}

/* How the last of it must read, whatever stood before. */
static void ends_with(const session *s, const char *text)
{
    const char *data;
    size_t len = pending(s, &data);

    assert_true(len >= strlen(text));
    assert_memory_equal(data + len - strlen(text), text, strlen(text));
}

/* Filled to the last byte that a stanza may have: nothing partial, and the error
   and the close tag still fit. */
static void output_is_full(void **state)
{
    int server;
    int how;

    (void)state;
    for (server = 0; server < 2; server++) {
        for (how = 0; how < 3; how++) {
            session *s = server != 0 ? stage_server("ready", NULL) : stage_client("ready", NULL);
            const char *data;
            size_t len;
            size_t size = 4096;
            size_t before;

            while (size > 0) { /* as much as goes in, bytewise at the end */
                if (send_body(s, size) != PARLEY_OK) {
                    before = pending(s, &data);
                    assert_true(before < 2 * 4096);
                    size -= size > 64 ? 64 : 1;
                    assert_int_equal(pending(s, &data), before);
                }
            }
            while (send_body(s, 0) == PARLEY_OK) {
            }
            assert_int_equal(send_body(s, 0), PARLEY_NO_ROOM);
            len = pending(s, &data);
            assert_memory_equal(data + len - 2, "/>", 2);
            if (how == 0) {
                if (s->is_server) {
                    parley_server_fail(&s->core.server, PARLEY_ERROR_LOCAL,
                                       PARLEY_REMOTE_CONNECTION_FAILED);
                } else {
                    parley_client_fail(&s->core.client, PARLEY_ERROR_LOCAL,
                                       PARLEY_REMOTE_CONNECTION_FAILED);
                }
                ends_with(s, "/><stream:error><remote-connection-failed "
                             "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" CLOSE);
            } else if (how == 1) {
                if (s->is_server) {
                    parley_server_close(&s->core.server);
                } else {
                    parley_client_close(&s->core.client);
                }
                ends_with(s, "/>" CLOSE);
            } else { /* a partial acknowledgement before the error */
                acknowledge(s, 700);
                (void)(s->is_server ? parley_server_push(&s->core.server, "&x;", 3)
                                    : parley_client_push(&s->core.client, "&x;", 3));
                ends_with(s, CLOSE);
            }
            session_run(s);
            assert_null(strstr(s->output, CLOSE CLOSE));
            session_close(s);
        }
    }
}

/* What we answer of ourselves needs room too; without it the stream ends, whole. */
static void no_room_for_an_answer(void **state)
{
    session *s = stage_server("ready", NULL);
    static const char bind[] = "<iq type='set' id='b'><bind "
                               "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
    unsigned i;

    (void)state;
    for (i = 0; i < 200 && strcmp(session_state_name(s), "ready") == 0; i++) {
        parley_event event;
        assert_int_equal(parley_server_push(&s->core.server, bind, strlen(bind)), strlen(bind));
        while (parley_server_event(&s->core.server, &event)) {
        }
    }
    assert_string_equal(session_state_name(s), "closing");
    assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_NO_OUTPUT_ROOM);
    ends_with(s, "</iq><stream:error><resource-constraint "
                 "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>" CLOSE);
    session_close(s);
}

/* A header that does not fit leaves nothing of itself. */
static void no_room_for_a_header(void **state)
{
    parley_client_config config;
    char domain[1000];
    size_t i;
    session *s;

    (void)state;
    stage_client_config(&config, "plain_header");
    for (i = 0; i < sizeof domain; i++) {
        domain[i] = i % 60 == 59 ? '.' : 'd';
    }
    config.output = PARLEY_OUTPUT_MINIMUM;
    config.domain = (parley_string){domain, sizeof domain - 1};
    s = session_open_client(&config, "mirror");
    session_begin(s);
    assert_string_equal(session_said(s), "");
    assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_NO_OUTPUT_ROOM);
    session_close(s);
}

/* One stanza of exactly `size` bytes, of a shape. */
static void make(char *out, size_t size, unsigned shape)
{
    static const char *const begins[] = {"<message>", "<message>", "<message", "<message>",
                                         "<message id='"};
    static const char *const ends[] = {"</message>", "</message>", "/>", "</message>", "'/>"};
    size_t at = strlen(begins[shape]);
    size_t end = size - strlen(ends[shape]);
    unsigned n = 0;

    memcpy(out, begins[shape], at);
    while (at < end) {
        char piece[512];
        size_t len;
        switch (shape) {
        case 0: /* one text */
        case 4: /* one attribute */
            len = (size_t)snprintf(piece, sizeof piece, "t");
            break;
        case 1: /* many small children */
            len = (size_t)snprintf(piece, sizeof piece, "<a/>");
            break;
        case 2: /* many attributes */
            len = (size_t)snprintf(piece, sizeof piece, " a%u='%0150u'", n, n);
            break;
        default: /* deep, 60 at a time */
            len = (size_t)snprintf(piece, sizeof piece, "%s", n % 120 < 60 ? "<a>" : "</a>");
            break;
        }
        if (len > end - at || (shape == 3 && n % 120 == 0 && end - at < 420)) {
            memset(out + at, ' ', end - at); /* white space is legal at each of these places */
            break;
        }
        memcpy(out + at, piece, len);
        at += len;
        n++;
    }
    memcpy(out + end, ends[shape], strlen(ends[shape]));
    out[size] = '\0';
}

/* RFC 6120 13.12: 10 000 bytes of any shape pass, in the block of the documented
   size; one more does not. */
static void ten_thousand_bytes(void **state)
{
    static char stanza[16384];
    unsigned shape;
    size_t size;
    unsigned output;

    (void)state;
    for (shape = 0; shape < 5; shape++) {
        for (output = 4096; output < 4100; output++) { /* whatever the alignment */
            for (size = PARLEY_STANZA_MINIMUM; size <= PARLEY_STANZA_MINIMUM + 1; size++) {
                parley_server_config config;
                session *s;
                stage_server_config(&config);
                config.output = output;
                config.limits.element_early = PARLEY_STANZA_MINIMUM;
                s = stage_server("ready", &config);
                make(stanza, size, shape);
                (void)session_feed_text(s, stanza);
                if (size == PARLEY_STANZA_MINIMUM) {
                    assert_string_equal(session_state_name(s), "ready");
                    assert_non_null(strstr(s->log, "stanza message"));
                } else {
                    assert_string_equal(session_state_name(s), "closing");
                    assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_XML_ELEMENT);
                    assert_null(strstr(s->log, "stanza message"));
                }
                session_close(s);
            }
        }
    }
}

/* As much before SASL as after it: the same block must do. */
static void as_many_bytes_early(void **state)
{
    static char element[16384];
    unsigned shape;

    (void)state;
    for (shape = 0; shape < 5; shape++) {
        parley_server_config config;
        session *s;
        stage_server_config(&config);
        config.output = 4097;
        config.limits.element_early = PARLEY_STANZA_MINIMUM;
        config.limits.elements_early = config.limits.elements;
        config.limits.attributes_early = config.limits.attributes;
        config.limits.depth_early = config.limits.depth;
        s = stage_server("mechanisms", &config);
        make(element, PARLEY_STANZA_MINIMUM, shape);
        (void)session_feed_text(s, element);
        /* A stanza there is refused for what it is, not for want of memory. */
        assert_int_equal(session_outcome(s)->code, PARLEY_ERROR_STANZA_EARLY);
        session_close(s);
    }
}

static bool holds(const void *memory, size_t len, const char *text)
{
    const char *bytes = memory;
    size_t count = strlen(text);
    size_t i;

    for (i = 0; i + count <= len; i++) {
        if (memcmp(bytes + i, text, count) == 0) {
            return true;
        }
    }
    return false;
}

/* "mirror", its base64 in PLAIN, SaltedPassword of the stages' SCRAM (its first
   bytes), and the proof's base64. */
static void secret_free(const session *s, size_t work_len)
{
    static const char *const secrets[] = {"mirror", "AG1iZWQAbWly", "bWlycm9y", "AbWlycm9"};
    size_t i;

    for (i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        assert_false(holds(&s->core, sizeof s->core, secrets[i]));
        assert_false(holds(s->work, work_len, secrets[i]));
    }
}

static size_t work_len(const session *s, const char *state)
{
    parley_client_config client;
    parley_server_config server;

    stage_client_config(&client, state);
    stage_server_config(&server);
    return s->is_server ? parley_server_work_size(&server) : parley_client_work_size(&client);
}

/* After the credential has been used no state holds it. */
static void secrets_are_gone(void **state)
{
    static const char *const client[] = {"authenticating", "proving",
                                         "proved",         "authenticated_header",
                                         "ready",          "closing",
                                         "closed",         NULL};
    static const char *const server[] = {"authenticated_header", "ready", "closing", "closed",
                                         NULL};
    size_t i;

    (void)state;
    for (i = 0; client[i] != NULL; i++) {
        session *s = stage_client(client[i], NULL);
        secret_free(s, work_len(s, client[i]));
        session_close(s);
    }
    for (i = 0; server[i] != NULL; i++) {
        session *s = stage_server(server[i], NULL);
        secret_free(s, work_len(s, server[i]));
        session_close(s);
    }
}

/* Nor after an end of any kind in the middle of it. */
static void secrets_are_gone_at_the_end(void **state)
{
    static const char *const client[] = {"deriving", "credential", "proving", NULL};
    static const char *const server[] = {"deriving", "authorizing", "challenged", "credential",
                                         NULL};
    int how;
    int role;
    size_t i;

    (void)state;
    for (role = 0; role < 2; role++) {
        const char *const *names = role != 0 ? server : client;
        for (i = 0; names[i] != NULL; i++) {
            for (how = 0; how < 4; how++) {
                session *s = role != 0 ? stage_server(names[i], NULL)
                                       : stage_client(names[i], NULL);
                if (how == 0) {
                    session_finish(s);
                } else if (how == 1) {
                    session_expire(s);
                } else if (how == 2) {
                    session_shut(s);
                } else if (role != 0) {
                    parley_server_tls_failed(&s->core.server, PARLEY_ERROR_TLS_RECORD, 0);
                } else {
                    parley_client_tls_failed(&s->core.client, PARLEY_ERROR_TLS_RECORD, 0);
                }
                session_run(s);
                secret_free(s, work_len(s, names[i]));
                session_close(s);
            }
        }
    }
}

/* A password that left by halves: what moved to the front leaves nothing behind. */
static void secrets_do_not_linger_in_output(void **state)
{
    session *s = stage_client("mechanism", NULL);
    unsigned char bytes[64] = {0};
    parley_request request;
    parley_answer answer = {PARLEY_ANSWER_RANDOM, {(const char *)bytes, 0}, NULL};
    const char *data;
    size_t len;
    char password[606];

    (void)state;
    memset(password, 'x', 600);
    memcpy(password + 600, "mirror", 6);
    assert_true(parley_client_request(&s->core.client, &request));
    answer.bytes.len = request.random_len;
    assert_int_equal(parley_client_answer(&s->core.client, &answer), PARLEY_OK);
    answer.kind = PARLEY_ANSWER_PASSWORD;
    answer.bytes = (parley_string){password, sizeof password};
    assert_int_equal(parley_client_answer(&s->core.client, &answer), PARLEY_OK);
    len = pending(s, &data);
    assert_true(holds(data, len, "bWlycm9y"));
    acknowledge(s, len - 60); /* the rest moves when more is written */
    parley_client_fail(&s->core.client, PARLEY_ERROR_LOCAL, PARLEY_RESET);
    len = pending(s, &data);
    acknowledge(s, len);
    secret_free(s, work_len(s, "mechanism"));
    session_close(s);
}

/* When a session is not busy its block may be used for something else. */
static void the_block_is_lent(void **state)
{
    int server;
    int round;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = server != 0 ? stage_server("ready", NULL) : stage_client("ready", NULL);
        size_t len = work_len(s, "ready");
        for (round = 0; round < 20; round++) {
            bool busy = s->is_server ? parley_server_busy(&s->core.server)
                                     : parley_client_busy(&s->core.client);
            assert_false(busy);
            memset(s->work, 0xA5 + round, len);
            (void)session_feed_text(s,
                                    round % 2 == 0 ? "<message><body>a</body></message>" : " \n");
            assert_string_equal(session_state_name(s), "ready");
            assert_int_equal(send_body(s, 100), PARLEY_OK);
            assert_true(s->is_server ? parley_server_busy(&s->core.server)
                                     : parley_client_busy(&s->core.client));
            session_run(s);
        }
        (void)session_feed_text(s, "<message>");
        assert_true(s->is_server ? parley_server_busy(&s->core.server)
                                 : parley_client_busy(&s->core.client));
        session_close(s);
    }
}

/* Closed, and the close tag is not sent yet: the block is still needed. */
static void the_block_is_needed_to_the_last_byte(void **state)
{
    int server;

    (void)state;
    for (server = 0; server < 2; server++) {
        session *s = server != 0 ? stage_server("ready", NULL) : stage_client("ready", NULL);
        if (server != 0) {
            assert_int_equal(parley_server_push(&s->core.server, CLOSE, 16), 16);
        } else {
            assert_int_equal(parley_client_push(&s->core.client, CLOSE, 16), 16);
        }
        assert_string_equal(session_state_name(s), "closed");
        assert_true(server != 0 ? parley_server_busy(&s->core.server)
                                : parley_client_busy(&s->core.client));
        session_run(s);
        assert_false(server != 0 ? parley_server_busy(&s->core.server)
                                 : parley_client_busy(&s->core.client));
        session_close(s);
    }
}

/* What the configuration says of the processor stays when the parser starts over: at TLS, at a new
   stream. The bit is one that no build has a use for. */
static void the_processor_is_known(void **state)
{
    parley_client_config client;
    parley_server_config server;
    session *s;

    (void)state;
    stage_client_config(&client, "ready");
    stage_server_config(&server);
    client.cpu = 0x80;
    server.cpu = 0x80;
    s = stage_client("ready", &client);
    assert_int_equal(s->core.client.stream.xml.cpu, 0x80);
    session_close(s);
    s = stage_server("ready", &server);
    assert_int_equal(s->core.server.stream.xml.cpu, 0x80);
    session_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_full),
        cmocka_unit_test(no_room_for_an_answer),
        cmocka_unit_test(no_room_for_a_header),
        cmocka_unit_test(ten_thousand_bytes),
        cmocka_unit_test(as_many_bytes_early),
        cmocka_unit_test(secrets_are_gone),
        cmocka_unit_test(secrets_are_gone_at_the_end),
        cmocka_unit_test(secrets_do_not_linger_in_output),
        cmocka_unit_test(the_block_is_lent),
        cmocka_unit_test(the_block_is_needed_to_the_last_byte),
        cmocka_unit_test(the_processor_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
