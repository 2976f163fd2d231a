/* What <parley/certificate.h> tells: of every kind of key, signature, name and date; at
   every truncation, with every byte altered, against a guard page; names as text, at
   every size; and the certificates that parley_tls_client_watch shows, good or bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/guard.h"
#include "common/tls_session.h"

#include <parley/certificate.h>

static parley_certificate_facts read_one(const char *file)
{
    const br_x509_certificate *certificate = certificate_load(file);
    parley_certificate_facts facts;

    if (parley_certificate_read(certificate->data, certificate->data_len, &facts, NULL, 0) !=
        PARLEY_OK) {
        fail_msg("%s is not read", file);
    }
    return facts;
}

static void keys_and_signatures(void **state)
{
    static const struct {
        const char *file;
        parley_key_kind key;
        unsigned bits;
        const char *name;
        const char *signature;
        bool weak;
    } rows[] = {
        {"good", PARLEY_KEY_EC, 256, "P-256", "ecdsa-with-SHA256", false},
        {"middle", PARLEY_KEY_EC, 384, "P-384", "ecdsa-with-SHA256", false},
        {"good-rsa", PARLEY_KEY_RSA, 2048, "RSA", "sha256WithRSAEncryption", false},
        {"small", PARLEY_KEY_RSA, 1024, "RSA", "ecdsa-with-SHA256", false},
        {"good-sha384", PARLEY_KEY_EC, 256, "P-256", "ecdsa-with-SHA384", false},
        {"good-sha512", PARLEY_KEY_EC, 256, "P-256", "ecdsa-with-SHA512", false},
        {"good-mixed", PARLEY_KEY_EC, 256, "P-256", "sha512WithRSAEncryption", false},
        {"sha1", PARLEY_KEY_EC, 256, "P-256", "ecdsa-with-SHA1", true},
        {"sha224", PARLEY_KEY_EC, 256, "P-256", "ecdsa-with-SHA224", true},
        {"sha1-rsa", PARLEY_KEY_RSA, 2048, "RSA", "sha1WithRSAEncryption", true},
        {"md5-rsa", PARLEY_KEY_RSA, 2048, "RSA", "md5WithRSAEncryption", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        parley_certificate_facts facts = read_one(rows[i].file);

        if (facts.key != rows[i].key || facts.key_bits != rows[i].bits ||
            strcmp(facts.key_name, rows[i].name) != 0 ||
            strcmp(facts.signature, rows[i].signature) != 0 ||
            facts.signature_weak != rows[i].weak) {
            fail_msg("%s: %u %s, %s", rows[i].file, facts.key_bits, facts.key_name,
                     facts.signature);
        }
        assert_memory_equal(facts.key_hash, certificate_key_hash(rows[i].file), 32);
    }
}

static void dates_uses_and_issuers(void **state)
{
    char text[64];
    parley_certificate_facts facts = read_one("expired");

    (void)state;
    assert_int_equal(facts.not_before, 1577836800); /* 2020-01-01 */
    assert_int_equal(facts.not_after, 1609459200);  /* 2021-01-01 */
    assert_false(facts.authority);
    assert_int_equal(facts.uses, 0);
    assert_int_equal(parley_certificate_name_text(facts.issuer, text, sizeof text), PARLEY_OK);
    assert_string_equal(text, "CN=Test CA");
    assert_int_equal(parley_certificate_name_text(facts.subject, text, sizeof text), PARLEY_OK);
    assert_string_equal(text, "CN=leaf");
    assert_int_equal(read_one("good").uses, PARLEY_USE_SERVER | PARLEY_USE_CLIENT);
    assert_int_equal(read_one("uses-client").uses, PARLEY_USE_CLIENT);
    facts = read_one("ca");
    assert_true(facts.authority);
    assert_true(parley_string_equal(facts.issuer, facts.subject));
    assert_false(parley_string_equal(read_one("middle").issuer, read_one("middle").subject));
}

