/* Resumption, both roles ours: what a resumed session keeps and what it leaves out,
   each reason why a kept session is not offered, and what the server's cache holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_session.h"

#define ENTRIES 8

static tls_session session;
static parley_tls_cache cache;
static parley_tls_cache_entry entries[ENTRIES];
static parley_tls_session kept;

static void fresh_cache(uint32_t lifetime)
{
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, ENTRIES, lifetime),
                     PARLEY_OK);
}

static void defaults(const parley_tls_session *resume)
{
    tls_session_defaults(&session);
    session.server_config.cache = &cache;
    session.client_input.session = resume;
}

/* Each run has its own randomness. */
static void open_and_run(size_t chunk)
{
    static unsigned char seeds[2][32];

    seeds[0][0]++;
    seeds[1][1]++;
    session.client_input.seed = seeds[0];
    session.server_input.seed = seeds[1];
    tls_session_open(&session);
    tls_session_run(&session, chunk);
}

static void assert_ready(bool resumed)
{
    if (!(parley_tls_client_run(&session.client) & PARLEY_IS_READY)) {
        fail_msg("not ready: code %d, BearSSL %d, log:\n%s",
                 (int)parley_client_outcome(&session.client.core)->code,
                 parley_client_outcome(&session.client.core)->tls_code, session.client_side.log);
    }
    assert_int_equal(session.client_side.info.resumed, resumed);
    assert_int_equal(session.server_side.info.resumed, resumed);
    assert_true(session.client_side.info.verified);
}

static void close_session(void)
{
    parley_client_close(&session.client.core);
    tls_session_run(&session, 4096);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_NO_ERROR);
    assert_int_equal(parley_server_outcome(&session.server.core)->code, PARLEY_NO_ERROR);
    assert_true(session.client_side.closed && session.server_side.closed);
}

/* A full handshake, kept in `kept`. */
static void keep_one(void)
{
    open_and_run(4096);
    assert_ready(false);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    close_session();
}

