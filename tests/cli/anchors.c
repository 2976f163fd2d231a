/* Trust anchors compiled in: what `parley anchors` printed at build time is what the
   certificates hold, and sessions come up with it, or do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/certificates.h"
#include "common/tls_session.h"
#include "anchors_made.h"

static tls_session session;

static void assert_bytes(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len)
{
    assert_int_equal(a_len, b_len);
    assert_memory_equal(a, b, a_len);
}

static void test_same(void **state)
{
    static const char *const names[] = {"ca", "ca-rsa", "middle", "own"};

    (void)state;
    assert_int_equal(made_count, 4);
    assert_int_equal(sizeof made / sizeof made[0], 4);
    for (size_t i = 0; i < 4; i++) {
        const br_x509_trust_anchor *a = &made[i], *b = certificate_anchor(names[i]);

        assert_bytes(a->dn.data, a->dn.len, b->dn.data, b->dn.len);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->pkey.key_type, b->pkey.key_type);
        if (a->pkey.key_type == BR_KEYTYPE_EC) {
            assert_int_equal(a->pkey.key.ec.curve, b->pkey.key.ec.curve);
            assert_bytes(a->pkey.key.ec.q, a->pkey.key.ec.qlen, b->pkey.key.ec.q,
                         b->pkey.key.ec.qlen);
        } else {
            assert_bytes(a->pkey.key.rsa.n, a->pkey.key.rsa.nlen, b->pkey.key.rsa.n,
                         b->pkey.key.rsa.nlen);
            assert_bytes(a->pkey.key.rsa.e, a->pkey.key.rsa.elen, b->pkey.key.rsa.e,
                         b->pkey.key.rsa.elen);
        }
    }
}

static void test_sessions(void **state)
{
    static const struct {
        const char *leaf;
        const char *key;
        parley_code code;
    } rows[] = {
        {"good", "server.key", PARLEY_NO_ERROR},
        {"good-rsa", "server-rsa.key", PARLEY_NO_ERROR},
        {"good-middle", "server.key", PARLEY_NO_ERROR}, /* the P-384 key */
        {"own", "own.key", PARLEY_NO_ERROR},
        {"unknown-ca", "server.key", PARLEY_ERROR_TLS_CERTIFICATE_CHAIN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tls_session_defaults(&session);
        tls_session_chain(&session, rows[i].leaf, rows[i].key);
        session.client_config.anchors = made;
        session.client_config.anchor_count = made_count;
        session.close_when_ready = true;
        tls_session_open(&session);
        tls_session_run(&session, 4096);
        assert_int_equal(parley_client_outcome(&session.client.core)->code, rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_sessions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
