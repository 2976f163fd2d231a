/* The verdict on every certificate of tests/data/certificates: chain, name and pin
   told apart, each with BearSSL's code. The certificates come in whole, byte by
   byte and in seeded pieces; start_chain forgets the chain before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/guard.h"
#include "common/seeded.h"
#include "tls_engine.h"
#include "verify.h"

#define CHAIN PARLEY_ERROR_TLS_CERTIFICATE_CHAIN
#define NAME  PARLEY_ERROR_TLS_CERTIFICATE_NAME
#define PIN   PARLEY_ERROR_TLS_CERTIFICATE_PIN

typedef struct verdict_case {
    const char *chain[3];
    const char *anchor; /* NULL: "ca" */
    const char *domain; /* NULL: "example.com" */
    const char *pin;    /* the certificate whose key it is; NULL: none */
    int64_t time;       /* 0: CERTIFICATES_TIME */
    bool pin_only;
    bool of_client;
    parley_code code;
    unsigned error;
    int detail; /* 0: the error */
} verdict_case;

#define YEAR_2021_01_01 1609459200
#define YEAR_2110_01_01 4417977600

#define NOT_NAMED(why) \
    .code = NAME, .error = BR_ERR_X509_BAD_SERVER_NAME, .detail = PARLEY_TLS_NAME_##why
#define EARLY .code = CHAIN, .error = BR_ERR_X509_EXPIRED, .detail = PARLEY_TLS_NOT_YET_VALID

