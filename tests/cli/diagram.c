/* The diagram of a session: its path coloured and numbered, how it ended, and the drawing
   otherwise untouched. */
#define _GNU_SOURCE

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "diagram.h"
#include "drawings.h"

static char *written(const diagram *d, const char *ended, bool good, const char *reason)
{
    char path[] = P_tmpdir "/parley-diagram-XXXXXX";
    int fd = mkstemp(path);
    char *text = calloc(1, 1u << 20);
    failure f;
    FILE *file;

    assert_true(fd >= 0);
    assert_non_null(text);
    assert_true(diagram_write(d, path, ended, good, reason, &f));
    file = fdopen(fd, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, (1u << 20) - 1, file) > 1000);
    fclose(file);
    unlink(path);
    return text;
}

static void assert_has(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) {
        fail_msg("no %s", words);
    }
}

static void assert_lacks(const char *text, const char *words)
{
    if (strstr(text, words) != NULL) {
        fail_msg("%s, which should not be there", words);
    }
}

static void the_path_is_coloured(void **state)
{
    diagram d;
    char *text;

    (void)state;
    diagram_init(&d);
    diagram_enter(&d, "plain_header");
    diagram_enter(&d, "plain_header");
    diagram_enter(&d, "nowhere");
    diagram_enter(&d, "closing");
    text = written(&d, "plain_header", false, "a < b & c");
    assert_int_equal(d.count, 3);
    assert_has(text, "#client-edge-start-plain_header path { stroke");
    assert_has(text, "#client-edge-plain_header-closing path { stroke");
    assert_has(text, "<g id=\"client-edge-plain_header-closing\"");
    assert_lacks(text, "#client-state-ready rect");
    assert_lacks(text, "#client-edge-plain_header-plain_header");
    assert_has(text, "it ended in plain_header:</text>");
    assert_has(text, ">a &lt; b &amp; c</text>");
    assert_has(text, "<text id=\"client-visit-plain_header\"");
    assert_has(strstr(text, "client-visit-plain_header"), ">2</text>");
    free(text);
}

/* But for the lines of its own, the drawing is the committed one, line for line. */
static void the_rest_is_the_drawing(void **state)
{
    diagram d;
    char *text;
    const char *at;

    (void)state;
    diagram_init(&d);
    text = written(&d, "start", true, "in order");
    at = text;
    for (const char *const *line = drawings_client_svg; *line != NULL; line++) {
        if (strncmp(*line, "<text id=", 9) != 0) {
            at = strstr(at, *line);
            assert_non_null(at);
            at += strlen(*line);
        }
    }
    free(text);
}

/* Two lines of the head hold it; what is longer is cut and says so. */
static void a_long_reason_is_broken_and_cut(void **state)
{
    char reason[1024] = "";
    diagram d;
    char *text;

    (void)state;
    while (strlen(reason) < 600) {
        strcat(reason, "because ");
    }
    diagram_init(&d);
    text = written(&d, "start", false, reason);
    assert_has(text, "because ...</text>");
    memset(reason, 'x', 600);
    free(text);
    text = written(&d, "start", false, reason);
    assert_has(text, "x ...</text>");
    free(text);
}

static void a_path_has_a_longest(void **state)
{
    diagram d;

    (void)state;
    diagram_init(&d);
    for (int i = 0; i < 100; i++) {
        diagram_enter(&d, i % 2 == 0 ? "binding" : "session");
    }
    assert_int_equal(d.count, DIAGRAM_LONGEST);
    free(written(&d, "session", true, "in order"));
}

static void no_file_is_an_error(void **state)
{
    diagram d;
    failure f;

    (void)state;
    diagram_init(&d);
    assert_false(diagram_write(&d, "/nonexistent/a.svg", "start", true, "in order", &f));
    assert_has(f.text, "/nonexistent/a.svg: ");
    assert_int_equal(f.status, 1);
    assert_false(diagram_write(&d, "/dev/full", "start", true, "in order", &f));
    assert_has(f.text, "/dev/full: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_is_coloured),
        cmocka_unit_test(the_rest_is_the_drawing),
        cmocka_unit_test(a_long_reason_is_broken_and_cut),
        cmocka_unit_test(a_path_has_a_longest),
        cmocka_unit_test(no_file_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