static void names(void **state)
{
    const br_x509_certificate *certificate = certificate_load("every-name");
    const parley_string domain = {"a.example.com", 13};
    parley_certificate_name_entry entry[8];
    parley_certificate_facts facts;

    (void)state;
    assert_int_equal(parley_certificate_read(certificate->data, certificate->data_len, &facts,
                                             entry, 8),
                     PARLEY_OK);
    assert_int_equal(facts.names, 5);
    assert_int_equal(entry[0].kind, PARLEY_NAME_SRV);
    assert_memory_equal(entry[0].value.data, "_xmpp-client.example.com", 24);
    assert_int_equal(entry[1].kind, PARLEY_NAME_XMPP);
    assert_int_equal(entry[2].kind, PARLEY_NAME_DNS);
    assert_int_equal(parley_certificate_name_judge(domain, &entry[0]), PARLEY_TLS_NAME_OTHER);
    assert_int_equal(parley_certificate_name_judge(domain, &entry[2]), 0);
    assert_int_equal(parley_certificate_name_judge((parley_string){"::1", 3}, &entry[2]),
                     PARLEY_TLS_NAME_LITERAL);
    /* No room for all of them: the first, and how many there are. */
    memset(entry, 0, sizeof entry);
    assert_int_equal(parley_certificate_read(certificate->data, certificate->data_len, &facts,
                                             entry, 2),
                     PARLEY_OK);
    assert_int_equal(facts.names, 5);
    assert_non_null(entry[1].value.data);
    assert_null(entry[2].value.data);
    certificate = certificate_load("name-long");
    assert_int_equal(parley_certificate_read(certificate->data, certificate->data_len, &facts,
                                             entry, 8),
                     PARLEY_OK);
    assert_int_equal(entry[0].value.len, 300);
    assert_int_equal(parley_certificate_name_judge(domain, &entry[0]), PARLEY_TLS_NAME_OTHER);
}

/* Everything that is read lies within the certificate, whatever it is. */
static void read_any(const unsigned char *data, size_t len, bool whole)
{
    guard g;
    const unsigned char *copy = guard_copy(&g, data, len);
    parley_certificate_name_entry entry[4];
    parley_certificate_facts facts;
    char text[80];

    if (parley_certificate_read(copy, len, &facts, entry, 4) == PARLEY_OK) {
        assert_true(whole);
        for (size_t i = 0; i < facts.names && i < 4; i++) {
            size_t at = (size_t)(entry[i].value.data - (const char *)copy);

            assert_true(at <= len && entry[i].value.len <= len - at);
        }
        (void)parley_certificate_name_text(facts.subject, text, sizeof text);
        (void)parley_certificate_name_text(facts.issuer, text, sizeof text);
    }
    (void)parley_certificate_name_text((parley_string){(const char *)copy, len}, text, sizeof text);
    guard_close(&g);
}

static void any_bytes(void **state)
{
    static const char *const files[] = {"good", "good-rsa", "every-name"};
    unsigned char altered[4096];

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const br_x509_certificate *certificate = certificate_load(files[i]);
        size_t len = certificate->data_len;

        assert_true(len <= sizeof altered);
        for (size_t cut = 0; cut <= len; cut++) {
            read_any(certificate->data, cut, cut == len);
        }
        for (size_t at = 0; at < len; at++) {
            static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0x84, 0xFF};

            memcpy(altered, certificate->data, len);
            for (size_t v = 0; v < sizeof values; v++) {
                altered[at] = values[v];
                read_any(altered, len, true);
            }
        }
    }
}

static void text_of_names(void **state)
{
    static const unsigned char name[] = {0x30, 0x3D, 0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55,
                                         0x04, 0x06, 0x13, 0x02, 'D',  'E',  0x31, 0x1C, 0x30,
                                         0x0C, 0x06, 0x03, 0x55, 0x04, 0x0A, 0x0C, 0x05, 'P',
                                         ',',  '\n', 0xC3, 0xBC, 0x30, 0x0C, 0x06, 0x03, 0x55,
                                         0x04, 0x63, 0x1E, 0x05, 0x00, 'a',  0x00, 'b',  0xFF,
                                         0x31, 0x10, 0x30, 0x0E, 0x06, 0x03, 0x55, 0x04, 0x03,
                                         0x16, 0x07, 'e',  'x',  'a',  'm',  'p',  'l',  'e'};
    static const char expected[] = "C=DE, O=P,\n\xC3\xBC, 2.5.4.99=#00610062ff, CN=example";
    char text[80];

    (void)state;
    assert_int_equal(parley_certificate_name_text((parley_string){(const char *)name, sizeof name},
                                                  text, sizeof text),
                     PARLEY_OK);
    assert_string_equal(text, expected);
    for (size_t size = 1; size <= sizeof expected; size++) {
        guard g;
        char *small = guard_open(&g, size);

        assert_int_equal(parley_certificate_name_text((parley_string){(const char *)name,
                                                                      sizeof name},
                                                      small, size),
                         PARLEY_OK);
        assert_int_equal(strlen(small), size - 1);
        assert_memory_equal(small, expected, size - 1);
        guard_close(&g);
    }
    assert_int_equal(parley_certificate_name_text((parley_string){(const char *)name, 60}, text,
                                                  sizeof text),
                     PARLEY_ILLEGAL);
    assert_int_equal(parley_certificate_name_text((parley_string){"\x30\x00", 2}, text,
                                                  sizeof text),
                     PARLEY_OK);
    assert_string_equal(text, "");
}

