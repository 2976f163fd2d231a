/* `parley states`: the drawings are those of the machines that ship. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cli/harness.h"

#include <parley/machine.h>

static bool goes(const parley_machine *machine, uint8_t from, uint8_t to)
{
    for (unsigned i = 0; i < machine->transition_count; i++) {
        if (machine->transitions[i].state == from && machine->transitions[i].next == to) {
            return true;
        }
    }
    return false;
}

static size_t count_of(const char *text, const char *words)
{
    size_t count = 0;

    while ((text = strstr(text, words)) != NULL) {
        text += strlen(words);
        count++;
    }
    return count;
}

/* The drawing has each state of the compiled machine, an edge from state to state where a
   transition leads there, and no other. */
static void drawings_are_current(const parley_machine *machine)
{
    run svg;
    char id[128];
    size_t edges = 0;

    run_whole(&svg, ARGUMENTS("states", machine->name, "svg"), "", NULL);
    assert_int_equal(svg.status, 0);
    for (uint8_t from = 0; from < machine->state_count; from++) {
        snprintf(id, sizeof id, "id=\"%s-state-%s\"", machine->name, machine->states[from].name);
        assert_int_equal(count_of(svg.out, id), 1);
        for (uint8_t to = 0; to < machine->state_count; to++) {
            size_t expected = from != to && goes(machine, from, to);

            snprintf(id, sizeof id, "id=\"%s-edge-%s-%s\"", machine->name,
                     machine->states[from].name, machine->states[to].name);
            if (count_of(svg.out, id) != expected) {
                fail_msg("%s: build the target diagrams", id);
            }
            edges += expected;
        }
    }
    snprintf(id, sizeof id, "id=\"%s-edge-", machine->name);
    assert_int_equal(count_of(svg.out, id), edges);
    assert_true(edges > 20);
    run_free(&svg);
}

/* Every event that labels the dot text stands in the drawing. */
static void labels_are_current(const char *role)
{
    run dot;
    run svg;
    size_t words = 0;

    run_whole(&dot, ARGUMENTS("states", role, "dot"), "", NULL);
    run_whole(&svg, ARGUMENTS("states", "--format", "svg", role), "", NULL);
    for (const char *at = dot.out; *at != '\0';) {
        size_t len = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");

        if (len > 4) {
            char word[64];

            snprintf(word, sizeof word, "%.*s", (int)len, at);
            if (strstr(svg.out, word) == NULL) {
                fail_msg("the drawing of the %s lacks %s: build the target diagrams", role, word);
            }
            words++;
        }
        at += len > 0 ? len : 1;
    }
    assert_true(words > 20);
    run_free(&dot);
    run_free(&svg);
}

static void states_are_drawn(void **state)
{
    run r;

    (void)state;
    drawings_are_current(&parley_client_machine);
    drawings_are_current(&parley_server_machine);
    labels_are_current("client");
    labels_are_current("server");
    run_whole(&r, ARGUMENTS("states"), "", NULL);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "RFC 6120"));
    assert_non_null(strstr(r.out, "anything else"));
    run_free(&r);
    run_whole(&r, ARGUMENTS("states", "server", "mermaid"), "", NULL);
    assert_non_null(strstr(r.out, "\nstateDiagram-v2\n"));
    run_free(&r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_drawn),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
