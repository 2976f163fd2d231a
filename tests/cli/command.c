/* `parley connect` up to the wire: the password, files and servers that are not there,
   signals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/harness.h"

static char folder[] = "parley-command-XXXXXX";
static char file_path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(file_path, sizeof file_path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file_path);
    return rmdir(folder);
}

static void put_file(const char *text, mode_t mode)
{
    FILE *file = fopen(file_path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(file_path, mode), 0);
}

/* The password */

/* connect to a port that refuses: it gets as far as the password. */
static void connect_refused(run *r, const char *password_file, const char *password)
{
    unsigned port;
    int fd = refuse_somewhere(&port);
    char number[16];
    const char *arguments[12] = {"connect", "a@b.example", "--host", "127.0.0.1", "--port",
                                 number,    "--tls",       "off",    "--insecure"};

    snprintf(number, sizeof number, "%u", port);
    if (password_file != NULL) {
        arguments[9] = "--password-file";
        arguments[10] = password_file;
    }
    run_whole(r, arguments, "", password);
    close(fd);
}

static void password_files_are_read(void **state)
{
    static char long_line[1200];
    run r;

    (void)state;
    put_file("secret\nmore\n", 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 1);
    run_free(&r);

    put_file("secret", 0640);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 2);
    assert_non_null(strstr(r.err, "warning: "));
    assert_non_null(strstr(r.err, "chmod 600"));
    run_free(&r);

    put_file("\nsecond line\n", 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "the password is empty"));
    run_free(&r);

    memset(long_line, 'x', sizeof long_line - 1);
    put_file(long_line, 0600);
    connect_refused(&r, file_path, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "longer than 1024 bytes"));
    run_free(&r);

    connect_refused(&r, "/nonexistent/file", NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "/nonexistent/file: cannot be opened"));
    run_free(&r);
}

static void without_a_terminal_there_is_no_prompt(void **state)
{
    run r;

    (void)state;
    connect_refused(&r, NULL, NULL);
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "--password-file"));
    run_free(&r);
    connect_refused(&r, NULL, "");
    assert_int_equal(r.status, 1);
    assert_non_null(strstr(r.err, "PARLEY_PASSWORD: the password is empty"));
    run_free(&r);
}

static bool echoes(int terminal)
{
    struct termios settings;

    assert_int_equal(tcgetattr(terminal, &settings), 0);
    return (settings.c_lflag & ECHO) != 0;
}

static void the_prompt_does_not_echo(void **state)
{
    unsigned port;
    int fd = refuse_somewhere(&port);
    char number[16];
    run r;

    (void)state;
    snprintf(number, sizeof number, "%u", port);
    run_start(&r,
              ARGUMENTS("connect", "a@b.example", "--host", "127.0.0.1", "--port", number, "--tls",
                        "off", "--insecure", "--json"),
              "", 0, NULL, true);
    run_until_typed(&r, "Password of a@b.example: ");
    assert_false(echoes(r.terminal));
    run_type(&r, "s3cret\n");
    run_until_err(&r, "Connection refused");
    assert_true(r.terminal < 0 || echoes(r.terminal));
    run_finish(&r);
    assert_int_equal(r.status, 3);
    assert_null(strstr(r.typed, "s3cret"));
    assert_null(strstr(r.out, "s3cret"));
    assert_null(strstr(r.err, "s3cret"));
    run_free(&r);
    close(fd);
}

/* Files and servers that are not there */

static void bad_authorities_are_1(void **state)
{
    (void)state;
    put_file("", 0600);
    run_refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1,
                "holds no PEM block");
    put_file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0600);
    run_refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1, "line 1");
    put_file("-----BEGIN CERTIFICATE-----\nAAAA\n", 0600);
    run_refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", file_path), 1,
                "cut off");
    run_refused(ARGUMENTS("connect", "a@b", "--host", "127.0.0.1", "--ca", "/nonexistent/ca"), 1,
                "/nonexistent/ca: cannot be opened");
}

static void a_dead_port_is_3(void **state)
{
    run r;

    (void)state;
    connect_refused(&r, NULL, "secret");
    assert_int_equal(r.status, 3);
    assert_int_equal(lines_of(r.err), 1);
    assert_non_null(strstr(r.err, "127.0.0.1"));
    assert_non_null(strstr(r.err, "refused"));
    run_free(&r);
}

static void silence_is_3_in_time(void **state)
{
    unsigned port;
    int fd = listen_somewhere(&port);
    char number[16];
    long long begun = now();
    run r;

    (void)state;
    snprintf(number, sizeof number, "%u", port);
    run_whole(&r,
              ARGUMENTS("connect", "a@b.example", "--host", "localhost", "--port", number,
                        "--timeout", "1", "--json", "--tls", "off", "--insecure"),
              "", "secret");
    assert_int_equal(r.status, 3);
    assert_true(now() - begun >= 1000);
    assert_true(now() - begun < 4000);
    check_json_lines(r.out);
    assert_non_null(strstr(r.out, "{\"event\":\"closed\",\"outcome\":\"stream-deadline\""));
    assert_int_equal(lines_of(r.err), 1);
    run_free(&r);
    close(fd);
}

static void signals_end_it(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        unsigned port;
        int fd = listen_somewhere(&port);
        char number[16];
        run r;

        snprintf(number, sizeof number, "%u", port);
        run_start(&r,
                  ARGUMENTS("connect", "a@b.example", "--host", "127.0.0.1", "--port", number,
                            "--json", "--trace", "--tls", "off", "--insecure"),
                  "", 0, "secret", false);
        run_until_err(&r, "<stream:stream");
        run_signal(&r, numbers[i]);
        run_finish(&r);
        assert_int_equal(r.status, 128 + numbers[i]);
        check_json_lines(r.out);
        assert_non_null(strstr(r.out, "{\"event\":\"closed\""));
        assert_non_null(strstr(r.err, "</stream:stream>"));
        run_free(&r);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(password_files_are_read),
        cmocka_unit_test(without_a_terminal_there_is_no_prompt),
        cmocka_unit_test(the_prompt_does_not_echo),
        cmocka_unit_test(bad_authorities_are_1),
        cmocka_unit_test(a_dead_port_is_3),
        cmocka_unit_test(silence_is_3_in_time),
        cmocka_unit_test(signals_end_it),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