/* What was shown: the certificates one after the other. */
static unsigned char shown[16384];
static size_t shown_len;
static size_t shown_ends[4];
static size_t shown_count;

static void watch(void *context, const void *data, size_t len)
{
    assert_ptr_equal(context, shown);
    if (data == NULL) {
        assert_true(shown_count < 4);
        shown_ends[shown_count++] = shown_len;
        return;
    }
    assert_true(len <= sizeof shown - shown_len);
    memcpy(shown + shown_len, data, len);
    shown_len += len;
}

static tls_session session;

static void assert_shown(const br_x509_certificate *chain, size_t count)
{
    size_t at = 0;

    assert_int_equal(shown_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(shown_ends[i] - at, chain[i].data_len);
        assert_memory_equal(shown + at, chain[i].data, chain[i].data_len);
        at = shown_ends[i];
    }
}

static void watched(void **state)
{
    static const struct {
        const char *leaf;
        bool pin_only;
        parley_code code;
    } rows[] = {
        {"good", false, PARLEY_NO_ERROR},
#ifndef PARLEY_TLS_SMALL
        {"good", true, PARLEY_NO_ERROR},
#endif
        {"expired", false, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN},
        {"name-other", false, PARLEY_ERROR_TLS_CERTIFICATE_NAME},
        {"unknown-ca", false, PARLEY_ERROR_TLS_CERTIFICATE_CHAIN},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        const size_t row = i / 2;

        shown_len = shown_count = 0;
        tls_session_defaults(&session);
        tls_session_chain(&session, rows[row].leaf, "server.key");
        session.chain[1] = *certificate_load("ca"); /* and its authority, as servers send it */
        session.server_config.chain_len = 2;
        if (rows[row].pin_only) {
            session.client_config.pin = certificate_key_hash(rows[row].leaf);
            session.client_config.pin_only = true;
        }
        session.close_when_ready = true;
        tls_session_open(&session);
        parley_tls_client_watch(&session.client, watch, shown);
        tls_session_run(&session, i % 2 == 0 ? 1 : 65536);
        assert_int_equal(parley_client_outcome(&session.client.core)->code, rows[row].code);
        assert_shown(session.chain, 2);
    }
}

/* RFC 6120 13.7.2, point 5: who looks up revocation has the certificates before TLS is up, and
   ends the session when it is; nothing of the login has left by then. */
static void revoked(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        shown_len = shown_count = 0;
        tls_session_defaults(&session);
        session.chain[1] = *certificate_load("ca");
        session.server_config.chain_len = 2;
        session.close_when_ready = true;
        tls_session_open(&session);
        session.client_side.revoked = i == 1 ? &session.client.core : NULL;
        parley_tls_client_watch(&session.client, watch, shown);
        tls_session_run(&session, 65536);
        assert_shown(session.chain, 2);
        assert_int_equal(parley_client_outcome(&session.client.core)->code,
                         i == 1 ? PARLEY_ERROR_LOCAL : PARLEY_NO_ERROR);
        assert_int_equal(tls_side_has(&session.client_side, "state mechanism"), i == 0);
        assert_int_equal(tls_side_has(&session.server_side, "state nonce"), i == 0);
    }
}

static void client_watched(void **state)
{
    const br_x509_certificate *certificate = certificate_load("client");

    (void)state;
    shown_len = shown_count = 0;
    tls_session_defaults(&session);
    session.client_config.chain = certificate;
    session.client_config.chain_len = 1;
    session.client_config.ec_key = certificate_ec_key("client.key");
    session.client_config.chain_issuer_type = BR_KEYTYPE_EC;
    session.server_config.client_anchors = certificate_anchor("ca");
    session.server_config.client_anchor_count = 1;
    session.close_when_ready = true;
    tls_session_open(&session);
    parley_tls_server_watch(&session.server, watch, shown);
    tls_session_run(&session, 65536);
    assert_int_equal(parley_server_outcome(&session.server.core)->code, PARLEY_NO_ERROR);
    assert_shown(certificate, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_signatures),
        cmocka_unit_test(dates_uses_and_issuers),
        cmocka_unit_test(names),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(text_of_names),
        cmocka_unit_test(watched),
        cmocka_unit_test(revoked),
        cmocka_unit_test(client_watched),
    };

    return cmocka_run_group_tests_name("tls_facts", tests, NULL, NULL);
}
