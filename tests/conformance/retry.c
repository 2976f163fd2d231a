/* Whether trying again can help (parley_outcome.retry): after what the peer says of itself, for
   the time being; never after what we say of it, which would be the same again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/script.h"
#include "common/stages.h"

static bool passes(const char *name)
{
    static const char *const passing[] = {"connection-timeout",       "internal-server-error",
                                          "remote-connection-failed", "reset",
                                          "resource-constraint",      "system-shutdown"};
    size_t i;

    for (i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        if (strcmp(passing[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void the_peers_stream_errors(void **state)
{
    int condition;

    (void)state;
    for (condition = 1; condition < PARLEY_CONDITION_COUNT; condition++) {
        const char *name = parley_condition_name((parley_condition)condition);
        session *s = stage_client("ready", NULL);
        char text[256];
        char bytes[512];

        snprintf(text, sizeof text, "<stream:error><%s {STREAMS}/></stream:error>", name);
        (void)script_expand(text, false, bytes, sizeof bytes);
        assert_int_equal(session_feed_text(s, bytes), strlen(bytes));
        assert_int_equal(session_outcome(s)->condition, condition);
        assert_int_equal(session_outcome(s)->retry, passes(name));
        session_close(s);
    }
}

static void our_stream_errors(void **state)
{
    int condition;

    (void)state;
    for (condition = 1; condition < PARLEY_CONDITION_COUNT; condition++) {
        session *s = stage_client("ready", NULL);

        parley_client_fail(&s->core.client, PARLEY_ERROR_NO_OUTPUT_ROOM,
                           (parley_condition)condition);
        assert_int_equal(session_outcome(s)->condition, condition);
        assert_false(session_outcome(s)->retry);
        session_close(s);
    }
}

/* RFC 6120 6.5: temporary-auth-failure alone asks to be tried again. */
static void sasl_failures(void **state)
{
    int condition;

    (void)state;
    for (condition = 1; condition < PARLEY_SASL_CONDITION_COUNT; condition++) {
        const char *name = parley_sasl_condition_name((parley_sasl_condition)condition);
        session *s = stage_client("authenticating", NULL);
        char text[256];
        char bytes[512];

        snprintf(text, sizeof text, "<failure {SASL}><%s/></failure>", name);
        (void)script_expand(text, false, bytes, sizeof bytes);
        assert_int_equal(session_feed_text(s, bytes), strlen(bytes));
        assert_int_equal(session_outcome(s)->sasl, condition);
        assert_int_equal(session_outcome(s)->retry,
                         condition == PARLEY_SASL_TEMPORARY_AUTH_FAILURE);
        session_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_peers_stream_errors),
        cmocka_unit_test(our_stream_errors),
        cmocka_unit_test(sasl_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
