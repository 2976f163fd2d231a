/* Resumption, both roles ours: what a resumed session keeps and what it leaves out, when
   the server does not resume, and what its cache holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_resume.h"

static void test_resumed(void **state)
{
    static const size_t chunks[] = {1, 7, 1460, 65536};
    const br_x509_certificate *leaf = certificate_load("good");

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        parley_tls_info first;
        parley_tls_session again;

        resume_fresh_cache(3600);
        for (unsigned round = 0; round < 3; round++) {
            resume_defaults(round > 0 ? &kept : NULL);
            if (i % 2) {
                session.client_core.security = PARLEY_DIRECT_TLS;
                session.server_core.security = PARLEY_DIRECT_TLS;
            }
            session.client_input.unix_time += 100 * (int)round;
            session.send = "wherefore art thou";
            if (round == 0) {
                resume_keep();
                first = session.client_side.info;
                assert_string_equal(kept.domain, "example.com");
                assert_int_equal(kept.expires, CERTIFICATES_TIME + PARLEY_TLS_SESSION_SECONDS);
                continue;
            }
            resume_run(chunks[i / 2]);
            resume_assert_ready(true);
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
            assert_false(resume_memory_has(session.server_side.wire, session.server_side.wire_len,
                                           leaf->data, 64));
            assert_int_equal(parley_tls_client_session(&session.client, &again), PARLEY_OK);
            assert_memory_equal(&again, &kept, sizeof kept);
            resume_close();
        }
    }
}

/* The server has forgotten, or never knew: a full handshake. */
static void test_forgotten(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        parley_tls_cache_entry others[1];
        parley_tls_cache other;

        resume_fresh_cache(3600);
        resume_defaults(NULL);
        resume_keep();
        resume_defaults(&kept);
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
        resume_run(4096);
        resume_assert_ready(false);
        resume_close();
    }
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    resume_defaults(&kept);
    session.server_input.unix_time += 3599;
    resume_run(4096);
    resume_assert_ready(true);
}

#ifndef PARLEY_TLS_SMALL /* which has one suite for each kind of key */
/* Found in the cache, and of a suite that the client does not offer any more. */
static void test_other_suite(void **state)
{
    static const uint16_t suites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};

    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    assert_int_not_equal(kept.parameters.cipher_suite, suites[0]);
    resume_defaults(&kept);
    tls_session_open(&session);
    br_ssl_engine_set_suites(&session.client.tls.eng, suites, 1);
    tls_session_run(&session, 4096);
    resume_assert_ready(false);
    assert_int_equal(session.client_side.info.suite, suites[0]);
    assert_int_equal(session.server_side.info.unique_len, 12);
}
#endif

/* Who knows the identifier alone, and not the secret, does not get up. */
static void test_wrong_secret(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    for (size_t i = 0; i < RESUME_ENTRIES; i++) {
        entries[i].master_secret[0] ^= 1;
    }
    resume_defaults(&kept);
    resume_run(4096);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_ERROR_TLS_HANDSHAKE);
    assert_false(tls_side_has(&session.client_side, "tls "));
    assert_false(tls_side_has(&session.server_side, "tls "));
}

/* A stolen one gives the wire, and no account. */
static void test_stolen(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    resume_defaults(&kept);
    session.password = "not mirror";
    resume_run(4096);
    assert_true(session.client_side.info.resumed && session.server_side.info.resumed);
    assert_int_equal(parley_client_outcome(&session.client.core)->code, PARLEY_ERROR_SASL_FAILURE);
    assert_false(tls_side_has(&session.server_side, "bound"));
}

/* The server never resumes what had a client certificate. */
static void test_client_certificates(void **state)
{
    static const char address[] = "juliet@example.com";

    (void)state;
    resume_fresh_cache(3600);
    for (int round = 0; round < 2; round++) {
        resume_defaults(round > 0 ? &kept : NULL);
        session.server_config.client_anchors = certificate_anchor("ca");
        session.server_config.client_anchor_count = 1;
        resume_client_certificate("client", "client.key");
        resume_run(4096);
        resume_assert_ready(false);
        assert_true(session.server_side.info.verified);
        assert_int_equal(session.server_side.info.addresses.len, sizeof address);
        assert_memory_equal(session.server_side.info.addresses.data, address, sizeof address);
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
        assert_false(resume_memory_has(entries, sizeof entries, kept.parameters.master_secret, 48));
    }
    /* Nor does the client offer what another certificate of its own had. */
    for (int same = 0; same < 2; same++) {
        resume_defaults(&kept);
        resume_client_certificate(same ? "client" : "client-two", "client.key");
        tls_session_open(&session);
        assert_int_equal(session.client.transport.offers_session, same);
    }
    /* Asked and without one: resumed, and still without. */
    for (int round = 0; round < 2; round++) {
        resume_defaults(round > 0 ? &kept : NULL);
        session.server_config.client_anchors = certificate_anchor("ca");
        session.server_config.client_anchor_count = 1;
        resume_run(4096);
        resume_assert_ready(round > 0);
        assert_false(session.server_side.info.verified);
        assert_null(session.server_side.info.addresses.data);
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    }
}

/* An unverified one is seen, and not kept either. */
static void test_stranger(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    session.server_config.client_anchors = certificate_anchor("ca");
    session.server_config.client_anchor_count = 1;
    resume_client_certificate("own", "own.key");
    resume_run(4096);
    resume_assert_ready(false);
    assert_false(session.server_side.info.verified);
    assert_null(session.server_side.info.addresses.data);
    for (size_t i = 0; i < RESUME_ENTRIES; i++) {
        assert_int_equal(entries[i].expires, 0);
    }
}

static void test_cache(void **state)
{
    static parley_tls_session all[RESUME_ENTRIES];

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
        resume_defaults(NULL);
        session.server_input.unix_time += i;
        resume_keep();
        all[i] = kept;
    }
    for (int i = 3; i >= 0; i--) {
        resume_defaults(&all[i]);
        session.server_input.unix_time += 10;
        resume_run(4096);
        resume_assert_ready(i > 0);
    }
    for (size_t i = 3 * sizeof entries[0]; i < sizeof entries; i++) {
        assert_int_equal(((unsigned char *)entries)[i], 0x55);
    }
    /* Eight entries in two groups: what is there is found. */
    resume_fresh_cache(3600);
    for (int i = 0; i < RESUME_ENTRIES; i++) {
        resume_defaults(NULL);
        resume_keep();
        all[i] = kept;
    }
    for (int i = 0; i < RESUME_ENTRIES; i++) {
        bool there = resume_memory_has(entries, sizeof entries, all[i].parameters.master_secret,
                                       48);

        assert_false(resume_memory_has(entries, sizeof entries, all[i].parameters.session_id, 32));
        resume_defaults(&all[i]);
        resume_run(4096);
        resume_assert_ready(there);
        if (!there) { /* a full handshake: it may have taken another's place */
            break;
        }
    }
    parley_tls_cache_wipe(&cache);
    for (size_t i = 0; i < sizeof entries; i++) {
        assert_int_equal(((unsigned char *)entries)[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_forgotten),
#ifndef PARLEY_TLS_SMALL
        cmocka_unit_test(test_other_suite),
#endif
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_stolen),
        cmocka_unit_test(test_client_certificates),
        cmocka_unit_test(test_stranger),
        cmocka_unit_test(test_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