static const verdict_case cases[] = {
    {{"good"}, .code = PARLEY_NO_ERROR},
    {{"good-rsa"}, "ca-rsa", .code = PARLEY_NO_ERROR},
    {{"good-mixed"}, "ca-rsa", .code = PARLEY_NO_ERROR},
    {{"good-sha384"}, .code = PARLEY_NO_ERROR},
    {{"good-sha512"}, .code = PARLEY_NO_ERROR},
    {{"good-any"}, .code = PARLEY_NO_ERROR},
    {{"good-xmpp"}, .code = PARLEY_NO_ERROR},
    {{"good-middle", "middle"}, .code = PARLEY_NO_ERROR},
    {{"good-middle", "middle", "ca"}, .code = PARLEY_NO_ERROR},
    {{"good-lower", "lower", "middle"}, .code = PARLEY_NO_ERROR},
    {{"good-lower", "middle", "lower"}, .code = CHAIN, .error = BR_ERR_X509_DN_MISMATCH},
    {{"good", "name-many"}, .code = PARLEY_NO_ERROR},

    /* The chain. */
    {{NULL}, .code = CHAIN, .error = BR_ERR_X509_EMPTY_CHAIN},
    {{"good-middle"}, .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"good"}, "ca-rsa", .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"good"}, "stranger", .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"unknown-ca"}, .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"unknown-ca"}, "ca-rsa", .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"good-middle", "good"}, .code = CHAIN, .error = BR_ERR_X509_DN_MISMATCH},
    {{"not-ca", "middle-not-ca"}, .code = CHAIN, .error = BR_ERR_X509_NOT_CA},
    {{"expired"}, .code = CHAIN, .error = BR_ERR_X509_EXPIRED},
    {{"expired"}, .time = YEAR_2021_01_01, .code = PARLEY_NO_ERROR},
    {{"expired"}, .time = YEAR_2021_01_01 + 1, .code = CHAIN, .error = BR_ERR_X509_EXPIRED},
    {{"early"}, EARLY},
    {{"early"}, .time = YEAR_2110_01_01, .code = PARLEY_NO_ERROR},
    {{"early"}, .time = YEAR_2110_01_01 - 1, EARLY},
    {{"sha1"}, .code = CHAIN, .error = BR_ERR_X509_UNSUPPORTED},
    {{"sha224"}, .code = CHAIN, .error = BR_ERR_X509_UNSUPPORTED},
    {{"sha1-rsa"}, "ca-rsa", .code = CHAIN, .error = BR_ERR_X509_UNSUPPORTED},
    {{"md5-rsa"}, "ca-rsa", .code = CHAIN, .error = BR_ERR_X509_UNSUPPORTED},
    {{"small"}, .code = CHAIN, .error = BR_ERR_X509_WEAK_PUBLIC_KEY},
    {{"critical"}, .code = CHAIN, .error = BR_ERR_X509_CRITICAL_EXTENSION},
    {{"usage"}, .code = CHAIN, .error = BR_ERR_X509_FORBIDDEN_KEY_USAGE},
    {{"uses-client"}, .code = CHAIN, .error = BR_ERR_X509_FORBIDDEN_KEY_USAGE},
    {{"authority"}, .code = CHAIN, .error = BR_ERR_X509_FORBIDDEN_KEY_USAGE},
    {{"own"}, .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"own"}, "own", .code = PARLEY_NO_ERROR},
    {{"own"}, "own", .domain = "example.org", NOT_NAMED(OTHER)},
    {{"own-ca"}, "own-ca", .code = PARLEY_NO_ERROR},
    {{"twice"}, .code = CHAIN, .error = BR_ERR_X509_INVALID_VALUE},

    /* The name. */
    {{"good"}, .domain = "EXAMPLE.com.", .code = PARLEY_NO_ERROR},
    {{"upper"}, .code = PARLEY_NO_ERROR},
    {{"international"},
     .domain = "b\xC3\xBC"
               "cher.example",
     .code = PARLEY_NO_ERROR},
    {{"name-utf8"},
     .domain = "b\xC3\xBC"
               "cher.example",
     NOT_NAMED(BYTES)},
    {{"name-many"}, .code = PARLEY_NO_ERROR},
    {{"name-many"}, .domain = "host599.example.org", .code = PARLEY_NO_ERROR},
    {{"name-long"}, .code = PARLEY_NO_ERROR},
    {{"wildcard"}, .domain = "a.example.com", .code = PARLEY_NO_ERROR},
    {{"wildcard"}, NOT_NAMED(WILDCARD)},
    {{"wildcard"}, .domain = "a.b.example.com", NOT_NAMED(WILDCARD)},
    {{"wildcard"}, .domain = "xn--bcher-kva.example.com", .code = PARLEY_NO_ERROR},
    {{"wildcard-top"}, NOT_NAMED(WILDCARD)},
    {{"wildcard-public"}, .domain = "example.co.uk", NOT_NAMED(WILDCARD)},
    {{"wildcard-all"}, .domain = "localhost", NOT_NAMED(WILDCARD)},
    {{"wildcard-part"}, .domain = "a.example.com", NOT_NAMED(WILDCARD)},
    {{"wildcard-part"}, .domain = "ab.example.com", NOT_NAMED(WILDCARD)},
    {{"wildcard-part"}, .domain = "a.b.com", NOT_NAMED(WILDCARD)},
    {{"good"}, .domain = "a.example.com", NOT_NAMED(OTHER)},
    {{"good"}, .domain = "", NOT_NAMED(LITERAL)},
    {{"name-other"}, NOT_NAMED(OTHER)},
    {{"name-none"}, NOT_NAMED(NONE)},
    {{"name-empty"}, NOT_NAMED(OTHER)},
    {{"name-empty"}, .domain = "", NOT_NAMED(LITERAL)},
    {{"name-cn"}, NOT_NAMED(NONE)},
    {{"name-cn-other"}, NOT_NAMED(OTHER)},
    {{"name-nul"}, NOT_NAMED(BYTES)},
    {{"name-nul-end"}, NOT_NAMED(BYTES)},
    {{"name-dot"}, NOT_NAMED(OTHER)},
    {{"name-mail"}, NOT_NAMED(NONE)},
    {{"name-address"}, .domain = "192.0.2.1", NOT_NAMED(LITERAL)},
    {{"name-address"}, NOT_NAMED(OTHER)},
    {{"international-upper"},
     .domain = "b\xC3\xBC"
               "cher.example",
     .code = PARLEY_NO_ERROR},
    {{"international"}, .domain = "xn--bcher-kva.example", .code = PARLEY_NO_ERROR},

    /* SRV-ID and XmppAddr. */
    {{"name-srv"}, .code = PARLEY_NO_ERROR},
    {{"name-srv-upper"}, .code = PARLEY_NO_ERROR},
    {{"name-srv"}, .domain = "a.example.com", NOT_NAMED(OTHER)},
    {{"name-srv-server"}, NOT_NAMED(SERVICE)},
    {{"name-srv-other"}, NOT_NAMED(OTHER)},
    {{"name-srv-wildcard"}, .domain = "a.example.com", NOT_NAMED(WILDCARD)},
    {{"name-srv-nul"}, NOT_NAMED(BYTES)},
    {{"name-srv-utf8"}, NOT_NAMED(NONE)}, /* an IA5String must be */
    {{"name-xmpp"}, .code = PARLEY_NO_ERROR},
    {{"name-xmpp"}, .domain = "EXAMPLE.com", .code = PARLEY_NO_ERROR},
    {{"name-xmpp"}, .domain = "a.example.com", NOT_NAMED(OTHER)},
    {{"name-xmpp-international"},
     .domain = "b\xC3\xBC"
               "cher.example",
     .code = PARLEY_NO_ERROR},
    {{"name-xmpp-international"}, .domain = "xn--bcher-kva.example", .code = PARLEY_NO_ERROR},
    {{"name-xmpp-user"}, NOT_NAMED(OTHER)},
    {{"name-xmpp-nul"}, NOT_NAMED(OTHER)},
    {{"name-xmpp-wildcard"}, .domain = "a.example.com", NOT_NAMED(OTHER)},
    {{"every-name"}, .domain = "b.example.com", .code = PARLEY_NO_ERROR},
    {{"every-name"}, .code = PARLEY_NO_ERROR}, /* by its SRVName */
    {{"every-name"}, .domain = "juliet.example.com", NOT_NAMED(OTHER)},
    /* Only the leaf is asked. */
    {{"name-other", "good"}, NOT_NAMED(OTHER)},

    /* The pin, beside the anchors. */
    {{"good"}, .pin = "good", .code = PARLEY_NO_ERROR},
    {{"good"}, .pin = "ca", .code = PIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"expired"}, .pin = "expired", .code = CHAIN, .error = BR_ERR_X509_EXPIRED},
    {{"name-other"}, .pin = "name-other", NOT_NAMED(OTHER)},
    {{"name-other"}, .pin = "ca", NOT_NAMED(OTHER)},
    {{"good-middle", "middle"}, .pin = "middle", .code = PIN, .error = BR_ERR_X509_NOT_TRUSTED},