static bool memory_has(const void *memory, size_t size, const void *what, size_t len)
{
    for (size_t i = 0; i + len <= size; i++) {
        if (memcmp((const char *)memory + i, what, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Length of the session identifier in the ClientHello of direct TLS. */
static unsigned hello_id_len(void)
{
    assert_true(session.client_side.wire_len > 44 && session.client_side.wire[0] == 22);
    return (unsigned char)session.client_side.wire[43];
}

static void test_resumed(void **state)
{
    static const size_t chunks[] = {1, 7, 1460, 65536};
    const br_x509_certificate *leaf = certificate_load("good");

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        parley_tls_info first;
        parley_tls_session again;

        fresh_cache(3600);
        for (unsigned round = 0; round < 3; round++) {
            defaults(round > 0 ? &kept : NULL);
            if (i % 2) {
                session.client_core.security = PARLEY_DIRECT_TLS;
                session.server_core.security = PARLEY_DIRECT_TLS;
            }
            session.client_input.unix_time += 100 * (int)round;
            session.send = "wherefore art thou";
            if (round == 0) {
                keep_one();
                first = session.client_side.info;
                assert_string_equal(kept.domain, "example.com");
                assert_int_equal(kept.expires, CERTIFICATES_TIME + PARLEY_TLS_SESSION_SECONDS);
                continue;
            }
            open_and_run(chunks[i / 2]);
            assert_ready(true);
            assert_true(tls_side_has(&session.server_side, "stanza wherefore art thou"));
            assert_false(session.server_side.info.verified);
            assert_int_equal(session.client_side.info.suite, first.suite);
            assert_int_equal(session.client_side.info.end_point_len, 32);
            assert_memory_equal(session.client_side.info.end_point, first.end_point, 32);
            assert_memory_equal(session.server_side.info.end_point, first.end_point, 32);
            assert_true(session.client_side.info.has_key_hash);
            assert_memory_equal(session.client_side.info.key_hash, certificate_key_hash("good"),
                                32);
            /* RFC 7627 section 1 */
            assert_int_equal(session.client_side.info.unique_len, 0);
            assert_int_equal(session.server_side.info.unique_len, 0);
            assert_false(
                memory_has(session.server_side.wire, session.server_side.wire_len, leaf->data, 64));
            assert_int_equal(parley_tls_client_session(&session.client, &again), PARLEY_OK);
            assert_memory_equal(&again, &kept, sizeof kept);
            close_session();
        }
    }
}

/* Why a kept session is not offered. Each change makes a session of its own; the
   handshake that follows is a full one. */
typedef void change(void);

static unsigned char pins[32];
static br_x509_trust_anchor anchors[3];
static br_x509_certificate client_chain;

static void change_nothing(void)
{
}

static void change_domain(void)
{
    session.client_core.domain = parley_string_of("a.example.com");
    tls_session_chain(&session, "wildcard", "server.key");
}

static void change_security(void)
{
    session.client_core.security = PARLEY_STARTTLS;
    session.server_core.security = PARLEY_STARTTLS;
}

static void change_pin(void)
{
    memcpy(pins, certificate_key_hash("good"), sizeof pins);
    session.client_config.pin = pins;
}

static void change_pin_only(void)
{
    change_pin();
    session.client_config.pin_only = true;
}

/* Every session of test_refused begins with these. */
static void base_anchors(void)
{
    anchors[0] = *certificate_anchor("ca");
    anchors[1] = *certificate_anchor("ca-rsa");
    anchors[2] = *certificate_anchor("stranger");
    session.client_config.anchors = anchors;
    session.client_config.anchor_count = 3;
}

static void change_anchor_count(void)
{
    session.client_config.anchor_count = 2;
}

static void change_anchor_order(void)
{
    anchors[0] = *certificate_anchor("ca-rsa");
    anchors[1] = *certificate_anchor("ca");
}

static void change_anchor_flags(void)
{
    anchors[1].flags ^= BR_X509_TA_CA;
}

/* The bytes again, the last one changed. */
static unsigned char *changed_bytes(const unsigned char *data, size_t len)
{
    static unsigned char copy[512];

    assert_true(len > 0 && len <= sizeof copy);
    memcpy(copy, data, len);
    copy[len - 1] ^= 1;
    return copy;
}

static void change_anchor_name(void)
{
    anchors[1].dn.data = changed_bytes(anchors[1].dn.data, anchors[1].dn.len);
}

static void change_anchor_rsa_key(void)
{
    br_rsa_public_key *key = &anchors[1].pkey.key.rsa;

    key->n = changed_bytes(key->n, key->nlen);
}

static void change_anchor_rsa_exponent(void)
{
    br_rsa_public_key *key = &anchors[1].pkey.key.rsa;

    key->e = changed_bytes(key->e, key->elen);
}

static void change_anchor_ec_key(void)
{
    br_ec_public_key *key = &anchors[2].pkey.key.ec;

    key->q = changed_bytes(key->q, key->qlen);
}

static void change_client_certificate(void)
{
    client_chain = *certificate_load("client");
    session.client_config.chain = &client_chain;
    session.client_config.chain_len = 1;
    session.client_config.ec_key = certificate_ec_key("client.key");
    session.client_config.chain_issuer_type = BR_KEYTYPE_EC;
}

static void change_time_after(void)
{
    session.client_input.unix_time += PARLEY_TLS_SESSION_SECONDS;
}

static void change_time_before(void)
{
    session.client_input.unix_time--;
}

static void change_still_in_time(void)
{
    session.client_input.unix_time += PARLEY_TLS_SESSION_SECONDS - 1;
}

static void test_refused(void **state)
{
    static const struct {
        const char *what;
        change *apply;
        bool offered;
    } rows[] = {
        {"nothing", change_nothing, true},
        {"still in time", change_still_in_time, true},
        {"domain", change_domain, false},
        {"security", change_security, false},
        {"pin", change_pin, false},
        {"pin only", change_pin_only, false},
        {"one anchor less", change_anchor_count, false},
        {"the anchors' order", change_anchor_order, false},
        {"an anchor's flags", change_anchor_flags, false},
        {"an anchor's name", change_anchor_name, false},
        {"an anchor's modulus", change_anchor_rsa_key, false},
        {"an anchor's exponent", change_anchor_rsa_exponent, false},
        {"an anchor's point", change_anchor_ec_key, false},
        {"client certificate", change_client_certificate, false},
        {"too late", change_time_after, false},
        {"too early", change_time_before, false},
    };

    (void)state;
    fresh_cache(PARLEY_TLS_SESSION_SECONDS);
    defaults(NULL);
    session.client_core.security = PARLEY_DIRECT_TLS;
    session.server_core.security = PARLEY_DIRECT_TLS;
    base_anchors();
    keep_one();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        defaults(&kept);
        session.client_core.security = PARLEY_DIRECT_TLS;
        session.server_core.security = PARLEY_DIRECT_TLS;
        base_anchors();
        rows[i].apply();
        open_and_run(4096);
        assert_ready(rows[i].offered);
        if (rows[i].apply != change_security && (hello_id_len() != 0) != rows[i].offered) {
            fail_msg("%s: the identifier has %u bytes", rows[i].what, hello_id_len());
        }
        close_session();
    }
}

/* Any byte of the struct changed: not offered, and the session comes up all the same. */
static void test_changed(void **state)
{
#define FIELD(name)                                          \
    {                                                        \
        offsetof(parley_tls_session, name), sizeof kept.name \
    }
    static const struct {
        size_t offset;
        size_t size;
    } fields[] = {
        FIELD(parameters.session_id),
        FIELD(parameters.session_id_len),
        FIELD(parameters.version),
        FIELD(parameters.cipher_suite),
        FIELD(parameters.master_secret),
        FIELD(domain),
        FIELD(end_point),
        FIELD(end_point_len),
        FIELD(key_hash),
        FIELD(policy),
        FIELD(made),
        FIELD(expires),
        FIELD(check),
    };
    parley_tls_session changed;

    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    keep_one();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        for (size_t at = 0; at < fields[i].size; at++) {
            parley_code why;

            changed = kept;
            ((unsigned char *)&changed)[fields[i].offset + at] ^= 1;
            defaults(&changed);
            assert_int_equal(parley_tls_client_init(&session.client, sizeof session.client,
                                                    &session.client_config, &session.client_input,
                                                    &why),
                             PARLEY_OK);
            if (session.client.transport.offers_session) {
                fail_msg("field %zu, byte %zu changed, and offered", i, at);
            }
        }
    }
    memset(&changed, 0, sizeof changed);
    defaults(&changed);
    open_and_run(4096);
    assert_ready(false);
    memset(&changed, 0xFF, sizeof changed);
    defaults(&changed);
    open_and_run(4096);
    assert_ready(false);
}

/* The server has forgotten, or never knew: a full handshake. */
static void test_forgotten(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        parley_tls_cache_entry others[1];
        parley_tls_cache other;

        fresh_cache(3600);
        defaults(NULL);
        keep_one();
        defaults(&kept);
        assert_int_equal(parley_tls_cache_init(&other, sizeof other, others, 1, 60), PARLEY_OK);
        if (i == 0) {
            parley_tls_cache_wipe(&cache);
        } else if (i == 1) {
            session.server_config.cache = &other;
        } else if (i == 2) {
            session.server_config.cache = NULL;
        } else if (i == 3) {
            session.server_input.unix_time += 3600;
        } else { /* another certificate of the same key, and the same cache */
            tls_session_chain(&session, "good-any", "server.key");
        }
        open_and_run(4096);
        assert_ready(false);
        close_session();
    }
    fresh_cache(3600);
    defaults(NULL);
    keep_one();
    defaults(&kept);
    session.server_input.unix_time += 3599;
    open_and_run(4096);
    assert_ready(true);
}

