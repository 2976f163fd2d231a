/* The transport between a wire and a core, with scripted cores: the switch to TLS,
   what goes into the handshake and what it reports, and the flow of bytes. */
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

static void test_session(void **state)
{
    static const size_t chunks[] = {1, 2, 7, 100, 1460, 65536};
    static const bool kinds[] = {false, true};

    (void)state;
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0] * 2; i++) {
        end_settings settings = {.direct = kinds[i % 2]};

        end_pair(&client, &server, &settings, chunks[i / 2]);
        end_assert_up(&client);
        end_assert_up(&server);
        if (!settings.direct) {
            assert_true(end_heard(&client, "proceed!"));
        }
        server.core.answer = NULL;
        end_say(&client, "a secret of the client");
        end_say(&server, "a secret of the server");
        end_move(&client, &server, chunks[i / 2]);
        assert_true(end_heard(&server, "a secret of the client"));
        assert_true(end_heard(&client, "a secret of the server"));
        assert_false(end_wire_has(&client, "secret"));
        assert_false(end_wire_has(&server, "secret"));
        assert_false(end_wire_has(&server, "TLS") && end_wire_has(&client, "TLS"));
    }
}

static void test_info(void **state)
{
    static const struct {
        end_settings settings;
        const char *leaf;
    } rows[] = {
        {{.chain = {"good"}}, "good"},
        {{.chain = {"good-middle", "middle"}}, "good-middle"},
        {{.chain = {"good-rsa"}, .key = "server-rsa", .anchor = "ca-rsa"}, "good-rsa"},
#ifndef PARLEY_TLS_SMALL
        {{.chain = {"good-sha384"}}, "good-sha384"},
        {{.chain = {"own"}, .key = "own", .pin = "own", .pin_only = true}, "own"},
#endif
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const parley_tls_info *a = &client.core.info, *b = &server.core.info;
        const br_x509_certificate *file = certificate_load(rows[i].leaf);
        bool rsa = rows[i].settings.key != NULL && strstr(rows[i].settings.key, "rsa") != NULL;
        unsigned char zero[12] = {0};
        br_sha256_context sha256;
        br_sha384_context sha384;
        unsigned char expected[64];

        end_pair(&client, &server, &rows[i].settings, 4096);
        end_assert_up(&client);
        end_assert_up(&server);
        assert_true(a->verified);
        assert_false(b->verified);
        assert_int_equal(a->version, 0x0303);
        assert_int_equal(b->version, 0x0303);
        assert_int_equal(a->suite, b->suite);
        assert_non_null(strstr(parley_tls_suite_name(a->suite), rsa ? "ECDHE_RSA" : "ECDHE_ECDSA"));
        assert_false(a->resumed);
        assert_true(a->has_key_hash);
        assert_false(b->has_key_hash);
        assert_memory_equal(a->key_hash, certificate_key_hash(rows[i].leaf), 32);
        assert_int_equal(a->unique_len, 12);
        assert_memory_equal(a->unique, b->unique, 12);
        assert_memory_not_equal(a->unique, zero, 12);
        if (strcmp(rows[i].leaf, "good-sha384") == 0) {
            br_sha384_init(&sha384);
            br_sha384_update(&sha384, file->data, file->data_len);
            br_sha384_out(&sha384, expected);
            assert_int_equal(a->end_point_len, 48);
        } else {
            br_sha256_init(&sha256);
            br_sha256_update(&sha256, file->data, file->data_len);
            br_sha256_out(&sha256, expected);
            assert_int_equal(a->end_point_len, 32);
        }
        assert_memory_equal(a->end_point, expected, a->end_point_len);
    }
}

/* tls-unique is of the connection. */
static void test_unique_differs(void **state)
{
    end_settings other = {.seed = 1};
    unsigned char first[12];

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    memcpy(first, client.core.info.unique, 12);
    end_pair(&client, &server, &other, 4096);
    assert_memory_not_equal(first, client.core.info.unique, 12);
}

