/* How a transport ends, with scripted cores: in order, cut short, with an error of
   either side; which alert leaves, and that nothing secret stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_ends.h"
#include "tls_engine.h"

static end client, server;
static const end_settings plain = {.direct = false};
static const end_settings direct = {.direct = true};

/* Bad certificates: the client's verdict, and the alert that reaches the server. */
static void test_refused_certificates(void **state)
{
    static const struct {
        end_settings settings;
        parley_code code;
        int tls_code;
        int alert;
    } rows[] = {
        {{.chain = {"expired"}},
         PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         BR_ERR_X509_EXPIRED,
         BR_ALERT_CERTIFICATE_EXPIRED},
        {{.chain = {"own"}, .key = "own"},
         PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         BR_ERR_X509_NOT_TRUSTED,
         BR_ALERT_UNKNOWN_CA},
        {{.chain = {"sha1"}},
         PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         BR_ERR_X509_UNSUPPORTED,
         BR_ALERT_UNSUPPORTED_CERTIFICATE},
        {{.chain = {"name-cn"}},
         PARLEY_ERROR_TLS_CERTIFICATE_NAME,
         PARLEY_TLS_NAME_NONE,
         BR_ALERT_BAD_CERTIFICATE},
        {{.chain = {"good"}, .pin = "ca"},
         PARLEY_ERROR_TLS_CERTIFICATE_PIN,
         BR_ERR_X509_NOT_TRUSTED,
         BR_ALERT_UNKNOWN_CA},
    /* The pinned certificate with another's key: the handshake proves possession. */
#ifndef PARLEY_TLS_SMALL
        {{.chain = {"own"}, .key = "server", .pin = "own", .pin_only = true},
         PARLEY_ERROR_TLS_HANDSHAKE,
         BR_ERR_BAD_SIGNATURE,
         BR_ALERT_DECRYPT_ERROR},
#endif
        {{.chain = {"good"}, .key = "own"},
         PARLEY_ERROR_TLS_HANDSHAKE,
         BR_ERR_BAD_SIGNATURE,
         BR_ALERT_DECRYPT_ERROR},
    };
    static const size_t chunks[] = {1, 100, 65536};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] * 3; i++) {
        end_pair(&client, &server, &rows[i / 3].settings, chunks[i % 3]);
        assert_int_equal(client.core.ups, 0);
        end_assert_failed(&client, rows[i / 3].code, rows[i / 3].tls_code);
        end_assert_failed(&server, PARLEY_ERROR_TLS_HANDSHAKE,
                          BR_ERR_RECV_FATAL_ALERT + rows[i / 3].alert);
        assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
        assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_IS_CLOSED);
    }
}

/* The alert is out before the transport says that it is closed. */
static void test_alert_before_closed(void **state)
{
    end_settings settings = {.chain = {"expired"}};
    char bytes[65536];
    unsigned seen = 0;

    (void)state;
    end_client(&client, &settings);
    end_server(&server, &settings);
    client.core.state |= PARLEY_WAITS_TLS;
    server.core.state |= PARLEY_WAITS_TLS; /* as after <starttls/> and <proceed/> */
    for (int i = 0; i < 20 && client.core.failures == 0; i++) {
        size_t n = end_take(&client, bytes, sizeof bytes);

        (void)end_push(&server, bytes, n);
        n = end_take(&server, bytes, sizeof bytes);
        (void)end_push(&client, bytes, n);
    }
    assert_int_equal(client.core.failures, 1);
    while (parley_tls_transport_run(&client.transport) == PARLEY_HAS_OUTPUT) {
        assert_int_equal(end_take(&client, bytes + seen, 1), 1);
        seen++;
    }
    assert_int_equal(seen, 7);
    assert_memory_equal(bytes, "\x15\x03\x03\x00\x02\x02\x2D", 7);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
}

static void test_close(void **state)
{
    static const size_t chunks[] = {1, 65536};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        end *first = i % 2 ? &client : &server, *second = i % 2 ? &server : &client;

        end_pair(&client, &server, &plain, 4096);
        server.core.answer = NULL;
        end_say(first, "last words.");
        second->core.answer = NULL;
        first->core.state |= PARLEY_IS_CLOSED;
        end_move(&client, &server, chunks[i / 2]);
        assert_true(end_heard(second, "last words."));
        assert_int_equal(first->core.failures + second->core.failures, 0);
        assert_int_equal(parley_tls_transport_run(&first->transport), PARLEY_IS_CLOSED);
        assert_int_equal(parley_tls_transport_run(&second->transport), PARLEY_IS_CLOSED);
        parley_tls_transport_finish(&first->transport);
        parley_tls_transport_finish(&second->transport);
        assert_int_equal(first->core.failures + second->core.failures, 0);
    }
}

