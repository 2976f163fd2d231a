/* What a client keeps of a session: each reason why it is not offered again, how long it
   lasts, and what is left of its secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_resume.h"

/* Length of the session identifier in the ClientHello of direct TLS. */
static unsigned hello_id_len(void)
{
    assert_true(session.client_side.wire_len > 44 && session.client_side.wire[0] == 22);
    return (unsigned char)session.client_side.wire[43];
}

/* Why a kept session is not offered. Each change makes a session of its own; the
   handshake that follows is a full one. */
typedef void change(void);

static unsigned char pins[32];
static br_x509_trust_anchor anchors[3];

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

#ifndef PARLEY_TLS_SMALL
static void change_pin_only(void)
{
    change_pin();
    session.client_config.pin_only = true;
}

/* Every session of test_refused begins with these. */
#endif

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
    resume_client_certificate("client", "client.key");
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
#ifndef PARLEY_TLS_SMALL
        {"pin only", change_pin_only, false},
#endif
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
    resume_fresh_cache(PARLEY_TLS_SESSION_SECONDS);
    resume_defaults(NULL);
    session.client_core.security = PARLEY_DIRECT_TLS;
    session.server_core.security = PARLEY_DIRECT_TLS;
    base_anchors();
    resume_keep();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        resume_defaults(&kept);
        session.client_core.security = PARLEY_DIRECT_TLS;
        session.server_core.security = PARLEY_DIRECT_TLS;
        base_anchors();
        rows[i].apply();
        resume_run(4096);
        resume_assert_ready(rows[i].offered);
        if (rows[i].apply != change_security && (hello_id_len() != 0) != rows[i].offered) {
            fail_msg("%s: the identifier has %u bytes", rows[i].what, hello_id_len());
        }
        resume_close();
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
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        for (size_t at = 0; at < fields[i].size; at++) {
            parley_code why;

            changed = kept;
            ((unsigned char *)&changed)[fields[i].offset + at] ^= 1;
            resume_defaults(&changed);
            assert_int_equal(parley_tls_client_init(&session.client, sizeof session.client,
                                                    &session.client_config, &session.client_input,
                                                    &why),
                             PARLEY_OK);
            if (parley_tls_client_resume(&session.client, &changed) ||
                session.client.transport.offers_session) {
                fail_msg("field %zu, byte %zu changed, and offered", i, at);
            }
        }
    }
    memset(&changed, 0, sizeof changed);
    resume_defaults(&changed);
    resume_run(4096);
    resume_assert_ready(false);
    memset(&changed, 0xFF, sizeof changed);
    resume_defaults(&changed);
    resume_run(4096);
    resume_assert_ready(false);
}

/* A session is tied to its own policy: with that of another in its place it is not offered, though
   that is the policy now. */
static void test_policy_of_another(void **state)
{
    parley_tls_session changed;

    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    changed = kept;
    resume_defaults(NULL);
    change_pin();
    resume_keep();
    for (int other = 0; other < 2; other++) {
        if (other) {
            memcpy(changed.policy, kept.policy, sizeof changed.policy);
        }
        resume_defaults(other ? &changed : &kept);
        change_pin();
        resume_run(4096);
        resume_assert_ready(!other);
    }
}

/* A chain; and a pin alone, which the small profile does not take. */
#ifdef PARLEY_TLS_SMALL
enum { PIN_KINDS = 1 };
#else
enum { PIN_KINDS = 2 };
#endif

/* Not beyond the certificate, but where it does not count. */
static void test_expiry(void **state)
{
    const int64_t end = 1609459200; /* of "expired" */

    (void)state;
    for (int pinned = 0; pinned < PIN_KINDS; pinned++) {
        resume_fresh_cache(3600);
        resume_defaults(NULL);
        tls_session_chain(&session, "expired", "server.key");
        if (pinned) {
            memcpy(pins, certificate_key_hash("expired"), sizeof pins);
            session.client_config.pin = pins;
            session.client_config.pin_only = true;
        }
        session.client_input.unix_time = end - 10;
        resume_keep();
        assert_int_equal(kept.expires, pinned ? end - 10 + PARLEY_TLS_SESSION_SECONDS : end);
        for (int late = 0; late < 2; late++) {
            resume_defaults(&kept);
            tls_session_chain(&session, "expired", "server.key");
            session.client_config.pin = pinned ? pins : NULL;
            session.client_config.pin_only = pinned;
            session.client_input.unix_time = late ? end + 1 : end - 1;
            resume_run(4096);
            if (late && !pinned) {
                assert_int_equal(parley_client_outcome(&session.client.core)->code,
                                 PARLEY_ERROR_TLS_CERTIFICATE_CHAIN);
            } else {
                resume_assert_ready(true);
            }
        }
    }
}

/* Only before the handshake; and none is none. */
static void test_when_offered(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    resume_defaults(NULL);
    tls_session_open(&session);
    assert_false(parley_tls_client_resume(&session.client, NULL));
    assert_true(parley_tls_client_resume(&session.client, &kept));
    tls_session_run(&session, 4096);
    resume_assert_ready(true);
    assert_false(parley_tls_client_resume(&session.client, &kept));
    resume_close();
}

/* When a session can be kept, and what is left of its secret afterwards. */
static void test_secrets(void **state)
{
    static const unsigned char zero[sizeof kept];
    unsigned char secret[48];

    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    tls_session_open(&session);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_MISUSE);
    tls_session_run(&session, 4096);
    resume_assert_ready(false);
    assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_OK);
    for (int round = 0; round < 2; round++) {
        memcpy(secret, kept.parameters.master_secret, sizeof secret);
        assert_true(
            resume_memory_has(&session.client, sizeof session.client, secret, sizeof secret));
        resume_close();
        assert_int_equal(parley_tls_client_session(&session.client, &kept), PARLEY_MISUSE);
        assert_false(
            resume_memory_has(&session.client, sizeof session.client, secret, sizeof secret));
        assert_false(
            resume_memory_has(&session.server, sizeof session.server, secret, sizeof secret));
        assert_false(resume_memory_has(&session.client_side, sizeof session.client_side, secret,
                                       sizeof secret));
        if (round == 0) {
            resume_defaults(&kept);
            resume_run(4096);
            resume_assert_ready(true);
        }
    }
    parley_tls_session_wipe(&kept);
    assert_memory_equal(&kept, zero, sizeof kept);
}

/* Nor is it left in a client that offered it and closed before TLS began. */
static void test_secret_not_used(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_keep();
    resume_defaults(&kept);
    tls_session_open(&session);
    assert_true(resume_memory_has(&session.client, sizeof session.client,
                                  kept.parameters.master_secret, 48));
    parley_client_close(&session.client.core);
    tls_session_run(&session, 4096);
    assert_true(session.client_side.closed);
    assert_false(resume_memory_has(&session.client, sizeof session.client,
                                   kept.parameters.master_secret, 48));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),           cmocka_unit_test(test_changed),
        cmocka_unit_test(test_policy_of_another), cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_secrets),           cmocka_unit_test(test_when_offered),
        cmocka_unit_test(test_secret_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
