/* `parley states`: the negotiation machine, from the table that ships with it. */
#include "commands.h"
#include "drawing.h"
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
    "Usage: parley states [client|server] [text|dot|mermaid|svg]\n"
    "Prints the negotiation machine of a role (client): its states with the clause they\n"
    "come from, and each event they take. What a state does not name is rejected, and\n"
    "leads to closing.\n"
    "\n"
    "  --format FORMAT   text (the default), dot (Graphviz), mermaid, or svg\n"
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

/* Whether the transition is the one for all that a state does not name. */
static bool is_rejection(const parley_machine_transition *t)
{
    return strcmp(t->actions, "reject") == 0;
}

static void put_names(const parley_machine *machine, const char *between,
                      const parley_machine_transition *t, uint8_t state)
{
    bool first = true;

    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *other = &machine->transitions[i];

        if (other->state == state && other->next == t->next &&
            strcmp(other->actions, t->actions) == 0) {
            printf("%s%s", first ? "" : between, machine->events[other->event]);
            first = false;
        }
    }
}

/* Whether no transition before it has the same state, target and actions. */
static bool is_first_alike(const parley_machine *machine, unsigned at)
{
    const parley_machine_transition *t = &machine->transitions[at];

    for (unsigned i = 0; i < at; i++) {
        const parley_machine_transition *other = &machine->transitions[i];

        if (other->state == t->state && other->next == t->next &&
            strcmp(other->actions, t->actions) == 0) {
            return false;
        }
    }
    return true;
}

/* One line for all that is rejected; a state's rejections lead to one state. */
static void put_rejection(const parley_machine *machine, uint8_t state)
{
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (t->state == state && is_rejection(t)) {
            printf("    %-22s -> %-24s%s\n", "anything else", machine->states[t->next].name,
                   t->actions);
            return;
        }
    }
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

            if (t->state == s && !is_rejection(t)) {
                printf("    %-22s -> %-24s%s\n", machine->events[t->event],
                       machine->states[t->next].name, *t->actions != '\0' ? t->actions : "-");
            }
        }
        put_rejection(machine, s);
    }
}

static void print_dot(const parley_machine *machine)
{
    printf("digraph %s {\n"
           "    rankdir=TB;\n"
           "    node [shape=box, style=rounded, fontname=\"Helvetica\"];\n"
           "    edge [fontname=\"Helvetica\", fontsize=10];\n",
           machine->name);
    for (uint8_t s = 0; s < machine->state_count; s++) {
        printf("    %s [label=\"%s\\n%s\"];\n", machine->states[s].name, machine->states[s].name,
               machine->states[s].clause);
    }
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (!is_rejection(t) && is_first_alike(machine, i)) {
            printf("    %s -> %s [label=\"", machine->states[t->state].name,
                   machine->states[t->next].name);
            put_names(machine, "\\n", t, t->state);
            printf("%s%s\"];\n", *t->actions != '\0' ? "\\n/ " : "", t->actions);
        }
    }
    puts("}");
}

static void print_mermaid(const parley_machine *machine)
{
    printf("stateDiagram-v2\n    [*] --> %s\n", machine->states[0].name);
    for (unsigned i = 0; i < machine->transition_count; i++) {
        const parley_machine_transition *t = &machine->transitions[i];

        if (!is_rejection(t) && is_first_alike(machine, i)) {
            printf("    %s --> %s: ", machine->states[t->state].name,
                   machine->states[t->next].name);
            put_names(machine, ", ", t, t->state);
            printf("%s%s\n", *t->actions != '\0' ? " / " : "", t->actions);
        }
    }
    printf("    %s --> [*]\n", machine->states[machine->state_count - 1].name);
}

static const format formats[] = {
    {"text", print_text},
    {"dot", print_dot},
    {"mermaid", print_mermaid},
    {"svg", drawing_print},
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
            return report_usage("--format takes text, dot, mermaid or svg, not '%s'", optarg);
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