/* Found in the cache, and of a suite that the client does not offer any more. */
static void test_other_suite(void **state)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};

    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    keep_one();
    assert_int_not_equal(kept.parameters.cipher_suite, suites[0]);
    defaults(&kept);
    tls_session_open(&session);
    br_ssl_engine_set_suites(&session.client.tls.eng, suites, 1);
    tls_session_run(&session, 4096);
    assert_ready(false);
    assert_int_equal(session.client_side.info.suite, suites[0]);
    assert_int_equal(session.server_side.info.unique_len, 12);
}

/* Who knows the identifier alone, and not the secret, does not get up. */
static void test_wrong_secret(void **state)
{
    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    keep_one();
    for (size_t i = 0; i < ENTRIES; i++) {
        entries[i].master_secret[0] ^= 1;
    }
    defaults(&kept);
    open_and_run(4096);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_ERROR_TLS_HANDSHAKE);
    assert_false(tls_side_has(&session.client_side, "tls "));
    assert_false(tls_side_has(&session.server_side, "tls "));
}

/* A stolen one gives the wire, and no account. */
static void test_stolen(void **state)
{
    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    keep_one();
    defaults(&kept);
    session.password = "not mirror";
    open_and_run(4096);
    assert_true(session.client_side.info.resumed && session.server_side.info.resumed);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_ERROR_SASL_FAILURE);
    assert_false(tls_side_has(&session.server_side, "bound"));
}