/* Only the caller's seed counts: the same seed, the same bytes. */
static void test_reproducible(void **state)
{
    static char first[sizeof client.wire];
    size_t first_len;
    end_settings other = {.seed = 1};

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    first_len = client.wire_len;
    memcpy(first, client.wire, first_len);
    end_pair(&client, &server, &plain, 4096);
    assert_int_equal(client.wire_len, first_len);
    assert_memory_equal(client.wire, first, first_len);
    end_pair(&client, &server, &other, 4096);
    assert_memory_not_equal(client.wire, first,
                            first_len < client.wire_len ? first_len : client.wire_len);
}

static unsigned get16(const char *p)
{
    return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

/* What an extension of the ClientHello holds; NULL: it is not there. */
static const char *hello_extension(const char *hello, size_t len, unsigned wanted, unsigned *size)
{
    size_t at = 5 + 4 + 2 + 32;

    at += 1 + (size_t)(unsigned char)hello[at]; /* session */
    at += 2 + get16(hello + at);                /* suites */
    at += 1 + (size_t)(unsigned char)hello[at]; /* compression */
    for (at += 2; at + 4 <= len; at += 4 + get16(hello + at + 2)) {
        if (get16(hello + at) == wanted) {
            *size = get16(hello + at + 2);
            return hello + at + 4;
        }
    }
    return NULL;
}

/* TLS 1.2, six suites, no SHA-1; SNI for a DNS name alone; ALPN with direct TLS alone. */
/* Bytes of the lists of suites and of signatures. */
#ifdef PARLEY_TLS_SMALL
enum { SUITES = 4, SIGNATURES = 4 };
#else
enum { SUITES = 12, SIGNATURES = 12 };
#endif

static void test_client_hello(void **state)
{
    static const struct {
        const char *domain;
        const char *sni;
        bool direct;
    } rows[] = {
        {"example.com", "example.com", true},
        {"Example.COM.", "example.com", true},
        {"example.com", "example.com", false},
        {"192.0.2.1", NULL, true},
        {"b\xC3\xBC"
         "cher.example",
         PARLEY_UNICODE ? "xn--bcher-kva.example" : NULL, true}, /* by Unicode's tables */
        {"[2001:db8::1]", NULL, false},
    };
    char hello[1024];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        end_settings settings = {.domain = rows[i].domain, .direct = rows[i].direct};
        const char *found;
        unsigned size;
        size_t len, at = 5 + 4 + 2 + 32;

        end_client(&client, &settings);
        client.core.state |= PARLEY_WAITS_TLS;
        len = end_take(&client, hello, sizeof hello);
        assert_true(len > 60 && hello[0] == 22 && hello[5] == 1);
        assert_int_equal(get16(hello + 1), 0x0303);
        assert_int_equal(get16(hello + 9), 0x0303);
        at += 1 + (size_t)(unsigned char)hello[at];
        /* And perhaps the signalling suite. */
        assert_in_range(get16(hello + at), SUITES, SUITES + 2);
        for (unsigned n = 0; n < get16(hello + at); n += 2) {
            unsigned suite = get16(hello + at + 2 + n);

            if (suite != 0x00FF) {
                const char *name = parley_tls_suite_name((uint16_t)suite);

                assert_non_null(strstr(name, "ECDHE"));
                assert_true(strstr(name, "GCM") != NULL || strstr(name, "POLY1305") != NULL);
            }
        }
        found = hello_extension(hello, len, 13, &size); /* signature_algorithms */
        assert_non_null(found);
        assert_int_equal(get16(found), SIGNATURES);
        for (unsigned n = 2; n < size; n += 2) {
            assert_in_range(found[n], 4, 6); /* SHA-256, SHA-384, SHA-512 */
        }
        found = hello_extension(hello, len, 0, &size);
        assert_int_equal(found != NULL, rows[i].sni != NULL);
        if (found != NULL) {
            assert_int_equal(size, 5 + strlen(rows[i].sni));
            assert_memory_equal(found + 5, rows[i].sni, size - 5);
        }
        found = hello_extension(hello, len, 16, &size);
        assert_int_equal(found != NULL, rows[i].direct);
        if (found != NULL) {
            assert_int_equal(size, 3 + strlen("xmpp-client"));
            assert_memory_equal(found + 3, "xmpp-client", size - 3);
        }
        assert_null(hello_extension(hello, len, 23, &size)); /* extended master secret */
    }
}