/* close_notify while the core is open: the input ended in order. */
static void test_close_notify(void **state)
{
    (void)state;
    end_pair(&client, &server, &plain, 4096);
    end_say(&server, "goodbye");
    server.core.answer = NULL;
    end_move(&client, &server, 4096);
    br_ssl_engine_close(server.transport.engine);
    end_move(&client, &server, 4096);
    assert_true(end_heard(&client, "goodbye"));
    assert_int_equal(client.core.finishes, 1);
    assert_int_equal(client.core.failures, 0);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    parley_tls_transport_finish(&client.transport);
    assert_int_equal(client.core.finishes, 1);
    assert_int_equal(client.core.failures, 0);
}

/* The wire ends right behind the close_notify, before ours is sent: in order. */
static void test_close_notify_then_end(void **state)
{
    static char bytes[65536];

    (void)state;
    for (int writable = 0; writable < 2; writable++) {
        size_t n;

        end_pair(&client, &server, &plain, 4096);
        br_ssl_engine_close(server.transport.engine);
        n = end_take(&server, bytes, sizeof bytes);
        assert_int_equal(end_push(&client, bytes, n), n);
        parley_tls_transport_finish(&client.transport);
        assert_int_equal(client.core.failures, 0);
        assert_true(parley_tls_transport_run(&client.transport) & PARLEY_HAS_OUTPUT);
        if (writable) {
            assert_true(end_take(&client, bytes, sizeof bytes) > 0);
        } else {
            parley_tls_transport_finish(&client.transport);
        }
        assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
        assert_int_equal(client.core.failures, 0);
        assert_int_equal(client.core.finishes, 1);
    }
}

/* An answer to the last words is given to TLS before the close_notify behind them. */
static void test_answer_before_close(void **state)
{
    static char bytes[65536];
    size_t n = 0, more;

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    end_say(&client, "are you there?");
    server.core.answer = "yes";
    n = end_take(&client, bytes, sizeof bytes);
    br_ssl_engine_close(client.transport.engine);
    while ((more = end_take(&client, bytes + n, sizeof bytes - n)) > 0) {
        n += more;
    }
    assert_int_equal(end_push(&server, bytes, n), n);
    assert_true(server.core.out_at == server.core.out_len && server.core.finishes == 0);
    for (int i = 0; i < 4; i++) {
        (void)end_take(&server, bytes, sizeof bytes);
    }
    assert_int_equal(server.core.finishes, 1);
    assert_int_equal(server.core.failures, 0);
}

static void test_truncated(void **state)
{
    static char bytes[65536];

    (void)state;
    /* Before TLS: the core's matter. */
    end_client(&client, &plain);
    parley_tls_transport_finish(&client.transport);
    assert_int_equal(client.core.finishes, 1);
    parley_tls_transport_finish(&client.transport);
    assert_int_equal(client.core.finishes, 1);
    assert_int_equal(client.core.failures, 0);
    /* In the handshake. */
    end_client(&client, &direct);
    (void)end_take(&client, bytes, sizeof bytes);
    parley_tls_transport_finish(&client.transport);
    end_assert_failed(&client, PARLEY_ERROR_TLS_TRUNCATED, 0);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    /* Later, on both sides. */
    end_pair(&client, &server, &plain, 4096);
    parley_tls_transport_finish(&client.transport);
    parley_tls_transport_finish(&server.transport);
    end_assert_failed(&client, PARLEY_ERROR_TLS_TRUNCATED, 0);
    end_assert_failed(&server, PARLEY_ERROR_TLS_TRUNCATED, 0);
    assert_int_equal(client.core.finishes + server.core.finishes, 0);
    /* With output that could not be sent. */
    end_pair(&client, &server, &plain, 4096);
    end_say(&client, "too late");
    parley_tls_transport_finish(&client.transport);
    end_assert_failed(&client, PARLEY_ERROR_TLS_TRUNCATED, 0);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    /* Both had closed the stream. */
    end_pair(&client, &server, &plain, 4096);
    client.core.state |= PARLEY_IS_CLOSED;
    parley_tls_transport_finish(&client.transport);
    assert_int_equal(client.core.failures, 0);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_HAS_OUTPUT);
    (void)end_take(&client, bytes, sizeof bytes);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    assert_int_equal(client.core.failures, 0);
    /* Nothing is taken after the end. */
    assert_int_equal(parley_tls_transport_push(&client.transport, "x", 1), 0);
}