#ifndef PARLEY_TLS_SMALL
    /* The pin alone. */
    {{"good"}, .pin = "good", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"own"}, .pin = "own", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"expired", "small"}, .pin = "expired", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"name-other"}, .pin = "name-other", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"sha1"}, .pin = "sha1", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"good-rsa"}, .pin = "good-rsa", .pin_only = true, .code = PARLEY_NO_ERROR},
    {{"own"}, .pin = "ca", .pin_only = true, .code = PIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{"good", "ca"}, .pin = "ca", .pin_only = true, .code = PIN, .error = BR_ERR_X509_NOT_TRUSTED},
    {{NULL}, .pin = "ca", .pin_only = true, .code = CHAIN, .error = BR_ERR_X509_EMPTY_CHAIN},
    {{"twice"},
     .pin = "twice",
     .pin_only = true,
     .code = CHAIN,
     .error = BR_ERR_X509_INVALID_VALUE},
#endif

    /* A server's verdict on clients: no name. */
    {{"client"}, .of_client = true, .code = PARLEY_NO_ERROR},
    {{"good"}, .of_client = true, .code = PARLEY_NO_ERROR},
    {{"client-expired"}, .of_client = true, .code = CHAIN, .error = BR_ERR_X509_EXPIRED},
    {{"client-server"}, .of_client = true, .code = CHAIN, .error = BR_ERR_X509_FORBIDDEN_KEY_USAGE},
    {{"client"}, "ca-rsa", .of_client = true, .code = CHAIN, .error = BR_ERR_X509_NOT_TRUSTED},
};
#define CASE_COUNT (sizeof cases / sizeof cases[0])