/* One bit changed in what the server sends until the end of the handshake: the
   client never comes up, and what it says is of the handshake. */
static void test_altered_handshake(void **state)
{
    static char bytes[65536];
    size_t total;

    (void)state;
    end_pair(&client, &server, &direct, 65536);
    end_assert_up(&client);
    total = server.wire_len;
    for (size_t target = 0; target < total; target += 3) {
        size_t seen = 0, n;

        end_client(&client, &direct);
        end_server(&server, &direct);
        for (int round = 0; round < 10; round++) {
            n = end_take(&client, bytes, sizeof bytes);
            (void)end_push(&server, bytes, n);
            while ((n = end_take(&server, bytes, sizeof bytes)) > 0) {
                if (target >= seen && target < seen + n) {
                    bytes[target - seen] ^= 0x10;
                }
                seen += n;
                (void)end_push(&client, bytes, n);
            }
        }
        parley_tls_transport_finish(&client.transport);
        if (client.core.ups != 0 || client.core.failures != 1) {
            fail_msg("byte %zu of %zu changed: ups %u, failures %u", target, total, client.core.ups,
                     client.core.failures);
        }
        assert_int_equal(parley_code_layer(client.core.code), PARLEY_LAYER_TLS);
        parley_tls_transport_finish(&client.transport);
        assert_true(parley_tls_transport_run(&client.transport) & PARLEY_IS_CLOSED);
    }
}

/* A server of TLS 1.1 is refused. */
static void test_old_version(void **state)
{
    static const char hello[] = "\x16\x03\x02\x00\x2A\x02\x00\x00\x26\x03\x02"
                                "0123456789abcdef0123456789abcdef\x00\xC0\x2B\x00";
    char bytes[1024];

    (void)state;
    end_client(&client, &direct);
    assert_true(end_take(&client, bytes, sizeof bytes) > 0);
    (void)end_push(&client, hello, sizeof hello - 1);
    end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNSUPPORTED_VERSION);
}

/* RFC 6120 section 13.9.5: no SSL 2.0. Its SERVER-HELLO and its CLIENT-HELLO, in its own records:
   a length whose highest bit is set, what it is, the version 0.2. */
static void test_ssl_2(void **state)
{
    static const char server_hello[] = "\x80\x1E\x04\x00\x01\x00\x02\x00\x00\x00\x03\x00\x10"
                                       "\x07\x00\xC0"
                                       "0123456789abcdef";
    static const char client_hello[] = "\x80\x1C\x01\x00\x02\x00\x03\x00\x00\x00\x10"
                                       "\x07\x00\xC0"
                                       "0123456789abcdef";
    char bytes[1024];

    (void)state;
    end_client(&client, &direct);
    assert_true(end_take(&client, bytes, sizeof bytes) > 0);
    (void)end_push(&client, server_hello, sizeof server_hello - 1);
    end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNSUPPORTED_VERSION);
    end_server(&server, &direct);
    (void)end_push(&server, client_hello, sizeof client_hello - 1);
    end_assert_failed(&server, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNSUPPORTED_VERSION);
}

