/* Both roles against OpenSSL, over loopback: every suite, every curve, RSA and EC
   certificates, ALPN, closing, and what must be refused. The
   cores are scripted ones (common/tls_ends.h); STARTTLS has the real server core. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/openssl_child.h"
#include "common/tls_ends.h"
#include "common/tls_session.h"
#include "parley/base64.h"

#define FOLDER PARLEY_TEST_DATA "/certificates/"

static char anchor_path[64] = "/dev/null";
static end tls_end;

static bool end_is_up(void)
{
    return tls_end.core.ups > 0 || tls_end.core.failures > 0;
}

static bool end_has_line(void)
{
    return tls_end.core.failures > 0 ||
           (tls_end.core.in_len > 0 && tls_end.core.in[tls_end.core.in_len - 1] == '\n');
}

/* Moves bytes until `done`, or the end. */
static void end_run(int wire, bool (*done)(void))
{
    time_t deadline = time(NULL) + CHILD_SECONDS;
    char bytes[16384];

    for (;;) {
        struct pollfd p = {wire, 0, 0};
        unsigned state = parley_tls_transport_run(&tls_end.transport);
        size_t len;
        const void *data = parley_tls_transport_out_buf(&tls_end.transport, &len);
        ssize_t n;

        if (data != NULL && len > 0) {
            n = send(wire, data, len, MSG_NOSIGNAL);
            if (n <= 0) {
                parley_tls_transport_finish(&tls_end.transport);
                parley_tls_transport_finish(&tls_end.transport);
                return;
            }
            parley_tls_transport_out_ack(&tls_end.transport, (size_t)n);
            continue;
        }
        if ((state & PARLEY_IS_CLOSED) || (done != NULL && done())) {
            return;
        }
        p.events = POLLIN;
        assert_true(time(NULL) <= deadline);
        assert_true(poll(&p, 1, CHILD_SECONDS * 1000) > 0);
        n = recv(wire, bytes, sizeof bytes, 0);
        if (n <= 0) {
            parley_tls_transport_finish(&tls_end.transport);
            continue;
        }
        for (size_t at = 0; at < (size_t)n;) {
            size_t taken = parley_tls_transport_push(&tls_end.transport, bytes + at,
                                                     (size_t)n - at);

            at += taken;
            if (taken == 0) {
                break;
            }
        }
    }
}

/* The client against s_server; `words` after the fixed ones. */
static void client_against(const end_settings *settings, const char *certificate, const char *key,
                           const char *const *words, child *c, int *wire)
{
    const char *all[CHILD_WORDS] = {"s_server", "-accept", "127.0.0.1:0", "-certform", "DER",
                                    "-keyform", "DER",     "-cert",       certificate, "-key",
                                    key};
    size_t count = 11;
    unsigned port;

    while (*words != NULL) {
        all[count++] = *words++;
    }
    child_start(c, all);
    child_wait_for(c, "ACCEPT 127.0.0.1:");
    assert_int_equal(sscanf(strstr(c->said, "ACCEPT 127.0.0.1:"), "ACCEPT 127.0.0.1:%u", &port), 1);
    *wire = loopback_open(false, port, NULL);
    end_client(&tls_end, settings);
    end_run(*wire, end_is_up);
}