/* What arrived before the wire ended is taken first, and then the end is judged. */
static void test_end_behind_back_pressure(void **state)
{
    static char bytes[65536];

    (void)state;
    for (int answering = 0; answering < 2; answering++) {
        size_t n;

        end_pair(&client, &server, &plain, 4096);
        server.core.answer = answering ? "an answer that cannot be sent" : NULL;
        server.core.deaf = true;
        end_say(&client, "one? two");
        n = end_take(&client, bytes, sizeof bytes);
        assert_int_equal(end_push(&server, bytes, n), n);
        parley_tls_transport_finish(&server.transport);
        assert_int_equal(server.core.failures, 0);
        assert_false(parley_tls_transport_run(&server.transport) & PARLEY_IS_CLOSED);
        server.core.deaf = false;
        (void)parley_tls_transport_run(&server.transport);
        assert_true(end_heard(&server, "one? two"));
        end_assert_failed(&server, PARLEY_ERROR_TLS_TRUNCATED, 0);
        assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_IS_CLOSED);
    }
}

/* A record altered on its way: an error here, an alert there. */
static void test_altered_record(void **state)
{
    static char bytes[65536];
    size_t n;

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    server.core.answer = NULL;
    end_say(&client, "to be altered");
    n = end_take(&client, bytes, sizeof bytes);
    bytes[n / 2] ^= 1;
    (void)end_push(&server, bytes, n);
    end_assert_failed(&server, PARLEY_ERROR_TLS_RECORD, BR_ERR_BAD_MAC);
    assert_false(end_heard(&server, "altered"));
    end_move(&client, &server, 4096);
    end_assert_failed(&client, PARLEY_ERROR_TLS_RECORD,
                      BR_ERR_RECV_FATAL_ALERT + BR_ALERT_BAD_RECORD_MAC);
    assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_IS_CLOSED);
}

/* A record that has left in part is not cut by an alert. */
static void test_no_alert_inside_record(void **state)
{
    static char bytes[65536], half[8];
    size_t n;

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    server.core.answer = NULL;
    end_say(&client, "to be altered");
    n = end_take(&client, bytes, sizeof bytes);
    bytes[n / 2] ^= 1;
    end_say(&server, "being sent");
    assert_int_equal(end_take(&server, half, sizeof half), sizeof half);
    (void)end_push(&server, bytes, n);
    end_assert_failed(&server, PARLEY_ERROR_TLS_RECORD, BR_ERR_BAD_MAC);
    assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_IS_CLOSED);
}

/* RFC 6120 5.3.5: an attempt ends the session at once, and nothing is said about it. */
static void test_renegotiation(void **state)
{
    static char bytes[65536];
    size_t n;

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    server.core.answer = NULL;
    br_ssl_engine_remove_flags(server.transport.engine, BR_OPT_NO_RENEGOTIATION);
    assert_int_equal(br_ssl_engine_renegotiate(server.transport.engine), 1);
    end_say(&client, "not any more");
    n = end_take(&server, bytes, sizeof bytes);
    assert_int_equal(end_push(&client, bytes, n), 5); /* the record's header */
    end_assert_failed(&client, PARLEY_ERROR_TLS_RECORD, BR_ERR_UNEXPECTED);
    assert_int_equal(client.core.ups, 1);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    assert_int_equal(end_take(&client, bytes, sizeof bytes), 0);

    /* What no record can be is told as that. */
    end_pair(&client, &server, &plain, 4096);
    server.core.answer = NULL;
    (void)end_push(&client, "\x16\x03\x03\xFF\xFF", 5);
    end_assert_failed(&client, PARLEY_ERROR_TLS_RECORD, BR_ERR_BAD_LENGTH);
    assert_int_equal(end_take(&client, bytes, sizeof bytes) > 0, true);
}