/* The server never resumes what had a client certificate. */
static void test_client_certificates(void **state)
{
    static const char address[] = "juliet@example.com";

    (void)state;
    fresh_cache(3600);
    for (int round = 0; round < 2; round++) {
        defaults(round > 0 ? &kept : NULL);
        session.server_config.client_anchors = certificate_anchor("ca");
        session.server_config.client_anchor_count = 1;
        change_client_certificate();
        open_and_run(4096);
        assert_ready(false);
        assert_true(session.server_side.info.verified);
        assert_int_equal(session.server_side.info.addresses.len, sizeof address);
        assert_memory_equal(session.server_side.info.addresses.data, address, sizeof address);
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
        assert_false(memory_has(entries, sizeof entries, kept.parameters.master_secret, 48));
    }
    /* Nor does the client offer what another certificate of its own had. */
    for (int same = 0; same < 2; same++) {
        defaults(&kept);
        change_client_certificate();
        client_chain = *certificate_load(same ? "client" : "client-two");
        tls_session_open(&session);
        assert_int_equal(session.client.transport.offers_session, same);
    }
    /* Asked and without one: resumed, and still without. */
    for (int round = 0; round < 2; round++) {
        defaults(round > 0 ? &kept : NULL);
        session.server_config.client_anchors = certificate_anchor("ca");
        session.server_config.client_anchor_count = 1;
        open_and_run(4096);
        assert_ready(round > 0);
        assert_false(session.server_side.info.verified);
        assert_null(session.server_side.info.addresses.data);
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    }
}

/* An unverified one is seen, and not kept either. */
static void test_stranger(void **state)
{
    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    session.server_config.client_anchors = certificate_anchor("ca");
    session.server_config.client_anchor_count = 1;
    client_chain = *certificate_load("own");
    session.client_config.chain = &client_chain;
    session.client_config.chain_len = 1;
    session.client_config.ec_key = certificate_ec_key("own.key");
    session.client_config.chain_issuer_type = BR_KEYTYPE_EC;
    open_and_run(4096);
    assert_ready(false);
    assert_false(session.server_side.info.verified);
    assert_null(session.server_side.info.addresses.data);
    for (size_t i = 0; i < ENTRIES; i++) {
        assert_int_equal(entries[i].expires, 0);
    }
}

/* Not beyond the certificate, but where it does not count. */
static void test_expiry(void **state)
{
    const int64_t end = 1609459200; /* of "expired" */

    (void)state;
    for (int pinned = 0; pinned < 2; pinned++) {
        fresh_cache(3600);
        defaults(NULL);
        tls_session_chain(&session, "expired", "server.key");
        if (pinned) {
            memcpy(pins, certificate_key_hash("expired"), sizeof pins);
            session.client_config.pin = pins;
            session.client_config.pin_only = true;
        }
        session.client_input.unix_time = end - 10;
        keep_one();
        assert_int_equal(kept.expires, pinned ? end - 10 + PARLEY_TLS_SESSION_SECONDS : end);
        for (int late = 0; late < 2; late++) {
            defaults(&kept);
            tls_session_chain(&session, "expired", "server.key");
            session.client_config.pin = pinned ? pins : NULL;
            session.client_config.pin_only = pinned;
            session.client_input.unix_time = late ? end + 1 : end - 1;
            open_and_run(4096);
            if (late && !pinned) {
                assert_int_equal(parley_client_outcome(&session.client.core)->code,
                                 PARLEY_ERROR_TLS_CERTIFICATE_CHAIN);
            } else {
                assert_ready(true);
            }
        }
    }
}

