/* The handshake in pieces: however the peer spreads its messages over records the
   handshake is the same, one call does few public-key steps, and what is wrong is
   named for the message it is in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/seeded.h"
#include "common/tls_ends.h"

static end client, server;
static const end_settings direct = {.direct = true};
static const end_settings chain = {.direct = true, .chain = {"good-middle", "middle"}};
static const end_settings deep = {.direct = true, .chain = {"good-lower", "lower", "middle"}};
static char bytes[65536];

/* BearSSL's elliptic curves, counted. */
static br_ec_impl counted;
static unsigned steps;

static uint32_t count_mul(unsigned char *g, size_t g_len, const unsigned char *x, size_t x_len,
                          int curve)
{
    steps++;
    return br_ec_get_default()->mul(g, g_len, x, x_len, curve);
}

static size_t count_mulgen(unsigned char *r, const unsigned char *x, size_t x_len, int curve)
{
    steps++;
    return br_ec_get_default()->mulgen(r, x, x_len, curve);
}

static uint32_t count_muladd(unsigned char *a, const unsigned char *b, size_t len,
                             const unsigned char *x, size_t x_len, const unsigned char *y,
                             size_t y_len, int curve)
{
    steps++;
    return br_ec_get_default()->muladd(a, b, len, x, x_len, y, y_len, curve);
}

static void open_counted(const end_settings *settings)
{
    counted = *br_ec_get_default();
    counted.mul = count_mul;
    counted.mulgen = count_mulgen;
    counted.muladd = count_muladd;
    end_client(&client, settings);
    end_server(&server, settings);
    client.tls.client.eng.iec = &counted;
    client.transport.verifier.ec = &counted;
    server.tls.server.eng.iec = &counted;
    server.tls.server.chain_handler.single_ec.iec = &counted;
}

/* Pushes all; notes the steps of each call that has any. */
static void push_counted(end *to, size_t len, char *text)
{
    size_t at = 0, n;

    do {
        steps = 0;
        n = parley_tls_transport_push(&to->transport, bytes + at, len - at);
        at += n;
        if (steps > 0) {
            assert_true(steps < 10 && strlen(text) < 15);
            text[strlen(text)] = (char)('0' + steps);
        }
    } while (n > 0);
    assert_int_equal(at, len);
}

static size_t take_all(end *from)
{
    size_t len = 0, n;

    while ((n = end_take(from, bytes + len, sizeof bytes - len)) > 0) {
        len += n;
    }
    return len;
}

static void test_steps(void **state)
{
    char client_steps[17] = "", server_steps[17] = "";

    (void)state;
    open_counted(&deep);
    for (int flight = 0; flight < 3; flight++) {
        size_t len = take_all(&client);

        push_counted(&server, len, server_steps);
        len = take_all(&server);
        push_counted(&client, len, client_steps);
    }
    end_assert_up(&client);
    end_assert_up(&server);
    /* The second certificate's key; the third's, and the anchor's; the
       ServerKeyExchange; the key pair with the shared secret. */
    assert_string_equal(client_steps, "1212");
    /* The key pair with the signature, the shared secret. */
    assert_string_equal(server_steps, "21");
}

/* Puts the handshake messages of a flight into records of at most `size` bytes. */
static size_t reframe(const char *from, size_t len, char *to, size_t room, size_t size)
{
    static char messages[32768];
    size_t used = 0, at = 0, out = 0;

    while (at < len && from[at] == 22) {
        size_t n = (size_t)(unsigned char)from[at + 3] << 8 | (unsigned char)from[at + 4];

        memcpy(messages + used, from + at + 5, n);
        used += n;
        at += 5 + n;
    }
    for (size_t i = 0; i < used; i += size) {
        size_t n = used - i < size ? used - i : size;

        assert_true(out + 5 + n <= room);
        memcpy(to + out, "\x16\x03\x03", 3);
        to[out + 3] = (char)(n >> 8);
        to[out + 4] = (char)n;
        memcpy(to + out + 5, messages + i, n);
        out += 5 + n;
    }
    assert_true(out + len - at <= room);
    memcpy(to + out, from + at, len - at);
    return out + len - at;
}

