/* The command line: what is asked wrongly, help, and what is lost on the way out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/harness.h"

static void wrong_usage_is_2(void **state)
{
    static const char sha256[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    const char *const *const table[] = {
        ARGUMENTS("nonsense", "no command 'nonsense'"),
        ARGUMENTS("connect", "Give a JID"),
        ARGUMENTS("connect", "a@b", "c@d", "one JID is enough"),
        ARGUMENTS("connect", "a b@c", "is not a JID, at byte 1"),
        ARGUMENTS("connect", "example.org", "names no user"),
        ARGUMENTS("connect", "a@b", "--what", "no option --what"),
        ARGUMENTS("connect", "a@b", "-x", "no option -x"),
        ARGUMENTS("connect", "a@b", "--p", "not clear"),
        ARGUMENTS("connect", "a@b", "--password", "x", "not abbreviated"),
        ARGUMENTS("connect", "a@b", "--tim=3", "--timeout"),
        ARGUMENTS("connect", "a@b", "--host", "--host needs a value"),
        ARGUMENTS("connect", "a@b", "--json=1", "--json takes no value"),
        ARGUMENTS("connect", "a@b", "--port", "0", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--port", "65536", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--port", "5222x", "--port takes 1 to 65535"),
        ARGUMENTS("connect", "a@b", "--timeout", "0", "--timeout takes seconds"),
        ARGUMENTS("connect", "a@b", "--listen", "-1", "--listen takes seconds"),
        ARGUMENTS("connect", "a@b", "--retry", "-1", "--retry takes 0 to 1000"),
        ARGUMENTS("connect", "a@b", "--retry", "1001", "--retry takes 0 to 1000"),
        ARGUMENTS("connect", "a@b", "--retry-wait", "soon", "--retry-wait takes seconds"),
        ARGUMENTS("connect", "a@b", "--redirects", "6", "--redirects takes 0 to 5"),
        ARGUMENTS("connect", "a@b", "--dns", "", "--dns takes"),
        ARGUMENTS("connect", "a@b", "--dns", "example.org", "--dns takes"),
        ARGUMENTS("connect", "a@b", "--dns", "127.0.0.1:65536", "--dns takes"),
        ARGUMENTS("connect", "a@b", "--dns", "::1", "--dns takes"),
        ARGUMENTS("connect", "a@b", "--dns", "127.0.0.1,", "--dns takes"),
        ARGUMENTS("connect", "a@b", "--tls", "ssl", "--tls takes"),
        ARGUMENTS("connect", "a@b", "--tls", "off", "--insecure"),
        ARGUMENTS("connect", "a@b", "--insecure", "--tls off"),
        ARGUMENTS("connect", "a@b", "--tls", "off", "--insecure", "--ca", "x", "no meaning"),
        ARGUMENTS("connect", "a@b", "--pin", "12", "64 hexadecimal digits"),
        ARGUMENTS("connect", "a@b", "--pin", sha256, "--pin-only", sha256, "only one of"),
        ARGUMENTS("connect", "a@b", "--pin-only", sha256, "--ca", "x", "takes the place"),
        ARGUMENTS("connect", "a@b", "--cert", "x", "--cert and --key go together"),
        ARGUMENTS("connect", "a@b", "--key", "x", "--cert and --key go together"),
        ARGUMENTS("connect", "a@b", "--mechanism", "CRAM-MD5", "no mechanism 'CRAM-MD5'"),
        ARGUMENTS("connect", "a@b", "--mechanism", "PLAIN", "--mechanism", "plain", "twice"),
        ARGUMENTS("connect", "a@b", "--mechanism", "PLAIN", "--allow-plain", "in place of"),
        ARGUMENTS("connect", "a@b", "--mechanism", "EXTERNAL", "add --cert and --key"),
        ARGUMENTS("connect", "a@b", "--resource", "", "cannot be a resource"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--to and --message go together"),
        ARGUMENTS("connect", "a@b", "--message", "x", "--to and --message go together"),
        ARGUMENTS("connect", "a@b", "--to", "@d", "--message", "x", "--to '@d' is not a JID"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--message", "\x01", "XML cannot carry"),
        ARGUMENTS("connect", "a@b", "--to", "c@d", "--message", "\xFF", "XML cannot carry"),
        ARGUMENTS("xml", "--chunk", "0", "--chunk takes 1"),
        ARGUMENTS("xml", "--events", "all", "--events takes none"),
        ARGUMENTS("xml", "a", "b", "one FILE is enough"),
        ARGUMENTS("xml", "/nonexistent/file", "cannot be opened"),
        ARGUMENTS("anchors", "which file"),
        ARGUMENTS("anchors", "a", "b", "one file is enough"),
        ARGUMENTS("anchors", "--name", "1a", "a", "not a name in C"),
        ARGUMENTS("anchors", "--name", "", "a", "not a name in C"),
        ARGUMENTS("anchors", "--name", "a b", "a", "not a name in C"),
        ARGUMENTS("anchors", "--json", "a", "no option --json"),
        ARGUMENTS("jid", "which JID"),
        ARGUMENTS("jid", "a@b", "c@d", "one JID is enough"),
        ARGUMENTS("jid", "--xml", "a@b", "no option --xml"),
        ARGUMENTS("states", "router", "neither client nor server"),
        ARGUMENTS("states", "--format", "png", "--format takes"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *arguments[16] = {NULL};
        size_t count = 0;

        while (table[i][count + 1] != NULL) { /* the last one is what stderr must hold */
            arguments[count] = table[i][count];
            count++;
        }
        run_refused(arguments, 2, table[i][count]);
    }
}

static void without_a_command_there_is_help(void **state)
{
    run r;

    (void)state;
    run_whole(&r, (const char *const[]){NULL}, "", NULL);
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "Usage: parley COMMAND"));
    assert_int_equal(r.out_len, 0);
    run_free(&r);
}

static void each_command_has_help(void **state)
{
    static const char *const commands[] = {"demo", "connect", "serve", "xml",
                                           "jid",  "anchors", "states"};
    run r;

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char usage[64];

        run_whole(&r, ARGUMENTS(commands[i], "--help"), "", NULL);
        snprintf(usage, sizeof usage, "sage: parley %s", commands[i]);
        assert_int_equal(r.status, 0);
        if (strstr(r.out, usage) == NULL) {
            fail_msg("no '%s' in: %s", usage, r.out);
        }
        assert_int_equal(r.err_len, 0);
        run_free(&r);
    }
    run_whole(&r, ARGUMENTS("--help"), "", NULL);
    assert_int_equal(r.status, 0);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_non_null(strstr(r.out, commands[i]));
    }
    run_free(&r);
    run_whole(&r, ARGUMENTS("--version"), "", NULL);
    assert_int_equal(r.status, 0);
    assert_memory_equal(r.out, "parley ", 7);
    run_free(&r);
}

/* A full disk is not success. */
static void lost_output_is_an_error(void **state)
{
    run r;

    (void)state;
    run_whole(&r, ARGUMENTS("jid", "a@b"), "", NULL);
    assert_int_equal(r.status, 0);
    run_free(&r);
    run_start(&r, ARGUMENTS("states"), "", 0, NULL, false);
    close(r.out_fd); /* what is written to a closed pipe is lost */
    r.out_fd = -1;
    run_finish(&r);
    assert_int_not_equal(r.status, 0);
    run_free(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_is_2),
        cmocka_unit_test(without_a_command_there_is_help),
        cmocka_unit_test(each_command_has_help),
        cmocka_unit_test(lost_output_is_an_error),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
