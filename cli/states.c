/* `parley states`: the negotiation machine, from the table that ships with it. */
#include "commands.h"
#include "drawing.h"
#include "machine_view.h"
#include "options.h"
#include "report.h"
#include "status.h"

#include <parley/machine.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_FORMAT = 256 };

static const struct option known[] = {
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char help[] =
    "Usage: parley states [client|server] [text|markdown|dot|mermaid|svg]\n"
    "Prints the negotiation machine of a role (client): its states with the clause they\n"
    "come from, and each event they take. What a state does not name is rejected, and\n"
    "leads to closing.\n"
    "\n"
    "  --format FORMAT   text (the default), markdown, dot (Graphviz), mermaid, or svg\n"
    "  --help            this text\n";

typedef void (*printer)(const parley_machine *machine);

typedef struct format {
    const char *name;
    printer print;
} format;

static const char *const steps[] = {"",     "open",    "encrypt and authenticate",
                                    "bind", "session", "stanzas",
                                    "close"};

static const char *deadline_name(unsigned deadline)
{
    static const char *const names[] = {"none", "open", "tls", "sasl", "bind", "ready", "closing"};

    return deadline < sizeof names / sizeof names[0] ? names[deadline] : "?";
}

static const char *name_of(const parley_machine *machine, uint8_t state)
{
    return machine->states[state].name;
}

static const char *event_of(const parley_machine *machine, const parley_machine_transition *t)
{
    return machine->events[t->event];
}

/* Text: every transition. */

static void put_arrow(const parley_machine *machine, const char *event,
                      const parley_machine_transition *t)
{
    printf("    %-22s -> %-24s%s\n", event, name_of(machine, t->next),
           *t->actions != '\0' ? t->actions : "-");
}

static void print_text(const parley_machine *machine)
{
    for (uint8_t s = 0; s < machine->state_count; s++) {
        const parley_machine_state *state = &machine->states[s];

        printf("%s%s  (%s, step %u: %s, deadline %s)\n", s > 0 ? "\n" : "", state->name,
               state->clause, state->step,
               state->step < sizeof steps / sizeof steps[0] ? steps[state->step] : "?",
               deadline_name(state->deadline));
        for (unsigned i = 0; i < machine->transition_count; i++) {
            const parley_machine_transition *t = &machine->transitions[i];

            if (t->state == s && !view_is_default(machine, t)) {
                put_arrow(machine, event_of(machine, t), t);
            }
        }
        put_arrow(machine, "anything else", view_default(machine, s));
    }
}

/* Markdown: the same as a table. */

static void put_row(const parley_machine *machine, const parley_machine_state *state,
                    const char *event, const parley_machine_transition *t)
{
    printf("| **%s**, %s | %s | %s | %s |\n", state->name, state->clause, event,
           *t->actions != '\0' ? t->actions : "-", name_of(machine, t->next));
}

static void print_markdown(const parley_machine *machine)
{
    printf("| state | event | actions | next |\n|---|---|---|---|\n");
    for (uint8_t s = 0; s < machine->state_count; s++) {
        const parley_machine_state *state = &machine->states[s];

        for (unsigned i = 0; i < machine->transition_count; i++) {
            const parley_machine_transition *t = &machine->transitions[i];

            if (t->state == s && !view_is_default(machine, t)) {
                put_row(machine, state, event_of(machine, t), t);
            }
        }
        put_row(machine, state, "anything else", view_default(machine, s));
    }
}

static const format formats[] = {
    {"text", print_text},       {"markdown", print_markdown},
    {"dot", drawing_print_dot}, {"mermaid", drawing_print_mermaid},
    {"svg", drawing_print_svg},
};

static const parley_machine *find_machine(const char *name)
{
    if (strcmp(name, parley_client_machine.name) == 0) {
        return &parley_client_machine;
    }
    return strcmp(name, parley_server_machine.name) == 0 ? &parley_server_machine : NULL;
}

static printer find_format(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(name, formats[i].name) == 0) {
            return formats[i].print;
        }
    }
    return NULL;
}

int command_states(int argc, char **argv)
{
    const parley_machine *machine = &parley_client_machine;
    printer print = print_text;
    int option;

    while ((option = options_next(argc, argv, known)) != -1) {
        if (option == 'h') {
            fputs(help, stdout);
            return STATUS_OK;
        }
        if (option != OPTION_FORMAT) {
            return STATUS_USAGE;
        }
        print = find_format(optarg);
        if (print == NULL) {
            return report_usage("--format takes text, markdown, dot, mermaid or svg, not '%s'",
                                optarg);
        }
    }
    for (; optind < argc; optind++) {
        const parley_machine *named = find_machine(argv[optind]);
        printer wanted = find_format(argv[optind]);

        if (named == NULL && wanted == NULL) {
            return report_usage("'%s' is neither client nor server, nor a format", argv[optind]);
        }
        machine = named != NULL ? named : machine;
        print = wanted != NULL ? wanted : print;
    }
    print(machine);
    return STATUS_OK;
}