static parley_tls_handshake handshake;

static void verifier_open(parley_verifier *v, const verdict_case *row)
{
    parley_verifier_settings settings;

    memset(v, 0, sizeof *v);
    memset(&settings, 0, sizeof settings);
    if (!row->pin_only) {
        settings.anchors = certificate_anchor(row->anchor != NULL ? row->anchor : "ca");
        settings.anchor_count = 1;
    }
    settings.pin = row->pin != NULL ? certificate_key_hash(row->pin) : NULL;
    settings.pin_only = row->pin_only;
    settings.clients = row->of_client ? &parley_verifier_of_clients : NULL;
    settings.domain = parley_string_of(row->domain != NULL ? row->domain : "example.com");
    settings.unix_time = row->time != 0 ? row->time : CERTIFICATES_TIME;
    settings.handshake = &handshake;
    parley_verifier_init(v, &settings);
}

/* Without Unicode's tables a domain beyond ASCII cannot be a session's, and an XmppAddr
   beyond ASCII is nobody's. The small profile knows SHA-256 alone. */
static verdict_case as_built(const verdict_case *row)
{
    verdict_case built = *row;
    bool beyond = row->domain != NULL && strchr(row->domain, '\xC3') != NULL;
    bool address = row->chain[0] != NULL && strcmp(row->chain[0], "name-xmpp-international") == 0;

    if (!PARLEY_UNICODE && (beyond || address)) {
        built.code = NAME;
        built.error = BR_ERR_X509_BAD_SERVER_NAME;
        built.detail = beyond ? PARLEY_TLS_NAME_LITERAL : PARLEY_TLS_NAME_OTHER;
    }
#ifdef PARLEY_TLS_SMALL
    if (row->chain[0] != NULL &&
        (strcmp(row->chain[0], "good-mixed") == 0 || strncmp(row->chain[0], "good-sha", 8) == 0)) {
        built.code = CHAIN;
        built.error = BR_ERR_X509_UNSUPPORTED;
    }
#endif
    return built;
}

/* chunk 0: seeded sizes. Returns end_chain's. */
static unsigned present(parley_verifier *v, const char *const *chain, size_t chunk)
{
    const br_x509_class **x = &v->vtable;
    uint32_t seed = 99;

    (*x)->start_chain(x, "not.used.example");
    for (size_t i = 0; i < 3 && chain[i] != NULL; i++) {
        const br_x509_certificate *file = certificate_load(chain[i]);
        size_t at = 0;

        (*x)->start_cert(x, (uint32_t)file->data_len);
        while (at < file->data_len) {
            size_t n = chunk != 0 ? chunk : 1 + seeded_below(&seed, 256);
            guard g;

            n = n < file->data_len - at ? n : file->data_len - at;
            (*x)->append(x, guard_copy(&g, file->data + at, n), n);
            guard_close(&g);
            at += n;
        }
        (*x)->end_cert(x);
    }
    return (*x)->end_chain(x);
}

static void assert_verdict(const parley_verifier *v, const verdict_case *row, unsigned error)
{
    const br_x509_pkey *key;
    unsigned usages = 0;

    if (v->code != row->code || error != row->error || v->verified != (row->code == 0) ||
        v->detail != (row->detail != 0 ? row->detail : (int)row->error)) {
        fail_msg("%s for %s: code %d, BearSSL %u, detail %d (%s), verified %d",
                 row->chain[0] != NULL ? row->chain[0] : "no certificate",
                 row->domain != NULL ? row->domain : "example.com", (int)v->code, error, v->detail,
                 parley_tls_error_text(v->detail), v->verified);
    }
    if (row->code != PARLEY_NO_ERROR) {
        return;
    }
    key = v->vtable->get_pkey(&v->vtable, &usages);
    assert_non_null(key);
    assert_true(usages & BR_KEYTYPE_SIGN);
    assert_int_equal(key->key_type,
                     strstr(row->chain[0], "rsa") != NULL ? BR_KEYTYPE_RSA : BR_KEYTYPE_EC);
    assert_memory_equal(v->key_hash, certificate_key_hash(row->chain[0]), 32);
}