/* A ClientHello of no length, in a record of its own behind the client's Finished. */
static size_t renegotiation(char *to, size_t room)
{
    br_ssl_engine_context *engine = client.transport.engine;
    unsigned char *in;
    size_t n;

    engine->application_data = 1;
    engine->record_type_out = 22;
    in = br_ssl_engine_sendapp_buf(engine, &n);
    assert_non_null(in);
    memcpy(in, "\x01\0\0\0", 4);
    br_ssl_engine_sendapp_ack(engine, 4);
    br_ssl_engine_flush(engine, 0);
    n = end_take(&client, to, room);
    assert_true(n > 5 && to[0] == 22);
    return n;
}

/* Where the server's answer to Finished has not left, or only in part (its two records), or all of
   it before it is asked for anything: whole, and byte by byte. */
static void test_renegotiation_behind_finished(void **state)
{
    static char bytes[65536];

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        const size_t records = i / 2;
        size_t n = 0, more, at = 0;

        end_client(&client, &direct);
        end_server(&server, &direct);
        (void)end_push(&server, bytes, end_take(&client, bytes, sizeof bytes));
        while ((n = end_take(&server, bytes, sizeof bytes)) > 0) {
            (void)end_push(&client, bytes, n);
        }
        while ((more = end_take(&client, bytes + n, sizeof bytes - n)) > 0) {
            n += more;
        }
        if (records == 0) {
            n += renegotiation(bytes + n, sizeof bytes - n);
        } else if (records == 1) {
            (void)end_push(&server, bytes, n);
            assert_int_equal(end_take(&server, bytes, sizeof bytes), 6); /* ChangeCipherSpec */
            n = renegotiation(bytes, sizeof bytes);
        } else {
            n += renegotiation(bytes + n, sizeof bytes - n);
        }
        while (at < n && (more = parley_tls_transport_push(&server.transport, bytes + at,
                                                           i % 2 ? 1 : n - at)) > 0) {
            at += more;
        }
        while (records == 2 && parley_tls_transport_out_buf(&server.transport, &more) != NULL) {
            parley_tls_transport_out_ack(&server.transport, more);
        }
        while (end_take(&server, bytes, sizeof bytes) > 0) {
            continue;
        }
        end_assert_failed(&server, PARLEY_ERROR_TLS_RECORD, BR_ERR_UNEXPECTED);
        assert_int_equal(server.core.ups, 0);
        assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_IS_CLOSED);
    }
}

/* The core closed while the handshake ran: nothing more is said but close_notify. */
static void test_closed_in_handshake(void **state)
{
    static char bytes[65536];

    (void)state;
    end_client(&client, &direct);
    (void)end_take(&client, bytes, sizeof bytes);
    end_say(&client, "must not leave");
    client.core.state = PARLEY_IS_CLOSED;
    assert_true(parley_tls_transport_run(&client.transport) & PARLEY_HAS_OUTPUT);
    assert_int_equal(end_take(&client, bytes, sizeof bytes), 7);
    assert_int_equal(bytes[0], 21);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    assert_false(end_wire_has(&client, "must not leave"));
}

/* Closed: the keys are gone, from the engine and from the record buffer. */
static void test_wiped(void **state)
{
    static const unsigned char zero[sizeof client.buffer];

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    assert_memory_not_equal(client.transport.engine->session.master_secret, zero, 48);
    client.core.state |= PARLEY_IS_CLOSED;
    end_move(&client, &server, 4096);
    assert_int_equal(parley_tls_transport_run(&client.transport), PARLEY_IS_CLOSED);
    assert_memory_equal(client.transport.engine, zero, sizeof *client.transport.engine);
    assert_memory_equal(client.buffer, zero, sizeof client.buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_certificates),
        cmocka_unit_test(test_alert_before_closed),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_close_notify),
        cmocka_unit_test(test_close_notify_then_end),
        cmocka_unit_test(test_answer_before_close),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_end_behind_back_pressure),
        cmocka_unit_test(test_altered_record),
        cmocka_unit_test(test_no_alert_inside_record),
        cmocka_unit_test(test_renegotiation),
        cmocka_unit_test(test_renegotiation_behind_finished),
        cmocka_unit_test(test_closed_in_handshake),
        cmocka_unit_test(test_wiped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