static void test_records(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 64, 100, 512, 1000, 16384};
    static char framed[131072];

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] * 2; i++) {
        size_t len;

        end_client(&client, &chain);
        end_server(&server, &chain);
        (void)end_push(&server, bytes, take_all(&client));
        len = take_all(&server);
        len = reframe(bytes, len, framed, sizeof framed, sizes[i / 2]);
        if (i % 2) {
            assert_int_equal(end_push(&client, framed, len), len);
        } else {
            for (size_t at = 0; at < len; at++) {
                assert_int_equal(end_push(&client, framed + at, 1), 1);
            }
        }
        end_move(&client, &server, 4096);
        end_assert_up(&client);
        end_assert_up(&server);
        assert_int_equal(client.core.info.end_point_len, 32);
    }
}

/* A ServerHello that is right, and ServerHelloDone where a certificate is due: that is
   no matter of ALPN, in one record or in two. */
static void test_unexpected(void **state)
{
    static const char hello[] = "\x02\x00\x00\x2D\x03\x03"
                                "0123456789abcdef0123456789abcdef"
                                "\x00" END_SUITE_BYTES
                                "\x00\x00\x05\xFF\x01\x00\x01\x00\x0E\x00\x00\x00";
    static const char two[] = "\x16\x03\x03\x00\x04\x0E\x00\x00\x00";
    static const char done[] = "\x16\x03\x03\x00\x04\x0E\x00\x00\x00";

    (void)state;
    for (int i = 0; i < 4; i++) {
        end_client(&client, &direct);
        (void)take_all(&client);
        memcpy(bytes, "\x16\x03\x03\x00\x35", 5);
        memcpy(bytes + 5, hello, sizeof hello - 1);
        if (i == 1) {
            bytes[4] = 0x31;
            memcpy(bytes + 5 + 0x31, two, sizeof two - 1);
        }
        if (i < 2) {
            (void)end_push(&client, bytes, 5 + 0x31 + 9);
        } else if (i == 2) { /* twice */
            bytes[4] = 0x31;
            (void)end_push(&client, bytes, 5 + 0x31);
            (void)end_push(&client, bytes, 5 + 0x31);
        } else { /* nothing before it */
            (void)end_push(&client, done, sizeof done - 1);
        }
        end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNEXPECTED);
    }
}

static int start_resuming(parley_tls_transport *t)
{
    br_ssl_session_parameters offered;

    memset(&offered, 0, sizeof offered);
    memcpy(offered.session_id, "0123456789abcdef0123456789abcdef", 32);
    offered.session_id_len = 32;
    offered.version = BR_TLS12;
    offered.cipher_suite = END_SUITE;
    br_ssl_engine_set_session_parameters(t->engine, &offered);
    return br_ssl_client_reset((br_ssl_client_context *)(void *)t->engine, "example.com", 1);
}

/* A ServerHello that is right, and takes up the session that was offered, and then what is not
   ChangeCipherSpec: that is no matter of ALPN either, and how it is cut makes no difference. */
static void test_unexpected_resumed(void **state)
{
    static const char hello[] = "\x16\x03\x03\x00\x51\x02\x00\x00\x4D\x03\x03"
                                "0123456789abcdef0123456789abcdef"
                                "\x20"
                                "0123456789abcdef0123456789abcdef" END_SUITE_BYTES
                                "\x00\x00\x05\xFF\x01\x00\x01\x00";
    static const char *const records[] = {
        "\x16\x03\x03\x00\x07\x0B\x00\x00\x03\x00\x00\x00", /* Certificate */
        "\x17\x03\x03\x00\x07 letter"};                     /* application data */
    const size_t hello_len = sizeof hello - 1, len = hello_len + 12;
    parley_tls_core calls;

    (void)state;
    memcpy(bytes, hello, hello_len);
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        memcpy(bytes + hello_len, records[i], 12);
        for (size_t cut = 0; cut <= len; cut++) { /* 0: whole; all: byte by byte */
            end_client(&client, &direct);
            calls = *client.transport.calls;
            calls.start = start_resuming;
            client.transport.calls = &calls;
            while (end_take(&client, client.inbox, sizeof client.inbox) > 0) {
                continue;
            }
            for (size_t at = 0, n; at < len; at += n) {
                n = cut == len ? 1 : at == 0 && cut > 0 ? cut : len - at;
                (void)end_push(&client, bytes + at, n);
            }
            end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, BR_ERR_UNEXPECTED);
        }
    }
}

/* A ServerHello of an old version, of one that was not offered, or with a suite without forward
   secrecy or encryption: however it is cut it is refused, with an alert and nothing else (attack
   row A30; RFC 7590, RFC 9325). */