/* What is said of it, whoever asks. */
static void test_messages(void **state)
{
    static const struct {
        const char *file;
        const char *domain; /* NULL: "example.com" */
        const char *words;
    } rows[] = {
        {"expired", NULL, "expired"},
        {"early", NULL, "not yet valid; check the clock"},
        {"unknown-ca", NULL, "does not chain to a trust anchor"},
        {"own", NULL, "does not chain to a trust anchor"},
        {"sha1", NULL, "unsupported algorithms"},
        {"sha224", NULL, "unsupported algorithms"},
        {"small", NULL, "key too weak"},
        {"critical", NULL, "unknown critical extension"},
        {"usage", NULL, "not allowed for this use"},
        {"uses-client", NULL, "not allowed for this use"},
        {"authority", NULL, "not allowed for this use"},
        {"twice", NULL, "invalid value"},
        {"name-other", NULL, "for other domains"},
        {"name-none", NULL, "names no domain"},
        {"name-cn", NULL, "a common name, an IP address and a mail address do not count"},
        {"name-mail", NULL, "names no domain"},
        {"name-cn-other", NULL, "for other domains"},
        {"name-nul", NULL, "a byte that no domain holds"},
        {"name-nul-end", NULL, "a byte that no domain holds"},
        {"name-address", "192.0.2.1", "pin its key"},
        {"name-srv-server", NULL, "another service of the domain than _xmpp-client"},
        {"name-srv-nul", NULL, "a byte that no domain holds"},
        {"name-srv-wildcard", "a.example.com", "only one whole left-most label counts"},
        {"wildcard", NULL, "only one whole left-most label counts"},
        {"wildcard-top", NULL, "not below a public suffix"},
        {"wildcard-public", "example.co.uk", "not below a public suffix"},
        {"wildcard-part", "ab.example.com", "only one whole left-most label counts"},
        {"name-xmpp-user", NULL, "for other domains"},
        {"name-xmpp-wildcard", "a.example.com", "for other domains"},
    };
    static parley_verifier v;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const verdict_case row = {.domain = rows[i].domain};
        const char *const chain[3] = {rows[i].file};

        verifier_open(&v, &row);
        assert_int_not_equal(present(&v, chain, 0), 0);
        if (strstr(parley_tls_error_text(v.detail), rows[i].words) == NULL) {
            fail_msg("%s: %s", rows[i].file, parley_tls_error_text(v.detail));
        }
    }
}

static void test_verdicts(void **state)
{
    static parley_verifier v;

    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const verdict_case row = as_built(&cases[i]);

        verifier_open(&v, &row);
        assert_verdict(&v, &row, present(&v, row.chain, 0));
        if (i % 4 == 0) {
            verifier_open(&v, &row);
            assert_verdict(&v, &row, present(&v, row.chain, 1));
        }
        verifier_open(&v, &row);
        assert_verdict(&v, &row, present(&v, row.chain, 256));
    }
}

/* A verdict is of its own chain alone: a good one before, a bad one before. */
static void test_again(void **state)
{
    static parley_verifier v;
    static const char *const good[3] = {"good"};
    static const char *const bad[3] = {"name-other"};
    const verdict_case *first = &cases[0];

    (void)state;
    verifier_open(&v, first);
    assert_int_equal(present(&v, good, 0), 0);
    assert_true(v.verified);
    assert_int_equal(present(&v, bad, 0), BR_ERR_X509_BAD_SERVER_NAME);
    assert_false(v.verified);
    assert_int_equal(v.code, NAME);
    assert_int_equal(present(&v, good, 0), 0);
    assert_true(v.verified);
    assert_int_equal(v.code, PARLEY_NO_ERROR);
}

