/* The name of each state by its number, as the diagrams have it, and none beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <string.h>
#include <cmocka.h>

#include "client_states.h"
#include "parley/parley.h"
#include "server_states.h"

static void names_of(const char *(*text)(unsigned state), unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        assert_non_null(text(i));
        assert_true(text(i)[0] != '\0');
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(text(i), text(j));
        }
    }
    assert_null(text(count));
    assert_null(text(count + 1));
    assert_null(text(UINT8_MAX));
    assert_null(text(UINT8_MAX + 1));
    assert_null(text(UINT_MAX));
}

static void of_a_client(void **state)
{
    (void)state;
    names_of(parley_client_state_text, CLIENT_STATE_COUNT);
    assert_string_equal(parley_client_state_text(CLIENT_READY), "ready");
    assert_string_equal(parley_client_state_text(CLIENT_CLOSING), "closing");
    assert_string_equal(parley_client_state_text(CLIENT_CLOSED), "closed");
}

static void of_a_server(void **state)
{
    (void)state;
    names_of(parley_server_state_text, SERVER_STATE_COUNT);
    assert_string_equal(parley_server_state_text(SERVER_READY), "ready");
    assert_string_equal(parley_server_state_text(SERVER_CLOSING), "closing");
    assert_string_equal(parley_server_state_text(SERVER_CLOSED), "closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_client),
        cmocka_unit_test(of_a_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