/* RFC 6120 section 5.4.3.1: nothing may follow <proceed/> but TLS. */
static void test_data_after_proceed(void **state)
{
    (void)state;
    /* In the same piece. */
    end_client(&client, &plain);
    assert_int_equal(parley_tls_transport_push(&client.transport, "proceed!<", 9), 8);
    end_assert_failed(&client, PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 0);
    assert_true(parley_tls_transport_run(&client.transport) == PARLEY_IS_CLOSED);
    /* In a piece of its own, before a byte of TLS has left. */
    end_client(&client, &plain);
    assert_int_equal(parley_tls_transport_push(&client.transport, "proceed!", 8), 8);
    assert_true(parley_tls_transport_run(&client.transport) & PARLEY_HAS_OUTPUT);
    assert_int_equal(client.core.failures, 0);
    assert_int_equal(parley_tls_transport_push(&client.transport, "<", 1), 0);
    end_assert_failed(&client, PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 0);
    /* Left behind while the core was busy with something else. */
    end_client(&client, &plain);
    assert_int_equal(parley_tls_transport_push(&client.transport, "proceed", 7), 7);
    client.core.deaf = true;
    assert_int_equal(parley_tls_transport_push(&client.transport, "<", 1), 0);
    client.core.state |= PARLEY_WAITS_TLS;
    assert_true(parley_tls_transport_run(&client.transport) == PARLEY_IS_CLOSED);
    end_assert_failed(&client, PARLEY_ERROR_TLS_DATA_AFTER_PROCEED, 0);
    assert_int_equal(client.core.in_len, 7);
    /* What comes after the ClientHello is TLS, and not understood. */
    end_client(&client, &plain);
    assert_int_equal(parley_tls_transport_push(&client.transport, "proceed!", 8), 8);
    (void)end_take(&client, client.wire, 1);
    (void)parley_tls_transport_push(&client.transport, "<stream>", 8);
    end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNSUPPORTED_VERSION);
    assert_int_equal(client.core.in_len, 8);
}

/* A client may send its ClientHello without waiting for <proceed/>; the server
   answers <proceed/> in the clear first, and then TLS. */
static void test_pipelined_hello(void **state)
{
    char input[2048] = "begin?", output[8];
    size_t hello;

    (void)state;
    for (size_t cut = 6; cut < 12; cut++) {
        size_t taken, at;

        end_client(&client, &plain);
        client.core.state |= PARLEY_WAITS_TLS;
        hello = end_take(&client, input + 6, sizeof input - 6);
        end_server(&server, &plain);
        server.core.answer = "proceed!";
        taken = parley_tls_transport_push(&server.transport, input, cut);
        assert_int_equal(taken, 6);
        assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_HAS_OUTPUT);
        assert_int_equal(end_push(&server, input + 6, hello), 0);
        for (at = 0; at < 8; at++) {
            assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_HAS_OUTPUT);
            assert_int_equal(end_take(&server, output + at, 1), 1);
        }
        assert_memory_equal(output, "proceed!", 8);
        assert_int_equal(parley_tls_transport_run(&server.transport), PARLEY_WANTS_INPUT);
        assert_int_equal(end_push(&server, input + 6, hello), hello);
        end_move(&client, &server, 4096);
        end_assert_up(&client);
        end_assert_up(&server);
        assert_int_equal(server.core.in_len, 6);
    }
}

/* Direct TLS: ALPN on both sides, none selected, another one selected. */
static void test_alpn(void **state)
{
    /* A ServerHello of 0x0303 with a suite that was offered and ALPN "h2". */
    static const char other[] = "\x16\x03\x03\x00\x37\x02\x00\x00\x33\x03\x03"
                                "0123456789abcdef0123456789abcdef"
                                "\x00" END_SUITE_BYTES
                                "\x00\x00\x0B\x00\x10\x00\x05\x00\x03\x02h2\xFF\x01";
    static const char *h2[] = {"h2"};
    char bytes[4096];
    size_t n;

    (void)state;
    end_pair(&client, &server, &direct, 4096);
    end_assert_up(&client);
    end_assert_up(&server);
    assert_string_equal(br_ssl_engine_get_selected_protocol(client.transport.engine),
                        "xmpp-client");
    /* A server that does not know ALPN. */
    end_client(&client, &direct);
    end_server(&server, &direct);
    br_ssl_engine_set_protocol_names(server.transport.engine, NULL, 0);
    end_move(&client, &server, 4096);
    end_assert_up(&client);
    end_assert_up(&server);
    /* A client that asks for another protocol. */
    end_client(&client, &direct);
    end_server(&server, &direct);
    br_ssl_engine_set_protocol_names(client.transport.engine, h2, 1);
    end_move(&client, &server, 4096);
    end_assert_failed(&server, PARLEY_ERROR_TLS_ALPN,
                      BR_ERR_SEND_FATAL_ALERT + BR_ALERT_NO_APPLICATION_PROTOCOL);
    end_assert_failed(&client, PARLEY_ERROR_TLS_ALPN,
                      BR_ERR_RECV_FATAL_ALERT + BR_ALERT_NO_APPLICATION_PROTOCOL);
    /* A server that selects what was not offered. */
    end_client(&client, &direct);
    n = end_take(&client, bytes, sizeof bytes);
    assert_true(n > 0);
    (void)end_push(&client, other, sizeof other - 1);
    end_assert_failed(&client, PARLEY_ERROR_TLS_ALPN, BR_ERR_UNEXPECTED);
}

