/* RFC 6120 13.10.2: errors do not tell a stranger who is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "router_rig.h"

/* Slot 0 romeo, 1 and 2 juliet, who is connected with two resources and available with one. */
static int open_three(void **state)
{
    rig *g = rig_open(NULL);

    rig_login(g, 0, ROMEO, "orchard");
    rig_login(g, 1, JULIET, "balcony");
    rig_login(g, 2, JULIET, "chamber");
    rig_say(g, 0, "<presence/>");
    rig_say(g, 1, "<presence><show>away</show></presence>");
    rig_forget(g);
    *state = g;
    return 0;
}

static int close_rig(void **state)
{
    rig_close(*state);
    return 0;
}

/* What the sender is told about a stanza to `to`: the error's type and condition, or nothing. */
static void told(rig *g, const char *form, const char *to, char *text, size_t size)
{
    static char stanza[4 * RIG_STANZA];
    const char *error;

    snprintf(stanza, sizeof stanza, form, to);
    rig_say(g, 0, stanza);
    error = strstr(rig_said(g, 0), "<error ");
    snprintf(text, size, "%s", error != NULL ? error : "");
    rig_forget(g);
}

/* RFC 6120 13.10.2: an error does not tell which resources there are. */
static void probes_are_alike(void **state)
{
    static const char *const presences[] = {"<presence/>",
                                            "<presence><priority>-1</priority></presence>",
                                            "<presence type='unavailable'/>"};
    static const char *const forms[] = {
        "<message to='%s'/>",
        "<message to='%s' type='normal'/>",
        "<message to='%s' type='chat'/>",
        "<message to='%s' type='headline'/>",
        "<message to='%s' type='groupchat'/>",
        "<message to='%s' type='error'/>",
        "<iq to='%s' type='get' id='i'><query xmlns='u'/></iq>",
        "<presence to='%s' type='probe'/>",
    };
    rig *g = *state;

    for (size_t i = 0; i < 3; i++) {
        rig_say(g, 1, presences[i]);
        rig_say(g, 2, presences[i]);
        rig_forget(g);
        for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
            char bare[512];
            char full[512];

            told(g, forms[k], "juliet@example.org", bare, sizeof bare);
            told(g, forms[k], "juliet@example.org/gone", full, sizeof full);
            assert_string_equal(bare, full);
        }
    }
    rig_say(g, 0, "<message to='juliet@example.org/gone'/>");
    assert_non_null(strstr(rig_said(g, 0), "service-unavailable"));
    rig_say(g, 1, "<presence/>");
    rig_forget(g);
    rig_say(g, 0, "<message to='juliet@example.org/gone'/>");
    for (uint32_t i = 0; i < 3; i++) {
        assert_string_equal(rig_said(g, i), "");
    }
}

/* Nor does one that is due because of the length: about what an output takes, and far beyond. */
static void long_probes_are_alike(void **state)
{
    static const char *const types[] = {"normal", "chat", "headline", "groupchat"};
    static char form[4 * RIG_STANZA], body[3 * RIG_STANZA];
    rig *g = *state;
    size_t refused = 0;

    for (size_t n = RIG_STANZA - 800; n < sizeof body; n += n < RIG_STANZA + 200 ? 11 : 4000) {
        memset(body, 'x', n);
        body[n] = '\0';
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            char here[512], gone[512], nobody[512], bare[512];

            snprintf(form, sizeof form, "<message to='%%s' type='%s'><body>%s</body></message>",
                     types[i], body);
            told(g, form, "juliet@example.org/balcony", here, sizeof here);
            told(g, form, "juliet@example.org/terrace", gone, sizeof gone);
            told(g, form, "nobody@example.org/balcony", nobody, sizeof nobody);
            told(g, form, "juliet@example.org", bare, sizeof bare);
            refused += here[0] != '\0';
            if (here[0] != '\0' || i < 3) {
                assert_string_equal(here, gone);
            }
            if (here[0] != '\0') {
                assert_string_equal(here, nobody);
            }
            if (here[0] != '\0' && n > RIG_STANZA) {
                assert_string_equal(here, bare);
            }
        }
    }
    assert_true(refused > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(probes_are_alike, open_three, close_rig),
        cmocka_unit_test_setup_teardown(long_probes_are_alike, open_three, close_rig),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
