/* What connect keeps of a session for the next one: the TLS session but where tls-unique was used,
   and the strength of the mechanism, which only grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/tls_resume.h"
#include "kept.h"

static kept_secrets keeps;

static void take(const char *mechanism, const char *binding)
{
    static const parley_mechanism *const all[] = {&parley_scram_sha_512_plus,
                                                  &parley_scram_sha_256_plus, &parley_scram_sha_256,
                                                  &parley_scram_sha_1, &parley_plain};
    parley_client_config config = {.mechanisms = all, .mechanism_count = 5};
    parley_event event = {.kind = PARLEY_EVENT_AUTHENTICATED};

    event.mechanism = parley_string_of(mechanism);
    if (binding != NULL) {
        event.binding = parley_string_of(binding);
    }
    kept_take(&keeps, &session.client, &config, &event);
}

static int ready(void **state)
{
    (void)state;
    resume_fresh_cache(3600);
    resume_defaults(NULL);
    resume_run(4096);
    resume_assert_ready(false);
    kept_wipe(&keeps);
    return 0;
}

static bool is_wiped(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void the_session_is_kept(void **state)
{
    (void)state;
    take("SCRAM-SHA-256", NULL);
    assert_true(keeps.has_tls);
    take("SCRAM-SHA-256-PLUS", "tls-server-end-point");
    assert_true(keeps.has_tls);
    resume_close();
    resume_defaults(&keeps.tls);
    resume_run(4096);
    resume_assert_ready(true);
}

/* With it -PLUS could not be used again: a resumed session has no tls-unique. */
static void not_where_tls_unique_was_used(void **state)
{
    (void)state;
    take("SCRAM-SHA-256", NULL);
    take("SCRAM-SHA-256-PLUS", "tls-unique");
    assert_false(keeps.has_tls);
    assert_true(is_wiped(&keeps.tls, sizeof keeps.tls));
    assert_int_equal(keeps.minimum, PARLEY_STRENGTH_SCRAM_SHA_256_PLUS);
}

static void strength_only_grows(void **state)
{
    (void)state;
    assert_int_equal(keeps.minimum, PARLEY_STRENGTH_ANY);
    take("PLAIN", NULL);
    assert_int_equal(keeps.minimum, PARLEY_STRENGTH_PLAIN);
    take("SCRAM-SHA-256", NULL);
    assert_int_equal(keeps.minimum, PARLEY_STRENGTH_SCRAM_SHA_256);
    take("SCRAM-SHA-1", NULL);
    assert_int_equal(keeps.minimum, PARLEY_STRENGTH_SCRAM_SHA_256);
}

static void nothing_is_left(void **state)
{
    (void)state;
    take("SCRAM-SHA-256", NULL);
    keeps.keys.key_len = 32;
    kept_forget_tls(&keeps);
    assert_false(keeps.has_tls);
    assert_true(is_wiped(&keeps.tls, sizeof keeps.tls));
    assert_int_equal(keeps.keys.key_len, 32);
    kept_wipe(&keeps);
    assert_true(is_wiped(&keeps, sizeof keeps));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_session_is_kept, ready),
        cmocka_unit_test_setup(not_where_tls_unique_was_used, ready),
        cmocka_unit_test_setup(strength_only_grows, ready),
        cmocka_unit_test_setup(nothing_is_left, ready),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
