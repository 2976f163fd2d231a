/* `parley states`: the drawings are those of the machines that ship. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cli/harness.h"
#include "machine_view.h"

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

/* A row for each transition that a state names, one for the rest of each, and no other. */
static void rows_are_all(const parley_machine *machine)
{
    run r;
    size_t rows = machine->state_count + 2u;

    run_whole(&r, ARGUMENTS("states", machine->name, "markdown"), "", NULL);
    assert_int_equal(r.status, 0);
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];
        const parley_machine_state *from = &machine->states[t->state];
        char row[192];

        if (!view_is_default(machine, t)) {
            snprintf(row, sizeof row, "\n| **%s**, %s | %s | %s | %s |\n", from->name, from->clause,
                     machine->events[t->event], *t->actions != '\0' ? t->actions : "-",
                     machine->states[t->next].name);
            assert_int_equal(count_of(r.out, row), 1);
            rows++;
        }
    }
    assert_int_equal(count_of(r.out, "\n"), rows);
    assert_int_equal(count_of(r.out, " | anything else | "), machine->state_count);
    run_free(&r);
}

static void states_are_rows(void **state)
{
    (void)state;
    rows_are_all(&parley_client_machine);
    rows_are_all(&parley_server_machine);
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
        cmocka_unit_test(states_are_rows),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s COMMAND\n", argv[0]);
        return 2;
    }
    harness_command = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