/* A signature or any other byte changed: never verified. */
static void test_altered(void **state)
{
    static parley_verifier v;
    const br_x509_certificate *file = certificate_load("good");

    (void)state;
    for (size_t i = 0; i < file->data_len; i += 3) {
        const br_x509_class **x = &v.vtable;
        unsigned char data[2048];

        memcpy(data, file->data, file->data_len);
        data[i] ^= 0x04;
        verifier_open(&v, &cases[0]);
        (*x)->start_chain(x, NULL);
        (*x)->start_cert(x, (uint32_t)file->data_len);
        (*x)->append(x, data, file->data_len);
        (*x)->end_cert(x);
        if ((*x)->end_chain(x) == 0 || v.verified || v.code == PARLEY_NO_ERROR) {
            fail_msg("byte %zu changed, and accepted", i);
        }
    }
}

#ifndef PARLEY_TLS_SMALL
static void present_bytes(parley_verifier *v, const unsigned char *data, size_t len, size_t chunk)
{
    const br_x509_class **x = &v->vtable;

    verifier_open(v, &(verdict_case){.pin = "good", .pin_only = true});
    (*x)->start_chain(x, NULL);
    (*x)->start_cert(x, (uint32_t)len);
    for (size_t at = 0; at < len; at += chunk) {
        (*x)->append(x, data + at, chunk < len - at ? chunk : len - at);
    }
    (*x)->end_cert(x);
    (void)(*x)->end_chain(x);
}

/* With the pin alone BearSSL's decoder reads the leaf. It must be given nothing once it has refused
   a byte: it would go on behind its refusal, and run off its own program. */
static void test_altered_pinned(void **state)
{
    static parley_verifier whole, pieces;
    const br_x509_certificate *file = certificate_load("good");
    unsigned char data[2048];

    (void)state;
    for (size_t i = 0; i < file->data_len; i++) {
        memcpy(data, file->data, file->data_len);
        data[i] ^= (unsigned char)(1U << i % 8);
        present_bytes(&whole, data, file->data_len, file->data_len);
        present_bytes(&pieces, data, file->data_len, 1);
        if (whole.code != pieces.code || whole.error != pieces.error) {
            fail_msg("byte %zu changed: BearSSL %u whole, %u in pieces", i, whole.error,
                     pieces.error);
        }
    }
    memcpy(data, file->data, file->data_len);
    memset(data + file->data_len, 0, 64); /* behind its end */
    present_bytes(&pieces, data, file->data_len + 64, 1);
    assert_int_equal(pieces.code, CHAIN);
    assert_int_equal(pieces.error, BR_ERR_X509_EXTRA_ELEMENT);
}
#endif

#ifndef PARLEY_WITHOUT_SERVER
/* XmppAddr of clients: in order, a NUL after each, as many as fit; of one chain alone. */
static void test_addresses(void **state)
{
    static const struct {
        const char *chain[3];
        const char *addresses;
        size_t len;
        bool left_out;
    } rows[] = {
        {{"client"}, "juliet@example.com", 19, false},
        {{"client-two"}, "juliet@example.com\0romeo@example.com", 37, false},
        {{"good"}, NULL, 0, false},
        {{"client-many"}, "user00@example.com\0user01@example.com", 494, true},
        {{"client-nul"}, "romeo@example.com", 18, true},
        {{"client-long"}, NULL, 0, true},
        {{"good", "client"}, NULL, 0, false}, /* only the leaf is asked */
    };
    static const verdict_case of_client = {{NULL}, .of_client = true};
    static parley_verifier v;

    (void)state;
    verifier_open(&v, &of_client);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t known = rows[i].len < 37 ? rows[i].len : 37;

        assert_int_equal(present(&v, rows[i].chain, i % 2), 0);
        if (v.addresses_len != rows[i].len || v.addresses_left_out != rows[i].left_out ||
            (known > 0 && memcmp(v.addresses, rows[i].addresses, known) != 0)) {
            fail_msg("%s: %u bytes, left out %d", rows[i].chain[0], v.addresses_len,
                     v.addresses_left_out);
        }
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),       cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_again),          cmocka_unit_test(test_altered),
#ifndef PARLEY_TLS_SMALL
        cmocka_unit_test(test_altered_pinned),
#endif
#ifndef PARLEY_WITHOUT_SERVER
        cmocka_unit_test(test_addresses),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