static void test_client_suites(void **state)
{
    static const struct {
        const char *cipher;
        const char *group;
        bool rsa;
        uint16_t suite;
    } rows[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", "X25519", false, 0xC02B},
        {"ECDHE-ECDSA-AES256-GCM-SHA384", "P-256", false, 0xC02C},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", "P-384", false, 0xCCA9},
        {"ECDHE-RSA-AES128-GCM-SHA256", "P-521", true, 0xC02F},
        {"ECDHE-RSA-AES256-GCM-SHA384", "X25519", true, 0xC030},
        {"ECDHE-RSA-CHACHA20-POLY1305", "P-256", true, 0xCCA8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        end_settings settings = {.direct = true, .anchor = rows[i].rsa ? "ca-rsa" : "ca"};
        /* "good" allows a server alone no more than a signature: s_server signs. */
        const char *words[] = {"-tls1_2", "-cipher",     rows[i].cipher, "-groups", rows[i].group,
                               "-alpn",   "xmpp-client", "-rev",         NULL};
        child c;
        int wire;

        client_against(&settings, rows[i].rsa ? FOLDER "good-rsa.der" : FOLDER "good.der",
                       rows[i].rsa ? FOLDER "server-rsa.key.der" : FOLDER "server.key.der", words,
                       &c, &wire);
        end_assert_up(&tls_end);
        assert_int_equal(tls_end.core.info.suite, rows[i].suite);
        assert_true(tls_end.core.info.verified);
        assert_string_equal(br_ssl_engine_get_selected_protocol(tls_end.transport.engine),
                            "xmpp-client");
        end_say(&tls_end, "parley\n");
        end_run(wire, end_has_line);
        assert_true(end_heard(&tls_end, "yelrap\n"));
        tls_end.core.state |= PARLEY_IS_CLOSED;
        end_run(wire, NULL);
        assert_int_equal(tls_end.core.failures, 0);
        (void)close(wire);
        child_stop(&c);
    }
}

/* s_server is asked to close: it sends close_notify. Killed: the wire is cut. */
static void test_client_closing(void **state)
{
    static const char *const words[] = {"-tls1_2", "-alpn", "xmpp-client", "-rev", NULL};
    end_settings settings = {.direct = true};

    (void)state;
    for (int cut = 0; cut < 2; cut++) {
        child c;
        int wire;

        client_against(&settings, FOLDER "good.der", FOLDER "server.key.der", words, &c, &wire);
        end_assert_up(&tls_end);
        if (cut) {
            assert_int_equal(kill(c.pid, SIGKILL), 0);
        } else {
            end_say(&tls_end, "CLOSE\n");
        }
        end_run(wire, NULL);
        if (cut) {
            end_assert_failed(&tls_end, PARLEY_ERROR_TLS_TRUNCATED, 0);
        } else {
            assert_int_equal(tls_end.core.failures, 0);
            assert_int_equal(tls_end.core.finishes, 1);
        }
        (void)close(wire);
        child_stop(&c);
    }
}

static void test_client_refusals(void **state)
{
    static const struct {
        const char *certificate;
        const char *words[5];
        parley_code code;
        int tls_code; /* -1: any */
    } rows[] = {
        {FOLDER "good.der", {"-tls1_3"}, PARLEY_ERROR_TLS_HANDSHAKE, -1},
        {FOLDER "good.der",
         {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"},
         PARLEY_ERROR_TLS_HANDSHAKE,
         -1},
        {FOLDER "good.der",
         {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"},
         PARLEY_ERROR_TLS_HANDSHAKE,
         BR_ERR_RECV_FATAL_ALERT + BR_ALERT_HANDSHAKE_FAILURE},
        {FOLDER "good.der",
         {"-tls1_2", "-alpn", "h2"},
         PARLEY_ERROR_TLS_ALPN,
         BR_ERR_RECV_FATAL_ALERT + BR_ALERT_NO_APPLICATION_PROTOCOL},
        {FOLDER "expired.der",
         {"-tls1_2"},
         PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         BR_ERR_X509_EXPIRED},
        {FOLDER "name-cn.der",
         {"-tls1_2"},
         PARLEY_ERROR_TLS_CERTIFICATE_NAME,
         PARLEY_TLS_NAME_NONE},
        {FOLDER "wildcard-top.der",
         {"-tls1_2"},
         PARLEY_ERROR_TLS_CERTIFICATE_NAME,
         PARLEY_TLS_NAME_WILDCARD},
    };
    end_settings settings = {.direct = true};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        child c;
        int wire;

        client_against(&settings, rows[i].certificate, FOLDER "server.key.der", rows[i].words, &c,
                       &wire);
        end_assert_failed(&tls_end, rows[i].code,
                          rows[i].tls_code < 0 ? tls_end.core.tls_code : rows[i].tls_code);
        assert_int_equal(tls_end.core.ups, 0);
        end_run(wire, NULL);
        (void)close(wire);
        if (i >= 4) { /* the alert arrived */
            child_wait_for(&c, "alert");
        }
        child_stop(&c);
    }
}

/* s_client against the server; `words` after the fixed ones. */
static void server_against(const end_settings *settings, const char *const *words, child *c,
                           int *wire)
{
    char address[32];
    const char *all[CHILD_WORDS] = {"s_client",         "-connect",    address,
                                    "-CAfile",          anchor_path,   "-verify_return_error",
                                    "-verify_hostname", "example.com", "-attime",
                                    "1767225600"};
    size_t count = 10;
    unsigned port;
    int listener = loopback_open(true, 0, &port);

    (void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
    while (*words != NULL) {
        all[count++] = *words++;
    }
    child_start(c, all);
    *wire = loopback_accept(listener);
    end_server(&tls_end, settings);
    end_run(*wire, end_is_up);
}

static void write_anchor(const char *name)
{
    const br_x509_certificate *file = certificate_load(name);
    char text[8192];
    FILE *out;
    int fd;

    if (strcmp(anchor_path, "/dev/null") != 0) {
        assert_int_equal(unlink(anchor_path), 0);
    }
    memcpy(anchor_path, "anchor.XXXXXX", sizeof "anchor.XXXXXX");
    fd = mkstemp(anchor_path);
    assert_true(fd >= 0);
    out = fdopen(fd, "w");
    assert_non_null(out);
    assert_true(PARLEY_BASE64_SIZE(file->data_len) < sizeof text);
    parley_base64_encode(file->data, file->data_len, text);
    assert_true(fprintf(out, "-----BEGIN CERTIFICATE-----\n") > 0);
    for (size_t at = 0; at < PARLEY_BASE64_SIZE(file->data_len); at += 64) {
        size_t rest = PARLEY_BASE64_SIZE(file->data_len) - at;

        assert_true(fprintf(out, "%.*s\n", (int)(rest < 64 ? rest : 64), text + at) > 0);
    }
    assert_true(fprintf(out, "-----END CERTIFICATE-----\n") > 0);
    assert_int_equal(fclose(out), 0);
}

static int clean_up(void **state)
{
    (void)state;
    child_stop_all();
    return strcmp(anchor_path, "/dev/null") == 0 ? 0 : unlink(anchor_path);
}

static void test_server_suites(void **state)
{
    static const struct {
        const char *cipher;
        const char *group;
        bool rsa;
        uint16_t suite;
    } rows[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", "P-521", false, 0xC02B},
        {"ECDHE-ECDSA-AES256-GCM-SHA384", "X25519", false, 0xC02C},
        {"ECDHE-ECDSA-CHACHA20-POLY1305", "P-256", false, 0xCCA9},
        {"ECDHE-RSA-AES128-GCM-SHA256", "P-384", true, 0xC02F},
        {"ECDHE-RSA-AES256-GCM-SHA384", "P-256", true, 0xC030},
        {"ECDHE-RSA-CHACHA20-POLY1305", "X25519", true, 0xCCA8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        end_settings settings = {.direct = true};
        const char *words[] = {"-tls1_2", "-cipher", rows[i].cipher, "-groups",
                               /* ECDSA needs the certificate's curve too */
                               rows[i].group, "-alpn", "xmpp-client", NULL};
        char groups[32];
        child c;
        int wire;

        (void)snprintf(groups, sizeof groups, "%s%s", rows[i].group,
                       rows[i].rsa || strcmp(rows[i].group, "P-256") == 0 ? "" : ":P-256");
        words[4] = groups;
        if (rows[i].rsa) {
            settings.chain[0] = "good-rsa";
            settings.key = "server-rsa";
        }
        write_anchor(rows[i].rsa ? "ca-rsa" : "ca");
        server_against(&settings, words, &c, &wire);
        end_assert_up(&tls_end);
        assert_int_equal(tls_end.core.info.suite, rows[i].suite);
        assert_int_equal(write(c.in, "from openssl\n", 13), 13);
        end_run(wire, end_has_line);
        assert_true(end_heard(&tls_end, "from openssl\n"));
        end_say(&tls_end, "to openssl.");
        tls_end.core.state |= PARLEY_IS_CLOSED;
        end_run(wire, NULL);
        child_wait_for(&c, "to openssl.");
        assert_non_null(strstr(c.said, "Verification: OK"));
        assert_non_null(strstr(c.said, "Verified peername: example.com"));
        assert_non_null(strstr(c.said, "ALPN protocol: xmpp-client"));
        assert_non_null(strstr(c.said, "Secure Renegotiation IS supported"));
        (void)close(wire);
        child_stop(&c);
        assert_int_equal(tls_end.core.failures, 0);
    }
}

static void test_server_refusals(void **state)
{
    static const struct {
        const char *words[5];
        parley_code code;
        const char *says;
    } rows[] = {
        {{"-tls1_3"}, PARLEY_ERROR_TLS_HANDSHAKE, "alert handshake failure"},
        /* The alert is a record of TLS 1.2, which OpenSSL does not read then. */
        {{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"},
         PARLEY_ERROR_TLS_HANDSHAKE,
         "wrong version number"},
        {{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"},
         PARLEY_ERROR_TLS_HANDSHAKE,
         "alert handshake failure"},
        {{"-tls1_2", "-alpn", "h2"}, PARLEY_ERROR_TLS_ALPN, "alert no application protocol"},
    };
    end_settings settings = {.direct = true};

    (void)state;
    write_anchor("ca");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        child c;
        int wire;

        server_against(&settings, rows[i].words, &c, &wire);
        if (tls_end.core.failures != 1 || tls_end.core.code != rows[i].code) {
            fail_msg("%s: code %d, BearSSL %d", rows[i].words[0], (int)tls_end.core.code,
                     tls_end.core.tls_code);
        }
        end_run(wire, NULL);
        (void)close(wire);
        child_wait_for(&c, rows[i].says);
        child_stop(&c);
    }
}

/* OpenSSL asks to renegotiate: refused, and nothing of the session is lost by us. */
static void test_server_renegotiation(void **state)
{
    static const char *const words[] = {"-tls1_2", "-alpn", "xmpp-client", NULL};
    end_settings settings = {.direct = true};
    child c;
    int wire;

    (void)state;
    write_anchor("ca");
    server_against(&settings, words, &c, &wire);
    end_assert_up(&tls_end);
    child_wait_for(&c, "---\n");
    assert_int_equal(write(c.in, "R\n", 2), 2);
    end_run(wire, NULL);
    end_assert_failed(&tls_end, PARLEY_ERROR_TLS_RECORD, BR_ERR_UNEXPECTED);
    assert_int_equal(tls_end.core.ups, 1);
    (void)close(wire);
    child_stop(&c);
}

/* The whole way with the real server core: s_client does STARTTLS for XMPP. */
static tls_session session;

static bool server_has_features(void)
{
    return tls_side_has(&session.server_side, "state mechanisms") || session.server_side.closed;
}

static void test_starttls(void **state)
{
    static const char header[] = "<stream:stream to='example.com' version='1.0' "
                                 "xmlns='jabber:client' "
                                 "xmlns:stream='http://etherx.jabber.org/streams'>\n";
    char address[32];
    const char *words[] = {
        "s_client",         "-connect",    address,   "-starttls",  "xmpp",
        "-xmpphost",        "example.com", "-CAfile", anchor_path,  "-verify_return_error",
        "-verify_hostname", "example.com", "-attime", "1767225600", NULL};
    time_t deadline = time(NULL) + CHILD_SECONDS;
    parley_code why;
    unsigned port;
    int listener = loopback_open(true, 0, &port), wire;
    bool header_sent = false;
    child c;

    (void)state;
    write_anchor("ca");
    (void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
    child_start(&c, words);
    wire = loopback_accept(listener);
    tls_session_defaults(&session);
    assert_int_equal(parley_tls_server_init(&session.server, sizeof session.server,
                                            &session.server_config, &session.server_input, &why),
                     PARLEY_OK);
    while (!server_has_features()) {
        struct pollfd p = {wire, POLLIN, 0};
        tls_side *side = &session.server_side;
        size_t sent = side->wire_len;
        ssize_t n;

        while (tls_session_server_step(&session)) {
            continue;
        }
        if (side->wire_len > sent) {
            assert_int_equal(send(wire, side->wire + sent, side->wire_len - sent, MSG_NOSIGNAL),
                             side->wire_len - sent);
            continue;
        }
        if (!header_sent && tls_side_has(side, "tls ")) {
            assert_int_equal(write(c.in, header, sizeof header - 1), sizeof header - 1);
            header_sent = true;
        }
        assert_true(time(NULL) <= deadline);
        assert_true(poll(&p, 1, CHILD_SECONDS * 1000) > 0);
        n = recv(wire, side->inbox + side->inbox_len, sizeof side->inbox - side->inbox_len, 0);
        if (n <= 0) {
            child_read(&c);
            fail_msg("s_client left: %s\n%s", c.said, side->log);
        }
        side->inbox_len += (size_t)n;
    }
    assert_false(session.server_side.closed);
    (void)close(wire);
    child_wait_for(&c, "SCRAM-SHA-256");
    assert_non_null(strstr(c.said, "Verification: OK"));
    child_stop(&c);
}

/* Runs the real client until TLS is up. */
static parley_tls_info client_up(int wire)
{
    time_t deadline = time(NULL) + CHILD_SECONDS;
    parley_event event = {.kind = PARLEY_EVENT_NONE};
    char bytes[4096];

    while (event.kind != PARLEY_EVENT_TLS) {
        struct pollfd p = {wire, POLLIN, 0};
        const void *data;
        size_t len;

        (void)parley_tls_client_run(&session.client);
        data = parley_tls_client_out_buf(&session.client, &len);
        if (parley_client_event(&session.client.core, &event)) {
            assert_int_not_equal(event.kind, PARLEY_EVENT_CLOSED);
        } else if (data != NULL) {
            assert_int_equal(send(wire, data, len, MSG_NOSIGNAL), len);
            parley_tls_client_out_ack(&session.client, len);
        } else {
            ssize_t n;

            assert_true(time(NULL) <= deadline);
            assert_true(poll(&p, 1, CHILD_SECONDS * 1000) > 0);
            n = recv(wire, bytes, sizeof bytes, 0);
            assert_true(n > 0);
            for (size_t at = 0, taken = 1; at < (size_t)n && taken > 0; at += taken) {
                taken = parley_tls_client_push(&session.client, bytes + at, (size_t)n - at);
            }
        }
    }
    return *event.tls;
}

/* s_server remembers sessions by their identifiers: resumed, and forgotten after it is
   started anew. */
static void test_client_resumes(void **state)
{
    static const char *const words[] = {"s_server",
                                        "-accept",
                                        "127.0.0.1:0",
                                        "-certform",
                                        "DER",
                                        "-keyform",
                                        "DER",
                                        "-cert",
                                        FOLDER "good.der",
                                        "-key",
                                        FOLDER "server.key.der",
                                        "-tls1_2",
                                        "-alpn",
                                        "xmpp-client",
                                        "-rev",
                                        NULL};
    parley_tls_session kept;
    parley_tls_info first, info;

    (void)state;
    for (int life = 0; life < 2; life++) {
        unsigned port;
        child c;

        child_start(&c, words);
        child_wait_for(&c, "ACCEPT 127.0.0.1:");
        assert_int_equal(sscanf(strstr(c.said, "ACCEPT 127.0.0.1:"), "ACCEPT 127.0.0.1:%u", &port),
                         1);
        for (int round = 0; round < 3; round++) {
            int wire = loopback_open(false, port, NULL);
            uint32_t phase = 0;
            parley_code why;

            tls_session_defaults(&session);
            session.client_core.security = PARLEY_DIRECT_TLS;
            assert_int_equal(parley_tls_client_init(&session.client, sizeof session.client,
                                                    &session.client_config, &session.client_input,
                                                    &why),
                             PARLEY_OK);
            assert_int_equal(parley_tls_client_resume(&session.client,
                                                      life + round > 0 ? &kept : NULL),
                             life + round > 0);
            info = client_up(wire);
            assert_true(info.verified);
            assert_int_equal(info.resumed, round > 0);
            assert_int_equal(info.unique_len, round > 0 ? 0 : 12);
            if (round == 0) {
                first = info;
                assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
            } else {
                assert_memory_equal(info.end_point, first.end_point, 32);
                assert_memory_equal(info.key_hash, first.key_hash, 32);
            }
            /* s_server forgets a session that was cut: close_notify must go out. */
            parley_client_close(&session.client.core);
            (void)parley_client_deadline(&session.client.core, &phase);
            parley_client_expired(&session.client.core, phase);
            while (parley_tls_client_run(&session.client) & PARLEY_HAS_OUTPUT) {
                size_t len;
                const void *data = parley_tls_client_out_buf(&session.client, &len);

                assert_int_equal(send(wire, data, len, MSG_NOSIGNAL), len);
                parley_tls_client_out_ack(&session.client, len);
            }
            (void)close(wire);
        }
        child_stop(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_suites),   cmocka_unit_test(test_client_closing),
        cmocka_unit_test(test_client_refusals), cmocka_unit_test(test_server_suites),
        cmocka_unit_test(test_server_refusals), cmocka_unit_test(test_server_renegotiation),
        cmocka_unit_test(test_starttls),        cmocka_unit_test(test_client_resumes),
    };

    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, clean_up);
}