/* A core that takes nothing stops the wire, and loses nothing. */
static void test_back_pressure(void **state)
{
    static char bytes[65536];
    size_t n, at = 0;

    (void)state;
    end_pair(&client, &server, &plain, 4096);
    server.core.answer = NULL;
    server.core.deaf = true;
    end_say(&client, "one ");
    n = end_take(&client, bytes, sizeof bytes);
    end_say(&client, "two");
    n += end_take(&client, bytes + n, sizeof bytes - n);
    at = end_push(&server, bytes, n);
    assert_true(at < n);
    assert_false(parley_tls_transport_run(&server.transport) & PARLEY_WANTS_INPUT);
    assert_int_equal(parley_tls_transport_push(&server.transport, bytes + at, n - at), 0);
    server.core.deaf = false;
    assert_int_equal(parley_tls_transport_push(&server.transport, bytes + at, n - at), n - at);
    assert_true(end_heard(&server, "one two"));
}

/* Long texts both ways, with the least buffers and with full ones. */
static void test_buffers(void **state)
{
    static const size_t sizes[] = {PARLEY_TLS_BUFFER_MINIMUM, 2000, 4096 + 922, 17306,
                                   PARLEY_TLS_BUFFER_SIZE};
    static char text[50001];

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        end_settings settings = {.buffer_len = sizes[i]};

        end_pair(&client, &server, &settings, 1000);
        end_assert_up(&client);
        end_assert_up(&server);
        server.core.answer = NULL;
        client.core.in_len = 0;
        server.core.in_len = 0;
        end_say(&client, text);
        end_say(&server, text);
        end_move(&client, &server, 1000);
        assert_true(end_heard(&server, text) && server.core.in_len == sizeof text - 1);
        assert_true(end_heard(&client, text) && client.core.in_len == sizeof text - 1);
    }
}

typedef struct seen {
    char text[256];
    size_t len;
} seen;

static void observe(void *context, bool sent, const char *state, const void *data, size_t len)
{
    seen *s = context;

    s->len += (size_t)snprintf(s->text + s->len, sizeof s->text - s->len, "%s%s:%.*s ",
                               sent ? ">" : "<", state, (int)len, (const char *)data);
    assert_true(s->len < sizeof s->text);
}

static void test_observer(void **state)
{
    static seen s;

    (void)state;
    s.len = 0;
    end_client(&client, &plain);
    end_server(&server, &plain);
    client.transport.observer = observe;
    client.transport.observer_context = &s;
    end_say(&client, "begin?");
    server.core.answer = "proceed!";
    end_move(&client, &server, 4096);
    server.core.answer = NULL;
    end_say(&client, "to");
    end_move(&client, &server, 4096);
    end_say(&server, "from");
    end_move(&client, &server, 4096);
    assert_string_equal(s.text, ">outside:begin? <outside:proceed! >inside:to <inside:from ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_info),
        cmocka_unit_test(test_unique_differs),
        cmocka_unit_test(test_reproducible),
        cmocka_unit_test(test_client_hello),
        cmocka_unit_test(test_data_after_proceed),
        cmocka_unit_test(test_old_version),
        cmocka_unit_test(test_ssl_2),
        cmocka_unit_test(test_altered_handshake),
        cmocka_unit_test(test_pipelined_hello),
        cmocka_unit_test(test_alpn),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_observer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