static void test_old(void **state)
{
    static const char hello[] = "\x16\x03\x03\x00\x31\x02\x00\x00\x2D\x03\x03"
                                "0123456789abcdef0123456789abcdef"
                                "\x00\xC0\x2B\x00\x00\x05\xFF\x01\x00\x01\x00";
    const size_t len = sizeof hello - 1;
    static const struct {
        unsigned version, suite;
        int error;
    } rows[] = {
        {0x0002, 0xC02B, BR_ERR_UNSUPPORTED_VERSION}, {0x0300, 0xC02B, BR_ERR_UNSUPPORTED_VERSION},
        {0x0301, 0xC02B, BR_ERR_UNSUPPORTED_VERSION}, {0x0302, 0xC02B, BR_ERR_UNSUPPORTED_VERSION},
        {0x0304, 0xC02B, BR_ERR_UNSUPPORTED_VERSION}, {0x0303, 0x0000, BR_ERR_BAD_CIPHER_SUITE},
        {0x0303, 0x0002, BR_ERR_BAD_CIPHER_SUITE}, /* RSA, NULL */
        {0x0303, 0x0005, BR_ERR_BAD_CIPHER_SUITE}, /* RSA, RC4 */
        {0x0303, 0x002F, BR_ERR_BAD_CIPHER_SUITE}, /* RSA, CBC */
        {0x0303, 0x009C, BR_ERR_BAD_CIPHER_SUITE}, /* RSA, GCM */
        {0x0303, 0xC006, BR_ERR_BAD_CIPHER_SUITE}, /* ECDHE, NULL */
        {0x0303, 0xC007, BR_ERR_BAD_CIPHER_SUITE}, /* ECDHE, RC4 */
        {0x0303, 0xC009, BR_ERR_BAD_CIPHER_SUITE}, /* ECDHE, CBC */
        {0x0303, 0x1301, BR_ERR_BAD_CIPHER_SUITE}, /* of TLS 1.3 */
        {0x0303, 0x00FF, BR_ERR_BAD_CIPHER_SUITE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t cut = 0; cut <= len; cut++) { /* 0: whole; all: byte by byte */
            end_client(&client, &direct);
            (void)take_all(&client);
            memcpy(bytes, hello, len);
            bytes[9] = (char)(rows[i].version >> 8);
            bytes[10] = (char)rows[i].version;
            bytes[44] = (char)(rows[i].suite >> 8);
            bytes[45] = (char)rows[i].suite;
            for (size_t at = 0, n; at < len; at += n) {
                n = cut == len ? 1 : at == 0 && cut > 0 ? cut : len - at;
                (void)end_push(&client, bytes + at, n);
            }
            end_assert_failed(&client, PARLEY_ERROR_TLS_HANDSHAKE, rows[i].error);
            assert_int_equal(client.core.ups, 0);
            assert_int_equal(take_all(&client), 7);
            assert_int_equal(bytes[0], 21);
        }
    }
}

/* Lengths that lie, records that are empty, too long or of other kinds, random bytes: an end,
   and not up. */
static void test_any_bytes(void **state)
{
    static char flight[8192];
    uint32_t seed = 12;
    size_t total;

    (void)state;
    end_client(&client, &chain);
    end_server(&server, &chain);
    (void)end_push(&server, bytes, take_all(&client));
    total = take_all(&server);
    memcpy(flight, bytes, total);
    for (int round = 0; round < 1500; round++) {
        size_t len = total;

        end_client(&client, &chain);
        (void)take_all(&client);
        memcpy(bytes, flight, total);
        for (uint32_t n = 1 + seeded_below(&seed, 3); n > 0; n--) {
            /* most in the headers at the start and in those of the certificates */
            size_t at = seeded_below(&seed, round % 2 ? 120 : (uint32_t)total);

            bytes[at] = (char)seeded_next(&seed);
        }
        if (round % 3 == 0) {
            len = seeded_below(&seed, (uint32_t)total);
        }
        (void)end_push(&client, bytes, len);
        parley_tls_transport_finish(&client.transport);
        parley_tls_transport_finish(&client.transport);
        assert_int_equal(client.core.ups, 0);
        assert_int_equal(client.core.failures, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),      cmocka_unit_test(test_records),
        cmocka_unit_test(test_unexpected), cmocka_unit_test(test_unexpected_resumed),
        cmocka_unit_test(test_old),        cmocka_unit_test(test_any_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
