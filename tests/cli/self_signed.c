/* The certificate made on the spot, judged by BearSSL and by openssl: with the trust anchor made
   with it, for its domain, in its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "pem.h"
#include "self_signed.h"

static const unsigned char seed[32] = "thirty-two bytes that are known";

static parley_result make(self_signed *s, const char *domain, int64_t now)
{
    return self_signed_make(s, parley_string_of(domain), seed, sizeof seed, now);
}

/* BearSSL's verdict on the certificate at a time, with its anchor; 0: fine. */
static unsigned judged(const self_signed *s, int64_t at)
{
    br_x509_minimal_context x;
    pem_anchors anchors = {0};
    unsigned verdict;
    failure f;

    assert_true(pem_anchors_add(&anchors, s->anchor, s->anchor_len, &f));
    assert_int_equal(anchors.list[0].flags, BR_X509_TA_CA);
    br_x509_minimal_init(&x, &br_sha256_vtable, anchors.list, anchors.count);
    br_x509_minimal_set_hash(&x, br_sha256_ID, &br_sha256_vtable);
    br_x509_minimal_set_ecdsa(&x, br_ec_get_default(), br_ecdsa_vrfy_asn1_get_default());
    br_x509_minimal_set_time(&x, (uint32_t)(at / 86400 + 719528), (uint32_t)(at % 86400));
    x.vtable->start_chain(&x.vtable, "example.org");
    x.vtable->start_cert(&x.vtable, (uint32_t)s->len);
    x.vtable->append(&x.vtable, s->certificate, s->len);
    x.vtable->end_cert(&x.vtable);
    verdict = x.vtable->end_chain(&x.vtable);
    if (verdict == 0) {
        unsigned usages = 0;
        assert_non_null(x.vtable->get_pkey(&x.vtable, &usages));
        assert_true(usages & BR_KEYTYPE_SIGN);
    }
    pem_anchors_free(&anchors);
    return verdict;
}

/* 2026-11-22, the second half of 2049, and 2050: UTCTime, both, GeneralizedTime. */
static const int64_t times[] = {1795305600, 2514000000, 2540000000};

static void bearssl_agrees(void **state)
{
    self_signed s;
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t now = times[i];
        assert_int_equal(make(&s, "example.org", now), PARLEY_OK);
        assert_int_equal(judged(&s, now), 0);
        assert_int_equal(judged(&s, now - 86000), 0);
        assert_int_equal(judged(&s, now - 87000), BR_ERR_X509_EXPIRED);
        assert_int_equal(judged(&s, now + 364 * 86400), 0);
        assert_int_equal(judged(&s, now + 366 * 86400), BR_ERR_X509_EXPIRED);
        s.certificate[s.len - 1] ^= 1;
        assert_int_equal(judged(&s, now), BR_ERR_X509_NOT_TRUSTED);
    }
    assert_int_equal(make(&s, "example.com", times[0]), PARLEY_OK);
    assert_int_equal(judged(&s, times[0]), BR_ERR_X509_BAD_SERVER_NAME);
    self_signed_wipe(&s);
}

static void save(char *path, const void *data, size_t len)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    close(fd);
}

/* openssl's verdict; 0: fine. */
static int openssl_judged(const self_signed *s, const char *domain)
{
    char pem[SELF_SIGNED_PEM_SIZE];
    char anchor[32] = "anchor-XXXXXX";
    char path[32] = "self-signed-XXXXXX";
    char command[1024];
    int status;

    save(anchor, pem, self_signed_pem(s, pem));
    save(path, s->certificate, s->len);
    snprintf(command, sizeof command,
             "openssl verify -x509_strict -check_ss_sig -purpose sslserver -verify_hostname %s "
             "-CAfile %s %s >/dev/null 2>&1",
             domain, anchor, path);
    status = system(command);
    unlink(anchor);
    unlink(path);
    return status;
}

/* Whether openssl's text of a certificate has the words. */
static bool openssl_says(const void *data, size_t len, const char *words)
{
    char path[32] = "self-signed-XXXXXX";
    char command[256];
    int status;

    save(path, data, len);
    snprintf(command, sizeof command, "openssl x509 -inform DER -noout -text -in %s | grep -q '%s'",
             path, words);
    status = system(command);
    unlink(path);
    return status == 0;
}

/* RFC 6120 13.7.1.1: the domain's certificate is no authority's. */
static void only_the_anchor_is_an_authority(void **state)
{
    self_signed s;

    (void)state;
    assert_int_equal(make(&s, "example.org", times[0]), PARLEY_OK);
    assert_true(openssl_says(s.anchor, s.anchor_len, "CA:TRUE"));
    assert_true(openssl_says(s.anchor, s.anchor_len, "Certificate Sign"));
    assert_true(openssl_says(s.certificate, s.len, "DNS:example.org"));
    assert_true(openssl_says(s.certificate, s.len, "Digital Signature"));
    assert_false(openssl_says(s.certificate, s.len, "CA:TRUE"));
    assert_false(openssl_says(s.certificate, s.len, "Certificate Sign"));
}

static void openssl_agrees(void **state)
{
    char longest[254];
    self_signed s;
    (void)state;
    assert_int_equal(make(&s, "example.org", time(NULL)), PARLEY_OK);
    assert_int_equal(openssl_judged(&s, "example.org"), 0);
    assert_int_not_equal(openssl_judged(&s, "www.example.org"), 0);
    s.certificate[s.len - 1] ^= 1;
    assert_int_not_equal(openssl_judged(&s, "example.org"), 0);
    for (size_t i = 0; i < sizeof longest - 1; i++) {
        longest[i] = i % 50 == 49 ? '.' : 'a';
    }
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(make(&s, longest, time(NULL)), PARLEY_OK);
    assert_int_equal(openssl_judged(&s, longest), 0);
}

static void refused(void **state)
{
    static const char *const names[] = {
        "",     ".",      "a..b",         "-a.org",    "a-.org",        "a.org-",
        "a b",  "a.org.", "\xc3\xa9.org", "127.0.0.1", "*.example.org", "a_b.org",
        "[::1]"};
    self_signed s;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(make(&s, names[i], times[0]), PARLEY_ILLEGAL);
    }
    assert_int_equal(make(&s, "example.org", 0), PARLEY_REFUSED);
    assert_int_equal(self_signed_make(&s, parley_string_of("example.org"), seed, 31, times[0]),
                     PARLEY_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bearssl_agrees),
        cmocka_unit_test(openssl_agrees),
        cmocka_unit_test(only_the_anchor_is_an_authority),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
