/* Whole sessions, both roles, over TLS in memory: STARTTLS and direct TLS, every
   kind of certificate, client certificates, wrong ones, closing and cutting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_session.h"

static tls_session session;

static void assert_ended(const tls_side *side, const parley_outcome *outcome, unsigned state,
                         parley_code code)
{
    if (outcome->code != code || !side->closed || !(state & PARLEY_IS_CLOSED)) {
        fail_msg("code %d (BearSSL %d) instead of %d, closed %d, state 0x%x, log:\n%s",
                 (int)outcome->code, outcome->tls_code, (int)code, side->closed, state, side->log);
    }
}

static void assert_client_ended(parley_code code)
{
    assert_ended(&session.client_side, parley_client_outcome(&session.client.core),
                 parley_tls_client_run(&session.client), code);
}

static void assert_server_ended(parley_code code)
{
    assert_ended(&session.server_side, parley_server_outcome(&session.server.core),
                 parley_tls_server_run(&session.server), code);
}

static bool wire_has(const tls_side *side, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= side->wire_len; i++) {
        if (memcmp(side->wire + i, text, len) == 0) {
            return true;
        }
    }
    return false;
}

static void test_whole_session(void **state)
{
    static const size_t chunks[] = {1, 3, 1460, 65536};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        tls_session_defaults(&session);
        if (i % 2) {
            session.client_core.security = PARLEY_DIRECT_TLS;
            session.server_core.security = PARLEY_DIRECT_TLS;
        }
        session.client_core.resource = parley_string_of("someresource");
        session.send = "wherefore art thou";
        session.close_when_ready = true;
        tls_session_open(&session);
        tls_session_run(&session, chunks[i / 2]);
        assert_client_ended(PARLEY_NO_ERROR);
        assert_server_ended(PARLEY_NO_ERROR);
        assert_true(tls_side_has(&session.client_side, "authenticated SCRAM-SHA-256"));
        assert_true(tls_side_has(&session.client_side, "bound mbed@example.com/someresource"));
        assert_true(tls_side_has(&session.server_side, "bound mbed@example.com/someresource"));
        assert_true(tls_side_has(&session.server_side, "stanza wherefore art thou"));
        assert_true(session.client_side.info.verified);
        assert_memory_equal(session.client_side.info.unique, session.server_side.info.unique, 12);
        assert_int_equal(session.client_side.info.end_point_len, 32);
        assert_int_equal(session.server_side.info.end_point_len, 32);
        assert_memory_equal(session.client_side.info.end_point, session.server_side.info.end_point,
                            32);
        assert_int_equal(wire_has(&session.client_side, "<stream:stream"), i % 2 == 0);
        assert_int_equal(wire_has(&session.client_side, "<starttls"), i % 2 == 0);
        assert_false(wire_has(&session.client_side, "mechanism"));
        assert_false(wire_has(&session.server_side, "mechanism"));
        assert_false(wire_has(&session.client_side, "wherefore"));
    }
}

static void test_certificates(void **state)
{
    static const struct {
        const char *leaf;
        const char *key;
        const char *anchor; /* NULL: "ca" */
        const char *pin;
        bool pin_only;
        parley_code code;
        int tls_code;
    } rows[] = {
        {"good", "server.key", .code = PARLEY_NO_ERROR},
        {"good-rsa", "server-rsa.key", "ca-rsa", .code = PARLEY_NO_ERROR},
        {"own", "own.key", "own", .code = PARLEY_NO_ERROR},
        {"good", "server.key", .pin = "good", .code = PARLEY_NO_ERROR},
#ifndef PARLEY_TLS_SMALL
        {"good-mixed", "server.key", "ca-rsa", .code = PARLEY_NO_ERROR},
        {"own", "own.key", .pin = "own", .pin_only = true, .code = PARLEY_NO_ERROR},
#endif
        {"expired", "server.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         .tls_code = BR_ERR_X509_EXPIRED},
        {"early", "server.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         .tls_code = PARLEY_TLS_NOT_YET_VALID},
        {"own", "own.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         .tls_code = BR_ERR_X509_NOT_TRUSTED},
        {"sha1", "server.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_CHAIN,
         .tls_code = BR_ERR_X509_UNSUPPORTED},
        {"name-cn", "server.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_NAME,
         .tls_code = PARLEY_TLS_NAME_NONE},
        {"wildcard", "server.key", .code = PARLEY_ERROR_TLS_CERTIFICATE_NAME,
         .tls_code = PARLEY_TLS_NAME_WILDCARD},
        {"name-srv", "server.key", .code = PARLEY_NO_ERROR},
        {"name-xmpp", "server.key", .code = PARLEY_NO_ERROR},
        {"good", "server.key", .pin = "ca", .code = PARLEY_ERROR_TLS_CERTIFICATE_PIN,
         .tls_code = BR_ERR_X509_NOT_TRUSTED},
        {"good", "own.key", .code = PARLEY_ERROR_TLS_HANDSHAKE, .tls_code = BR_ERR_BAD_SIGNATURE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tls_session_defaults(&session);
        tls_session_chain(&session, rows[i].leaf, rows[i].key);
        session.client_config.anchors = certificate_anchor(rows[i].anchor != NULL ? rows[i].anchor
                                                                                  : "ca");
        session.client_config.pin = rows[i].pin != NULL ? certificate_key_hash(rows[i].pin) : NULL;
        session.client_config.pin_only = rows[i].pin_only;
        session.close_when_ready = true;
        tls_session_open(&session);
        tls_session_run(&session, 4096);
        assert_client_ended(rows[i].code);
        assert_int_equal(parley_client_outcome(&session.client.core)->tls_code, rows[i].tls_code);
        assert_server_ended(rows[i].code == PARLEY_NO_ERROR ? PARLEY_NO_ERROR
                                                            : PARLEY_ERROR_TLS_HANDSHAKE);
        if (rows[i].code != PARLEY_NO_ERROR) {
            assert_false(tls_side_has(&session.client_side, "tls "));
            assert_in_range(parley_server_outcome(&session.server.core)->tls_code,
                            BR_ERR_RECV_FATAL_ALERT + 1, BR_ERR_RECV_FATAL_ALERT + 255);
        }
    }
}

static void test_client_certificates(void **state)
{
    static const struct {
        const char *leaf; /* NULL: the client has none */
        const char *key;
        bool verified;
        int tls_code; /* of a refusal */
    } rows[] = {
        {"client", "client.key", true, 0},
        {NULL, NULL, false, 0},
        {"client-expired", "client.key", false, BR_ERR_X509_EXPIRED},
        {"client-server", "client.key", false, BR_ERR_X509_FORBIDDEN_KEY_USAGE},
        {"own", "own.key", false, 0}, /* no anchor vouches for it: as if there were none */
        {"client", "own.key", false, BR_ERR_BAD_SIGNATURE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        br_x509_certificate chain;

        tls_session_defaults(&session);
        session.server_config.client_anchors = certificate_anchor("ca");
        session.server_config.client_anchor_count = 1;
        if (rows[i].leaf != NULL) {
            chain = *certificate_load(rows[i].leaf);
            session.client_config.chain = &chain;
            session.client_config.chain_len = 1;
            session.client_config.ec_key = certificate_ec_key(rows[i].key);
            session.client_config.chain_issuer_type = BR_KEYTYPE_EC;
        }
        session.close_when_ready = true;
        tls_session_open(&session);
        tls_session_run(&session, 4096);
        if (rows[i].tls_code != 0) {
            assert_server_ended(rows[i].tls_code == BR_ERR_BAD_SIGNATURE
                                    ? PARLEY_ERROR_TLS_HANDSHAKE
                                    : PARLEY_ERROR_TLS_CERTIFICATE_CHAIN);
            assert_int_equal(parley_server_outcome(&session.server.core)->tls_code,
                             rows[i].tls_code);
            assert_client_ended(PARLEY_ERROR_TLS_HANDSHAKE);
            assert_in_range(parley_client_outcome(&session.client.core)->tls_code,
                            BR_ERR_RECV_FATAL_ALERT + 1, BR_ERR_RECV_FATAL_ALERT + 255);
            assert_false(tls_side_has(&session.server_side, "tls "));
            continue;
        }
        assert_client_ended(PARLEY_NO_ERROR);
        assert_server_ended(PARLEY_NO_ERROR);
        assert_int_equal(session.server_side.info.verified, rows[i].verified);
        assert_int_equal(session.server_side.info.has_key_hash, rows[i].verified);
        if (rows[i].verified) {
            assert_memory_equal(session.server_side.info.key_hash, certificate_key_hash("client"),
                                32);
        }
    }
}

/* A server that asks for none is given none; an RSA client certificate. */
static void test_rsa_client_certificate(void **state)
{
    br_x509_certificate chain = *certificate_load("good-rsa");

    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        tls_session_defaults(&session);
        session.client_config.chain = &chain;
        session.client_config.chain_len = 1;
        session.client_config.rsa_key = certificate_rsa_key("server-rsa.key");
        if (asked) {
            session.server_config.client_anchors = certificate_anchor("ca-rsa");
            session.server_config.client_anchor_count = 1;
        }
        session.close_when_ready = true;
        tls_session_open(&session);
        tls_session_run(&session, 4096);
        assert_client_ended(PARLEY_NO_ERROR);
        assert_server_ended(PARLEY_NO_ERROR);
        assert_int_equal(session.server_side.info.verified, asked);
    }
}

static void test_wrong_password(void **state)
{
    (void)state;
    tls_session_defaults(&session);
    session.password = "mirrors";
    tls_session_open(&session);
    tls_session_run(&session, 4096);
    assert_client_ended(PARLEY_ERROR_SASL_FAILURE);
    assert_false(tls_side_has(&session.server_side, "bound"));
}

/* The wire cut behind any of the server's bytes: the client is not left believing
   that the session ended in order, unless it had closed its stream itself; the
   server not unless both had. */
static void test_cut(void **state)
{
    size_t total, clear = 0;

    (void)state;
    tls_session_defaults(&session);
    session.close_when_ready = true;
    tls_session_open(&session);
    tls_session_run(&session, 4096);
    assert_client_ended(PARLEY_NO_ERROR);
    total = session.server_side.wire_len;
    while (memcmp(session.server_side.wire + clear, "\x16\x03\x03", 3) != 0) {
        clear++;
    }
    for (size_t keep = 1; keep < total; keep += keep + 40 < total ? 37 : 1) {
        parley_code code;

        tls_session_defaults(&session);
        session.close_when_ready = true;
        session.server_side.limit = keep;
        tls_session_open(&session);
        tls_session_run(&session, 4096);
        parley_tls_client_finish(&session.client);
        parley_tls_server_finish(&session.server);
        tls_session_run(&session, 4096);
        /* A client that has closed its stream wants nothing more of it. */
        code = keep < clear ? PARLEY_ERROR_STREAM_CUT
               : tls_side_has(&session.client_side, "state close_sent")
                   ? PARLEY_NO_ERROR
                   : PARLEY_ERROR_TLS_TRUNCATED;
        assert_client_ended(code);
        assert_true(code != PARLEY_NO_ERROR || keep > total - 200);
        assert_int_equal(parley_server_outcome(&session.server.core)->code == PARLEY_NO_ERROR,
                         code == PARLEY_NO_ERROR);
    }
}

/* Before TLS a cut is the stream's matter. */
static void test_cut_early(void **state)
{
    (void)state;
    tls_session_defaults(&session);
    tls_session_open(&session);
    session.server_side.limit = 1;
    tls_session_run(&session, 4096);
    parley_tls_client_finish(&session.client);
    parley_tls_server_finish(&session.server);
    tls_session_run(&session, 4096);
    assert_client_ended(PARLEY_ERROR_STREAM_CUT);
    assert_int_equal(parley_code_layer(parley_server_outcome(&session.server.core)->code),
                     PARLEY_LAYER_STREAM);
}

/* The real client and a byte too many after <proceed/>. */
static void test_data_after_proceed(void **state)
{
    static const char answer[] =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='1' from='example.com' version='1.0'>"
        "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
        "</stream:features>";
    static const char proceed[] = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><x/>";

    (void)state;
    for (size_t cut = sizeof proceed - 5; cut < sizeof proceed; cut++) {
        tls_session_defaults(&session);
        tls_session_open(&session);
        session.client_side.limit = 1;
        tls_session_run(&session, 4096);
        memcpy(session.client_side.inbox, answer, sizeof answer - 1);
        session.client_side.inbox_len = sizeof answer - 1;
        tls_session_run(&session, 4096);
        assert_true(wire_has(&session.client_side, "<starttls"));
        memcpy(session.client_side.inbox + session.client_side.inbox_len, proceed, cut);
        session.client_side.inbox_len += cut;
        tls_session_run(&session, 4096);
        if (cut == sizeof proceed - 5) { /* nothing too many */
            assert_false(session.client_side.closed);
            continue;
        }
        assert_client_ended(PARLEY_ERROR_TLS_DATA_AFTER_PROCEED);
        assert_false(wire_has(&session.client_side, "\x16\x03"));
    }
}

static parley_code client_refuses(parley_result *result)
{
    parley_code why = PARLEY_NO_ERROR;

    *result = parley_tls_client_init(&session.client, sizeof session.client, &session.client_config,
                                     &session.client_input, &why);
    return why;
}

static parley_code server_refuses(parley_result *result)
{
    parley_code why = PARLEY_NO_ERROR;

    *result = parley_tls_server_init(&session.server, sizeof session.server, &session.server_config,
                                     &session.server_input, &why);
    return why;
}

#define REFUSES(role, change, code)                                                       \
    do {                                                                                  \
        parley_result result_;                                                            \
        tls_session_defaults(&session);                                                   \
        change;                                                                           \
        assert_int_equal(role##_refuses(&result_), code);                                 \
        assert_int_equal(result_, (code) == PARLEY_NO_ERROR ? PARLEY_OK : PARLEY_MISUSE); \
    } while (0)

#ifdef PARLEY_TLS_SMALL
#define PIN_ONLY_CODE PARLEY_ERROR_CONFIG_TLS
#else
#define PIN_ONLY_CODE PARLEY_NO_ERROR
#endif

static void test_settings(void **state)
{
    static const unsigned char pin[32];
    br_x509_certificate cut = *certificate_load("good");
    parley_code why = PARLEY_NO_ERROR;

    (void)state;
    cut.data_len--;
    REFUSES(client, (void)0, PARLEY_NO_ERROR);
    REFUSES(client, session.client_config.core = NULL, PARLEY_ERROR_LOCAL);
    REFUSES(client, session.client_config.anchors = NULL, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(client, session.client_config.anchor_count = 0, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(client, session.client_config.pin_only = true, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(client,
            (session.client_config.pin_only = true, session.client_config.pin = pin,
             session.client_config.anchors = NULL),
            PIN_ONLY_CODE);
    REFUSES(client, session.client_config.ec_key = certificate_ec_key("own.key"),
            PARLEY_ERROR_CONFIG_TLS);
    REFUSES(client,
            (session.client_config.chain = session.chain, session.client_config.chain_len = 1),
            PARLEY_ERROR_CONFIG_TLS);
    REFUSES(client, session.client_input.seed = NULL, PARLEY_ERROR_NO_ENTROPY);
    REFUSES(client, session.client_input.seed_len = 31, PARLEY_ERROR_NO_ENTROPY);
    REFUSES(client, session.client_input.unix_time = 0, PARLEY_ERROR_NO_TIME);
    REFUSES(client, session.client_input.unix_time = -1, PARLEY_ERROR_NO_TIME);
    REFUSES(client, session.client_input.unix_time = INT64_MAX, PARLEY_ERROR_NO_TIME);
    REFUSES(client, session.client_input.buffer = NULL, PARLEY_ERROR_CONFIG_MEMORY);
    REFUSES(client, session.client_input.buffer_len = PARLEY_TLS_BUFFER_MINIMUM - 1,
            PARLEY_ERROR_CONFIG_MEMORY);
    REFUSES(client, session.client_input.buffer_len = PARLEY_TLS_BUFFER_MINIMUM, PARLEY_NO_ERROR);
    REFUSES(client, session.client_input.work = NULL, PARLEY_ERROR_CONFIG_MEMORY);
    /* More than the tokenizer takes. */
    REFUSES(client, session.client_input.work_len = 0x20000000, PARLEY_ERROR_CONFIG_MEMORY);
    REFUSES(client, session.client_input.work_len = sizeof(parley_tls_handshake) - 1,
            PARLEY_ERROR_CONFIG_MEMORY);
    REFUSES(client, session.client_core.domain = parley_string_of(""), PARLEY_ERROR_CONFIG_DOMAIN);
    REFUSES(server, (void)0, PARLEY_NO_ERROR);
    REFUSES(server, session.server_config.core = NULL, PARLEY_ERROR_LOCAL);
    REFUSES(server, session.server_config.chain = NULL, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_config.chain_len = 0, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_config.chain = &cut, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_config.ec_key = NULL, PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_config.rsa_key = certificate_rsa_key("server-rsa.key"),
            PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_config.client_anchors = certificate_anchor("ca"),
            PARLEY_ERROR_CONFIG_TLS);
    REFUSES(server, session.server_input.seed_len = 0, PARLEY_ERROR_NO_ENTROPY);
    REFUSES(server, session.server_input.unix_time = 0, PARLEY_ERROR_NO_TIME);
    REFUSES(server, session.server_input.buffer_len = 0, PARLEY_ERROR_CONFIG_MEMORY);
    tls_session_defaults(&session);
    assert_int_equal(parley_tls_client_init(&session.client, sizeof session.client - 1,
                                            &session.client_config, &session.client_input, &why),
                     PARLEY_MISUSE);
    assert_int_equal(why, PARLEY_ERROR_SIZE);
    assert_int_equal(parley_tls_server_init(&session.server, 0, &session.server_config,
                                            &session.server_input, &why),
                     PARLEY_MISUSE);
    assert_int_equal(why, PARLEY_ERROR_SIZE);
    assert_int_equal(parley_tls_client_init(NULL, sizeof session.client, NULL, NULL, NULL),
                     PARLEY_MISUSE);
}

/* Small record buffers carry a session of any stanza. */
static void test_small_buffers(void **state)
{
    (void)state;
    tls_session_defaults(&session);
    session.client_input.buffer_len = PARLEY_TLS_BUFFER_MINIMUM;
    session.server_input.buffer_len = PARLEY_TLS_BUFFER_MINIMUM;
    session.send = "small";
    session.close_when_ready = true;
    tls_session_open(&session);
    tls_session_run(&session, 4096);
    assert_client_ended(PARLEY_NO_ERROR);
    assert_server_ended(PARLEY_NO_ERROR);
    assert_true(tls_side_has(&session.server_side, "stanza small"));
}

static void test_texts(void **state)
{
    (void)state;
    assert_string_equal(parley_tls_error_text(BR_ERR_X509_EXPIRED),
                        "certificate expired, or its issuer's is not valid now");
    assert_string_equal(parley_tls_error_text(BR_ERR_RECV_FATAL_ALERT + BR_ALERT_UNKNOWN_CA),
                        "the peer refused: unknown ca");
    assert_string_equal(parley_tls_error_text(BR_ERR_SEND_FATAL_ALERT + 120),
                        "refused: no application protocol");
    assert_string_equal(parley_tls_error_text(-1), "unknown");
    assert_string_equal(parley_tls_suite_name(0xCCA9),
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    assert_string_equal(parley_tls_suite_name(0x0005), "unknown");
    for (int code = 1; code <= BR_ERR_X509_NOT_TRUSTED; code++) {
        bool unused = code == 11 || code == 30 || code == 61; /* not given out by BearSSL */

        assert_int_equal(strcmp(parley_tls_error_text(code), "unknown") == 0, unused);
    }
}

/* The formula of <parley/tls.h>. */
static void test_sizes(void **state)
{
    (void)state;
    print_message("client %zu, server %zu; of them BearSSL %zu and %zu, verifier %zu, walker %zu\n",
                  sizeof(parley_tls_client), sizeof(parley_tls_server),
                  sizeof(br_ssl_client_context), sizeof(br_ssl_server_context),
                  sizeof(parley_verifier), sizeof(parley_certificate));
    print_message("session to keep %zu, cache entry %zu\n", sizeof(parley_tls_session),
                  sizeof(parley_tls_cache_entry));
    assert_int_equal(PARLEY_TLS_BUFFER_SIZE, 33178);
    assert_int_equal(sizeof(parley_tls_cache_entry), 96);
    assert_int_equal(PARLEY_TLS_BUFFER_MINIMUM, 512 + 325 + 597);
    assert_true(sizeof(parley_tls_client) < 20000 && sizeof(parley_tls_server) < 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_session),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_client_certificates),
        cmocka_unit_test(test_rsa_client_certificate),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_cut_early),
        cmocka_unit_test(test_data_after_proceed),
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_small_buffers),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