static void test_cache(void **state)
{
    static parley_tls_session all[ENTRIES];

    (void)state;
    assert_int_equal(parley_tls_cache_init(NULL, sizeof cache, entries, 1, 1), PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, 1, entries, 1, 1), PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, NULL, 1, 1), PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, 0, 1), PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, SIZE_MAX, 1),
                     PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, 1, 0), PARLEY_MISUSE);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, 1,
                                           PARLEY_TLS_SESSION_SECONDS + 1),
                     PARLEY_MISUSE);
    /* Of three entries the one that ends first gives way; the rest stay as they were. */
    memset(entries, 0x55, sizeof entries);
    assert_int_equal(parley_tls_cache_init(&cache, sizeof cache, entries, 3, 3600), PARLEY_OK);
    for (int i = 0; i < 4; i++) {
        defaults(NULL);
        session.server_input.unix_time += i;
        keep_one();
        all[i] = kept;
    }
    for (int i = 3; i >= 0; i--) {
        defaults(&all[i]);
        session.server_input.unix_time += 10;
        open_and_run(4096);
        assert_ready(i > 0);
    }
    for (size_t i = 3 * sizeof entries[0]; i < sizeof entries; i++) {
        assert_int_equal(((unsigned char *)entries)[i], 0x55);
    }
    /* Eight entries in two groups: what is there is found. */
    fresh_cache(3600);
    for (int i = 0; i < ENTRIES; i++) {
        defaults(NULL);
        keep_one();
        all[i] = kept;
    }
    for (int i = 0; i < ENTRIES; i++) {
        bool there = memory_has(entries, sizeof entries, all[i].parameters.master_secret, 48);

        assert_false(memory_has(entries, sizeof entries, all[i].parameters.session_id, 32));
        defaults(&all[i]);
        open_and_run(4096);
        assert_ready(there);
        if (!there) { /* a full handshake: it may have taken another's place */
            break;
        }
    }
    parley_tls_cache_wipe(&cache);
    for (size_t i = 0; i < sizeof entries; i++) {
        assert_int_equal(((unsigned char *)entries)[i], 0);
    }
}

/* When a session can be kept, and what is left of its secret afterwards. */
static void test_secrets(void **state)
{
    static const unsigned char zero[sizeof kept];
    unsigned char secret[48];

    (void)state;
    fresh_cache(3600);
    defaults(NULL);
    tls_session_open(&session);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_MISUSE);
    tls_session_run(&session, 4096);
    assert_ready(false);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    for (int round = 0; round < 2; round++) {
        memcpy(secret, kept.parameters.master_secret, sizeof secret);
        assert_true(memory_has(&session.client, sizeof session.client, secret, sizeof secret));
        close_session();
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_MISUSE);
        assert_false(memory_has(&session.client, sizeof session.client, secret, sizeof secret));
        assert_false(memory_has(&session.server, sizeof session.server, secret, sizeof secret));
        assert_false(
            memory_has(&session.client_side, sizeof session.client_side, secret, sizeof secret));
        if (round == 0) {
            defaults(&kept);
            open_and_run(4096);
            assert_ready(true);
        }
    }
    parley_tls_session_wipe(&kept);
    assert_memory_equal(&kept, zero, sizeof kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resumed),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_changed),      cmocka_unit_test(test_forgotten),
        cmocka_unit_test(test_wrong_secret), cmocka_unit_test(test_stolen),
        cmocka_unit_test(test_stranger),     cmocka_unit_test(test_client_certificates),
        cmocka_unit_test(test_expiry),       cmocka_unit_test(test_cache),
        cmocka_unit_test(test_secrets),      cmocka_unit_test(test_other_suite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
